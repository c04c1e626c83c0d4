"""A run as a report: what the gate says, figures with their intervals, charts, other runs beside it, failing cases.

The report is one file that loads nothing; the evaluators' page shows the same parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from markupsafe import Markup

from bot.conversation import mark_quote, safe_url
from eval.charts import tone_of
from eval.compare import compare
from eval.gate import Thresholds, hold_to, read_gate
from eval.intervals import estimate_ratio
from eval.pictures import Pictures, anchor_of, count_squares
from eval.rows import Row
from eval.saved import Run, read_run
from eval.written import Cell, Writer
from prompts.eval_messages import EvalMessages, load_eval_messages
from prompts.messages import Messages, load_messages
from prompts.rendering import template_environment

STYLE = Path(__file__).with_name("static") / "report.css"
REPORT = "report.html"


@dataclass(frozen=True, slots=True)
class Group:
    """The shown cases of one type."""

    anchor: str
    label: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """The cases on one topic, with their figures in the order of `topic_measures`."""

    label: str
    n: int
    cells: Sequence[Cell]


class ReportView:
    """Turns runs into HTML; made once. All text is escaped."""

    def __init__(self, messages: EvalMessages, labels: Messages, thresholds: Thresholds) -> None:
        self.messages = messages
        self._thresholds = thresholds
        self._writer = Writer(messages)
        self._pictures = Pictures(messages, self._writer)
        self._environment = template_environment()
        self._environment.globals.update(
            words=messages.report,
            names=messages,
            labels=labels,
            mark_quote=mark_quote,
            safe_url=safe_url,
            tone_of=tone_of,
            writer=self._writer,
        )

    @classmethod
    def load(cls) -> ReportView:
        """With the texts and the gate as they stand in their files."""
        return cls(load_eval_messages(), load_messages(), read_gate())

    def render_report(self, run: Run, others: Sequence[Run] = ()) -> str:
        """The whole report, complete in itself."""
        style = Markup(STYLE.read_text(encoding="utf-8"))  # the project's own file
        figures, cases = self.render_figures(run, others), self.render_cases(run, run.failing)
        template = self._environment.get_template("report.html")
        return template.render(run=run, figures=figures, cases=cases, style=style, system=self.system_of(run))

    def render_figures(self, run: Run, others: Sequence[Run] = ()) -> Markup:
        """What the gate says, figures and charts, the other runs beside it, what changed against the first of them."""
        comparison, writer = compare(others[0], run) if others else None, self._writer
        return self._part(
            "figures",
            run=run,
            others=others,
            gate=hold_to(run.summary, self._thresholds),
            tiles=[line for name in self.messages.headline if (line := writer.line(name, run, others))],
            lines=[line for name in run.summary["overall"] if (line := writer.line(name, run, others))],
            types=[self._pictures.bars(run, others, "by_type", key) for key in run.groups],
            sets=[self._pictures.bars(run, others, "by_set", key) for key in run.summary.get("by_set", {})],
            topics=self._topics(run),
            matrix=count_squares(run.summary.get("behaviour", {})),
            curve=self._pictures.curve(run, others),
            histogram=self._pictures.histogram(run),
            confidence=self._pictures.confidence(run, others),
            judged=self._judged(run),
            comparison=comparison,
            differences=writer.differences(comparison) if comparison else (),
        )

    def render_cases(self, run: Run, rows: Sequence[Row], linked: bool = False) -> Markup:
        """Cases to be opened one by one, by type; `linked` where the documents' pages are on the same host."""
        kinds = dict.fromkeys([*run.groups, *(row.type for row in rows)])
        groups = [
            Group(anchor_of(run, kind), self.messages.types.get(kind, kind), shown)
            for kind in kinds
            if (shown := tuple(row for row in rows if row.type == kind))
        ]
        return self._part("cases", run=run, groups=groups, linked=linked)

    def system_of(self, run: Run) -> str:
        """The measured system's name for people."""
        return self.messages.systems.get(run.system, run.system)

    def _part(self, name: str, **values: object) -> Markup:
        parts = self._environment.get_template("report_parts.html").make_module()
        return Markup(getattr(parts, name)(**values))

    def _topics(self, run: Run) -> list[Topic]:
        """The topics, worst first; of two as bad, the one with more cases."""
        names, found = self.messages.topic_measures, run.summary.get("by_topic", {})
        told = {topic: [run.figure_by("by_topic", topic, name) for name in names] for topic in found}

        def order(topic: str) -> tuple[float, int, str]:
            success = told[topic][0]
            return success.value if success else 1.0, -found[topic]["n"], topic

        return [
            Topic(topic, found[topic]["n"], [self._writer.cell(*pair) for pair in zip(names, told[topic], strict=True)])
            for topic in sorted(told, key=order)
        ]

    def _judged(self, run: Run) -> list[tuple[str, int, Cell]]:
        """What a model scored, how many answers, and the mean with its interval."""
        means = []
        for kind, scores in run.scores_of_judge.items():
            if scores:
                mean = estimate_ratio(np.array(scores, dtype=np.float64), np.ones(len(scores)))
                cell = Cell(f"{mean.value:.2f}", f"[{mean.low:.2f}, {mean.high:.2f}]")
                means.append((self.messages.judged.get(kind, kind), len(scores), cell))
        return means


def write_report(folder: Path, others: Sequence[Path] = ()) -> Path:
    """Write report.html into a run's folder, with other runs beside it, and return its path.

    Raises:
        EvaluationError: a run's file is missing or malformed.
    """
    html = ReportView.load().render_report(read_run(folder), [read_run(other) for other in others])
    file = folder / REPORT
    file.write_text(html, encoding="utf-8")
    return file
