"""A line in the log for each request, with an id that its reply carries too; what nobody caught ends here.

The id is one that a trusted proxy made, else our own. What people ask is told only where a setting says so, masked.
"""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.errors_http import ErrorReporter
from bot.masking import mask_personal_data
from bot.metrics import Metrics
from bot.request_record import RequestRecord, begin_record
from ingest.errors import SettingsError

logger = logging.getLogger(__name__)

Networks = Sequence[IPv4Network | IPv6Network]

HEADER: Final = "X-Request-Id"
LEFT: Final = 499  # what nginx writes for a client that left before the reply began
NO_ROUTE: Final = "-"

_SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")
_ID = "huiwen.request_id"  # key of the scope
_WATCHERS = ("/healthz", "/readyz", "/metrics")  # would fill the log
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class ProxyRequestIds:
    """Believes the request id that a proxy sends which the settings name; nobody else's.

    Args:
        app: what is told the id.
        networks: where those proxies are.
    """

    def __init__(self, app: ASGIApp, networks: Networks) -> None:
        self.app = app
        self._networks = networks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with its id if that can be believed."""
        if scope["type"] == "http" and self._is_trusted(scope):
            given = Headers(scope=scope).get(HEADER, "")
            if _SANE.fullmatch(given):
                believe_id(scope, given)
        await self.app(scope, receive, send)

    def _is_trusted(self, scope: Scope) -> bool:
        try:
            address = ip_address((scope.get("client") or ("",))[0])
        except ValueError:  # the other end of a Unix socket
            return False
        return any(address in network for network in self._networks)


def read_networks(proxies: str) -> Networks:
    """Addresses and networks, separated by commas.

    Raises:
        SettingsError: one of them is neither, or has more digits than its network, as 10.0.0.1/8 has.
    """
    try:
        return [ip_network(one.strip()) for one in proxies.split(",") if one.strip()]
    except ValueError as error:
        raise SettingsError(f"HUIWEN_TRUSTED_PROXIES={proxies}: {error}; write 127.0.0.1 or 10.0.0.0/8") from error


def believe_id(scope: Scope, request_id: str) -> None:
    """Give a request the id that somebody made who can be believed."""
    scope[_ID] = request_id


def id_of(scope: Scope) -> str:
    """The id of a request: the one that is believed, else one made now, which it then keeps."""
    request_id: str = scope.setdefault(_ID, uuid.uuid4().hex)
    return request_id


class RequestLog:
    """Tells each request in a line, and answers with 500 where a fault reached nobody else.

    Args:
        app: the service.
        reporter: words that reply.
        metrics: counts requests.
        with_questions: whether the line has what was asked, masked.
    """

    def __init__(self, app: ASGIApp, reporter: ErrorReporter, metrics: Metrics, with_questions: bool) -> None:
        self.app = app
        self._reporter = reporter
        self._metrics = metrics
        self._with_questions = with_questions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on, and tell how it ended."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        record, started = begin_record(id_of(scope)), time.perf_counter()

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                record.http_status = message["status"]
                MutableHeaders(scope=message)[HEADER] = record.id
            await send(message)

        try:
            await self.app(scope, receive, send_marked)
        except Exception as error:
            logger.error("%s %s failed", _method_of(scope), route_of(scope), exc_info=error)
            if record.http_status is not None:
                raise  # the reply had begun: the server cuts the connection, so that nobody takes it for whole
            await self._reporter.report_unexpected(Request(scope))(scope, receive, send_marked)
        finally:
            self._tell(scope, record, time.perf_counter() - started)

    def _tell(self, scope: Scope, record: RequestRecord, seconds: float) -> None:
        status = record.http_status or LEFT
        method, route = _method_of(scope), route_of(scope)
        self._metrics.count_request(method, route, status, seconds)
        fields = {"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
        if record.answer_status:
            fields["answer"] = record.answer_status
        if record.question and self._with_questions:
            fields["question"] = mask_personal_data(record.question)
        level = logging.WARNING if status >= 500 else logging.INFO
        logger.log(logging.DEBUG if scope["path"] in _WATCHERS else level, "request", extra={"fields": fields})


def _method_of(scope: Scope) -> str:
    method: str = scope["method"]
    return method if method in _METHODS else "other"


def route_of(scope: Scope) -> str:
    """The template of the route that took a request, `/documents/{document_id}`: never what somebody typed."""
    return str(getattr(scope.get("route"), "path", None) or NO_ROUTE)
