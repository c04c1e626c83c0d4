"""What the log says of a request, and what it never says."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from bot.api import create_api
from bot.contract import AskRequest, AskResponse
from bot.request_log import HEADER, ProxyRequestIds, read_networks
from bot.service_log import JsonLines, PlainLines
from ingest.errors import SettingsError
from tests.corpus_fixture import Corpus
from tests.fakes import FakeAssistant, FakeLibrary, FakePlaces

QUESTION = "我叫张小明，电话13812345678，达拉特旗个转企补助多少"


class BrokenAssistant(FakeAssistant):
    """Fails as a bug would."""

    def ask(self, request: AskRequest) -> AskResponse:
        """Fail."""
        raise RuntimeError("a secret of the inside")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the service's log says, as JSON."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("bot")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield stream
    logger.removeHandler(handler)
    logger.setLevel(before)


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def make(assistant: FakeAssistant | None = None, ready: bool = True) -> FastAPI:
    return create_api(assistant or FakeAssistant(), FakeLibrary(), FakePlaces(), ready=lambda: ready, page=None)


def ask(corpus: Corpus, *, with_questions: bool = False, stream: bool = False) -> str:
    """Ask for real; the id that the reply carries."""
    huiwen = corpus.huiwen
    app = create_api(huiwen, huiwen, huiwen.gazetteer, ready=huiwen.ready, page=None, log_questions=with_questions)
    reply = TestClient(app).post("/api/ask", json={"question": QUESTION, "stream": stream})
    assert reply.status_code == 200
    return reply.headers[HEADER]


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_is_a_line_without_the_question(corpus: Corpus, written: io.StringIO, stream: bool) -> None:
    request_id = ask(corpus, stream=stream)
    (line,) = lines(written)
    assert line["request_id"] == request_id
    assert line.keys() == {
        "time", "level", "logger", "message", "request_id", "method", "route", "status", "ms", "answer"
    }  # fmt: skip
    assert (line["method"], line["route"], line["status"]) == ("POST", "/api/ask", 200)
    assert (line["answer"], line["level"]) == ("answered", "info")
    assert line["ms"] > 0


def test_the_question_is_there_only_where_it_is_wanted_and_then_masked(corpus: Corpus, written: io.StringIO) -> None:
    ask(corpus, with_questions=True)
    (line,) = lines(written)
    assert "个转企补助多少" in line["question"]
    assert "13812345678" not in line["question"]
    assert "张小明" not in line["question"]


@pytest.mark.parametrize(
    ("path", "route"),
    [("/api/search?q=保密", "/api/search"), ("/documents/dalate-2023", "/documents/{document_id}"), ("/保密", "-")],
)
def test_a_route_is_told_by_its_template(written: io.StringIO, path: str, route: str) -> None:
    TestClient(make()).get(path)
    (line,) = lines(written)
    assert line["route"] == route
    assert "保密" not in written.getvalue()


def test_who_watches_the_service_does_not_fill_the_log(written: io.StringIO) -> None:
    assert HEADER in TestClient(make()).get("/healthz").headers
    assert TestClient(make(ready=False)).get("/readyz").status_code == 503
    assert lines(written) == []


def test_a_fault_is_in_the_log_with_its_trace_and_not_in_the_reply(written: io.StringIO) -> None:
    reply = TestClient(make(BrokenAssistant())).post("/api/ask", json={"question": "补助"})
    fault, line = lines(written)
    assert (reply.status_code, reply.json()["error"]["code"]) == (500, "internal")
    assert "secret" not in reply.text
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert fault["request_id"] == line["request_id"] == reply.headers[HEADER]
    assert "RuntimeError: a secret of the inside" in fault["exception"]
    assert fault["message"] == "POST /api/ask failed"
    assert (fault["level"], line["level"], line["status"]) == ("error", "warning", 500)


@pytest.mark.parametrize(
    ("proxies", "given", "believed"),
    [
        ("10.0.0.0/8", "0af7651916cd43dd", True),
        ("127.0.0.1", "0af7651916cd43dd", False),  # who sends it is no proxy of ours
        ("", "0af7651916cd43dd", False),
        ("10.0.0.0/8", "short", False),
        ("10.0.0.0/8", "x" * 65, False),
        ("10.0.0.0/8", '","level":"none', False),
    ],
)
def test_an_id_is_taken_from_a_trusted_proxy_if_it_is_sane(proxies: str, given: str, believed: bool) -> None:
    client = TestClient(ProxyRequestIds(make(), read_networks(proxies)), client=("10.0.0.1", 1))
    ids = {client.get("/healthz", headers={HEADER: given}).headers[HEADER] for _ in range(2)}
    assert (ids == {given}) is believed
    assert believed or len(ids) == 2


@pytest.mark.parametrize("proxies", ["10.0.0.1, 999.1", "10.0.0.0/33", "10.0.0.1/8"])
def test_what_is_no_network_is_refused(proxies: str) -> None:
    with pytest.raises(SettingsError, match="HUIWEN_TRUSTED_PROXIES"):
        read_networks(proxies)


def test_people_read_a_line_and_the_trace_below_it() -> None:
    record = logging.LogRecord("bot.x", logging.INFO, __file__, 1, "request", None, None)
    record.fields = {"route": "/api/ask", "status": 200}
    assert PlainLines().format(record).endswith("INFO bot.x: request route=/api/ask status=200")


def make_record(message: str, question: str, error: Exception | None = None) -> logging.LogRecord:
    trace = (type(error), error, None) if error else None
    record = logging.LogRecord("bot.x", logging.INFO, __file__, 1, message, None, trace)
    record.fields = {"question": question, "status": 200}
    return record


@given(st.text(), st.text())
def test_what_was_typed_begins_no_line_whatever_it_holds(message: str, question: str) -> None:
    (told,) = JsonLines().format(make_record(message, question)).splitlines()
    assert (json.loads(told)["message"], json.loads(told)["question"]) == (message, question)
    (line,) = PlainLines().format(make_record(message, question)).splitlines()
    assert line.endswith(" status=200")
    head, *trace = PlainLines().format(make_record(message, "", ValueError(question))).splitlines()
    assert head.endswith(" status=200")
    assert all(below.startswith("  ") for below in trace)


def test_a_forged_line_or_field_is_seen_to_be_a_value() -> None:
    forged = "补助\r\n2026-01-01 WARNING bot.x: request\u2028\x1b[2K request_id=none"
    line = PlainLines().format(make_record("request", forged))
    assert line.endswith(
        r'question="补助\r\n2026-01-01 WARNING bot.x: request\u2028\u001b[2K request_id=none" status=200'
    )
