from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from bot.api import create_api
from eval.errors import EvaluationError
from eval.outcome import ERROR, System
from eval.systems import ByUrl, InProcess
from tests.browsing import serve
from tests.corpus_fixture import Corpus
from tests.fakes_systems import make_abstention, make_case

QUESTION = "个体工商户转为企业，一次性补助多少？"


@pytest.fixture(scope="module")
def in_process(corpus: Corpus) -> InProcess:
    return InProcess(corpus.huiwen)


@pytest.fixture(scope="module")
def address(corpus: Corpus) -> Iterator[str]:
    huiwen = corpus.huiwen
    app = create_api(huiwen, huiwen, huiwen.gazetteer, ready=huiwen.ready, page=None)
    with serve(app) as address:
        yield address


@pytest.fixture(scope="module")
def by_url(address: str) -> Iterator[ByUrl]:
    with httpx.Client(base_url=address, timeout=30) as client:
        yield ByUrl(client)


@pytest.fixture(params=["in_process", "by_url"])
def system(request: pytest.FixtureRequest) -> System:
    found: System = request.getfixturevalue(request.param)
    return found


def test_an_answer_comes_with_what_was_found(system: System) -> None:
    outcome = system.answer(make_case(question=QUESTION))
    assert outcome.behaviour == "answer"
    assert outcome.error is None
    assert outcome.ms > 0
    assert outcome.jurisdiction is not None
    assert outcome.jurisdiction.name == "达拉特旗"
    assert outcome.considered
    assert outcome.considered[0].clause_id == outcome.citations[0].clause_id
    assert outcome.considered[0].text == outcome.citations[0].text
    assert {one.document_id for one in outcome.considered} == {"dalate-2023"}


def test_earlier_turns_and_the_day_are_passed_on(system: System) -> None:
    outcome = system.answer(make_case(question="那岚县呢？", history=[QUESTION], jurisdiction=None, as_of="2023-01-01"))
    assert outcome.jurisdiction is not None
    assert outcome.jurisdiction.name == "岚县"


def test_a_place_that_nobody_knows_is_an_error(system: System) -> None:
    outcome = system.answer(make_abstention(jurisdiction="桃花源县"))
    assert (outcome.status, outcome.citations) == (ERROR, ())
    assert "桃花源县" in str(outcome.error)


def test_both_ways_tell_their_encoder(in_process: InProcess, by_url: ByUrl, corpus: Corpus) -> None:
    info = corpus.huiwen.resources().index.info
    assert in_process.description.encoder == f"{info.encoder} {info.encoder_digest}"
    assert in_process.description.corpus == info.corpus
    assert by_url.description.encoder == info.encoder
    assert by_url.description.url is not None


def test_both_ways_find_the_same(in_process: InProcess, by_url: ByUrl) -> None:
    case = make_case(question=QUESTION)
    here, there = in_process.answer(case), by_url.answer(case)
    assert (here.answer, here.citations, here.considered) == (there.answer, there.citations, there.considered)


def test_an_address_where_nothing_answers_is_told() -> None:
    with pytest.raises(EvaluationError, match="start the service"):
        ByUrl.open("http://127.0.0.1:9")
