"""The service as a process: the assistant, the routes and the chat page behind uvicorn."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import logging
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp
from threadpoolctl import threadpool_limits
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from bot.answer_log import AnswerLog
from bot.api import create_api
from bot.app import Huiwen, open_huiwen
from bot.desk import make_desk
from bot.errors_http import ErrorReporter
from bot.limits import Limits, make_turns, read_limits
from bot.mount import standing_connections
from bot.page import build_page
from bot.pass_on import PassOn, TakeOver
from bot.recorder import Recorder
from bot.request_log import ProxyRequestIds, read_networks
from bot.staff import StaffLogin, open_staff_login
from bot.workers import listen, serve_with_workers
from ingest.errors import AnswerLogError
from ingest.settings import Settings
from prompts.messages import load_messages

logger = logging.getLogger(__name__)

# Longer than proxies keep a connection for the next request (nginx: 60 s), else one may arrive as it is closed.
_KEPT = 75  # seconds
_M_ARENA_MAX = -8  # of mallopt(3): how many heaps glibc keeps
_HEAPS = 2  # measured: 35 MB less than without a bound, and level under load, at the same pace
_GRACE = 5  # seconds that answers under way may take to end once the service is told to


def open_answer_log(settings: Settings) -> AnswerLog | None:
    """The answer log, with what is too old deleted; None where it is switched off.

    One that cannot be reached now is told on the terminal and tried again with each answer: owners are answered anyway.

    Raises:
        AnswerLogError: the setting names no database that could ever be opened.
    """
    if not settings.answer_log:
        return None
    log = AnswerLog(settings.answer_log, settings.answer_log_days)
    try:
        log.prune()
    except AnswerLogError as error:
        logger.warning("%s", error)
    return log


def make_service(
    huiwen: Huiwen,
    log: AnswerLog | None = None,
    login: StaffLogin | None = None,
    widget_origins: str = "",
    limits: Limits | None = None,
    log_questions: bool = False,
) -> FastAPI:
    """Put routes and pages on top of the assistant.

    Args:
        huiwen: the assistant.
        log: keeps answers, which can then be voted on.
        login: lets staff in at the desk; without it everybody may search there, and nobody sees what others asked.
        widget_origins: origins, separated by blanks, whose pages may have the widget.
        limits: what may be asked of the service; without them anything.
        log_questions: whether a request's line in the log has the question.
    """
    assistant = Recorder(huiwen, huiwen.gazetteer, log) if log else huiwen
    turns = make_turns(limits) if limits else None
    keep_days = log.keep_days if log else None
    page = build_page(assistant, huiwen, huiwen.gazetteer, load_messages(), keep_days, turns)
    return create_api(
        assistant,
        huiwen,
        huiwen.gazetteer,
        ready=huiwen.ready,
        page=page,
        log=log,
        metrics=huiwen.metrics,
        desk=make_desk(huiwen, assistant, log, login),
        widget_origins=widget_origins,
        limits=limits,
        turns=turns,
        log_questions=log_questions,
        tracing=huiwen.tracing,
    )


def open_service(settings: Settings) -> FastAPI:
    """The whole service, by the settings."""
    login, log = open_staff_login(settings), open_answer_log(settings)
    limits = read_limits(settings)
    return make_service(open_huiwen(settings), log, login, settings.widget_origins, limits, settings.log_questions)


def serve(make: Callable[[], FastAPI], settings: Settings, on_ready: Callable[[], None]) -> None:
    """Serve until interrupted, in as many processes as the settings name.

    Args:
        make: makes the service; with several workers each calls it.
        settings: the settings in force.
        on_ready: called once connections are accepted.

    Raises:
        SettingsError: HUIWEN_TRUSTED_PROXIES has what is no network, or the address cannot be listened on.
        WorkerFailed: a worker could not start.
    """
    read_networks(settings.trusted_proxies)  # before anything is opened
    _share_heaps()
    if settings.workers == 1:
        listen(settings).close()  # uvicorn would tell so late, after all was opened, and not what to do
        _run(make(), settings, on_ready)
    else:
        serve_with_workers(partial(_open_worker, make), _run, settings, on_ready)


def _share_heaps() -> None:
    """Have all threads take memory from few heaps; glibc gives each its own, and each keeps what it once needed."""
    with contextlib.suppress(AttributeError, OSError, TypeError):  # another C library
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _HEAPS)


def _run(
    service: ASGIApp, settings: Settings, on_ready: Callable[[], None], sockets: list[socket.socket] | None = None
) -> None:
    # What one answer multiplies is small: with a thread a core, these spin for each other longer than they work, and an
    # answer takes the processor almost three times as long.
    threadpool_limits(1, user_api="blas")
    signal.signal(signal.SIGTERM, _exit)  # which uvicorn raises again once it has shut down
    own = service.app if isinstance(service, PassOn | TakeOver) else service
    standing = standing_connections(own) if isinstance(own, FastAPI) else []
    _Server(make_config(service, settings), on_ready, standing).run(sockets)


def _open_worker(make: Callable[[], FastAPI], pages: Path | None) -> ASGIApp:
    """One worker's service: what it answers itself, and for pages the way to the worker that has them."""
    service = make()
    if pages is None:
        return TakeOver(service)
    return PassOn(service, pages, ErrorReporter(load_messages().errors), service.state.metrics)


def make_config(service: ASGIApp, settings: Settings) -> uvicorn.Config:
    """How uvicorn serves: what a proxy tells of the address behind it counts only where that proxy is trusted."""
    app: ASGIApp = service
    if networks := read_networks(settings.trusted_proxies):
        believed = ProxyHeadersMiddleware(service, [str(one) for one in networks])  # type: ignore[arg-type]
        # Around it: behind it the proxy's own address is no longer to be seen.
        app = ProxyRequestIds(believed, networks)  # type: ignore[arg-type]
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,  # like every library's, its messages go to the log that `configure_log` sets up
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=_KEPT,
        timeout_graceful_shutdown=_GRACE,
    )


def _exit(*_: object) -> None:
    sys.exit(0)


class _Server(uvicorn.Server):
    """Tells when it accepts connections, and how it ends."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None], standing: Sequence[asyncio.Event]) -> None:
        super().__init__(config)
        self._standing = standing
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            gc.collect()
            gc.freeze()  # what was opened stays: looking through all of it held answers up for a tenth of a second
            self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        under_way = {"requests": len(self.server_state.tasks), "seconds": _GRACE}
        logger.info("no new connections; what is under way is ended", extra={"fields": under_way})
        for connections in self._standing:
            connections.set()  # these would last as long as their pages are open
        await super().shutdown(sockets)
        cut_off = len(self.server_state.tasks)
        logger.log(logging.WARNING if cut_off else logging.INFO, "stopped", extra={"fields": {"cut_off": cut_off}})
