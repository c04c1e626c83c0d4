"""The command `huiwen eval`: run question sets, read the figures, hold them to the gate, compare two runs.

Exit status: 0 done, 1 an expected error or a threshold missed, 2 wrong usage.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.cli import app as app  # the console script's, with this command added
from eval.cases import read_cases, write_cases
from eval.compare import compare
from eval.gate import check_gate
from eval.outcome import System
from eval.report import write_report
from eval.run import WORKERS, default_name, run
from eval.run import Progress as Report
from eval.saved import Run, read_run
from eval.serve import serve_eval_page as serve_eval_page  # the command eval-page
from eval.sets import CaseSet, Topics, check_sets, find_topics, read_sets
from eval.tables import Result, print_result
from ingest.cli import AsJson, tell_errors
from ingest.settings import Settings, read_settings

CASES = Path(__file__).with_name("cases")
RUNS = Path("runs")


class SystemName(StrEnum):
    """What can be measured."""

    HUIWEN = "huiwen"
    LANGCHAIN_USUAL = "langchain-usual"
    BM25_WORDS = "bm25-words"


@app.command(name="eval")
@tell_errors
def evaluate(
    cases: Annotated[list[Path] | None, typer.Option(help="a set, .jsonl or .xlsx; all in eval/cases if none")] = None,
    url: Annotated[str | None, typer.Option(help="ask the service there instead of this process")] = None,
    name: Annotated[str | None, typer.Option(help="the run's name; that of an interrupted run takes it up")] = None,
    system: Annotated[list[SystemName] | None, typer.Option(help="what to measure; Huiwen if none")] = None,
    runs: Annotated[Path, typer.Option(help="folder of the runs")] = RUNS,
    workers: Annotated[int, typer.Option(min=1, max=64, help="questions asked at once")] = WORKERS,
    gate: Annotated[bool, typer.Option("--gate", help="fail if a threshold of eval/gate.toml is missed")] = False,
    against: Annotated[str | None, typer.Option("--compare", help="name of an earlier run to compare with")] = None,
    judge: Annotated[str | None, typer.Option(help="chat model that judges answers too: openai:NAME")] = None,
    judge_url: Annotated[str | None, typer.Option(help="address of that model's service")] = None,
    xlsx_out: Annotated[Path | None, typer.Option(help="write the cases to this workbook, run nothing")] = None,
    xlsx_in: Annotated[Path | None, typer.Option(help="write this workbook's cases as .jsonl, run nothing")] = None,
    as_json: AsJson = False,
) -> None:
    """Run question sets and show how good the answers are."""
    if xlsx_in or xlsx_out:
        _convert(xlsx_in, xlsx_out, _files(cases))
        return
    earlier = read_run(runs / against) if against else None
    sets = read_sets(_files(cases))
    folders = [_run_one(each, sets, url, runs, workers, as_json) for each in _named(system, name)]
    _report(folders, earlier.folder if earlier else None)
    finished = [read_run(folder) for folder in folders]
    result = Result(
        runs=finished,
        comparison=compare(earlier, finished[0]) if earlier else None,
        misses=check_gate(finished[0].summary) if gate else None,
        judged=_judge(finished, judge, judge_url, runs, as_json) if judge else None,
    )
    if judge:
        _report(folders, earlier.folder if earlier else None)  # again, with what the judge said
    print_result(result, as_json)
    if result.misses:
        raise typer.Exit(1)


def open_system(name: SystemName, url: str | None, settings: Settings) -> System:
    """Make what is to be measured."""
    # Imported on use: each brings libraries that take a second, and the other two need none of them.
    if name is SystemName.HUIWEN:
        from eval.systems import ByUrl, InProcess

        return ByUrl.open(url) if url else InProcess.open(settings)
    from eval.baselines import open_bm25_words, open_langchain_usual

    return open_langchain_usual(settings) if name is SystemName.LANGCHAIN_USUAL else open_bm25_words(settings)


def _files(cases: list[Path] | None) -> list[Path]:
    return cases or sorted(CASES.glob("*.jsonl"))


def _named(systems: list[SystemName] | None, name: str | None) -> list[tuple[SystemName, str | None]]:
    """Each system with its run's name: the first has the name that was given, the others add their own."""
    wanted = list(dict.fromkeys(systems or [SystemName.HUIWEN]))
    return [(system, f"{name}-{system}" if name and number else name) for number, system in enumerate(wanted)]


def _run_one(
    named: tuple[SystemName, str | None],
    sets: Sequence[CaseSet],
    url: str | None,
    runs: Path,
    workers: int,
    quiet: bool,
) -> Path:
    settings = read_settings()
    topics: Topics = {}
    if url is None:
        check_sets(sets, settings)
        topics = find_topics(sets, settings)
    system, name = named[0], named[1] or default_name(named[0])
    with _show_progress(system, quiet) as progress:
        try:
            asked = open_system(system, url, settings)
            return run(sets, asked, settings, runs, name, topics=topics, progress=progress, workers=workers)
        except KeyboardInterrupt:
            Console(stderr=True).print(f"interrupted; `--name {name}` takes it up again", markup=False)
            raise typer.Exit(130) from None


@contextmanager
def _show_progress(what: str, quiet: bool) -> Iterator[Report]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet) as bars:
        task = bars.add_task(what, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)


def _judge(finished: Sequence[Run], name: str, url: str | None, runs: Path, quiet: bool) -> dict[str, Any]:
    from eval.judge import Judge, judge_run  # LangChain's models take seconds to import: only those who judge pay

    judge = Judge.open(name, runs / ".judged", base_url=url)
    means = {}
    for each in finished:
        with _show_progress(f"judge {each.name}", quiet) as progress:
            means[each.name] = judge_run(each, judge, progress)["means"]
    return means


def _report(folders: Sequence[Path], earlier: Path | None) -> None:
    """A report in each folder: the first with the other runs beside it."""
    beside = [*([earlier] if earlier else []), *folders[1:]]
    for number, folder in enumerate(folders):
        write_report(folder, beside if number == 0 else [])


def _convert(workbook: Path | None, target: Path | None, files: Sequence[Path]) -> None:
    """Cases out of a workbook into the .jsonl beside it, or out of sets into a workbook."""
    if workbook:
        write_cases(workbook.with_suffix(".jsonl"), read_cases(workbook))
    if target:
        write_cases(target, [case for file in ([workbook] if workbook else files) for case in read_cases(file)])
