"""The command `huiwen`: ingest, ask, search, serve, staff, settings, doctor, backup, restore.

Exit status: 0 done, 1 an expected error (told in one line) or, for ingest, a file left out, 2 wrong usage.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import ValidationError

from bot.report import print_answer, print_results, print_settings, read_sources
from ingest.cli import AsJson, ingest, tell_errors
from ingest.errors import SettingsError
from ingest.settings import Settings, read_settings

if TYPE_CHECKING:
    from bot.backup import Archived

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Huiwen: cited answers from policy documents.")

Place = Annotated[str | None, typer.Option("--place", help="the asker's place: a name, a full path or a code")]

app.command()(ingest)


@app.command()
@tell_errors
def ask(
    question: str,
    place: Place = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="day of asking; today if not given")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Answer one question."""
    from bot.app import open_huiwen  # the index's libraries take seconds to import: not for --help
    from bot.contract import QUESTION_LENGTH, AskRequest

    try:
        request = AskRequest(question=question, jurisdiction=place, as_of=as_of.date() if as_of else None)
    except ValidationError as error:
        reason = error.errors()[0]["msg"]
        raise SettingsError(f"question: {reason}; write 1 to {QUESTION_LENGTH} readable characters") from error
    print_answer(open_huiwen(read_settings()).ask(request), as_json)


@app.command()
@tell_errors
def search(
    text: str,
    place: Place = None,
    limit: Annotated[int | None, typer.Option(min=1, max=100, help="clauses to show")] = None,
    as_json: AsJson = False,
) -> None:
    """Find clauses, best first."""
    from bot.app import open_huiwen  # see ask
    from bot.ports import SearchQuery

    if not text.strip():
        raise SettingsError("text: is empty; write what to look for")
    response = open_huiwen(read_settings()).search(SearchQuery(text, jurisdiction=place, limit=limit))
    print_results(response, as_json)


@app.command()
@tell_errors
def serve(as_json: AsJson = False) -> None:
    """Serve the pages and the HTTP interface."""
    # Imported on use: FastAPI and Gradio take seconds, which --help should not.
    from bot.serve import open_service
    from bot.serve import serve as run
    from bot.service_log import configure_log

    settings = read_settings()
    configure_log(settings.log)
    run(partial(open_service, settings), settings, lambda: announce(settings, "", as_json))


@app.command()
@tell_errors
def staff(name: str, as_json: AsJson = False) -> None:
    """Add a staff account, for the desk and the evaluators' page, or change its password."""
    from bot.staff import StaffAccounts  # see serve

    settings = read_settings()
    if settings.staff is None:
        raise SettingsError("HUIWEN_STAFF: is not set; name the file that is to hold the accounts, then run this again")
    password = typer.prompt(f"password of {name}", hide_input=True, confirmation_prompt=True, err=True)
    StaffAccounts(settings.staff).set_password(name, password)
    told = {"name": name, "file": str(settings.staff)}
    print(json.dumps(told, ensure_ascii=False) if as_json else f"{name} can log in now ({settings.staff})")


@app.command()
@tell_errors
def doctor(as_json: AsJson = False) -> None:
    """Look at all that the service needs, and say how to mend what is broken."""
    from bot.doctor import Doctor, print_findings  # see ask

    findings = list(Doctor(read_settings()).examine())
    print_findings(findings, as_json)
    if any(finding.state == "broken" for finding in findings):
        raise typer.Exit(1)


@app.command()
@tell_errors
def backup(file: Path, as_json: AsJson = False) -> None:
    """Write corpus, answer log, votes, corrections, accounts and drafts into one archive; the service may run."""
    from bot.backup import back_up  # see ask

    _tell_archived(f"{file} holds", back_up(read_settings(), file), as_json)


@app.command()
@tell_errors
def restore(
    file: Path,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="replace what is there now")] = False,
    as_json: AsJson = False,
) -> None:
    """Put back what such an archive holds, after checking it; end the service first."""
    from bot.restore import restore as put_back  # see ask

    _tell_archived("put back", put_back(read_settings(), file, overwrite=overwrite), as_json)
    if not as_json:
        print("Now run `huiwen ingest`, which builds the index.")


def _tell_archived(what: str, archived: Archived, as_json: bool) -> None:
    if as_json:
        print(json.dumps(asdict(archived), ensure_ascii=False))
        return
    print(f"{what} {archived.files} files, {archived.size / 1e6:.1f} MB")
    for one in archived.left_out:
        print(f"NOT in it: {one}")


def announce(settings: Settings, path: str, as_json: bool) -> None:
    """Tell where a service that now accepts connections is to be opened."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # all addresses: this one too
    url = f"http://{host}:{settings.port}{path}"
    print(json.dumps({"url": url}) if as_json else f"惠问 Huiwen: open {url} (Ctrl+C ends it)", flush=True)


@app.command(name="settings")
@tell_errors
def show_settings(as_json: AsJson = False) -> None:
    """Print every setting with its value, its source and its meaning."""
    print_settings(read_sources(read_settings()), as_json)
