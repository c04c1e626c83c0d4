"""Several processes that serve on one address, and one that watches over them.

Each worker opens the assistant for itself and answers. They share what is on disk: the index, whose new generation each
picks up by itself, the answer log, the accounts, the figures. What pages remember between two requests is in memory, so
the first worker alone serves pages, and the others pass such requests on to it (`bot/pass_on.py`).

The sockets belong to the process that watches: while a worker is started anew, who calls waits and is not refused.
"""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.types import ASGIApp

from ingest.errors import HuiwenError, SettingsError, WorkerFailed
from ingest.settings import Settings

if TYPE_CHECKING:
    from multiprocessing.context import ForkProcess

logger = logging.getLogger(__name__)

Run = Callable[[ASGIApp, Settings, Callable[[], None], list[socket.socket]], None]  # serves until it is interrupted

_BACKLOG = 2048
_PAUSE = 1.0  # seconds before a worker that did not come up is tried again
_PATIENCE = 10  # seconds that workers may take to end


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker is to do.

    Args:
        open_service: makes the service, given the path of the pages' socket, or None for the worker that has the pages.
        run: serves it.
        settings: the settings in force.
        sockets: where it listens.
        pages: path of the pages' socket; None for the worker that listens there.
    """

    open_service: Callable[[Path | None], ASGIApp]
    run: Run
    settings: Settings
    sockets: list[socket.socket]
    pages: Path | None


def serve_with_workers(
    open_service: Callable[[Path | None], ASGIApp], run: Run, settings: Settings, on_ready: Callable[[], None]
) -> None:
    """Keep `settings.workers` workers serving until interrupted; `on_ready` is called once all accept connections.

    Raises:
        SettingsError: the address cannot be listened on.
        WorkerFailed: a worker could not start.
    """
    gc.freeze()  # what is never looked through is never written to, and stays shared
    with _prepared(settings) as (listener, pages, path):
        tasks = [Task(open_service, run, settings, [listener, pages], None)]
        tasks += [Task(open_service, run, settings, [listener], path)] * (settings.workers - 1)
        _Watch(tasks, on_ready).run()


@contextmanager
def _prepared(settings: Settings) -> Iterator[tuple[socket.socket, socket.socket, Path]]:
    """What workers share: the socket for everybody, the one for pages with its path, and a folder for their figures."""
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="huiwen-")))  # its owner's alone
        path = folder / "pages.sock"
        pages = opened.enter_context(socket.socket(socket.AF_UNIX))
        pages.bind(str(path))
        pages.listen(_BACKLOG)
        listener = opened.enter_context(listen(settings))
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)  # see bot/metrics.py
        opened.callback(os.environ.pop, "PROMETHEUS_MULTIPROC_DIR", None)
        yield listener, pages, path


def listen(settings: Settings) -> socket.socket:
    """A socket that takes connections on the address of the settings; SettingsError if there can be none."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=_BACKLOG)
    except OSError as error:
        message = f"HOST={settings.host} PORT={settings.port}: cannot be listened on ({error.strerror})"
        raise SettingsError(f"{message}; name another") from error


class _Worker:
    """One worker: its process, and what tells how its start went."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.told, ours = Pipe(duplex=False)
        self.ready = False
        # Who watches has imported everything and opened nothing, so that there are no threads yet that a fork would
        # lose: a worker is there in two seconds instead of six, and shares the memory of what was imported.
        fork = multiprocessing.get_context("fork")
        self.process: ForkProcess = fork.Process(target=_work, args=(task, ours))
        self.process.start()
        ours.close()

    def hear(self) -> str | None:
        """Why it could not start; None where it could, or died without a word."""
        try:
            problem: str = self.told.recv()
        except EOFError:
            return None
        self.ready = not problem
        return problem


class _Watch:
    """Starts workers, starts anew who dies, ends all by a signal."""

    def __init__(self, tasks: list[Task], on_ready: Callable[[], None]) -> None:
        self._tasks = tasks
        self._on_ready = on_ready
        self._signalled, self._signal = Pipe(duplex=False)
        self._announced = False
        self._workers: list[_Worker] = []

    def run(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._signal.send_bytes(b"end"))
        try:
            self._workers = [_Worker(task) for task in self._tasks]
            while not self._signalled.poll():
                self._look()
        finally:
            self._end()

    def _look(self) -> None:
        """Wait for something to happen, and see to it."""
        open_ends = [worker.told for worker in self._workers if not worker.ready]
        happened = wait([self._signalled, *open_ends, *(worker.process.sentinel for worker in self._workers)])
        for place, worker in enumerate(self._workers):
            problem = worker.hear() if worker.told in happened else None
            if self._signalled.poll():
                return
            if worker.process.sentinel in happened or (worker.told in happened and not worker.ready):
                worker.process.join()
                self._workers[place] = self._replace(place, worker, problem)
        if not self._announced and all(worker.ready for worker in self._workers):
            self._announced = True
            self._on_ready()

    def _replace(self, place: int, worker: _Worker, problem: str | None) -> _Worker:
        """Start a worker anew; where the service has not come up yet, that it cannot is an error."""
        name = f"worker {place + 1} of {len(self._tasks)} (process {worker.process.pid})"
        ended = f"it ended with status {worker.process.exitcode}"
        if not self._announced:
            advice = "what it wrote above says why, or HUIWEN_WORKERS=1 shows it"
            raise WorkerFailed(f"{name} did not start: {problem or f'{ended}; {advice}'}")
        logger.warning("%s is started anew: %s", name, problem or ended)
        if not worker.ready:
            self._signalled.poll(_PAUSE)  # what keeps it from starting may pass; a signal ends the pause
        return _Worker(worker.task)

    def _end(self) -> None:
        for worker in self._workers:
            if worker.process.is_alive():
                worker.process.terminate()
        deadline = time.monotonic() + _PATIENCE
        for worker in self._workers:
            worker.process.join(max(0.0, deadline - time.monotonic()))
            worker.process.kill()


def _work(task: Task, told: Connection) -> None:
    """A worker's whole life."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches it too; who watches ends it
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        task.run(task.open_service(task.pages), task.settings, lambda: told.send(""), task.sockets)
    except HuiwenError as error:
        told.send(str(error))


def _end_with_parent() -> None:
    """Nobody would start this worker anew, nor end it, once who watches is gone."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)
