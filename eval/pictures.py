"""The pictures of a report: bars by group, matrix, recall curve, latency, confidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from eval.charts import Interval, Series, draw_bars, draw_curve, draw_histogram
from eval.confidence_charts import draw_reliability, draw_risk
from eval.saved import Run
from eval.selective import bin_confidence, coverage_at, read_sureness, trace_risk
from eval.written import Cell, Writer
from prompts.eval_messages import EvalMessages

_BEHAVIOURS = ("answer", "abstain", "refuse")


@dataclass(frozen=True, slots=True)
class Bars:
    """The bars of one group of cases."""

    key: str
    label: str
    n: int
    figure: Cell
    chart: Markup
    bad: bool  # the whole interval lies below the overall success
    anchor: str | None  # where its failing cases stand; None where all passed


@dataclass(frozen=True, slots=True)
class Square:
    """A field of the matrix."""

    n: int
    share: float  # of its row
    right: bool


@dataclass(frozen=True, slots=True)
class Confidence:
    """How far confidence tells right from wrong, as two charts."""

    n: int
    risk: Markup
    reliability: Markup


class Pictures:
    """Draws runs, labelled in the words of `messages`."""

    def __init__(self, messages: EvalMessages, writer: Writer) -> None:
        self.messages = messages
        self._writer = writer

    def bars(self, run: Run, others: Sequence[Run], group: str, key: str) -> Bars:
        """Success of one group of cases; `group` is by_type or by_set."""
        success, overall = run.figure_by(group, key), run.figure("success")
        figure = success or Interval(0.0, 0.0, 0.0)
        names = self.messages.types if group == "by_type" else self.messages.sets
        label, cell = names.get(key, key), self._writer.cell("success", figure)
        bad = overall is not None and figure.high < overall.value
        beside = [other.figure_by(group, key) for other in others]
        failed = group == "by_type" and any(row.type == key for row in run.failing)
        return Bars(
            key, label, int(run.summary[group][key]["n"]), cell,
            draw_bars(figure, beside, f"{label} {cell.text} {cell.bounds}", bad), bad,
            anchor_of(run, key) if failed else None,
        )  # fmt: skip

    def curve(self, run: Run, others: Sequence[Run]) -> Markup:
        """Recall by depth; nothing where no ranking was kept."""
        words = self.messages.report
        series = [
            Series(one.name, tuple((words.steps.format(k=step), share) for step, share in one.recall_curve()))
            for one in (run, *others)
        ]
        return draw_curve(series, words.recall) if series[0].points else Markup()

    def histogram(self, run: Run) -> Markup:
        """Latency; nothing where no case was answered."""
        words, times = self.messages.report, run.times
        marked = {words.latency_median: "latency_p50", words.latency_p95: "latency_p95"}
        marks = [(label, figure.value) for label, name in marked.items() if (figure := run.figure(name))]
        return draw_histogram(times, words.latency, "ms", marks)

    def confidence(self, run: Run, others: Sequence[Run]) -> Confidence | None:
        """Risk and reliability; None where no confidence was told."""
        words, found = self.messages.report, read_sureness(run.rows)
        if not found:
            return None
        mark = None
        if run.threshold is not None:
            share = coverage_at(found, run.threshold)
            mark = (words.threshold.format(value=f"{run.threshold:g}", share=f"{share:.0%}"), share)
        beside = [trace_risk(other) if (other := read_sureness(one.rows)) else () for one in others]
        return Confidence(
            len(found),
            draw_risk([trace_risk(found), *beside], words.risk, mark),
            draw_reliability(bin_confidence(found), words.reliability),
        )


def count_squares(behaviour: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, Square]]:
    """Expected by actual; every behaviour that occurs on either side has a row and a column."""
    seen = dict.fromkeys([*_BEHAVIOURS, *behaviour, *(actual for row in behaviour.values() for actual in row)])
    return {
        expected: {
            actual: Square(row.get(actual, 0), row.get(actual, 0) / (sum(row.values()) or 1), expected == actual)
            for actual in seen
        }
        for expected in seen
        if (row := behaviour.get(expected, {}))
    }


def anchor_of(run: Run, key: str) -> str:
    """Where the cases of a type stand in the report."""
    return f"type-{run.groups.index(key) + 1}" if key in run.groups else "type-0"
