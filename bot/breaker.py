"""A circuit breaker: what fails again and again is left alone for a while.

Own code, as the libraries that do it do not fit a call that streams: one holds its lock for as long as a call lasts, so
that calls wait for each other; another takes a call that was broken off for a success, and lets everybody try again at
once after the pause.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Breaker:
    """Counts failures in a row. Open, it lets nobody through; after the pause one call tries for all.

    Args:
        failures: how many in a row open it.
        pause: seconds until the next try.
        clock: tells seconds that never run backwards.
    """

    def __init__(self, failures: int, pause: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = failures
        self._pause = pause
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._next_try = 0.0  # while it is open

    def admits(self) -> bool:
        """Whether a call may go through; who is let through says afterwards how it ended."""
        with self._lock:
            if self._failures < self._most:
                return True
            if self._clock() < self._next_try:
                return False
            self._next_try = self._clock() + self._pause  # the others wait for what this try finds
            return True

    def succeeded(self) -> None:
        """A call went well: it closes."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """A call failed."""
        with self._lock:
            self._failures += 1
            self._next_try = self._clock() + self._pause

    def broken_off(self) -> None:
        """A call ended before anybody could know: if it was the try, the next call is."""
        with self._lock:
            self._next_try = self._clock()
