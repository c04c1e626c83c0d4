"""Reads files in a process of its own with bounds on time and memory, which is replaced whenever a file harms it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any

from ingest.errors import UnreadableFile
from ingest.loaders.frames import receive, send
from ingest.loaders.loaded import MOST_CHARACTERS, Loaded

_ROOT = Path(__file__).resolve().parent.parent.parent
_START = 30  # seconds that a process may take to start
_LONGEST_ANSWER = MOST_CHARACTERS * 8  # bytes; JSON writes a character in six
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT")  # of the environment: no key, no password


class Reader:
    """One process at a time, started with the first file; use as a context manager."""

    def __init__(self, seconds: float, megabytes: int, *, ocr: bool = False) -> None:
        self._seconds, self._megabytes = seconds, megabytes
        self._wishes = ["ocr"] if ocr else []
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: socket.socket | None = None
        self._home: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def process_id(self) -> int | None:
        """The process that reads now; None while there is none."""
        return self._process.pid if self._process else None

    def read(self, data: bytes) -> Loaded:
        """A file's text.

        Raises:
            UnreadableFile: it has none, or reading it took too long, too much memory or the process's life.
        """
        answer = self._ask(data)
        if answer["last"]:
            self.close()
        if "error" in answer:
            raise UnreadableFile(answer["error"])
        pages = tuple((offset, page) for offset, page in answer["pages"])
        return Loaded(answer["text"], pages, answer["whole"], tuple(answer["warnings"]), tuple(answer["scanned"]))

    def close(self) -> None:
        """End the process and all that it started."""
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        if self._home is not None:
            self._home.cleanup()
        self._process = self._connection = self._home = None

    def _ask(self, data: bytes) -> dict[str, Any]:
        connection = self._connection or self._start()
        try:
            connection.settimeout(self._seconds)
            send(connection, data)
            answer = receive(connection, _LONGEST_ANSWER)
        except TimeoutError as error:
            self.close()
            raise UnreadableFile(
                f"takes longer to read than {self._seconds:g} seconds; divide or simplify it"
            ) from error
        except OSError:  # the process is gone: what it had begun to read was too much for it
            answer = None
        if answer is None:
            self.close()
            raise UnreadableFile(f"cannot be read within {self._megabytes} MB of memory, or is damaged; save it anew")
        read: dict[str, Any] = json.loads(answer)
        return read

    def _start(self) -> socket.socket:
        """Start a process at the other end of a pair of sockets."""
        ours, theirs = socket.socketpair()
        self._home = tempfile.TemporaryDirectory(prefix="huiwen-read-")
        kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        with theirs:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "ingest.loaders.worker",
                    str(self._seconds),
                    str(self._megabytes),
                    *self._wishes,
                ],
                cwd=_ROOT,
                env={**kept, "HOME": self._home.name, "TMPDIR": self._home.name},
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._connection = ours
        ours.settimeout(_START)
        try:
            there = receive(ours) is not None
        except OSError:  # a TimeoutError is one
            there = False
        if not there:
            self.close()
            raise UnreadableFile(f"the process that reads files did not start within {_START:g} seconds; try again")
        return ours
