"""Why an answer or a search came out as it did: how the question was read, what was found, what became of it."""

from __future__ import annotations

from collections.abc import Iterable

from bot.contract import Considered, CorrectionOut, ExpansionOut, TopicOut, Understood
from bot.question import Question
from bot.retrieve import ClauseFinder, Found


def describe_understanding(question: Question, finder: ClauseFinder) -> Understood:
    """How a question was read before anything was looked for."""
    expansions = finder.expand(question.whole, question.topics)
    return Understood(
        text=question.whole,
        corrections=[CorrectionOut(typed=one.typed, meant=one.meant) for one in question.corrections],
        expansions=[ExpansionOut(said=one.everyday, terms=list(one.official)) for one in expansions],
        topics=[TopicOut(name=match.topic.name, score=round(match.score, 4)) for match in question.topics],
    )


def describe_considered(considered: Iterable[tuple[Found, str]]) -> list[Considered]:
    """What was found, with the signals that spoke for it and what became of it."""
    return [
        Considered(
            clause_id=found.clause.id,
            score=round(found.score, 4),
            similarity=round(found.similarity, 4),
            words=round(found.signals.words, 4),
            topic=round(found.signals.topic, 4),
            outcome=outcome,
        )
        for found, outcome in considered
    ]
