"""Search for the desk: clauses for two or three words, with filters, best first."""

from __future__ import annotations

from datetime import date

from bot.about_document import wanted_kinds
from bot.cite import cite_found
from bot.contract import SearchResponse
from bot.decide import prefer_facts
from bot.explain import describe_understanding
from bot.facets import count_facets, judge_hits, keep_near, passes
from bot.ports import SearchQuery
from bot.resources import Resources
from bot.understand import understand
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
    hits = judge_hits(keep_near(found, question.whole.split()) if query.facets else found, as_of)
    kept = [hit.found for hit in hits if passes(hit, query)]
    shown = kept[query.offset : query.offset + (query.limit or resources.settings.results)]
    words = [word for word in dict.fromkeys([*question.whole.split(), *search_words(question.whole)]) if len(word) > 1]
    results = [
        cite_found(number, one, place, as_of, [word for word in words if word in one.clause.text])
        for number, one in enumerate(shown, query.offset + 1)
    ]
    understood = describe_understanding(question, resources.finder)
    facets = count_facets(hits, query) if query.facets else None
    return SearchResponse(total=len(kept), results=results, facets=facets, understood=understood)
