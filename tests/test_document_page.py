"""The document's page: nothing of the text is lost, every clause has its anchor, nothing runs."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.document_page import DocumentPage, Table, split_blocks, split_heading
from ingest.model import Clause, ClauseKind, LegalStatus, Part, Period
from prompts.messages import load_messages
from tests.fakes import CLAUSES, DRAFT, PLAN, FakeLibrary, clause_by_anchor

TODAY = date(2026, 11, 20)
PAGE = DocumentPage(load_messages())


def render(document_id: str) -> str:
    """The page of an invented document."""
    library = FakeLibrary()
    document = library.document(document_id)
    assert document is not None
    return PAGE.render(document, library.clauses(document_id), TODAY)


def visible(html: str) -> str:
    """The page's text, without white space."""
    body = html[html.index("<body>") :]
    return re.sub(r"\s+", "", unescape(re.sub(r"<[^>]+>", "", body)))


@pytest.mark.parametrize("document_id", ["dalate-2023", "ordos-loans", "wuhu-draft"])
def test_every_clause_is_there_under_its_anchor(document_id: str) -> None:
    html = render(document_id)
    for clause in FakeLibrary().clauses(document_id):
        assert html.count(f'id="{clause.id.partition("#")[2]}"') == 1
        assert re.sub(r"\s+", "", clause.text) in visible(html)


def test_a_table_is_a_table() -> None:
    html = re.sub(r"\s*\n\s*", "", render("dalate-2023"))
    assert '<th scope="col">责任单位</th>' in html
    assert "<tr><td>1</td><td>新增“个转企”30户以上</td><td>旗市场监督管理局</td></tr>" in html
    assert "<tr><td>合计</td><td>2项</td><td></td></tr>" in html
    assert visible(html).count("序号任务责任单位") == 1


def test_markup_in_a_document_is_text() -> None:
    html = render("wuhu-draft")
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html


def test_the_page_loads_nothing() -> None:
    html = render("dalate-2023")
    assert re.findall(r"(?:src|href)=\"(?!#|/|data:,)", html) == []
    assert "@import" not in html
    assert "url(" not in html


@pytest.mark.parametrize(
    ("status", "ends", "label", "note"),
    [
        (LegalStatus.ISSUED, date(2025, 12, 31), "已过期", "期限已过"),
        (LegalStatus.ISSUED, date(2026, 11, 20), "有效", ""),
        (LegalStatus.DRAFT, date(2025, 12, 31), "征求意见稿", "还不是正式规定"),
        (LegalStatus.REPEALED, date(2026, 12, 31), "已废止", "已经废止"),
        (LegalStatus.ISSUED, None, "期限未写明", ""),
    ],
)
def test_the_badge_says_whether_it_holds(status: LegalStatus, ends: date | None, label: str, note: str) -> None:
    period = Period("至某日", 0, 3, None, ends, (0, 0)) if ends else None
    html = PAGE.render(replace(PLAN, status=status, period=period), (), TODAY)
    assert re.search(rf'<span class="badge \w+">{label}</span>', html)
    assert note in html
    assert ('role="note"' in html) == bool(note)


def test_a_document_without_a_title_clause_still_has_its_title() -> None:
    assert "芜湖市歇业备案办法" in visible(render(DRAFT.id))


def test_a_letterhead_and_the_title_of_an_attached_plan_stay_in_the_text() -> None:
    title = clause_by_anchor("标题")
    letterhead = replace(title, id="dalate-2023#标题~2", text="达拉特旗人民政府办公室文件", order=-1)
    html = PAGE.render(PLAN, (letterhead, title), TODAY)
    assert re.search(r'<h1 id="标题">', html)
    assert "达拉特旗人民政府办公室文件" in html[html.index("<article>") :]


@pytest.mark.parametrize(
    ("anchor", "expected"),
    [
        ("四-五", ("（五）开展“个转企”培育行动", "")),
        ("四-五-16", ("16.建立培育库。", "把有转企意愿的个体工商户纳入培育库，安排专人帮办代办。")),
        ("5", ("", clause_by_anchor("5").text)),
    ],
)
def test_headings_are_told_from_sentences(anchor: str, expected: tuple[str, str]) -> None:
    assert split_heading(clause_by_anchor(anchor)) == expected


@given(st.sampled_from(CLAUSES))
def test_heading_and_rest_are_the_text(clause: Clause) -> None:
    head, rest = split_heading(clause)
    assert (head + rest).replace("\n", "") == clause.text.replace("\n", "")


CELL = st.text(alphabet="甲乙丙1", min_size=1, max_size=4)
ROWS = st.lists(st.lists(CELL, min_size=1, max_size=4).map("\t".join), min_size=1, max_size=5)


@given(
    before=st.lists(CELL, max_size=2), tables=st.lists(ROWS, min_size=1, max_size=3), after=st.lists(CELL, max_size=2)
)
def test_blocks_hold_the_whole_text_in_order(before: list[str], tables: list[list[str]], after: list[str]) -> None:
    clause = table_clause(before, tables, after)
    shown: list[str] = []
    for block in split_blocks(clause, clause.text):
        rows = ["".join(row) for row in block.rows] if isinstance(block, Table) else list(block.lines)
        shown += ["".join(block.header), *rows] if isinstance(block, Table) else rows
    assert "".join(shown) == re.sub(r"\s", "", clause.text)


def table_clause(before: list[str], tables: list[list[str]], after: list[str]) -> Clause:
    """A clause with tables, each under a header of its own, between lines of text."""
    lines = list(before)
    parts: list[Part] = []
    for number, rows in enumerate(tables):
        header = f"表头{number}\t项目"
        lines.append(header)
        for row in rows:
            start = sum(len(line) + 1 for line in lines)
            parts.append(Part(str(len(parts)), "row", row, start, start + len(row), header))
            lines.append(row)
    text = "\n".join([*lines, *after])
    return replace(clause_by_anchor("附件1"), kind=ClauseKind.TABLE, text=text, parts=tuple(parts))


def test_a_page_of_the_file_is_told_where_it_begins() -> None:
    library = FakeLibrary()
    document = library.document("dalate-2023")
    assert document is not None
    title, first, second, third, *rest = library.clauses("dalate-2023")
    paged = [
        replace(title, pages=((0, 1),)),
        replace(first, pages=((0, 1),)),
        replace(second, pages=((0, 1),)),
        replace(third, pages=((0, 1), (2, 2))),
        *(replace(clause, pages=((0, 3),)) for clause in rest),
    ]
    html = PAGE.render(document, paged, TODAY)
    assert re.findall('<span class="page">(.*?)</span>', html) == ["第 1 页", "第 1—2 页", "第 3 页"]
    assert 'class="page"' not in render("dalate-2023")
