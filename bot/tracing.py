"""Spans of requests and of the steps of answering, for OpenTelemetry: on where its standard variables name an endpoint.

FastAPI itself makes the span of a request; ours lie below it. Where no endpoint is named, the SDK is not imported.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

from ingest.errors import SettingsError

if TYPE_CHECKING:
    from fastapi.telemetry import TelemetryConfig
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")


class Tracing:
    """Makes spans, where there is a provider; else does nothing."""

    def __init__(self, provider: TracerProvider | None = None) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("huiwen") if provider else None

    @contextmanager
    def span(self, name: str) -> Iterator[None]:
        """A span around what is done within, below that of the request.

        It is not made the current one: an answer is told piece by piece, by whichever thread is free.
        """
        if self._tracer is None:
            yield
            return
        span = self._tracer.start_span(name)
        try:
            yield
        finally:
            span.end()

    def for_fastapi(self) -> TelemetryConfig:
        """What FastAPI is to trace: requests, if we trace; never what its own variables would switch on."""
        on = self._provider is not None
        return {
            "tracer_provider": self._provider,
            "tracing": on,
            "operation_spans": False,
            "metrics": False,
            "logs": False,  # would hold what a validation error was about
            "auto_configure": False,
        }

    @asynccontextmanager
    async def closing(self) -> AsyncIterator[None]:
        """Close behind a service, as its lifespan: a worker that was forked ends without what `atexit` was told."""
        yield
        await asyncio.to_thread(self.close)

    def close(self) -> None:
        """Send what is not sent yet."""
        if self._provider:
            self._provider.shutdown()


def open_tracing(environment: Mapping[str, str]) -> Tracing:
    """Trace if the standard variables say where to and do not say no; the SDK reads the others of them itself.

    Raises:
        SettingsError: they ask for an exporter that is not installed.
    """
    off = (
        environment.get("OTEL_SDK_DISABLED", "").lower() == "true" or environment.get("OTEL_TRACES_EXPORTER") == "none"
    )
    if off or not any(environment.get(name) for name in _ENDPOINTS):
        return Tracing()
    return Tracing(_make_provider(environment))


def _make_provider(environment: Mapping[str, str]) -> TracerProvider:
    # Imported on use: half a second that only those pay who trace.
    from opentelemetry.sdk.resources import OTELResourceDetector, Resource
    from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor, TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    class Redactor(SpanProcessor):
        """FastAPI puts the query into a request's span, and with it what staff look for."""

        def on_start(self, span: Span, parent_context: object = None) -> None:
            if "url.query" in (span.attributes or {}):
                span.set_attribute("url.query", "REDACTED")

        def on_end(self, span: ReadableSpan) -> None:
            """Nothing to do."""

    named = Resource.create({"service.name": "huiwen"}).merge(OTELResourceDetector().detect())
    provider = TracerProvider(resource=named)
    provider.add_span_processor(Redactor())
    provider.add_span_processor(BatchSpanProcessor(_make_exporter(environment)))
    return provider


def _make_exporter(environment: Mapping[str, str]) -> SpanExporter:
    protocol = next((environment[name] for name in _PROTOCOLS if environment.get(name)), "grpc")
    if protocol == "grpc":
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

        return OTLPSpanExporter()
    raise SettingsError(f"OTEL_EXPORTER_OTLP_PROTOCOL={protocol}: set it to grpc (port 4317 of most collectors)")
