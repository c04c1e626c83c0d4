"""What an ingest prints: a table for people, JSON for programs."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.build import BuildReport
    from ingest.corpus import FileReport
    from ingest.corpus import Progress as ReportProgress

_STEPS = {"parse": "parsing files", "encode": "encoding passages"}


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
        print_json(_describe_build(report))
    else:
        _print_tables(report, Console())


def print_json(value: object) -> None:
    """One JSON document on standard output, for programs."""
    print(json.dumps(value, ensure_ascii=False, indent=1), flush=True)  # where watching goes on, programs read at once


def _print_tables(report: BuildReport, console: Console) -> None:
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


def _describe_build(report: BuildReport) -> dict[str, object]:
    return {
        "changed": report.changed,
        "passages": report.passages,
        "encoded": report.encoded,
        "reused": report.reused,
        "files": [_describe_file(file) for file in report.files],
    }


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
