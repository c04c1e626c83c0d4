"""Between workers: who asks and the request's id go along, and nobody outside can say them; over real servers."""

from __future__ import annotations

import json
import logging
import queue
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.errors_http import ErrorReporter
from bot.metrics import Metrics
from bot.pass_on import PassOn, TakeOver
from bot.request_log import HEADER, RequestLog
from bot.serve import make_config
from bot.service_log import JsonLines
from ingest.settings import Settings
from prompts.messages import load_messages

PROXY, VISITOR = "127.0.0.1", "127.0.0.2"
FORWARDED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", HEADER: "0af7651916cd43dd"}
FORGED = {
    "X-Huiwen-Client": "198.51.100.7",
    "X-Huiwen-Scheme": "https",
    "X-Huiwen-Request-Id": "forged-by-a-visitor",
}


@dataclass(frozen=True, slots=True)
class Ports:
    """The worker that has the pages, one that passes on, one that reads addresses less strictly, one left alone."""

    pages: int
    front: int
    lax: int
    alone: int


async def tell(request: Request) -> JSONResponse:
    """Who asks, as the service sees it."""
    assert request.client
    return JSONResponse({"client": request.client.host, "scheme": request.url.scheme})


def make_app() -> ASGIApp:
    """A service that tells who asks."""
    return RequestLog(Starlette(routes=[Route("/{rest:path}", tell)]), make_reporter(), Metrics(), False)


def pass_to(path: Path) -> ASGIApp:
    """A worker without pages."""
    return PassOn(make_app(), path, make_reporter(), Metrics())


def make_reporter() -> ErrorReporter:
    """The words that reply."""
    return ErrorReporter(load_messages().errors)


@contextmanager
def serving(app: ASGIApp, also: list[socket.socket], http: Literal["auto", "h11"] = "auto") -> Iterator[int]:
    """The port of a real server that believes the proxy, served in a thread."""
    up = threading.Event()

    class Server(uvicorn.Server):
        """Tells when it is there."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            """Start."""
            await super().startup(sockets)
            up.set()

    config = make_config(app, Settings(trusted_proxies=PROXY))
    config.http = http
    server = Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, args=([listener, *also],))
        thread.start()
        assert up.wait(20)
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join(20)


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    path = tmp_path_factory.mktemp("pages") / "pages.sock"
    with ExitStack() as opened:
        shared = opened.enter_context(socket.socket(socket.AF_UNIX))
        shared.bind(str(path))
        shared.listen()
        pages = opened.enter_context(serving(TakeOver(make_app()), [shared]))
        front = opened.enter_context(serving(pass_to(path), []))
        lax = opened.enter_context(serving(pass_to(path), [], "h11"))
        yield Ports(pages, front, lax, opened.enter_context(serving(pass_to(Path("/nowhere/pages.sock")), [])))


def get(port: int, path: str, sender: str, headers: dict[str, str]) -> httpx.Response:
    """Ask from one address of this machine."""
    with httpx.Client(transport=httpx.HTTPTransport(local_address=sender)) as client:
        return client.get(f"http://127.0.0.1:{port}{path}", headers=headers)


def send_raw(port: int, target: bytes) -> tuple[int, httpx.Headers, bytes]:
    """Ask for what no client would write; status, headers and body of the reply."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        head, _, body = connection.makefile("rb").read().partition(b"\r\n\r\n")
    first, *rest = head.split(b"\r\n")
    fields = (line.partition(b": ") for line in rest)
    return int(first.split()[1]), httpx.Headers([(name, value) for name, _, value in fields]), body


class Log(logging.Handler):
    """What the service's log says, for those who wait for it: a request's line comes behind its reply."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonLines())
        self.written: queue.SimpleQueue[str] = queue.SimpleQueue()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.written.put(self.format(record))

    def take(self) -> dict[str, Any]:
        """The next line."""
        line: dict[str, Any] = json.loads(self.written.get(timeout=20))
        return line


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[Log]:
    caplog.set_level(logging.INFO, "bot")
    handler = Log()
    logging.getLogger("bot").addHandler(handler)
    yield handler
    logging.getLogger("bot").removeHandler(handler)


def test_what_a_trusted_proxy_tells_goes_along_and_is_told_once(ports: Ports, log: Log) -> None:
    reply = get(ports.front, "/page", PROXY, FORWARDED | FORGED)
    assert (reply.json()["client"], reply.json()["scheme"]) == ("203.0.113.9", "https")
    assert reply.headers.get_list(HEADER) == [FORWARDED[HEADER]]
    assert log.take()["request_id"] == FORWARDED[HEADER]
    get(ports.front, "/page", PROXY, {HEADER: "the-next-one"})
    assert log.take()["request_id"] == "the-next-one"


@pytest.mark.parametrize("worker", ["pages", "front"])
@pytest.mark.parametrize("path", ["/page", "/api/ask"])
def test_nobody_outside_can_use_the_private_headers(ports: Ports, worker: str, path: str) -> None:
    reply = get(getattr(ports, worker), path, VISITOR, FORWARDED | FORGED)
    assert (reply.json()["client"], reply.json()["scheme"]) == (VISITOR, "http")
    assert reply.headers[HEADER] not in {FORWARDED[HEADER], FORGED["X-Huiwen-Request-Id"]}


def test_who_left_before_we_looked_is_not_taken_for_a_worker() -> None:
    """A connection that was reset has no address at its other end: the server then names no client."""

    async def left(scope: Scope, receive: Receive, send: Send) -> None:
        await TakeOver(seen)({**scope, "client": None}, receive, send)

    async def seen(scope: Scope, receive: Receive, send: Send) -> None:
        await JSONResponse([scope["client"], scope["scheme"]])(scope, receive, send)

    assert TestClient(left).get("/page", headers=FORGED).json() == [None, "http"]


def test_where_the_pages_are_gone_the_reply_and_the_log_are_as_ever(ports: Ports, log: Log) -> None:
    reply = get(ports.alone, "/typed%0Aby-somebody", PROXY, FORWARDED)
    assert (reply.status_code, reply.json()["error"]["code"]) == (503, "not_ready")
    assert (reply.headers[HEADER], reply.headers["Retry-After"]) == (FORWARDED[HEADER], "10")
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    why, line = log.take(), log.take()
    assert why["request_id"] == line["request_id"] == FORWARDED[HEADER]
    assert (line["level"], line["status"], line["route"]) == ("warning", 503, "-")
    assert "typed" not in str([why, line])


@pytest.mark.parametrize(
    ("worker", "target"), [("front", b"*"), ("lax", b"/?a#b"), ("lax", b"/" + b"a" * 65537)], ids=["*", "#", "long"]
)
def test_an_address_that_cannot_be_passed_on_is_refused_in_our_words(ports: Ports, worker: str, target: bytes) -> None:
    status, headers, body = send_raw(getattr(ports, worker), target)
    assert status == 400
    assert json.loads(body)["error"]["code"] == "request_refused"
    assert HEADER in headers
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_bytes_that_no_address_has_are_refused_whatever_the_server_lets_through() -> None:
    async def let_through(scope: Scope, receive: Receive, send: Send) -> None:
        await pass_to(Path("/nowhere/pages.sock"))({**scope, "query_string": b"q=\xe4"}, receive, send)

    reply = TestClient(let_through).get("/page")
    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "request_refused")
