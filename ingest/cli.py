"""The command that builds the index: `huiwen ingest`, `python -m ingest`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, ParamSpec

import typer
from rich.console import Console

from ingest.add import add_files
from ingest.errors import HuiwenError
from ingest.places import Gazetteer
from ingest.report import print_build, show_progress
from ingest.settings import read_settings
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
            Console(stderr=True).print(f"huiwen: {error}", style="red", markup=False, highlight=False)
            raise typer.Exit(1) from error

    return run


@tell_errors
def ingest(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="files and folders to copy into the corpus first", show_default=False)
    ] = None,
    if_stale: Annotated[bool, typer.Option("--if-stale", help="do nothing if the index is up to date")] = False,
    as_json: AsJson = False,
) -> None:
    """Build the index from the corpus; only what changed is encoded again."""
    from ingest.build import build, is_stale  # the index's libraries take seconds to import: not for --help
    from ingest.encoder import load_encoder

    settings = read_settings()
    add_files(paths or [], settings)
    encoder = load_encoder(settings.encoder)
    lexicon = Lexicon.load(settings.corpus / "topics")
    if if_stale and not is_stale(settings, encoder, lexicon):
        return
    with show_progress(quiet=as_json) as progress:
        report = build(settings, encoder, Gazetteer.load(), lexicon, progress)
    print_build(report, as_json)
    if report.failed:
        raise typer.Exit(1)
