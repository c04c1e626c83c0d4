"""Traces, as a collector receives them over the network."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import grpc
import pytest
from fastapi.testclient import TestClient
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from bot.app import Huiwen, open_huiwen
from bot.serve import make_service
from bot.tracing import open_tracing
from ingest.errors import SettingsError
from ingest.settings import ROOT
from tests.corpus_fixture import Corpus


@dataclass
class Collector(trace_service_pb2_grpc.TraceServiceServicer):
    """Keeps what it is sent."""

    services: set[str] = field(default_factory=set)
    spans: list[Span] = field(default_factory=list)

    def Export(self, request: Any, context: grpc.ServicerContext) -> trace_service_pb2.ExportTraceServiceResponse:
        """Take spans."""
        for resource in request.resource_spans:
            names = (one.value.string_value for one in resource.resource.attributes if one.key == "service.name")
            self.services.update(names)
            self.spans += [span for scope in resource.scope_spans for span in scope.spans]
        return trace_service_pb2.ExportTraceServiceResponse()


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """A collector that the standard variables name."""
    kept, server = Collector(), grpc.server(ThreadPoolExecutor(1))
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(kept, server)  # type: ignore[no-untyped-call]
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{port}")
    yield kept
    server.stop(None)


def ask(huiwen: Huiwen, stream: bool) -> None:
    """Ask and search; the spans are sent when the service ends."""
    with TestClient(make_service(huiwen)) as client:
        client.post("/api/ask", json={"question": "达拉特旗 个转企 补助多少", "stream": stream})
        client.get("/api/search", params={"q": "保密的事"})


@pytest.mark.parametrize("stream", [False, True])
def test_a_request_and_its_steps_are_one_trace(
    corpus: Corpus, collector: Collector, monkeypatch: pytest.MonkeyPatch, stream: bool
) -> None:
    monkeypatch.setenv("OTEL_SERVICE_NAME", "huiwen-of-a-county")
    ask(open_huiwen(corpus.settings), stream)
    by_name = {span.name: span for span in collector.spans}
    request = by_name["POST /api/ask"]
    for name in ("understand", "retrieve", "compose", "verify", "tell"):
        assert (by_name[name].trace_id, by_name[name].parent_span_id) == (request.trace_id, request.span_id), name
    assert collector.services == {"huiwen-of-a-county"}


def test_nothing_that_was_typed_leaves_in_a_span(corpus: Corpus, collector: Collector) -> None:
    ask(open_huiwen(corpus.settings), stream=False)
    told = str(collector.spans)
    assert "GET /api/search" in told
    assert not any(typed in told for typed in ("保密", "%E4%BF%9D", r"\344\277\235", "补助"))
    assert collector.services == {"huiwen"}


@pytest.mark.parametrize(
    "variables",
    [{}, {"OTEL_SDK_DISABLED": "true"}, {"OTEL_TRACES_EXPORTER": "none"}, {"OTEL_EXPORTER_OTLP_ENDPOINT": ""}],
)
def test_without_an_endpoint_or_switched_off_nothing_is_imported(variables: dict[str, str]) -> None:
    endpoint = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4317"} if variables else {}
    code = (
        "import sys; from bot.tracing import open_tracing; "
        f"open_tracing({ ({**endpoint, **variables})!r}).close(); "
        "sys.exit(any(name.startswith(('opentelemetry.sdk', 'opentelemetry.exporter')) for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_a_protocol_that_is_not_there_is_told() -> None:
    with pytest.raises(SettingsError, match="grpc"):
        open_tracing({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"})
