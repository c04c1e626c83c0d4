"""Search for the desk: clauses for two or three words, with filters, best first."""

from __future__ import annotations

from datetime import date

from bot.about_document import wanted_kinds
from bot.cite import cite_found
from bot.contract import SearchResponse
from bot.decide import prefer_facts
from bot.explain import describe_understanding
from bot.ports import SearchQuery
from bot.resources import Resources
from bot.retrieve import Found
from bot.understand import understand
from bot.validity import judge
from ingest.model import LegalStatus
from ingest.words import search_words

_DEPTH = 200  # clauses that filters and paging may reach


def search(query: SearchQuery, resources: Resources, today: date) -> SearchResponse:
    """Find clauses; a place named in the text counts like the parameter.

    Raises:
        UnknownPlace, AmbiguousPlace: the jurisdiction is not one place.
    """
    page = resources.gazetteer.resolve(query.jurisdiction) if query.jurisdiction else None
    as_of = query.valid_on or today
    question = understand(query.text, page, (), as_of, resources.gazetteer, resources.finder)
    place = question.places[0] if question.places else None
    codes = {code for one in question.places for code in one.chain} if question.places else None
    found = resources.finder.find(question.whole, place_codes=codes, limit=_DEPTH, topics=question.topics)
    found = prefer_facts(found, question.whole, question.aspects, resources.settings, wanted_kinds(question))
    kept = [one for one in found if _passes(one, query)]
    shown = kept[query.offset : query.offset + (query.limit or resources.settings.results)]
    words = [word for word in dict.fromkeys(search_words(question.whole)) if len(word) > 1]
    results = [
        cite_found(number, one, place, as_of, [word for word in words if word in one.clause.text])
        for number, one in enumerate(shown, query.offset + 1)
    ]
    understood = describe_understanding(question, resources.finder)
    return SearchResponse(total=len(kept), results=results, understood=understood)


def _passes(found: Found, query: SearchQuery) -> bool:
    clause, document = found.clause, found.document
    if query.topic and query.topic not in clause.topics:
        return False
    if query.department and not any(query.department in department.name for department in clause.facts.departments):
        return False
    if query.status and document.status is not LegalStatus(query.status):
        return False
    return not query.valid_on or judge(document, clause, (), query.valid_on).state in ("in_force", "unknown")
