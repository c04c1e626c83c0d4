"""What one address and all together may ask of the service: how much, how often, how many answers at once.

Each limit is ASGI middleware of its own; a request that is over it is told so in the contract's shape. An address of
this machine itself (an evaluation, or a proxy that no setting names) stands for nobody in particular: only what is
limited for all together holds for it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.errors_http import ErrorReporter
from bot.turns import Turns
from ingest.errors import TooBusy
from ingest.settings import Settings, share_of

_MEBI = 1024 * 1024
_UNLIMITED = ("/healthz", "/readyz", "/metrics")  # who watches the service must reach it when it is busy
_LARGE = ("/eval/", "/desk/corpus")  # take files from staff who are logged in, and limit them themselves
_ANSWERS = ("/api/ask", "/v1/chat/completions", "/desk/answer", "/desk/compare")


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits in force."""

    body: int  # bytes
    per_client: int  # requests a minute
    in_all: int  # requests a minute
    at_once: int  # answers at work
    waiting: int  # answers waiting for their turn
    patience: float  # seconds that one waits


def make_turns(limits: Limits) -> Turns:
    """The turns that these limits allow."""
    return Turns(limits.at_once, limits.waiting, limits.patience)


def read_limits(settings: Settings) -> Limits:
    """The limits of one worker that the settings name."""
    return Limits(
        body=settings.request_size * _MEBI,
        per_client=settings.requests_per_client,
        in_all=settings.requests_in_all,
        at_once=share_of(settings.answers_at_once, settings.workers),
        waiting=share_of(settings.answers_waiting, settings.workers),
        patience=settings.answers_wait,
    )


class _Limit:
    """What the limits share: which requests they are about, and how they refuse one."""

    def __init__(self, app: ASGIApp, reporter: ErrorReporter, limits: Limits) -> None:
        self.app = app
        self.reporter = reporter
        self.limits = limits

    async def refuse(
        self, status: int, code: str, values: Mapping[str, object], wait: float, scope: Scope, send: Send
    ) -> None:
        """Answer with an error; `wait`: seconds after which it is worth asking again, 0 for never."""
        headers = {"Retry-After": str(math.ceil(wait))} if wait else None
        response = self.reporter.answer(status, code, values, headers, request=Request(scope))
        await response(scope, _nothing, send)


class RateLimit(_Limit):
    """Refuses with 429 what comes too often, counted by the minute."""

    def __init__(self, app: ASGIApp, reporter: ErrorReporter, limits: Limits) -> None:
        super().__init__(app, reporter, limits)
        self._counted = FixedWindowRateLimiter(MemoryStorage())
        self._per_client = RateLimitItemPerMinute(limits.per_client)
        self._in_all = RateLimitItemPerMinute(limits.in_all)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count it, and pass it on if there was room."""
        if scope["type"] != "http" or scope["path"] in _UNLIMITED:
            return await self.app(scope, receive, send)
        client = client_of(scope)
        # One address that is over its own limit must not use up what is left for all.
        if client and not self._counted.hit(self._per_client, client):
            wait = self._until(self._per_client, client)
            return await self.refuse(429, "too_often", {"seconds": math.ceil(wait)}, wait, scope, send)
        if not self._counted.hit(self._in_all):
            return await self.refuse(503, "busy", {}, self._until(self._in_all), scope, send)
        await self.app(scope, receive, send)

    def _until(self, item: RateLimitItemPerMinute, *key: str) -> float:
        """Seconds until the count begins anew."""
        return max(1.0, self._counted.get_window_stats(item, *key).reset_time - time.time())


class BodyLimit(_Limit):
    """Refuses with 413 what is too large, and reads the rest whole: who sends slowly keeps no answer's place."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read it, and pass it on if it is small enough."""
        if scope["type"] != "http" or scope["path"].startswith(_LARGE):
            return await self.app(scope, receive, send)
        told = Headers(scope=scope).get("content-length", "0")
        body = None if told.isdigit() and int(told) > self.limits.body else await self._read(receive)
        if body is None:
            values = {"size": self.limits.body // _MEBI}
            return await self.refuse(413, "request_too_large", values, 0, scope, send)
        await self.app(scope, _replay(body, receive), send)

    async def _read(self, receive: Receive) -> list[Message] | None:
        """All messages of the body, or up to where the client left; None for too many bytes."""
        messages, size, more = [], 0, True
        while more:
            message = await receive()
            messages.append(message)
            size += len(message.get("body", b""))
            if size > self.limits.body:
                return None
            more = message["type"] == "http.request" and message.get("more_body", False)
        return messages


class AnswerLimit(_Limit):
    """Has answers take turns; who gets none is told 503 and when to come again."""

    def __init__(self, app: ASGIApp, reporter: ErrorReporter, limits: Limits, turns: Turns) -> None:
        super().__init__(app, reporter, limits)
        self._turns = turns

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on when its turn comes; what asks for no answer at once."""
        if scope["type"] != "http" or not scope["path"].startswith(_ANSWERS):
            return await self.app(scope, receive, send)
        try:
            async with self._turns.take(client_of(scope)):
                await self.app(scope, receive, send)
        except TooBusy:
            await self.refuse(503, "busy", {}, self.limits.patience, scope, send)


def client_of(scope: Scope) -> str | None:
    """Who asks: an address, or the network of one IPv6 customer; None for this machine itself.

    What a proxy tells of the address behind it has been put into the scope by uvicorn, if the proxy is trusted.
    """
    host = (scope.get("client") or ("unknown",))[0]
    try:
        address = ip_address(host)
    except ValueError:  # a name, or the other end of a Unix socket
        return str(host)
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    if address.is_loopback:
        return None
    # A customer has the lower 64 bits of an IPv6 address to choose from.
    return str(int(address) >> 64) if isinstance(address, IPv6Address) else str(address)


def _replay(messages: list[Message], receive: Receive) -> Receive:
    """What gives these messages first, then what comes after them."""
    left = iter(messages)

    async def next_message() -> Message:
        message = next(left, None)
        return await receive() if message is None else message

    return next_message


async def _nothing() -> Message:
    return {"type": "http.disconnect"}
