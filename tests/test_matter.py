"""Whether clauses are about one matter: by the topics that they share with the question, not by any others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.matter import is_beside, likely_topics, same_matter
from bot.retrieve import Found, Signals
from ingest.topics import TopicMatch
from tests.fakes_ingest import lexicon, parse_text

DOCUMENT = parse_text("某县办法\n第一条 新开的店给予一次性5000元补贴。\n")
CLAUSE = next(one for one in DOCUMENT.clauses if one.id.endswith("#第一条"))
FIRST, SECOND, THIRD = (topic.name for topic in lexicon().topics[:3])


def on(*topics: str) -> Found:
    return Found(replace(CLAUSE, topics=topics), DOCUMENT.document, 0.5, Signals())


def asked(*scores: float) -> list[TopicMatch]:
    return [TopicMatch(topic, score) for topic, score in zip(lexicon().topics, scores, strict=False)]


def test_only_topics_that_score_well_may_be_meant() -> None:
    assert likely_topics(asked(0.95, 0.61, 0.59)) == {FIRST, SECOND}


@pytest.mark.parametrize(
    ("scores", "topics", "beside"),
    [
        ((0.95, 0.7), (FIRST,), False),
        ((0.95, 0.7), (THIRD, SECOND), False),  # on one that may be meant
        ((0.95, 0.3), (SECOND,), True),
        ((0.95,), (), True),
        ((0.85,), (SECOND,), False),  # the question is not that plain
        ((), (SECOND,), False),
    ],
)
def test_a_clause_is_beside_a_question_that_plainly_has_another_topic(
    scores: tuple[float, ...], topics: tuple[str, ...], beside: bool
) -> None:
    assert is_beside(on(*topics), asked(*scores)) is beside


def test_clauses_are_on_one_matter_where_they_share_a_topic_of_the_question() -> None:
    assert same_matter(on(FIRST, THIRD), on(SECOND, FIRST), asked(0.9, 0.7))
    assert not same_matter(on(FIRST, THIRD), on(SECOND, THIRD), asked(0.9, 0.7))  # what they share was not asked about
    assert not same_matter(on(FIRST), on(FIRST), [])
