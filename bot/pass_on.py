"""Passes requests for pages from one worker to the one that has them, over a Unix socket that only workers reach."""

from __future__ import annotations

import logging
from pathlib import Path

import httpx
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.errors_http import ErrorReporter

logger = logging.getLogger(__name__)

# What remembers nothing between two requests: every worker answers it. All else belongs to a page.
_ANYWHERE = ("/api/", "/v1/", "/documents/", "/healthz", "/readyz", "/metrics", "/widget", "/desk/static/")
_CLIENT = b"x-huiwen-client"
_SCHEME = b"x-huiwen-scheme"
_OF_CONNECTION = (b"connection", b"keep-alive", b"transfer-encoding", b"date")  # the server sets them itself
_SECONDS = 60  # that may pass between two pieces of a reply; Gradio sends one every 15


class PassOn:
    """Answers what any worker can, and passes the rest on."""

    def __init__(self, app: ASGIApp, pages: Path, reporter: ErrorReporter) -> None:
        self.app = app
        self.reporter = reporter
        transport = httpx.AsyncHTTPTransport(uds=str(pages), limits=httpx.Limits(max_connections=None))
        self._client = httpx.AsyncClient(transport=transport, timeout=_SECONDS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a page's request on; 503 where the worker that has the pages is gone."""
        if scope["type"] != "http" or scope["path"].startswith(_ANYWHERE):
            return await self.app(scope, receive, send)
        request = Request(scope, receive)
        try:
            reply = await self._client.send(self._copy(request), stream=True)
        except ClientDisconnect:
            return
        except httpx.HTTPError as error:
            logger.warning("%s could not be passed on: %r", scope["path"], error)
            return await self.reporter.not_ready(request)(scope, receive, send)
        try:
            answer = StreamingResponse(reply.aiter_raw(), reply.status_code)
            answer.raw_headers = _kept(reply.headers.raw)
            await answer(scope, receive, send)
        except httpx.HTTPError as error:  # the reply is cut, as that worker's own would be
            logger.warning("%s was cut: %r", scope["path"], error)
        finally:
            await reply.aclose()

    def _copy(self, request: Request) -> httpx.Request:
        scope = request.scope
        target = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
        headers = [(name, value) for name, value in _kept(scope["headers"]) if name not in (_CLIENT, _SCHEME)]
        client = scope["client"] or ("unknown", 0)
        headers += [(_CLIENT, str(client[0]).encode()), (_SCHEME, scope["scheme"].encode())]
        has_body = "content-length" in request.headers or "transfer-encoding" in request.headers
        url = httpx.URL(scheme="http", host="pages", raw_path=target)
        return httpx.Request(request.method, url, headers=headers, content=request.stream() if has_body else None)


class TakeOver:
    """Restores who asks, which a request that was passed on tells in its headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Only over the socket that workers share is there no address of the client."""
        if scope["type"] == "http" and scope["client"] is None:
            headers = Headers(scope=scope)
            scope = dict(scope)
            scope["client"] = (headers.get(_CLIENT.decode(), "unknown"), 0)
            scope["scheme"] = headers.get(_SCHEME.decode(), "http")
        await self.app(scope, receive, send)


def _kept(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [(name.lower(), value) for name, value in headers if name.lower() not in _OF_CONNECTION]
