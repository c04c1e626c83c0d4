"""Whether clauses are about one matter, by the topics that they share with the question.

A comparison must not set one place's grant for becoming a company against another's start-up subsidy, and a clause that
shares no topic with a question that plainly has one must fit it all the better.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.evidence import Evidence, Finding
from bot.question import Question
from bot.resources import Resources
from bot.retrieve import Found
from ingest.model import ClauseKind
from ingest.sentences import split_sentences
from ingest.topics import TopicMatch

_SURE_ANYHOW = 0.95  # confidence from which a clause is compared though it shares no topic with the others
_PLAIN = 0.8  # from this score on, a question plainly has a topic
_PLAINEST = 0.9  # so plainly that a clause on none of its topics is suspect
_LIKELY = 0.6  # from this score on, a topic may be meant
_NEAR = 0.1  # topics no further below the best are meant as much
_DOCUMENT_ITSELF = frozenset({ClauseKind.TITLE, ClauseKind.NUMBER, ClauseKind.SIGNATURE, ClauseKind.PREAMBLE})


def likely_topics(topics: Sequence[TopicMatch]) -> set[str]:
    """The topics that a text may be about."""
    return {match.topic.name for match in topics if match.score >= _LIKELY}


def meant_topics(topics: Sequence[TopicMatch]) -> set[str]:
    """The topics that a text is about if it is about any: its best, and those that are hardly worse."""
    return {match.topic.name for match in topics if match.score >= topics[0].score - _NEAR}


def is_beside(found: Found, topics: Sequence[TopicMatch]) -> bool:
    """Whether a text plainly has a topic, and a clause has none of those that it may have."""
    return bool(topics) and topics[0].score >= _PLAINEST and likely_topics(topics).isdisjoint(found.clause.topics)


def same_matter(one: Found, other: Found, topics: Sequence[TopicMatch]) -> bool:
    """Whether two clauses share a topic that a text may be about."""
    return not likely_topics(topics).intersection(one.clause.topics).isdisjoint(other.clause.topics)


def keep_same_matter(question: Question, findings: Sequence[Finding], resources: Resources) -> list[Finding]:
    """Findings for several places without what is on another topic; a place that is left with nothing is not covered.

    What surely covers the question stays: the topics of clauses are counted from their terms, and some are missed.
    """
    if len(findings) < 2:  # one place is compared with nothing
        return list(findings)
    surest = max(findings, key=lambda finding: finding.confidence or 0.0)  # the first, where none has a share
    told = set[str]().union(*(_matters(one, resources) for one in surest.evidence))
    key = _key(question, told, resources)
    if key.isdisjoint(told):
        return list(findings)
    return [
        finding if any(_fits(one, key, resources) for one in finding.evidence) else replace(finding, evidence=())
        for finding in findings
    ]


def _fits(one: Evidence, key: set[str], resources: Resources) -> bool:
    if one.clause.kind in _DOCUMENT_ITSELF or not key.isdisjoint(_matters(one, resources)):
        return True
    sentences = split_sentences(one.clause.text)  # what is quoted may be the less telling one
    return any(not key.isdisjoint(likely_topics(resources.finder.topics_of(each.text))) for each in sentences)


def _key(question: Question, told: set[str], resources: Resources) -> set[str]:
    """The topics that places are compared by: those plainly asked about, else the likeliest that is `told` where it is
    surest.
    """
    asked = [resources.finder.topics_of(text) for text in {question.whole, *question.parts, *question.pieces}]
    plain = [topics for topics in asked if topics and topics[0].score >= _PLAIN]
    if plain:
        return set[str]().union(*map(meant_topics, plain))
    return set([match.topic.name for match in question.topics if match.topic.name in told][:1])


def _matters(one: Evidence, resources: Resources) -> set[str]:
    """The topics of a clause, and those of what is quoted of it."""
    return set(one.clause.topics) | likely_topics(resources.finder.topics_of(one.quote))
