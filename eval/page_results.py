"""The first tab of the evaluators' page: read a run, open its cases, set it against another, take it along."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from eval.compare import compare
from eval.page_tools import Downloads, tell
from eval.report import REPORT, ReportView
from eval.rows import Row
from eval.rows_sheet import make_rows_sheet
from eval.saved import ROWS, Run, list_runs, read_run
from ingest.errors import HuiwenError

CASES_SHOWN = 60  # at once; more would make the page slow
_SHEET = "rows.xlsx"


class ResultsTab:
    """What the tab does; which run is looked at lives in the visitor's own components and is passed in."""

    def __init__(self, runs_folder: Path, view: ReportView, downloads: Downloads) -> None:
        self.runs_folder = runs_folder
        self.view = view
        self.messages = view.messages
        self.words = view.messages.page
        self.downloads = downloads

    def open(self, request: gr.Request) -> list[Any]:
        """The lists of runs, and the run to start with: the one in the page's address, else the latest."""
        query, runs = dict(request.query_params or {}), list(list_runs(self.runs_folder))
        chosen = query.get("run") if query.get("run") in runs else next(iter(runs), None)
        against = query.get("against") if query.get("against") in runs else ""
        return self.offer(chosen, against or "")

    def offer(self, chosen: str | None, against: str) -> list[Any]:
        """Updates of the two lists of runs."""
        runs = list(list_runs(self.runs_folder))
        others = [(self.words.against_none, ""), *((run, run) for run in runs)]
        return [gr.update(choices=runs, value=chosen), gr.update(choices=others, value=against)]

    def show(self, chosen: str | None, against: str) -> list[Any]:
        """Figures, downloads, what can be chosen among the cases, and the cases that failed."""
        run, other, problem = self._read(chosen, against)
        if run is None:
            return [problem, *(gr.update(visible=False) for _ in range(4)), *(gr.update() for _ in range(2)), ""]
        others = [other] if other else []
        return [
            self.view.render_figures(run, others),
            *(gr.update(value=file, visible=True) for file in self._prepare(run, others)),
            gr.update(visible=True),
            gr.update(choices=self._selections(bool(other)), value="failed"),
            gr.update(choices=self._types(run), value=""),
            self._cases(run, run.failing),
        ]

    def filter(self, chosen: str | None, against: str, which: str, kind: str, search: str) -> str:
        """The cases that the conditions leave."""
        run, other, problem = self._read(chosen, against)
        if run is None:
            return problem
        wanted = search.strip().lower()
        rows = [
            row
            for row in self._select(run, other, which)
            if kind in ("", row.type) and (wanted in row.id.lower() or wanted in str(row.case["question"]).lower())
        ]
        return self._cases(run, rows)

    def choose_type(self, event: gr.EventData) -> list[Any]:
        """The type whose name was touched in the chart, among the cases that failed."""
        return ["failed", event.type, ""]

    def _select(self, run: Run, other: Run | None, which: str) -> Sequence[Row]:
        if which == "all":
            return run.rows
        if which not in ("better", "worse") or other is None:
            return run.failing
        changes = compare(other, run)
        keys = {(change.set, change.id) for change in (changes.better if which == "better" else changes.worse)}
        return [row for row in run.rows if row.key in keys]

    def _cases(self, run: Run, rows: Sequence[Row]) -> str:
        order = {kind: number for number, kind in enumerate(run.groups)}
        shown = sorted(rows, key=lambda row: order[row.type])[:CASES_SHOWN]
        sentence = self.words.cases_all if len(shown) == len(rows) else self.words.cases_shown
        line = escape(sentence.format(n=len(rows), shown=len(shown)))
        return f'<p class="note count">{line}</p>{self.view.render_cases(run, shown, linked=True)}'

    def _selections(self, compared: bool) -> list[tuple[str, str]]:
        words = self.words
        changed = [(words.which_worse, "worse"), (words.which_better, "better")] if compared else []
        return [(words.which_failed, "failed"), *changed, (words.which_all, "all")]

    def _types(self, run: Run) -> list[tuple[str, str]]:
        return [(self.words.type_all, ""), *((self.messages.types.get(kind, kind), kind) for kind in run.groups)]

    def _read(self, chosen: str | None, against: str) -> tuple[Run | None, Run | None, str]:
        """The two runs, or a sentence why one cannot be shown. Names are looked up, never joined to a path."""
        runs, found = list_runs(self.runs_folder), []
        if not chosen:
            return None, None, tell(self.words.no_runs, "note")
        for name in (chosen, against) if against else (chosen,):
            if name not in runs:
                return None, None, tell(self.words.run_unknown.format(name=name))
            try:
                found.append(read_run(runs[name]))
            except HuiwenError as error:
                return None, None, tell(self.words.run_broken.format(name=name, reason=error))
        return found[0], found[1] if against else None, ""

    def _prepare(self, run: Run, others: Sequence[Run]) -> list[str]:
        """The files to download, below names that say which run they are of."""
        contents = {
            REPORT: self.view.render_report(run, others).encode(),
            _SHEET: make_rows_sheet(run.rows, self.messages),
            ROWS: (run.folder / ROWS).read_bytes(),
        }
        return [self.downloads.put(f"{run.name}-{name}", content) for name, content in contents.items()]
