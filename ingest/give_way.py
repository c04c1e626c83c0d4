"""An ingest in a process of its own gives way to the service that answers beside it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_NICENESS = 5  # answers get three times its share of a core; with more, an ingest beside a busy service would never end
_THREADS = "1"  # what is built in one core's time leaves the other to answers


def give_way_if_ingest() -> None:
    """Do so if the command line of this process is an ingest; one that tests or answers may run the command too."""
    program, *arguments = sys.argv
    if arguments[:1] == ["ingest"] or Path(program).parts[-2:] == ("ingest", "__main__.py"):
        give_way()


def give_way() -> None:
    """Lower this process's priority, for good, and bound the threads of libraries that are loaded after this."""
    for name in ("OMP_NUM_THREADS", "RAYON_NUM_THREADS", "TOKIO_WORKER_THREADS"):
        os.environ.setdefault(name, _THREADS)
    if hasattr(os, "nice"):  # POSIX
        os.nice(_NICENESS)
