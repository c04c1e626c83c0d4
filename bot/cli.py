"""The command `huiwen`: ingest, ask, search, serve, settings.

Exit status: 0 done, 1 an expected error (told in one line) or, for ingest, a file left out, 2 wrong usage.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Annotated, ParamSpec

import typer
from pydantic import ValidationError
from rich.console import Console

from bot.report import print_answer, print_build, print_results, print_settings, read_sources, show_progress
from ingest.build import build, is_stale
from ingest.encoder import load_encoder
from ingest.errors import HuiwenError, SettingsError
from ingest.places import Gazetteer
from ingest.settings import Settings, read_settings
from ingest.topics import Lexicon

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Huiwen: cited answers from policy documents.")

P = ParamSpec("P")
AsJson = Annotated[bool, typer.Option("--json", help="print JSON for programs")]
Place = Annotated[str | None, typer.Option("--place", help="the asker's place: a name, a full path or a code")]


def _told(command: Callable[P, None]) -> Callable[P, None]:
    """Tell an expected error in one line instead of a stack trace."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except HuiwenError as error:
            Console(stderr=True).print(f"huiwen: {error}", style="red", markup=False, highlight=False)
            raise typer.Exit(1) from error

    return run


@app.command()
@_told
def ingest(
    if_stale: Annotated[bool, typer.Option("--if-stale", help="do nothing if the index is up to date")] = False,
    as_json: AsJson = False,
) -> None:
    """Build the index from the corpus; only what changed is encoded again."""
    settings = read_settings()
    encoder = load_encoder(settings.encoder)
    lexicon = Lexicon.load(settings.corpus / "topics")
    if if_stale and not is_stale(settings, encoder, lexicon):
        return
    with show_progress(quiet=as_json) as progress:
        report = build(settings, encoder, Gazetteer.load(), lexicon, progress)
    print_build(report, as_json)
    if report.failed:
        raise typer.Exit(1)


@app.command()
@_told
def ask(
    question: str,
    place: Place = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="day of asking; today if not given")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Answer one question."""
    from bot.app import open_huiwen  # the index's libraries take a second to import: not for --help
    from bot.contract import AskRequest

    try:
        request = AskRequest(question=question, jurisdiction=place, as_of=as_of.date() if as_of else None)
    except ValidationError as error:
        raise SettingsError(f"question: {error.errors()[0]['msg']}; write 1 to 500 readable characters") from error
    print_answer(open_huiwen(read_settings()).ask(request), as_json)


@app.command()
@_told
def search(
    text: str,
    place: Place = None,
    limit: Annotated[int | None, typer.Option(min=1, max=100, help="clauses to show")] = None,
    as_json: AsJson = False,
) -> None:
    """Find clauses, best first."""
    from bot.app import open_huiwen  # see ask
    from bot.ports import SearchQuery

    response = open_huiwen(read_settings()).search(SearchQuery(text, jurisdiction=place, limit=limit))
    print_results(response, as_json)


@app.command()
@_told
def serve(as_json: AsJson = False) -> None:
    """Serve the pages and the HTTP interface."""
    from bot.serve import serve as run  # FastAPI and Gradio take seconds to import: not for --help

    settings = read_settings()
    url = f"http://{settings.host}:{settings.port}"
    ready = json.dumps({"url": url}) if as_json else f"惠问 Huiwen: open {url} (Ctrl+C ends it)"
    run(settings, lambda: print(ready, flush=True))


@app.command(name="settings")
@_told
def show_settings(as_json: AsJson = False) -> None:
    """Print every setting with its value, its source and its meaning."""
    settings: Settings = read_settings()
    print_settings(read_sources(settings), as_json)


if __name__ == "__main__":
    app()
