"""Read what a run left behind: its configuration, one row a case, and its figures."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from eval.charts import Interval
from eval.errors import EvaluationError
from eval.rows import Row

ROWS = "rows.jsonl"
SUMMARY = "summary.json"
JUDGED = "judge.json"

_STEPS = ("1", "3", "5", "10")  # of the recall curve
_REMEDY = "run the evaluation again"


@dataclass(frozen=True, slots=True)
class Run:
    """A saved run."""

    folder: Path
    config: Mapping[str, Any]
    rows: tuple[Row, ...]
    summary: Mapping[str, Any]
    judged: Mapping[str, Any] = field(default_factory=dict)  # what a model said of its answers; empty without one

    @property
    def name(self) -> str:
        """What it is called: its folder's name."""
        return self.folder.name

    @property
    def system(self) -> str:
        """What was measured: huiwen or a baseline."""
        return str(self.summary.get("system", ""))

    @property
    def groups(self) -> tuple[str, ...]:
        """The types of its cases, worst first; of two as bad, the one with more cases."""
        kinds = self.summary["by_type"]
        shares = {kind: read_interval(figures.get("success")) for kind, figures in kinds.items()}
        return tuple(sorted(kinds, key=lambda kind: (_value(shares[kind]), -kinds[kind].get("n", 0), kind)))

    @property
    def failing(self) -> tuple[Row, ...]:
        """The cases that did not pass, those of the worst type first."""
        order = {kind: number for number, kind in enumerate(self.groups)}
        failed = [row for row in self.rows if not row.scores.success]
        return tuple(sorted(failed, key=lambda row: (order.get(row.type, len(order)), row.key)))

    @property
    def times(self) -> tuple[float, ...]:
        """Milliseconds of every case that was answered, fastest first."""
        return tuple(sorted(row.ms for row in self.rows if row.error is None))

    def figure(self, measure: str) -> Interval | None:
        """One measure over all cases; None where it was not measured."""
        return read_interval(self.summary["overall"].get(measure))

    def figure_by(self, group: str, value: str, measure: str = "success") -> Interval | None:
        """One measure over a type or a set: group is by_type or by_set."""
        return read_interval(self.summary.get(group, {}).get(value, {}).get(measure))

    @property
    def threshold(self) -> float | None:
        """The confidence that a basis needed, where this run knew: a service by its URL does not tell."""
        settings = {} if self.config.get("url") else self.config.get("settings", {})
        return settings.get("basis_threshold") if self.system == "huiwen" else None

    @property
    def scores_of_judge(self) -> dict[str, list[int]]:
        """The judge's scores by what it judged."""
        told = self.judged.get("verdicts", [])
        return {kind: [one["score"] for one in told if one["kind"] == kind] for kind in self.judged.get("means", {})}

    def verdicts_on(self, row: Row) -> list[Mapping[str, Any]]:
        """What the judge said of one answer."""
        return [one for one in self.judged.get("verdicts", []) if (one["set"], one["id"]) == row.key]

    def recall_curve(self) -> tuple[tuple[str, float], ...]:
        """Recall among the first 1, 3, 5 and 10, over the cases with something to find; empty where none was kept."""
        kept = [row.scores.recall_at for row in self.rows if row.scores.recall_at]
        return tuple((step, sum(one[step] for one in kept) / len(kept)) for step in _STEPS if kept)


def read_run(folder: Path) -> Run:
    """Read a run's folder.

    Raises:
        EvaluationError: a file is missing or malformed; names the file and the line.
    """
    config = folder / "config.json"
    return Run(
        folder,
        _read_object(config) if config.exists() else {},
        tuple(_read_rows(folder / ROWS)),
        _read_object(folder / SUMMARY),
        _read_object(folder / JUDGED) if (folder / JUDGED).exists() else {},
    )


def list_runs(folder: Path) -> dict[str, Path]:
    """The finished runs below a folder, latest first, by name."""
    finished = [file for file in folder.glob(f"*/{SUMMARY}") if (file.parent / ROWS).exists()]
    finished.sort(key=lambda file: file.stat().st_mtime, reverse=True)
    return {file.parent.name: file.parent for file in finished}


def read_interval(figure: Mapping[str, Any] | None) -> Interval | None:
    """A figure of summary.json; bounds that are missing are the value itself."""
    if not figure or figure.get("value") is None:
        return None
    value = float(figure["value"])
    low, high = figure.get("low"), figure.get("high")
    return Interval(value, value if low is None else float(low), value if high is None else float(high))


def _value(figure: Interval | None) -> float:
    return 2.0 if figure is None else figure.value  # types without a figure come last


def _read_object(file: Path) -> Mapping[str, Any]:
    try:
        value = json.loads(_read_text(file))
    except ValueError as error:
        raise EvaluationError(f"{file}: no JSON ({error}); {_REMEDY}") from error
    if not isinstance(value, dict):
        raise EvaluationError(f"{file}: no JSON object; {_REMEDY}")
    return value


def _read_rows(file: Path) -> Iterator[Row]:
    for number, line in enumerate(_read_text(file).split("\n"), 1):
        if line.strip():
            try:
                yield Row.model_validate_json(line)
            except ValidationError as error:
                problem = error.errors()[0]
                place = ".".join(map(str, problem["loc"]))
                raise EvaluationError(f"{file}:{number}: {place} {problem['msg']}; {_REMEDY}") from error


def _read_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{file}: cannot be read ({error}); {_REMEDY}") from error
