"""A run as a report: figures with their intervals, charts, other runs beside it, and every case that failed.

The report is one file that loads nothing; the evaluators' page shows the same parts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bot.conversation import mark_quote, safe_url
from eval.charts import Interval, Series, draw_bars, draw_curve, draw_histogram, tone_of
from eval.compare import Comparison, compare
from eval.measures import BETTER
from eval.rows import Row
from eval.saved import Run, read_run
from prompts.eval_messages import EvalMessages, load_eval_messages
from prompts.messages import Messages, load_messages

STYLE = Path(__file__).with_name("static") / "report.css"
REPORT = "report.html"

_BEHAVIOURS = ("answer", "abstain", "refuse")


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
class Group:
    """The shown cases of one type."""

    anchor: str
    label: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Square:
    """A field of the matrix."""

    n: int
    share: float  # of its row
    right: bool


class ReportView:
    """Turns runs into HTML; made once. All text is escaped."""

    def __init__(self, messages: EvalMessages, labels: Messages) -> None:
        self.messages = messages
        self._environment = Environment(
            loader=PackageLoader("prompts"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            words=messages.report,
            names=messages,
            labels=labels,
            mark_quote=mark_quote,
            safe_url=safe_url,
            tone_of=tone_of,
            plain=self._plain,
            label_of=self._label_of,
        )

    def render_report(self, run: Run, others: Sequence[Run] = ()) -> str:
        """The whole report, complete in itself."""
        style = Markup(STYLE.read_text(encoding="utf-8"))  # the project's own file
        figures, cases = self.render_figures(run, others), self.render_cases(run, run.failing)
        template = self._environment.get_template("report.html")
        return template.render(run=run, figures=figures, cases=cases, style=style, system=self.system_of(run))

    def render_figures(self, run: Run, others: Sequence[Run] = ()) -> Markup:
        """Headline, charts, the other runs beside it, and what changed case by case against the first of them."""
        comparison = compare(others[0], run) if others else None
        return self._part(
            "figures",
            run=run,
            others=others,
            tiles=[line for name in self.messages.headline if (line := self._line(name, run, others))],
            lines=[line for name in run.summary["overall"] if (line := self._line(name, run, others))],
            types=[self._bars(run, others, "by_type", key) for key in run.groups],
            sets=[self._bars(run, others, "by_set", key) for key in run.summary.get("by_set", {})],
            matrix=_matrix(run.summary.get("behaviour", {})),
            curve=self._curve(run, others),
            histogram=self._histogram(run),
            comparison=comparison,
            differences=self._differences(comparison) if comparison else (),
        )

    def render_cases(self, run: Run, rows: Sequence[Row], linked: bool = False) -> Markup:
        """Cases to be opened one by one, by type; `linked` where the documents' pages are on the same host."""
        kinds = dict.fromkeys([*run.groups, *(row.type for row in rows)])
        groups = [
            Group(_anchor(run, kind), self.messages.types.get(kind, kind), shown)
            for kind in kinds
            if (shown := tuple(row for row in rows if row.type == kind))
        ]
        return self._part("cases", groups=groups, linked=linked)

    def system_of(self, run: Run) -> str:
        """The measured system's name for people."""
        return self.messages.systems.get(run.system, run.system)

    def _part(self, name: str, **values: object) -> Markup:
        parts = self._environment.get_template("report_parts.html").make_module()
        return Markup(getattr(parts, name)(**values))

    def _line(self, name: str, run: Run, others: Sequence[Run]) -> Line | None:
        figure = run.figure(name)
        if figure is None:
            return None
        beside = (self._beside(name, figure, other.figure(name)) for other in others)
        return Line(self._label_of(name), (self._cell(name, figure), *beside))

    def _cell(self, name: str, figure: Interval) -> Cell:
        low, high = self._write(name, figure.low), self._write(name, figure.high)
        return Cell(self._write(name, figure.value), f"[{low}, {high}]" if low != high else "")

    def _beside(self, name: str, figure: Interval, other: Interval | None) -> Cell:
        """Another run's figure, with the ratio of the run itself to it."""
        if other is None:
            return Cell("—")
        cell = self._cell(name, other)
        ratio = f"×{figure.value / other.value:.2f}" if other.value else ""
        return Cell(cell.text, cell.bounds, ratio, self._verdict(name, figure.value - other.value))

    def _differences(self, comparison: Comparison) -> list[Line]:
        """Means over the same cases in both runs: before, after, and the change with its interval."""
        return [
            Line(
                self._label_of(one.measure),
                (
                    Cell(self._write(one.measure, one.before)),
                    Cell(self._write(one.measure, one.after)),
                    Cell(
                        self._write(one.measure, one.change, "+"),
                        f"[{self._write(one.measure, one.low, '+')}, {self._write(one.measure, one.high, '+')}]",
                        verdict=self._verdict(one.measure, one.change) if one.significant else "",
                    ),
                ),
            )
            for one in comparison.differences
        ]

    def _verdict(self, name: str, rise: float) -> str:
        ahead = 0.0 if name not in BETTER else rise if BETTER[name] == "high" else -rise
        return "better" if ahead > 0 else "worse" if ahead < 0 else ""

    def _write(self, name: str, value: float, sign: str = "") -> str:
        unit = self.messages.units.get(name)
        return f"{value:{sign}.0f} {unit}" if unit else f"{value:{sign}.1%}"

    def _bars(self, run: Run, others: Sequence[Run], group: str, key: str) -> Bars:
        success, overall = run.figure_by(group, key), run.figure("success")
        figure = success or Interval(0.0, 0.0, 0.0)
        names = self.messages.types if group == "by_type" else self.messages.sets
        label, cell = names.get(key, key), self._cell("success", figure)
        bad = overall is not None and figure.high < overall.value
        beside = [other.figure_by(group, key) for other in others]
        failed = group == "by_type" and any(row.type == key for row in run.failing)
        return Bars(
            key, label, int(run.summary[group][key]["n"]), cell,
            draw_bars(figure, beside, f"{label} {cell.text} {cell.bounds}", bad), bad,
            _anchor(run, key) if failed else None,
        )  # fmt: skip

    def _curve(self, run: Run, others: Sequence[Run]) -> Markup:
        words = self.messages.report
        series = [
            Series(one.name, tuple((words.steps.format(k=step), share) for step, share in one.recall_curve()))
            for one in (run, *others)
        ]
        return draw_curve(series, words.recall) if series[0].points else Markup()

    def _histogram(self, run: Run) -> Markup:
        words, times = self.messages.report, run.times
        marked = {words.latency_median: "latency_p50", words.latency_p95: "latency_p95"}
        marks = [(label, figure.value) for label, name in marked.items() if (figure := run.figure(name))]
        return draw_histogram(times, words.latency, "ms", marks)

    def _label_of(self, name: str) -> str:
        return self.messages.measures.get(name, name)

    def _plain(self, value: object) -> str:
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


def write_report(folder: Path, others: Sequence[Path] = ()) -> Path:
    """Write report.html into a run's folder, with other runs beside it, and return its path.

    Raises:
        EvaluationError: a run's file is missing or malformed.
    """
    view = ReportView(load_eval_messages(), load_messages())
    html = view.render_report(read_run(folder), [read_run(other) for other in others])
    file = folder / REPORT
    file.write_text(html, encoding="utf-8")
    return file


def _matrix(behaviour: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, Square]]:
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


def _anchor(run: Run, key: str) -> str:
    return f"type-{run.groups.index(key) + 1}" if key in run.groups else "type-0"
