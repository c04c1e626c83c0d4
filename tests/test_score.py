from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contract import NoticeOut
from eval.outcome import ERROR, rank
from eval.ranking import score_ranking
from eval.reasons import explain
from eval.score import find_ungrounded, plain, score
from tests.fakes import GRANT_QUOTE
from tests.fakes_systems import (
    ANSWER,
    GRANT,
    LOAN,
    POOL,
    make_abstention,
    make_case,
    make_outcome,
    make_set,
    retrieved,
)


def test_a_right_answer_succeeds_in_everything() -> None:
    scores = score(make_case(), make_outcome())
    assert scores.success
    assert scores.behaviour
    assert (scores.cite_recall, scores.cite_precision, scores.cite_first, scores.facts) == (1, 1, True, 1)
    assert (scores.place, scores.quotes_verified, scores.forbidden) == (True, True, False)
    assert (scores.notices_missing, scores.notices_extra, scores.ungrounded) == ([], [], [])
    assert scores.recall_at == {"1": 1, "3": 1, "5": 1, "10": 1}
    assert (scores.rr, scores.ndcg_at_10) == (1, 1)
    assert explain(make_case(), make_outcome(), scores) is None


@pytest.mark.parametrize(
    ("outcome", "why"),
    [
        (make_outcome(status="no_basis", answer="没有查到。", citations=(), notices=()), "应当作答，实际说没有依据"),
        (make_outcome(status="refused", answer="不行。", citations=()), "应当作答，实际拒答"),
        (make_outcome(status=ERROR, answer="", citations=(), error="timed out"), "没有得到答复：timed out"),
        (make_outcome(citations=(POOL,)), "该引的条款没有引全"),
        (make_outcome(answer="给，一次性补助。[1]"), "要点没有说全"),
        (make_outcome(answer=f"{ANSWER}也可能给100万元。"), "说了不该说的"),
        (make_outcome(notices=()), "漏了提示：已过期"),
        (make_outcome(answer="给。[1]", notices=()), "要点没有说全；漏了提示：已过期"),
    ],
    ids=["abstained", "refused", "error", "other clause", "fact left out", "forbidden", "notice dropped", "two"],
)
def test_each_fault_fails_and_is_named(outcome: object, why: str) -> None:
    assert isinstance(outcome, type(make_outcome()))
    scores = score(make_case(), outcome)
    assert not scores.success
    assert explain(make_case(), outcome, scores) == why


def test_what_an_answer_adds_does_not_fail_it_but_is_measured() -> None:
    draft = NoticeOut(code="draft", message="征求意见稿。", citations=[1])
    outcome = make_outcome(citations=(GRANT, POOL), notices=(*make_outcome().notices, draft))
    scores = score(make_case(), outcome)
    assert scores.success
    assert scores.cite_precision == 0.5
    assert scores.notices_extra == ["draft"]


def test_two_gold_clauses_of_which_one_is_cited() -> None:
    two = [{"doc": "dalate-2023", "quote": GRANT_QUOTE}, {"doc": "dalate-2023", "quote": "把有转企意愿的个体工商户"}]
    scores = score(make_case(evidence=two), make_outcome(considered=(retrieved(GRANT, 0.9), retrieved(POOL, 0.4))))
    assert scores.cite_recall == 0.5
    assert not scores.success
    assert scores.recall_at == {"1": 0.5, "3": 1, "5": 1, "10": 1}


def test_the_same_words_in_another_document_are_no_gold() -> None:
    other = GRANT.model_copy(update={"document_id": "elsewhere"})
    assert score(make_case(), make_outcome(citations=(other,))).cite_recall == 0


def test_place_is_right_where_all_that_is_cited_is_of_a_gold_place() -> None:
    assert score(make_case(), make_outcome(citations=(GRANT, POOL))).place is True
    assert score(make_case(), make_outcome(citations=(GRANT, LOAN))).place is False
    assert score(make_case(), make_outcome(citations=())).place is None


def test_another_place_as_a_reference_must_be_marked() -> None:
    assert LOAN.jurisdiction is not None
    foreign = LOAN.model_copy(update={"jurisdiction": LOAN.jurisdiction.model_copy(update={"relation": "other"})})
    shown = make_outcome(status="no_basis", answer="没有查到。", citations=(foreign,), notices=())
    marked = replace(shown, notices=(NoticeOut(code="other_jurisdiction", message="外地", citations=[1]),))
    assert score(make_abstention(), shown).place is False
    assert score(make_abstention(), marked).place is True
    assert score(make_abstention(), marked).success


def test_a_case_to_abstain_has_no_citations_to_measure() -> None:
    scores = score(make_abstention(), make_outcome())
    assert not scores.success
    assert (scores.cite_recall, scores.facts, scores.recall_at) == (None, None, None)


@pytest.mark.parametrize("quote", ["", "给予一次性20万元补助", "给予一次性10万元奖励"])
def test_a_quote_must_stand_verbatim(quote: str) -> None:
    assert not score(make_case(), make_outcome(citations=(GRANT.model_copy(update={"quote": quote}),))).quotes_verified


def test_a_quote_may_be_broken_into_lines() -> None:
    broken = GRANT.model_copy(update={"quote": GRANT_QUOTE.replace("，", "，\n")})
    assert score(make_case(), make_outcome(citations=(broken,))).quotes_verified


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("一次性10万元。[1]", []),
        ("一次性十万元。[1]", []),
        ("规划期到2025年12月31日，2026年11月20日查。[1]", []),
        ("拨打12345。", []),
        ("一次性20万元。[1]", ["200000元"]),
        ("补助50%。[1]", ["50%"]),
    ],
)
def test_a_figure_needs_grounds(answer: str, found: list[str]) -> None:
    assert find_ungrounded(make_case(), make_outcome(answer=answer)) == found


def test_a_figure_of_the_question_may_be_repeated() -> None:
    assert find_ungrounded(make_case(question="听说给80万？"), make_outcome(answer="不是80万，是10万元。[1]")) == []


def test_not_yet_is_held_against_an_answer_only_where_its_set_states_it() -> None:
    notices = (*make_outcome().notices, NoticeOut(code="not_yet", message="尚未生效。", citations=[1]))
    silent, stating = make_set(2), make_set(2, flags=["expired", "not_yet"])
    assert silent.unjudged == {"not_yet"}
    assert stating.unjudged == frozenset()
    assert score(make_case(), make_outcome(notices=notices), silent.unjudged).notices_extra == []
    assert score(make_case(), make_outcome(notices=notices), stating.unjudged).notices_extra == ["not_yet"]


def test_a_ranking_has_cited_clauses_first_and_each_once() -> None:
    found = [retrieved(POOL, 0.9, "weaker"), retrieved(GRANT, 0.5, "weaker"), retrieved(GRANT, 0.7), retrieved(LOAN, 1)]
    ranked = rank(found, [GRANT.clause_id])
    assert [one.clause_id for one in ranked] == [GRANT.clause_id, LOAN.clause_id, POOL.clause_id]
    assert ranked[0].outcome == "cited"


def test_nothing_found_is_recall_nought() -> None:
    scores = score_ranking([], 2)
    assert (scores.recall_at["10"], scores.rr, scores.ndcg_at_10) == (0, 0, 0)


@given(st.lists(st.frozensets(st.integers(0, 2), max_size=2), max_size=12))
def test_recall_grows_with_depth_and_agrees_with_the_first_rank(held: list[frozenset[int]]) -> None:
    scores = score_ranking(held, 3)
    depths = [scores.recall_at[depth] for depth in ("1", "3", "5", "10")]
    assert depths == sorted(depths)
    first = next((place for place, numbers in enumerate(held, 1) if numbers), None)
    assert scores.rr == (round(1 / first, 4) if first else 0)
    assert (scores.recall_at["10"] == 0) == (first is None or first > 10)


def test_comparison_ignores_space_width_and_case() -> None:
    assert plain(" １０ 万\n元ABC") == "10万元abc"
