"""Watches the corpus: tells when something in it has changed and then been quiet for a moment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

from watchfiles import Change, watch

from ingest.corpus import PASSED_OVER

_QUIET = 500  # milliseconds without a change after which what was being copied is taken to be complete
_LONGEST = 30_000  # milliseconds after which changes that never pause are looked at all the same
_LOOK = 500  # milliseconds between two looks, at which an interrupt or a build that is still due is seen
_WATCHED = ("documents", "topics", "manifest.csv")


def watch_corpus(corpus: Path, build: Callable[[], bool], stop: Event) -> None:
    """Build at once, and again after each change, until told to stop; a build under way is ended first.

    Args:
        corpus: the folder with documents/, topics/ and manifest.csv.
        build: builds the index; False if it could not and is to be tried again though nothing changes.
        stop: looked at twice a second.
    """
    folder = corpus.resolve()
    due = True  # watching has begun before the first build: what changes during it is not missed
    for changes in watch(
        folder,
        watch_filter=_filter_of(folder),
        debounce=_LONGEST,
        step=_QUIET,
        rust_timeout=_LOOK,
        yield_on_timeout=True,
        stop_event=stop,
    ):
        if due or changes:
            due = not build()


def _filter_of(folder: Path) -> Callable[[Change, str], bool]:
    """What a build reads, hidden and lock files aside."""

    def matters(_: Change, path: str) -> bool:
        parts = Path(path).relative_to(folder).parts
        return parts[:1] != () and parts[0] in _WATCHED and not any(part.startswith(PASSED_OVER) for part in parts)

    return matters
