"""Facets: what a search can be narrowed to; and the order of clauses for several terms."""

from __future__ import annotations

from bot.app import Huiwen
from bot.contract import Facets, FacetValue
from bot.ports import SearchQuery
from tests.corpus_fixture import Corpus


def search(huiwen: Huiwen, text: str, **filters: str) -> tuple[int, Facets]:
    query = SearchQuery(text, facets=True, limit=100, **filters)  # type: ignore[arg-type]
    found = huiwen.search(query)
    assert found.facets is not None
    return found.total, found.facets


def test_a_filter_narrows_the_others_and_not_itself(corpus: Corpus) -> None:
    total, every = search(corpus.huiwen, "创业担保贷款")
    chosen = every.topic[0]
    narrowed, facets = search(corpus.huiwen, "创业担保贷款", topic=chosen.value)
    assert narrowed == chosen.count <= total
    assert facets.topic == every.topic
    assert sum(one.count for one in facets.place) == narrowed
    assert {one.value for one in facets.state} <= {one.value for one in every.state}


def test_what_was_chosen_is_listed_even_where_nothing_has_it(corpus: Corpus) -> None:
    total, facets = search(corpus.huiwen, "歇业", audience="没有的对象")
    assert total == 0
    assert FacetValue(value="没有的对象", label="没有的对象", count=0) in facets.audience


def test_places_are_named_so_that_they_can_be_chosen(corpus: Corpus) -> None:
    for place in search(corpus.huiwen, "贷款")[1].place:
        assert corpus.huiwen.gazetteer.resolve(place.value).name == place.label


def test_clauses_that_hold_every_term_come_first(corpus: Corpus) -> None:
    found = corpus.huiwen.search(SearchQuery("贷款 退役军人", facets=True, limit=100)).results
    held = ["贷款" in one.text and "退役军人" in one.text for one in found]
    assert held[0]
    assert held == sorted(held, reverse=True)


def test_nobody_pays_for_facets_who_does_not_ask(corpus: Corpus) -> None:
    assert corpus.huiwen.search(SearchQuery("贷款")).facets is None
