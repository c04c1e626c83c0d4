"""From what was found to what is cited: nothing below the threshold, and company only for who brings what was asked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decide import choose, domain_score, holds_fact, prefer_facts
from bot.question import Aspect
from bot.retrieve import Found, Signals
from ingest.settings import Settings
from ingest.topics import TopicMatch
from tests.fakes_ingest import lexicon, parse_text

DOCUMENT = parse_text(
    "某县办法\n第一条 新开的店给予一次性5000元补贴。\n第二条 贷款按50%贴息。\n第三条 鼓励开店。\n"
    "第四条 补贴在3个月内发放。\n"
)
AMOUNT, RATE, NOTHING, TERM = (
    one for one in DOCUMENT.clauses if one.id.rpartition("第")[2] in ("一条", "二条", "三条", "四条")
)
SETTINGS = Settings()
MONEY = frozenset({Aspect.AMOUNT, Aspect.MONEY})


def found(clause: object, score: float) -> Found:
    return Found(clause, DOCUMENT.document, score, Signals())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("aspects", "held"),
    [
        (MONEY, (1.0, 0.5, 0.0, 0.0)),
        (frozenset({Aspect.AMOUNT}), (1.0, 1.0, 0.0, 0.0)),
        (frozenset({Aspect.TERM}), (0.0, 0.0, 0.0, 1.0)),
        (frozenset[Aspect](), (0.0, 0.0, 0.0, 0.0)),
    ],
)
def test_a_clause_holds_the_kind_of_fact_asked_for(aspects: frozenset[Aspect], held: tuple[float, ...]) -> None:
    assert tuple(holds_fact(found(one, 1), aspects) for one in (AMOUNT, RATE, NOTHING, TERM)) == held


@given(
    confidence=st.floats(0, 1),
    at_least=st.floats(0, 1),
    scores=st.lists(st.floats(0.01, 1), min_size=1, max_size=6).map(lambda each: sorted(each, reverse=True)),
)
def test_every_clause_is_chosen_or_rejected_and_none_without_a_basis(
    confidence: float, at_least: float, scores: list[float]
) -> None:
    offered = [replace(found(AMOUNT, score), bonus=number / 1e6) for number, score in enumerate(scores)]
    choice = choose(offered, confidence, frozenset(), SETTINGS, at_least)
    rejected = [one for one, _ in choice.rejected]
    assert len(choice.chosen) + len(rejected) == len(offered)
    assert bool(choice.chosen) == (confidence >= max(SETTINGS.basis_threshold, at_least))
    assert len(choice.chosen) <= SETTINGS.clauses_per_part
    assert {reason for _, reason in choice.rejected} <= ({"weaker"} if choice.chosen else {"no_basis"})
    if choice.chosen:
        assert choice.chosen[0] is offered[0]
        assert all(one.strength >= offered[0].strength * SETTINGS.company_ratio for one in choice.chosen)


def test_beside_a_clause_that_has_the_fact_none_is_cited_that_lacks_it() -> None:
    choice = choose([found(AMOUNT, 0.9), found(NOTHING, 0.89)], 1.0, MONEY, SETTINGS)
    assert [one.clause for one in choice.chosen] == [AMOUNT]


def test_where_no_clause_has_the_fact_the_next_best_is_cited_too() -> None:
    choice = choose([found(NOTHING, 0.9), found(TERM, 0.88)], 1.0, MONEY, SETTINGS)
    assert [one.clause for one in choice.chosen] == [NOTHING, TERM]


def test_what_holds_the_fact_goes_before_what_fits_hardly_better() -> None:
    ordered = prefer_facts([found(NOTHING, 0.50), found(AMOUNT, 0.48)], "补贴多少钱", MONEY, SETTINGS)
    assert [one.clause for one in ordered] == [AMOUNT, NOTHING]
    ordered = prefer_facts([found(NOTHING, 0.90), found(AMOUNT, 0.48)], "补贴多少钱", MONEY, SETTINGS)
    assert [one.clause for one in ordered] == [NOTHING, AMOUNT]


def test_what_is_plainly_no_policy_is_outside_however_well_a_clause_fits() -> None:
    topic = [TopicMatch(lexicon().topics[0], 0.6)]
    near = [found(AMOUNT, 0.8)]
    assert domain_score(near, topic, 0.9) == 0.0
    assert domain_score([], topic, 0.1) == 0.0
    assert domain_score(near, topic, 0.1) > domain_score(near, topic, 0.5) > domain_score(near[:1], [], 0.5) > 0.0
