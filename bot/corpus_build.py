"""Builds the index beside the service that answers: one build at a time, in a thread of its own, with its progress."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ingest.build import BuildReport
from ingest.corpus import Progress
from ingest.errors import HuiwenError, IndexBusy

logger = logging.getLogger(__name__)

_RETRY = 1.0  # seconds until a build that found another process building is tried again

Step = Literal["idle", "start", "wait", "parse", "encode", "done", "failed"]


@dataclass(frozen=True, slots=True)
class BuildState:
    """What the build is doing, or how the last one ended."""

    step: Step = "idle"
    done: int = 0
    total: int = 0
    left_out: tuple[str, ...] = ()  # files that a finished build could not take in, each with the reason
    reason: str = ""  # why it failed

    @property
    def busy(self) -> bool:
        """Whether a build is under way."""
        return self.step in ("start", "wait", "parse", "encode")


class Rebuilder:
    """Starts builds; a change that comes during one makes another follow it."""

    def __init__(self, build: Callable[[Progress], BuildReport]) -> None:
        self._build = build
        self._lock = threading.Lock()
        self._wanted = False
        self._idle = threading.Event()
        self._idle.set()
        self.state = BuildState()

    def start(self) -> None:
        """Build soon; returns at once."""
        with self._lock:
            self._wanted = True
            if not self._idle.is_set():
                return
            self._idle.clear()
            self.state = BuildState("start")
        # A daemon, so that the service can end: a build that is cut off leaves the index that serves as it is.
        threading.Thread(target=self._run, name="corpus-build", daemon=True).start()

    def wait(self, seconds: float) -> bool:
        """Wait until no build is under way; False if one still is."""
        return self._idle.wait(seconds)

    def _run(self) -> None:
        ended = BuildState()
        while self._goes_on(ended):
            ended = self._build_once()

    def _goes_on(self, ended: BuildState) -> bool:
        """Take the next wish to build; where there is none, show how the last build ended."""
        with self._lock:
            wanted, self._wanted = self._wanted, False
            if not wanted:
                self.state = ended
                self._idle.set()
            return wanted

    def _build_once(self) -> BuildState:
        try:
            report = self._build_when_free()
        except HuiwenError as error:
            logger.warning("the corpus was not indexed: %s", error)
            return BuildState("failed", reason=str(error))
        except Exception:  # of whatever kind: the page must tell, and the next change must get its build
            logger.exception("the corpus was not indexed")
            return BuildState("failed")
        return BuildState("done", left_out=tuple(file.error for file in report.files if file.error))

    def _build_when_free(self) -> BuildReport:
        while True:
            try:
                return self._build(self._tell)
            except IndexBusy:
                self.state = BuildState("wait")
                threading.Event().wait(_RETRY)

    def _tell(self, step: str, done: int, total: int) -> None:
        self.state = BuildState("encode" if step == "encode" else "parse", done, total)
