"""Figures as people read them: a cell with its interval, a line of a table, a value of the configuration."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from eval.charts import Interval
from eval.compare import Comparison
from eval.measures import BETTER
from eval.saved import Run
from prompts.eval_messages import EvalMessages


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure as it is written."""

    text: str
    bounds: str = ""
    ratio: str = ""  # of the run itself to this one
    verdict: str = ""  # better or worse: how the run itself does against it


@dataclass(frozen=True, slots=True)
class Line:
    """One measure: its label and a cell for each run, the run itself first."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes figures in the words of `messages`."""

    messages: EvalMessages

    def label_of(self, name: str) -> str:
        """A measure's name for people."""
        return self.messages.measures.get(name, name)

    def write(self, name: str, value: float, sign: str = "") -> str:
        """A measure's value: a share in per cent, else a number with its unit."""
        unit = self.messages.units.get(name)
        return f"{value:{sign}.0f} {unit}" if unit else f"{value:{sign}.1%}"

    def cell(self, name: str, figure: Interval | None) -> Cell:
        """A figure with its interval; a dash for none."""
        if figure is None:
            return Cell("—")
        low, high = self.write(name, figure.low), self.write(name, figure.high)
        return Cell(self.write(name, figure.value), f"[{low}, {high}]" if low != high else "")

    def line(self, name: str, run: Run, others: Sequence[Run]) -> Line | None:
        """One measure of a run with that of the others beside it; None where the run does not have it."""
        figure = run.figure(name)
        if figure is None:
            return None
        beside = (self._beside(name, figure, other.figure(name)) for other in others)
        return Line(self.label_of(name), (self.cell(name, figure), *beside))

    def differences(self, comparison: Comparison) -> list[Line]:
        """Means over the same cases in both runs: before, after, and the change with its interval."""
        return [
            Line(
                self.label_of(one.measure),
                (
                    Cell(self.write(one.measure, one.before)),
                    Cell(self.write(one.measure, one.after)),
                    Cell(
                        self.write(one.measure, one.change, "+"),
                        f"[{self.write(one.measure, one.low, '+')}, {self.write(one.measure, one.high, '+')}]",
                        verdict=_verdict(one.measure, one.change) if one.significant else "",
                    ),
                ),
            )
            for one in comparison.differences
        ]

    def plain(self, value: object) -> str:
        """A value of the configuration or of the scores on one line."""
        match value:
            case bool():
                return self.messages.report.yes if value else self.messages.report.no
            case float():
                return f"{value:.3g}"
            case str():
                return value
            case list():
                return "、".join(self.messages.notices.get(str(one), str(one)) for one in value)
            case dict() if all(isinstance(one, float) for one in value.values()):
                return "，".join(f"{key}: {one:g}" for key, one in value.items())
            case _:
                return json.dumps(value, ensure_ascii=False)

    def _beside(self, name: str, figure: Interval, other: Interval | None) -> Cell:
        """Another run's figure, with the ratio of the run itself to it."""
        cell = self.cell(name, other)
        if other is None:
            return cell
        ratio = f"×{figure.value / other.value:.2f}" if other.value else ""
        return replace(cell, ratio=ratio, verdict=_verdict(name, figure.value - other.value))


def _verdict(name: str, rise: float) -> str:
    ahead = 0.0 if name not in BETTER else rise if BETTER[name] == "high" else -rise
    return "better" if ahead > 0 else "worse" if ahead < 0 else ""
