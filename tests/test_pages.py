"""Every clause knows the pages that its text stands on, whatever cleaning did to the text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.loaders.loaded import Loaded
from ingest.manifest import ManifestRow
from ingest.model import Clause
from ingest.parse import parse
from tests.fakes_ingest import gazetteer, lexicon
from tests.strategies_ingest import Policy, policies


def clauses_of(loaded: Loaded) -> tuple[Clause, ...]:
    return parse(loaded, ManifestRow(file="a.pdf", id="a"), "digest", gazetteer(), lexicon()).clauses


def test_a_clause_that_goes_on_over_a_page_knows_where() -> None:
    text = "# 补助办法\n一、给予 2023 年的补助。\n二、给予贷款。可以贴息。\n三、其他。\n"
    turn = text.index("可以")
    loaded = Loaded(text, ((0, 1), (turn, 2), (text.index("三、"), 4)), whole=True)
    title, first, second, third = clauses_of(loaded)
    assert (title.pages, first.pages, third.pages) == (((0, 1),), ((0, 1),), ((0, 4),))
    assert second.pages == ((0, 1), (second.text.index("可以"), 2))
    assert (second.page, second.page_of(second.text.index("可以")), second.page_of(3)) == (1, 2, 1)


def test_a_text_without_pages_has_none() -> None:
    assert [(clause.pages, clause.page) for clause in clauses_of(Loaded("一、支持。\n二、贷款。"))] == [((), None)] * 2


@given(policies(), st.data())
def test_a_page_begins_at_the_character_that_it_began_with(policy: Policy, data: st.DataObject) -> None:
    text = "\n".join(policy.paragraphs)
    inner = [at for at, character in enumerate(text) if not character.isspace()][1:]
    turns = sorted(data.draw(st.sets(st.sampled_from(inner), max_size=4)))
    pages = ((0, 1), *((at, number) for number, at in enumerate(turns, 2)))
    told = {page: clause.text[at] for clause in clauses_of(Loaded(text, pages, whole=True)) for at, page in clause.pages
            if at or page == 1}  # fmt: skip
    for at, page in pages[1:]:
        assert told.get(page, text[at]) == text[at]
