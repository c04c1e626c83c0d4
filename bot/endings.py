"""Documents that are over: which give no answer on a day, and where it stands that others ended them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from bot.evidence import Evidence
from bot.question import Question
from bot.quote import quote
from bot.resources import Resources
from bot.validity import is_repealed, is_replaced
from ingest.sentences import Sentence


def left_out(question: Question, resources: Resources, *, repealed: bool) -> frozenset[str]:
    """The ids of the documents that give no answer on the day that is asked about.

    Args:
        question: knows the day.
        resources: the corpus.
        repealed: also those that are over, not only those of which another version holds.
    """
    day = question.asked_on or question.as_of
    return frozenset(
        document.id
        for document in resources.index.catalog.documents()
        if is_replaced(document, day) or (repealed and is_repealed(document, day))
    )


def find_endings(evidence: Sequence[Evidence], question: Question, resources: Resources) -> Iterator[Evidence]:
    """The clauses, each once, whose words ended a document of the evidence, and that are not cited yet."""
    known: Collection[str] = {one.clause.id for one in evidence}
    endings = {one.validity.ended.clause_id: one.validity.ended for one in evidence if one.validity.ended}
    for clause_id, effect in endings.items():
        clause = resources.index.catalog.clause(clause_id)
        document = resources.index.catalog.document(clause.document_id) if clause else None
        if clause and document and clause_id not in known:
            start = max(0, clause.text.find(effect.text))
            yield quote(document, clause, [Sentence(effect.text, start, start + len(effect.text))], question)
