"""What every reply carries to protect who reads it, and what no other site may make a browser do."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.errors_http import ErrorReporter
from bot.limits import AnswerLimit, BodyLimit, Limits, RateLimit, make_turns
from bot.reply_headers import HEADERS
from bot.turns import Turns

_SAFE = ("GET", "HEAD", "OPTIONS")  # methods that change nothing
_FRAMES = "frame-ancestors"


def protect(
    app: FastAPI, reporter: ErrorReporter, origins: str, limits: Limits | None, turns: Turns | None = None
) -> None:
    """Put all that protects the service around it.

    Args:
        app: the service.
        reporter: words refusals.
        origins: other sites, separated by blanks, that may show its pages in a frame and call it; `*.` for any name.
        limits: what may be asked of it; None: anything.
        turns: where answers take turns with those of the page; None: among themselves.
    """
    allowed = re.compile("|".join(map(_to_pattern, origins.split())) or r"(?!)")
    # The last one added is the first to see a request.
    if limits is not None:
        app.add_middleware(AnswerLimit, reporter=reporter, limits=limits, turns=turns or make_turns(limits))
        app.add_middleware(BodyLimit, reporter=reporter, limits=limits)
    app.add_middleware(SameSite, reporter=reporter, allowed=allowed)
    if limits is not None:
        app.add_middleware(RateLimit, reporter=reporter, limits=limits)
    # Gradio would let every site read its replies, unless it finds this one in its place.
    app.add_middleware(
        CORSMiddleware,
        allow_origin_regex=allowed.pattern,
        allow_methods=["GET", "POST"],
        allow_headers=["Content-Type"],
        expose_headers=["Retry-After"],
    )
    app.add_middleware(ReplyHeaders, frames=f"{_FRAMES} 'self' {origins}".rstrip())


class ReplyHeaders:
    """Adds the headers that a reply does not set itself; a page's own policy learns who may show it in a frame."""

    def __init__(self, app: ASGIApp, frames: str) -> None:
        self.app = app
        self.frames = frames

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on, and add to its reply."""

        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                policy = headers["Content-Security-Policy"]
                if _FRAMES not in policy:
                    headers["Content-Security-Policy"] = f"{policy}; {self.frames}"
            await send(message)

        await self.app(scope, receive, send_protected if scope["type"] == "http" else send)


class SameSite:
    """Refuses with 403 what a page of another site has a browser send, unless it is of a method that changes nothing.

    Browsers tell where a request comes from in Sec-Fetch-Site, or over plain HTTP in Origin alone, which must then be
    the host that they called: the rule of Go's `http.CrossOriginProtection`. What tells neither is no browser.
    """

    def __init__(self, app: ASGIApp, reporter: ErrorReporter, allowed: re.Pattern[str]) -> None:
        self.app = app
        self.reporter = reporter
        self.allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on, unless another site sent it."""
        if scope["type"] != "http" or scope["method"] in _SAFE or self._is_own(Headers(scope=scope)):
            return await self.app(scope, receive, send)
        response = self.reporter.answer(403, "other_site", request=Request(scope))
        await response(scope, receive, send)

    def _is_own(self, headers: Headers) -> bool:
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        if origin and self.allowed.fullmatch(origin):
            return True
        if site is not None:
            return site in ("same-origin", "none")
        return origin is None or urlsplit(origin).netloc == headers.get("host")


def _to_pattern(origin: str) -> str:
    """The origins that an entry of the setting stands for, as a regular expression."""
    return re.escape(origin).replace(r"\*\.", r"([a-z0-9-]+\.)+")
