"""The steps of answering, as they are measured: each is a figure in /metrics and, where traces are wanted, a span."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.metrics import Metrics
from bot.tracing import Tracing


@dataclass(frozen=True, slots=True)
class Steps:
    """Measures steps."""

    metrics: Metrics
    tracing: Tracing

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure what is done within."""
        with self.tracing.span(name), self.metrics.step(name):
            yield
