from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from bot.api import create_api
from bot.contract import AskRequest
from bot.metrics import Metrics, metrics_routes
from tests.corpus_fixture import Corpus
from tests.fakes import FakeAssistant, FakeLibrary, FakePlaces


def read(metrics: Metrics) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    app = FastAPI()
    app.include_router(metrics_routes(metrics))
    response = TestClient(app).get("/metrics")
    assert response.headers["content-type"].startswith("text/plain")
    families = text_string_to_metric_families(response.text)
    return {(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples}


def labels(**values: str) -> frozenset[tuple[str, str]]:
    return frozenset(values.items())


def test_answers_are_counted_by_status_and_composer_with_their_seconds() -> None:
    metrics = Metrics()
    metrics.count_answer(FakeAssistant().ask(AskRequest(question="能贷多少")))
    metrics.count_answer(FakeAssistant().ask(AskRequest(question="别的")))
    samples = read(metrics)
    assert samples["huiwen_answers_total", labels(status="answered", composer="extractive")] == 1
    assert samples["huiwen_answers_total", labels(status="no_basis", composer="extractive")] == 1
    for status in ("answered", "no_basis"):
        assert samples["huiwen_answer_seconds_count", labels(status=status, composer="extractive")] == 1
        assert samples["huiwen_answer_seconds_sum", labels(status=status, composer="extractive")] == pytest.approx(
            0.001
        )


def test_each_step_of_an_answer_is_timed_and_its_notices_are_counted(corpus: Corpus) -> None:
    before = read(corpus.huiwen.metrics)
    response = corpus.ask("个转企补助多少", "达拉特旗", as_of="2026-11-20")
    after = read(corpus.huiwen.metrics)
    assert [notice.code for notice in response.notices] == ["expired"]
    for step in ("understand", "screen", "scope", "retrieve", "compose", "verify", "notice", "tell"):
        key = "huiwen_step_seconds_count", labels(step=step)
        assert after[key] > before.get(key, 0), step
    key = "huiwen_noticed_answer_seconds_count", labels(notice="expired")
    assert after[key] == before.get(key, 0) + 1


def test_a_step_that_fails_is_timed_too() -> None:
    metrics = Metrics()
    with pytest.raises(ValueError, match="no"), metrics.step("verify"):
        raise ValueError("no")
    assert read(metrics)["huiwen_step_seconds_count", labels(step="verify")] == 1


def test_requests_are_counted_by_route_and_not_by_what_was_typed() -> None:
    metrics = Metrics()
    client = TestClient(
        create_api(FakeAssistant(), FakeLibrary(), FakePlaces(), ready=lambda: True, page=None, metrics=metrics)
    )
    for path in ("/documents/dalate-2023", "/documents/none", "/nothing/here", "/nothing/there"):
        client.get(path)
    client.request("INVENTED", "/nothing/here")
    samples = read(metrics)
    page = "/documents/{document_id}"
    assert samples["huiwen_requests_total", labels(method="GET", route=page, status="200")] == 1
    assert samples["huiwen_requests_total", labels(method="GET", route=page, status="404")] == 1
    assert samples["huiwen_requests_total", labels(method="GET", route="-", status="404")] == 2
    assert samples["huiwen_request_seconds_count", labels(route=page)] == 2
    assert samples["huiwen_requests_total", labels(method="other", route="-", status="404")] == 1


def test_tokens_cost_what_the_prices_say() -> None:
    metrics = Metrics(price_in=2.0, price_out=8.0)
    metrics.count_tokens(1000, 500)
    metrics.count_call("ok")
    metrics.count_call("timeout")
    samples = read(metrics)
    assert samples["huiwen_model_tokens_total", labels(direction="in")] == 1000
    assert samples["huiwen_model_tokens_total", labels(direction="out")] == 500
    assert samples["huiwen_model_cost_total", labels()] == pytest.approx(0.002 + 0.004)
    assert samples["huiwen_model_calls_total", labels(outcome="timeout")] == 1


def test_two_services_in_one_process_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.count_call("ok")
    assert other.registry.get_sample_value("huiwen_model_calls_total", {"outcome": "ok"}) is None


def test_the_assistant_counts_its_answers(corpus: Corpus) -> None:
    registry = corpus.huiwen.metrics.registry
    sample = {"status": "out_of_scope", "composer": "extractive"}
    before = registry.get_sample_value("huiwen_answers_total", sample) or 0
    corpus.ask("今天天气怎么样")
    assert registry.get_sample_value("huiwen_answers_total", sample) == before + 1
