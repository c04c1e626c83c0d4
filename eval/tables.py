"""What `huiwen eval` prints: a short table for people, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from eval.compare import Change, Comparison
from eval.gate import Miss
from eval.saved import Run

# The figures that a first look needs; the report holds all.
_SHOWN = (
    "success", "behaviour", "place", "facts", "cite_recall", "cite_precision", "recall_at_5", "ndcg_at_10",
    "abstain_f1", "refuse_f1", "notice_recall", "notice_precision", "quotes_verified", "ungrounded",
    "latency_p50", "latency_p95",
)  # fmt: skip
_LISTED = 10  # cases that got better or worse, of each


@dataclass(frozen=True, slots=True)
class Result:
    """All that one call of the command found; None where it was not asked for."""

    runs: Sequence[Run]
    comparison: Comparison | None
    misses: Sequence[Miss] | None
    judged: Mapping[str, Any] | None


def print_result(result: Result, as_json: bool) -> None:
    """Tell all of it."""
    if as_json:
        print(json.dumps(_describe(result), ensure_ascii=False, indent=1))
        return
    console = Console()
    console.print(_figures(result.runs))
    console.print(_types(result.runs))
    for name, means in (result.judged or {}).items():
        told = ", ".join(f"{kind} {mean}" for kind, mean in means.items())
        console.print(f"judged {name}: {told} (1 to 5)", markup=False)
    if result.comparison:
        _print_comparison(console, result.comparison)
    for run in result.runs:
        console.print(f"report: {run.folder / 'report.html'}", markup=False, soft_wrap=True)
    if result.misses is not None:
        _print_misses(console, result.misses)


def _figures(runs: Sequence[Run]) -> Table:
    """A measure a row, a run a column; the interval of the first."""
    table = Table("", *(f"{run.name} ({run.summary['n']})" for run in runs), box=None, header_style="bold")
    for measure in _SHOWN:
        cells = [run.summary["overall"].get(measure) for run in runs]
        if any(cells):
            table.add_row(measure, *(_cell(cell, measure, bounds=number == 0) for number, cell in enumerate(cells)))
    return table


def _types(runs: Sequence[Run]) -> Table:
    """Success by type, the worst of the first run on top."""
    table = Table("success by type", "n", *(run.name for run in runs), box=None, header_style="bold")
    for kind in runs[0].groups:
        cells = [run.summary["by_type"].get(kind, {}).get("success") for run in runs]
        shown = [_cell(cell, "success", bounds=number == 0) for number, cell in enumerate(cells)]
        table.add_row(kind, str(runs[0].summary["by_type"][kind]["n"]), *shown)
    return table


def _cell(figure: Mapping[str, float] | None, measure: str, *, bounds: bool) -> str:
    if figure is None:
        return "-"
    form = "{:.0f} ms" if measure.startswith("latency") else "{:.3f}"
    value, low, high = (form.format(figure[key]) for key in ("value", "low", "high"))
    return f"{value}  {low} to {high}" if bounds else value


def _print_comparison(console: Console, found: Comparison) -> None:
    test = found.success
    told = f"{test.before:.3f} to {test.after:.3f}, {test.better} better, {test.worse} worse, p = {test.p:.3f}"
    console.print(f"against {found.before}, on {found.n} cases: success {told}", markup=False)
    for one in found.differences:
        if one.significant:
            bounds = f"{one.low:+.3f} to {one.high:+.3f}"
            console.print(f"  {one.measure} {one.before:.3f} to {one.after:.3f} ({bounds})", markup=False)
    for title, changes in (("worse", found.worse), ("better", found.better)):
        _print_changes(console, title, changes)
    if found.left_out:
        console.print(f"  {found.left_out} cases left out: only one run has them, or they were edited", markup=False)


def _print_changes(console: Console, title: str, changes: Sequence[Change]) -> None:
    for one in changes[:_LISTED]:
        console.print(f"  {title}: {one.id} {one.question} ({one.why})", markup=False)
    if len(changes) > _LISTED:
        console.print(f"  {title}: {len(changes) - _LISTED} more", markup=False)


def _print_misses(console: Console, misses: Sequence[Miss]) -> None:
    for miss in misses:
        console.print(f"gate: {miss}", style="red", markup=False)
    if not misses:
        console.print("gate: every threshold is reached", style="green")


def _describe(result: Result) -> dict[str, Any]:
    return {
        "runs": [{"folder": str(run.folder), **run.summary} for run in result.runs],
        "comparison": asdict(result.comparison) if result.comparison else None,
        "gate": None if result.misses is None else [asdict(miss) for miss in result.misses],
        "judge": result.judged,
    }
