"""What the commands print: tables for people, JSON for programs."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from dotenv import dotenv_values
from rich.console import Console
from rich.markdown import Markdown
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from bot.contract import AskResponse, Citation, SearchResponse
from ingest.build import BuildReport, FileReport
from ingest.build import Progress as ReportProgress
from ingest.settings import Settings, variable_of

_STEPS = {"parse": "parsing files", "encode": "encoding passages"}


@dataclass(frozen=True, slots=True)
class SettingSource:
    """One setting: its variable, its value, where the value comes from, what it means."""

    variable: str
    value: str
    source: str
    meaning: str


@contextmanager
def show_progress(*, quiet: bool) -> Iterator[ReportProgress]:
    """A bar a step on the terminal; nothing where programs read."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet) as bars:
        tasks = {step: bars.add_task(text, total=None, visible=False) for step, text in _STEPS.items()}

        def report(step: str, done: int, total: int) -> None:
            bars.update(tasks[step], completed=done, total=total, visible=True)

        yield report


def print_build(report: BuildReport, as_json: bool) -> None:
    """What became of each file, and what was encoded."""
    if as_json:
        _print_json({"changed": report.changed, "passages": report.passages, "encoded": report.encoded,
                     "reused": report.reused, "files": [_describe_file(file) for file in report.files]})  # fmt: skip
        return
    console = Console()
    table = Table("file", "document", "place", "status", "clauses", "facts", "warnings", box=None, header_style="bold")
    for file in report.files:
        table.add_row(*(str(value) for value in _file_row(file)))
    console.print(table)
    if not report.changed:
        console.print(f"Nothing changed: {report.passages} passages kept, none encoded.")
    else:
        console.print(f"New index: {report.passages} passages, {report.encoded} encoded, {report.reused} kept.")
    for file in report.files:
        if file.error:
            console.print(f"left out: {file.error}", style="red", markup=False)


def print_answer(response: AskResponse, as_json: bool) -> None:
    """The answer with its sources."""
    if as_json:
        _print_json(response.model_dump(mode="json", by_alias=True))
        return
    console = Console()
    console.print(Markdown(response.answer))
    for citation in response.citations:
        console.print(f"[{citation.n}] {_source(citation)}", style="dim", markup=False, highlight=False)


def print_results(response: SearchResponse, as_json: bool) -> None:
    """Clauses, best first."""
    if as_json:
        _print_json(response.model_dump(mode="json", by_alias=True))
        return
    console = Console()
    for result in response.results:
        console.print(f"{result.n}. {_source(result)}  {result.score:.2f}", style="bold", markup=False, highlight=False)
        console.print(result.text, markup=False, highlight=False)
    console.print(f"{response.total} clauses")


def print_settings(sources: list[SettingSource], as_json: bool) -> None:
    """Every setting with its source."""
    if as_json:
        _print_json([asdict(source) for source in sources])
        return
    table = Table("variable", "value", "from", "meaning", box=None, header_style="bold")
    for one in sources:
        table.add_row(one.variable, one.value, one.source, one.meaning)
    Console().print(table)


def read_sources(settings: Settings) -> list[SettingSource]:
    """Where each setting's value comes from: the environment, the file .env, or the default."""
    path = settings.model_config.get("env_file")
    in_file = {name.upper() for name in dotenv_values(path if isinstance(path, str) else None)} if path else set()
    in_environment = {name.upper() for name in os.environ}
    sources = []
    for name, field in Settings.model_fields.items():
        names = {variable_of(name), f"HUIWEN_{name.upper()}"}
        source = "environment" if names & in_environment else ".env" if names & in_file else "default"
        sources.append(SettingSource(variable_of(name), str(getattr(settings, name)), source, field.description or ""))
    return sources


def _describe_file(file: FileReport) -> dict[str, object]:
    names = ("file", "document", "place", "status", "clauses", "facts", "warnings", "error")
    return dict(zip(names, [*_file_row(file), file.error], strict=True))


def _file_row(file: FileReport) -> tuple[object, ...]:
    if file.parsed is None:
        return file.file, "-", "-", "left out", 0, 0, ""
    document, clauses = file.parsed.document, file.parsed.clauses
    facts = sum(len(getattr(clause.facts, kind)) for clause in clauses for kind in clause.facts.__slots__)
    place = document.place.name if document.place else "-"
    return file.file, document.id, place, document.status.value, len(clauses), facts, "; ".join(document.warnings)


def _source(citation: Citation) -> str:
    place = citation.jurisdiction.name if citation.jurisdiction else "-"
    return " · ".join([place, citation.document_title, " › ".join(citation.clause_path), citation.validity.state])


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))
