"""Run question sets through a system: in parallel, kept as it goes, resumed where it was interrupted."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from eval.cases import Case
from eval.folder import Config, RunFolder
from eval.measures import summarise
from eval.outcome import ERROR, Outcome, Retrieved, System
from eval.reasons import explain
from eval.rows import RetrievedRow, Row
from eval.score import gold_in, score
from eval.sets import CaseSet, Topics
from ingest.settings import ROOT, Settings

WORKERS = 2
_EXCERPT = 400  # characters kept of what was found: enough to see what it is

Progress = Callable[[int, int], None]  # how many cases are done, of how many


def run(
    sets: Sequence[CaseSet],
    system: System,
    settings: Settings,
    runs: Path,
    name: str,
    *,
    topics: Topics = MappingProxyType({}),
    progress: Progress = lambda done, total: None,
    workers: int = WORKERS,
) -> Path:
    """Ask every case and keep what comes of it; returns the run's folder.

    Args:
        sets: what to ask.
        system: whom to ask; its `answer` is called from several threads at once.
        settings: kept in the configuration.
        runs: where the run's folder is made.
        name: the folder's name; one of an interrupted run of the same configuration is taken up again.
        topics: what the cases are about, as far as that is known.
        progress: told after each case.
        workers: how many cases are asked at once.

    Raises:
        EvaluationError: the name is taken.
    """
    folder = RunFolder(runs, name)
    kept = {row.key: row for row in folder.begin(_configure(name, sets, system, settings)) if not row.error}
    wanted = [(one, case) for one in sets for case in one.cases]
    open_cases = [(one, case) for one, case in wanted if (one.name, case.id) not in kept]
    progress(len(kept), len(wanted))
    for row in _ask_all(open_cases, system, workers):
        kept[row.key] = row.model_copy(update={"topic": topics.get(row.key)})
        folder.append(kept[row.key])
        progress(len(kept), len(wanted))
    rows = [kept[one.name, case.id] for one, case in wanted]
    folder.finish(rows, summarise(name, system.description.system, rows))
    return folder.path


def default_name(system: str) -> str:
    """A name for a run that was given none: when, and of what."""
    return f"{datetime.now():%Y%m%d-%H%M%S}-{system}"


def make_row(set_name: str, case: Case, outcome: Outcome, unjudged: frozenset[str] = frozenset()) -> Row:
    """A case with what came of it, scored; `unjudged` is that of its set."""
    scores = score(case, outcome, unjudged)
    found = outcome.considered
    return Row(
        id=case.id, type=case.type, set=set_name, case=case.model_dump(mode="json"), status=outcome.status,
        answer=outcome.answer, citations=list(outcome.citations), notices=list(outcome.notices),
        jurisdiction=outcome.jurisdiction,
        considered=None if found is None else [_shorten(each, case) for each in found], confidence=outcome.confidence,
        ms=outcome.ms, error=outcome.error, scores=scores, why=explain(case, outcome, scores),
    )  # fmt: skip


def ask(system: System, case: Case) -> Outcome:
    """Ask one case; whatever goes wrong is its outcome."""
    try:
        return system.answer(case)
    # The one broad clause: a system under evaluation may fail in any way, which is a result and must end no run.
    except Exception as error:
        return Outcome(ERROR, error=f"{type(error).__name__}: {error}")


def _ask_all(cases: Sequence[tuple[CaseSet, Case]], system: System, workers: int) -> Iterable[Row]:
    """Rows as they come; an interruption lets those under way end and drops the rest."""
    with ThreadPoolExecutor(workers) as pool:
        asked = {pool.submit(ask, system, case): (one, case) for one, case in cases}
        try:
            for future in as_completed(asked):
                one, case = asked[future]
                yield make_row(one.name, case, future.result(), one.unjudged)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _shorten(found: Retrieved, case: Case) -> RetrievedRow:
    gold = bool(gold_in(case, found.document_id, found.text))
    return RetrievedRow(**{**dict(found), "text": found.text[:_EXCERPT]}, gold=gold)


def _configure(name: str, sets: Sequence[CaseSet], system: System, settings: Settings) -> Config:
    told = system.description
    return Config(
        name=name, system=told.system, url=told.url, encoder=told.encoder, settings=settings.model_dump(mode="json"),
        corpus=told.corpus, git=_revision(), cases={one.name: one.digest for one in sets},
        started=datetime.now().isoformat(timespec="seconds"),
    )  # fmt: skip


def _revision() -> str | None:
    """The commit that runs, with "+" where files differ from it; None without git."""
    try:
        told = subprocess.run(
            ["git", "describe", "--always", "--abbrev=12", "--exclude=*", "--dirty=+"],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        return None
    return told.stdout.strip()
