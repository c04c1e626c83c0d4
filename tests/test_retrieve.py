"""Only what applies is found, and LangChain's standard retriever tests pass."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from langchain_core.retrievers import BaseRetriever
from langchain_tests.integration_tests import RetrieversIntegrationTests

from bot.retrieve import ClauseRetriever, Found, clause_of
from ingest.places import applies
from tests.corpus_fixture import PLACES, Corpus

QUESTIONS = ["补助多少", "创业担保贷款", "个转企", "怎么注销", "房租", "2023年", "天气怎么样", "", "……", "subsidy"]


def find(corpus: Corpus, text: str, codes: Any, limit: int = 10) -> list[Found]:
    finder = corpus.huiwen.resources().finder
    return finder.find(text, place_codes=codes, limit=limit, topics=finder.topics_of(text))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.data(), st.sampled_from(QUESTIONS) | st.text(max_size=30))
def test_only_what_applies_to_the_place_is_found(corpus: Corpus, data: st.DataObject, question: str) -> None:
    places = corpus.huiwen.gazetteer.places
    here = [place for place in places if set(place.chain) & {"150621", "150822", "620702", "141127", "520200"}]
    place = data.draw(st.sampled_from(here) | st.sampled_from(places))
    for one in find(corpus, question, place.chain):
        assert one.document.place
        assert applies(one.document.place.code, place)


@pytest.mark.parametrize("codes", [(), frozenset(), ("999999",), ("310000", "100000"), ("",)])
def test_a_filter_without_a_match_finds_nothing(corpus: Corpus, codes: Any) -> None:
    assert find(corpus, "贷款", codes) == []


def test_no_filter_finds_every_place(corpus: Corpus) -> None:
    places = {one.document.place.name for one in find(corpus, "个体工商户", None, 200) if one.document.place}
    assert places == set(PLACES)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(st.sampled_from(QUESTIONS) | st.text(max_size=30), st.integers(1, 20))
def test_each_clause_once_best_first_at_most_so_many(corpus: Corpus, question: str, limit: int) -> None:
    found = find(corpus, question, None, limit)
    assert len(found) <= limit
    assert len({one.clause.id for one in found}) == len(found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    signals = [signal for one in found for signal in asdict(one.signals).values()]
    assert all(0 <= one.score <= 1.001 for one in found)
    assert all(0 <= signal <= 1.001 for signal in signals)


def test_what_a_clause_says_word_for_word_finds_it(corpus: Corpus) -> None:
    for clause_id in ("dalate-2023#四-五-15", "liupanshui-2025#一-四", "lanxian-2022#四-三-三是"):
        assert find(corpus, corpus.clause(clause_id).text, None)[0].clause.id == clause_id


def test_the_clause_of_a_piece() -> None:
    assert clause_of("dalate-2023#四-五-15:3") == clause_of("dalate-2023#四-五-15") == "dalate-2023#四-五-15"


def test_the_retriever_keeps_to_its_places(corpus: Corpus) -> None:
    retriever = ClauseRetriever(finder=corpus.huiwen.resources().finder, place_codes=frozenset({"141127"}), k=5)
    found = retriever.invoke("贷款")
    assert len(found) == 5
    assert {one.metadata["document_id"] for one in found} == {"lanxian-2022"}
    assert all(corpus.clause(one.metadata["clause_id"]).text == one.page_content for one in found)


class TestClauseRetriever(RetrieversIntegrationTests):
    """LangChain's standard tests."""

    @pytest.fixture(autouse=True)
    def _corpus(self, corpus: Corpus) -> None:
        self.corpus = corpus

    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return ClauseRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"finder": self.corpus.huiwen.resources().finder, "k": 10}

    @property
    def retriever_query_example(self) -> str:
        return "个转企补助"


def test_a_day_has_no_part_in_what_is_found(corpus: Corpus) -> None:
    answers = [corpus.ask("个转企补助多少", "达拉特旗", as_of=day) for day in (date(2024, 1, 1), date(2030, 1, 1))]
    assert [one.clause_id for one in answers[0].citations] == [one.clause_id for one in answers[1].citations]
