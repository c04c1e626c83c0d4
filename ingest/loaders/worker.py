"""The process in which files that are not plain text are read.

It is run as `python -m ingest.loaders.worker SECONDS MEGABYTES`, with `ocr` behind these for files with scanned pages.

It takes files and gives answers, as JSON, over the socket that is its standard input. It says first that it is there,
and with an answer that this was its last one, because it holds much memory. What a file does to it ends with it.
"""

from __future__ import annotations

import json
import resource
import signal
import socket
import sys
from dataclasses import asdict
from pathlib import Path

from ingest.errors import UnreadableFile
from ingest.loaders.formats import load_bytes
from ingest.loaders.frames import receive, send
from ingest.loaders.ocr import Engine, RapidEngine

_FILES = 64  # open at once
_WRITTEN = 256 << 20  # bytes of a file that it writes
_WORN = 0.5  # share of its memory that, once held, makes it due for replacement
_GRACE = 2  # seconds after which it ends by itself, should nobody be left to end it


def main() -> None:
    """Read files until the other side hangs up."""
    seconds, megabytes = float(sys.argv[1]), int(sys.argv[2])
    _limit(megabytes)
    engine = RapidEngine() if sys.argv[3:] == ["ocr"] else None
    with socket.socket(fileno=0) as connection:
        send(connection, b"")
        while (data := receive(connection)) is not None:
            signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE)
            answer = _answer(data, engine) | {"last": _held() > megabytes * _WORN}
            signal.setitimer(signal.ITIMER_REAL, 0)
            send(connection, json.dumps(answer).encode())


def _answer(data: bytes, engine: Engine | None) -> dict[str, object]:
    try:
        return asdict(load_bytes(data, engine))
    except UnreadableFile as error:
        return {"error": str(error)}


def _held() -> float:
    """The megabytes of memory that this process holds."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / (1 << 20)


def _limit(megabytes: int) -> None:
    """Bound what this process and those that it starts may take."""
    for kind, most in (
        (resource.RLIMIT_AS, megabytes << 20),
        (resource.RLIMIT_FSIZE, _WRITTEN),
        (resource.RLIMIT_NOFILE, _FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    main()
