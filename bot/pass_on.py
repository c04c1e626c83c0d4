"""Passes requests for pages from one worker to the one that has them, over a Unix socket that only workers reach."""

from __future__ import annotations

import logging
from pathlib import Path

import httpx
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.errors_http import ErrorReporter
from bot.metrics import Metrics
from bot.reply_headers import HEADERS
from bot.request_log import RequestLog, believe_id, id_of
from bot.request_record import begin_record

logger = logging.getLogger(__name__)

# What remembers nothing between two requests: every worker answers it. All else belongs to a page.
_ANYWHERE = ("/api/", "/v1/", "/documents/", "/healthz", "/readyz", "/metrics", "/widget", "/desk/static/")
_CLIENT = b"x-huiwen-client"
_SCHEME = b"x-huiwen-scheme"
_REQUEST_ID = b"x-huiwen-request-id"
_PRIVATE = (_CLIENT, _SCHEME, _REQUEST_ID)
_OF_CONNECTION = (b"connection", b"keep-alive", b"transfer-encoding", b"date")  # the server sets them itself
_SECONDS = 60  # that may pass between two pieces of a reply; Gradio sends one every 15


class PassOn:
    """Answers what any worker can, and passes the rest on.

    Args:
        app: what any worker can answer.
        pages: path of the socket where the worker listens that has the pages.
        reporter: words for what cannot be passed on.
        metrics: counts that; the other worker counts what it gets.
    """

    def __init__(self, app: ASGIApp, pages: Path, reporter: ErrorReporter, metrics: Metrics) -> None:
        self.app = app
        self._reporter = reporter
        self._metrics = metrics
        transport = httpx.AsyncHTTPTransport(uds=str(pages), limits=httpx.Limits(max_connections=None))
        self._client = httpx.AsyncClient(transport=transport, timeout=_SECONDS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a page's request on; 400 where it cannot be written, 503 where the worker that has the pages is gone."""
        if scope["type"] == "lifespan":
            async with self._client:  # its connections end with the service
                return await self.app(scope, receive, send)
        if scope["type"] != "http" or scope["path"].startswith(_ANYWHERE):
            return await self.app(scope, receive, send)
        begin_record(id_of(scope))
        request = Request(scope, receive)
        try:
            reply = await self._client.send(self._copy(request), stream=True)
        except ClientDisconnect:
            return
        except (httpx.InvalidURL, UnicodeDecodeError, httpx.LocalProtocolError):
            refusal = self._reporter.answer(400, "request_refused", request=request)
            return await self._told(refusal)(scope, receive, send)
        except httpx.HTTPError as error:
            logger.warning("a page's request could not be passed on: %r", error)
            return await self._told(self._reporter.not_ready(request))(scope, receive, send)
        try:
            answer = StreamingResponse(reply.aiter_raw(), reply.status_code)
            answer.raw_headers = _kept(reply.headers.raw)
            await answer(scope, receive, send)
        except httpx.HTTPError as error:  # the reply is cut, as that worker's own would be
            logger.warning("a page's reply was cut: %r", error)
        finally:
            await reply.aclose()

    def _told(self, refusal: Response) -> RequestLog:
        """A refusal with its line in the log: what is passed on has its line where it is answered."""
        refusal.headers.update(HEADERS)  # else those of the worker that has the pages
        return RequestLog(refusal, self._reporter, self._metrics, with_questions=False)

    def _copy(self, request: Request) -> httpx.Request:
        scope = request.scope
        target = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
        headers = [(name, value) for name, value in _kept(scope["headers"]) if name not in _PRIVATE]
        client = scope["client"] or ("unknown", 0)
        told = zip(_PRIVATE, (str(client[0]), scope["scheme"], id_of(scope)), strict=True)
        headers += [(name, value.encode()) for name, value in told]
        has_body = "content-length" in request.headers or "transfer-encoding" in request.headers
        url = httpx.URL(scheme="http", host="pages", raw_path=target)
        return httpx.Request(request.method, url, headers=headers, content=request.stream() if has_body else None)


class TakeOver:
    """Restores who asks, which a request that was passed on tells in its headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What comes over the socket that workers share is believed; nothing that comes from outside."""
        if scope["type"] == "http" and _came_over_unix_socket(scope):
            headers = Headers(scope=scope)
            scope = dict(scope)
            scope["client"] = (headers.get(_CLIENT.decode(), "unknown"), 0)
            scope["scheme"] = headers.get(_SCHEME.decode(), "http")
            believe_id(scope, headers[_REQUEST_ID.decode()])
        await self.app(scope, receive, send)


def _came_over_unix_socket(scope: Scope) -> bool:
    """By our own end of the connection: the other has no address either where a client of TCP has already left."""
    _, port = scope["server"] or ("", 0)
    return port is None


def _kept(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [(name.lower(), value) for name, value in headers if name.lower() not in _OF_CONNECTION]
