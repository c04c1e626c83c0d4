from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from bot.contract import AskRequest
from bot.metrics import Metrics, metrics_routes
from tests.corpus_fixture import Corpus
from tests.fakes import FakeAssistant


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
    assert samples["huiwen_answer_seconds_count", labels(composer="extractive")] == 2
    assert samples["huiwen_answer_seconds_sum", labels(composer="extractive")] == pytest.approx(0.002)


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
