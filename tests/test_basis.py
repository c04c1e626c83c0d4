"""Is there a basis? What speaks for a clause and against it, and the questions that the model was fitted to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.basis import basis_score
from bot.consider import best_anywhere, consider, retrieve
from bot.resources import Resources
from eval.fit_basis import core_rows, read_rows
from ingest.settings import ROOT
from tests.corpus_fixture import Corpus


@pytest.fixture(scope="module")
def resources(corpus: Corpus) -> Resources:
    return corpus.huiwen.resources()


def sure(text: str, place: str, resources: Resources) -> float:
    return consider(text, resources.gazetteer.resolve(place), frozenset(), resources).confidence


@pytest.mark.parametrize(
    ("text", "here", "not_here"),
    [
        ("个转企补助多少", "达拉特旗", "内江市"),
        ("歇业最长多久", "磴口县", "六盘水市"),
        ("夜市能摆摊吗", "岚县", "磴口县"),
    ],
)
def test_a_place_whose_clause_covers_it_is_surer(text: str, here: str, not_here: str, resources: Resources) -> None:
    assert sure(text, here, resources) >= resources.settings.basis_threshold
    assert sure(text, here, resources) > sure(text, not_here, resources)


@pytest.mark.parametrize("text", ["企业去北交所上市有奖励吗", "换新能源货车给多少购车补贴", "招残疾人残保金减多少"])
def test_a_subject_that_no_clause_covers_has_no_basis(text: str, resources: Resources) -> None:
    assert sure(text, "磴口县", resources) < resources.settings.basis_threshold


def test_each_signal_counts_for_or_against(resources: Resources) -> None:
    text, chain = "个转企补助多少", resources.gazetteer.resolve("达拉特旗").chain
    elsewhere = best_anywhere(text, resources)
    best = retrieve(text, chain, 5, frozenset(), resources)[0]

    def score(fit: float, rival: float) -> float:
        others = [replace(one, score=rival) for one in elsewhere]
        return basis_score(text, replace(best, score=fit), others, resources.finder)

    assert score(0.9, 0.9) > score(0.5, 0.5) > score(0.5, 0.9)
    assert score(0.5, 0.3) == score(0.5, 0.5), "a worse clause elsewhere says nothing"


def test_the_questions_it_was_fitted_to_are_whole() -> None:
    written = read_rows(ROOT / "corpus" / "basis_questions.jsonl")
    assert len({(row.question, row.place) for row in written}) == len(written)
    assert {row.covered for row in written if row.quote is None} == {False}
    core = core_rows(ROOT / "eval" / "cases" / "core.jsonl")
    assert {row.covered for row in core} == {True, False}
    assert not {row.question for row in written} & {row.question for row in core}
