"""Figures for Prometheus: requests, answers and their steps with the time they took, calls of the model, their cost."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector

from bot.contract import AskResponse

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 40)  # from a quotation to the slowest model
_FAST = (0.0005, 0.001, 0.0025, 0.005, *_SECONDS)  # a step may take less than a millisecond
_MILLION = 1_000_000


class Metrics:
    """The figures since the service began, in a registry of their own.

    Args:
        price_in: price of a million tokens that the model reads, in whatever currency its owner pays.
        price_out: price of a million tokens that it writes.
    """

    def __init__(self, price_in: float = 0.0, price_out: float = 0.0) -> None:
        # It chooses at its import where figures are kept; that there are several workers is known only later.
        values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        self._prices = {"in": price_in / _MILLION, "out": price_out / _MILLION}
        self._answers = Counter(
            "huiwen_answers", "Answers, by what worded them", ["status", "composer"], registry=self.registry
        )
        self._seconds = Histogram(
            "huiwen_answer_seconds",
            "Seconds from a question to its whole answer",
            ["status", "composer"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._noticed = Histogram(
            "huiwen_noticed_answer_seconds",
            "The same of answers that carry a notice, by its code",
            ["notice"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._steps = Histogram(
            "huiwen_step_seconds", "Seconds in a step of answering", ["step"], buckets=_FAST, registry=self.registry
        )
        self._requests = Counter(
            "huiwen_requests", "Requests, by how they ended", ["method", "route", "status"], registry=self.registry
        )
        self._request_seconds = Histogram(
            "huiwen_request_seconds",
            "Seconds from a request to the end of its reply",
            ["route"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._calls = Counter(
            "huiwen_model_calls", "Calls of the language model, by how they ended", ["outcome"], registry=self.registry
        )
        self._tokens = Counter(
            "huiwen_model_tokens", "Tokens that it read (in) and wrote (out)", ["direction"], registry=self.registry
        )
        self._cost = Counter("huiwen_model_cost", "What these tokens cost, by the prices set", registry=self.registry)

    def count_answer(self, response: AskResponse) -> None:
        """An answer went out."""
        self._answers.labels(response.status, response.engine.composer).inc()
        seconds = response.engine.ms / 1000
        self._seconds.labels(response.status, response.engine.composer).observe(seconds)
        for code in {notice.code for notice in response.notices}:
            self._noticed.labels(code).observe(seconds)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure a step of answering, however it ends."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self._steps.labels(name).observe(time.perf_counter() - started)

    def count_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request ended; route: the template, of which there are only so many."""
        self._requests.labels(method, route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def count_call(self, outcome: str) -> None:
        """A call of the model ended: ok, cancelled, busy, or a code of `ModelFailed`."""
        self._calls.labels(outcome).inc()

    def count_tokens(self, tokens_in: int, tokens_out: int) -> None:
        """The model told what it read and wrote."""
        for direction, tokens in (("in", tokens_in), ("out", tokens_out)):
            self._tokens.labels(direction).inc(tokens)
            self._cost.inc(tokens * self._prices[direction])


def metrics_routes(metrics: Metrics) -> APIRouter:
    """GET /metrics, in Prometheus's text format."""
    router = APIRouter()

    @router.get("/metrics", include_in_schema=False)
    def read_metrics() -> Response:
        return Response(generate_latest(_collected(metrics)), media_type=CONTENT_TYPE_LATEST)

    return router


def _collected(metrics: Metrics) -> CollectorRegistry:
    """The figures of this process, or where several workers serve (`bot/workers.py`) those of all together."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return metrics.registry
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry
