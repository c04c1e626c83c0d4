"""Gather evidence: the sentences of the clauses that were chosen, as much as can be read, and the document's own."""

from __future__ import annotations

from collections.abc import Sequence

from bot.about_document import clauses_about, wanted_kinds
from bot.asked_figure import find_blank
from bot.evidence import Evidence
from bot.question import Aspect, Question
from bot.quote import quote
from bot.resources import Resources
from bot.retrieve import Found
from bot.select import FURTHER, select_sentences
from ingest.model import Place
from ingest.places import applies
from ingest.sentences import Sentence

_LONGEST_FURTHER = 2 * FURTHER  # characters; a longer quote beside the best clause's is a preamble's, or a list's
_READABLE = 340  # characters of quotation in all, for one place


def quote_found(found: Found, question: Question, part: str, resources: Resources, budget: int) -> Evidence:
    """The sentences of a clause that answer a part of a question, within `budget` characters."""
    encode, rate_words = resources.encoder.embed_documents, resources.finder.rate_words
    sentences = select_sentences(part, question.aspects, found.clause, encode, rate_words, budget)
    blank = find_blank(part, found.clause, sentences) if Aspect.AMOUNT in question.aspects else None
    return quote(found.document, found.clause, sentences, question, blank)


def readable(evidence: Sequence[Evidence]) -> list[Evidence]:
    """As much as can be read on a phone: the first, and what fits beside it; a blank that was asked for always."""
    kept = list(evidence[:1])
    for one in evidence[1:]:
        length = sum(other.told_length for other in kept) + one.told_length
        if one.blank or (one.told_length <= _LONGEST_FURTHER and length <= _READABLE):
            kept.append(one)
    return kept


def with_document(question: Question, place: Place, evidence: list[Evidence], resources: Resources) -> list[Evidence]:
    """Title, number and signature of the documents, first, where the question is about these."""
    kinds = wanted_kinds(question)
    if not kinds:
        return evidence
    documents = {one.document.id: one.document for one in evidence}
    if not documents:
        found = [d for d in resources.index.catalog.documents() if d.place and applies(d.place.code, place)]
        documents = {document.id: document for document in found[:1]}
    about = [
        quote(document, clause, [Sentence(clause.text, 0, len(clause.text))], question)
        for document in documents.values()
        for clause in clauses_about(resources.index.catalog.clauses(document.id), kinds)
    ]
    known = {one.clause.id for one in about}
    return about + [one for one in evidence if one.clause.id not in known]
