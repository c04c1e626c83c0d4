"""The desk's search: filters, pages, and a place in the text."""

from __future__ import annotations

from datetime import date

import pytest

from bot.contract import SearchResponse
from bot.ports import SearchQuery
from ingest.errors import AmbiguousPlace, UnknownPlace
from tests.corpus_fixture import CODES, PLACES, Corpus


def find(corpus: Corpus, text: str, **filters: object) -> SearchResponse:
    return corpus.huiwen.search(SearchQuery(text, **filters))  # type: ignore[arg-type]


@pytest.mark.parametrize("place", PLACES)
def test_a_place_in_the_text_counts_like_the_parameter(corpus: Corpus, place: str) -> None:
    by_text, by_name, by_code = (
        find(corpus, f"{place} 贷款"),
        find(corpus, "贷款", jurisdiction=place),
        find(corpus, "贷款", jurisdiction=CODES[place]),
    )
    assert by_text.results
    assert by_text == by_name == by_code
    assert {result.jurisdiction.name for result in by_text.results if result.jurisdiction} == {place}


def test_the_text_has_the_last_word_on_the_place(corpus: Corpus) -> None:
    results = find(corpus, "岚县 贷款", jurisdiction="磴口县").results
    assert {result.document_id for result in results} == {"lanxian-2022"}


def test_without_a_place_all_are_searched(corpus: Corpus) -> None:
    assert len({result.document_id for result in find(corpus, "创业担保贷款", limit=100).results}) >= 3


def test_a_place_that_nothing_applies_to_finds_nothing(corpus: Corpus) -> None:
    response = find(corpus, "贷款", jurisdiction="上海市")
    assert (response.total, response.results) == (0, [])


def test_a_county_finds_what_its_city_says(corpus: Corpus) -> None:
    results = find(corpus, "贷款", jurisdiction="水城区").results
    assert results
    assert all(result.jurisdiction and result.jurisdiction.relation == "ancestor" for result in results)


@pytest.mark.parametrize(
    ("name", "error"), [("不存在的地方", UnknownPlace), ("999999", UnknownPlace), ("鼓楼区", AmbiguousPlace)]
)
def test_a_parameter_that_is_not_one_place_is_an_error(corpus: Corpus, name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        find(corpus, "贷款", jurisdiction=name)


def test_pages_follow_each_other(corpus: Corpus) -> None:
    whole = find(corpus, "补贴", limit=30)
    pages = [find(corpus, "补贴", limit=7, offset=offset) for offset in range(0, 28, 7)]
    assert [result.clause_id for page in pages for result in page.results] == [
        one.clause_id for one in whole.results[:28]
    ]
    assert [result.n for page in pages for result in page.results] == list(range(1, 29))
    assert {page.total for page in pages} == {whole.total}
    assert find(corpus, "补贴", offset=whole.total).results == []


def test_as_many_as_the_settings_say_best_first(corpus: Corpus) -> None:
    results = find(corpus, "补贴").results
    assert len(results) == corpus.settings.results
    assert [one.score for one in results] == sorted((one.score for one in results), reverse=True)
    assert len({one.clause_id for one in results}) == len(results)


@pytest.mark.parametrize("status", ["issued", "draft", "repealed"])
def test_status(corpus: Corpus, status: str) -> None:
    response = find(corpus, "贷款", status=status, limit=100)
    assert bool(response.results) == (status != "repealed")
    assert all(result.legal_status == status for result in response.results)


def test_department(corpus: Corpus) -> None:
    results = find(corpus, "补助", department="财政局", limit=100).results
    assert results
    assert all(any("财政局" in department.name for department in result.departments) for result in results)
    assert find(corpus, "补助", department="不存在局").total == 0


def test_topic(corpus: Corpus) -> None:
    topic = corpus.clause("dalate-2023#四-五-15").topics[0]
    results = find(corpus, "补助", topic=topic, limit=100).results
    assert results
    assert all(topic in corpus.clause(result.clause_id).topics for result in results)
    assert find(corpus, "补助", topic="没有这个主题").total == 0


def test_valid_on_leaves_out_what_is_over_not_begun_or_no_law(corpus: Corpus) -> None:
    within = find(corpus, "贷款", valid_on=date(2024, 6, 1), limit=100)
    after = find(corpus, "贷款", valid_on=date(2026, 6, 1), limit=100)
    assert {result.document_id for result in within.results} == {"dalate-2023", "lanxian-2022"}
    assert {result.document_id for result in after.results} == {"lanxian-2022"}
    assert all(result.validity.state in ("in_force", "unknown") for result in within.results)


def test_highlights_stand_in_the_clause(corpus: Corpus) -> None:
    results = find(corpus, "达拉特旗 个转企 补助").results
    assert any("补助" in result.highlights for result in results)
    assert all(word in result.text for result in results for word in result.highlights)


@pytest.mark.parametrize("text", ["*", "a AND (b", '"未闭合', "贷款 OR 补贴:*", "🙂", "。", "place_code:150621"])
def test_signs_mean_nothing_of_their_own(corpus: Corpus, text: str) -> None:
    assert find(corpus, text, jurisdiction="岚县").total >= 0
