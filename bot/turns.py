"""Whose answer is at work and who waits for a turn: one count for everything that answers, routes and page alike."""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from ingest.errors import TooBusy


@dataclass(frozen=True, slots=True)
class Turns:
    """Lets so many answers be at work and so many wait.

    One client gets at most half of all these places, else it could keep everybody out.
    """

    at_once: int
    waiting: int
    patience: float  # seconds that one waits
    _free: asyncio.Semaphore = field(init=False)
    _taken: Counter[str | None] = field(init=False, default_factory=Counter)

    def __post_init__(self) -> None:
        """All are free."""
        object.__setattr__(self, "_free", asyncio.Semaphore(self.at_once))

    @property
    def places(self) -> int:
        """Answers that may be at work or waiting."""
        return self.at_once + self.waiting

    @asynccontextmanager
    async def take(self, client: str | None) -> AsyncIterator[None]:
        """Wait for a turn, and keep it for as long as the block lasts; None: nobody in particular, with no share.

        Raises:
            TooBusy: all places are taken, or the turn does not come in time.
        """
        share = self.places if client is None else math.ceil(self.places / 2)
        if self._taken.total() >= self.places or self._taken[client] >= share:
            raise TooBusy(f"{self.places} answers are at work or waiting; HUIWEN_ANSWERS_WAITING lets more wait")
        self._taken[client] += 1
        try:
            await self._wait()
            try:
                yield
            finally:
                self._free.release()
        finally:
            self._taken[client] -= 1
            if not self._taken[client]:
                del self._taken[client]

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self.patience):
                await self._free.acquire()
        except TimeoutError as error:
            message = f"no turn came in {self.patience} s; HUIWEN_ANSWERS_AT_ONCE lets more answers be at work"
            raise TooBusy(message) from error
