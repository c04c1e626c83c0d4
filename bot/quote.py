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
