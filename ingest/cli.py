"""The command that builds the index: `huiwen ingest`, `python -m ingest`."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from threading import Event
from typing import Annotated, ParamSpec

import typer
from rich.console import Console

from ingest.add import add_files
from ingest.corpus import check_corpus
from ingest.errors import HuiwenError, IndexBusy, SettingsError
from ingest.give_way import give_way_if_ingest
from ingest.places import Gazetteer
from ingest.report import print_build, show_progress
from ingest.settings import Settings, read_settings
from ingest.topics import Lexicon

P = ParamSpec("P")
AsJson = Annotated[bool, typer.Option("--json", help="print JSON for programs")]


def tell_errors(command: Callable[P, None]) -> Callable[P, None]:
    """Tell an expected error in one line instead of a stack trace, and exit with 1."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except HuiwenError as error:
            _tell(error)
            raise typer.Exit(1) from error

    return run


@tell_errors
def ingest(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="files and folders to copy into the corpus first", show_default=False)
    ] = None,
    if_stale: Annotated[bool, typer.Option("--if-stale", help="do nothing if the index is up to date")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="build again whenever the corpus changes")] = False,
    as_json: AsJson = False,
) -> None:
    """Build the index from the corpus; only what changed is encoded again."""
    give_way_if_ingest()
    settings = read_settings()
    add_files(paths or [], settings)
    check_corpus(settings)
    from ingest.build import build, is_stale  # the index's libraries take seconds to import: not for --help
    from ingest.encoder import load_encoder

    encoder = load_encoder(settings.encoder)

    def build_once() -> bool:
        """Build and report; whether every file went in."""
        lexicon = Lexicon.load(settings.corpus / "topics")
        if if_stale and not is_stale(settings, encoder, lexicon):
            return True
        with show_progress(quiet=as_json) as progress:
            report = build(settings, encoder, Gazetteer.load(), lexicon, progress)
        print_build(report, as_json)
        return not report.failed

    if watch:
        _watch(settings, build_once)
    elif not build_once():
        raise typer.Exit(1)


def _watch(settings: Settings, build_once: Callable[[], object]) -> None:
    """Build after each change until told to stop; a build that fails is told."""
    from ingest.watch import watch_corpus  # the library is of use here alone

    waits = False

    def build_and_tell() -> bool:
        nonlocal waits
        try:
            build_once()
        except IndexBusy as error:
            if not waits:
                _tell(error)
            waits = True
            return False
        except (HuiwenError, OSError, sqlite3.Error) as error:  # a full disk too: the next change may find room
            _tell(error)
        waits = False
        return True

    try:
        with _told_to_stop() as stop:
            watch_corpus(settings.corpus, build_and_tell, stop)
    except (OSError, RuntimeError) as error:  # the system's own watching: its limit is reached, the folder is gone
        raise SettingsError(
            f"HUIWEN_CORPUS={settings.corpus}: cannot be watched ({error}); set WATCHFILES_FORCE_POLLING=1, or run "
            "`huiwen ingest` after each change"
        ) from error


@contextmanager
def _told_to_stop() -> Iterator[Event]:
    """An event that Ctrl+C or a service manager's SIGTERM sets; a second one interrupts.

    An interrupt would be lost where it falls into what a library does while it is torn down.
    """
    stop = Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def end(*_: object) -> None:
        stop.set()
        restore()

    for number in before:
        signal.signal(number, end)
    try:
        yield stop
    finally:
        restore()


def _tell(error: Exception) -> None:
    # Unbroken: a log takes each line for a message of its own, and a path that is cut cannot be copied.
    Console(stderr=True, soft_wrap=True).print(f"huiwen: {error}", style="red", markup=False, highlight=False)
