"""A clause as evidence: the sentences that are quoted of it, and whether they hold."""

from __future__ import annotations

from collections.abc import Sequence

from bot.evidence import Evidence
from bot.question import Question
from bot.validity import judge
from ingest.model import Blank, Clause, Document
from ingest.sentences import Sentence


def quote(
    document: Document, clause: Clause, sentences: Sequence[Sentence], question: Question, blank: Blank | None = None
) -> Evidence:
    """Quote a clause by some of its sentences, judged on the day of asking and on the one that the question names.

    Args:
        document: the clause's document.
        clause: the clause.
        sentences: those that answer, in the order of the clause.
        question: knows both days.
        blank: the figure that was asked for and that the sentences leave open.
    """
    quoted = [(sentence.start, sentence.end) for sentence in sentences]
    validity = judge(document, clause, quoted, question.as_of)
    then = judge(document, clause, quoted, question.asked_on) if question.asked_on else None
    return Evidence(document, clause, tuple(sentences), validity, blank, then)


def merge(one: Evidence, other: Evidence, question: Question) -> Evidence:
    """One clause quoted by the sentences of both; a piece and the sentence that it is of are told once."""
    more = [piece for piece in other.sentences if not any(_within(piece, kept) for kept in one.sentences)]
    if not more:
        return one
    kept = [piece for piece in one.sentences if not any(_within(piece, new) for new in more)]
    ordered = sorted([*kept, *more], key=lambda piece: piece.start)
    return quote(one.document, one.clause, ordered, question, one.blank or other.blank)


def _within(piece: Sentence, other: Sentence) -> bool:
    return other.start <= piece.start and piece.end <= other.end
