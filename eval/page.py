"""The evaluators' page: run a question set, read the figures, open the cases that failed, set two runs side by side."""

from __future__ import annotations

import re
import shutil
import tempfile
import weakref
from collections.abc import Callable, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any, Protocol

import gradio as gr

from eval.compare import compare
from eval.report import REPORT, ReportView
from eval.rows import Row
from eval.saved import ROWS, Run, list_runs, read_run
from ingest.errors import HuiwenError
from prompts.eval_messages import EvalMessages
from prompts.messages import load_messages

CASES = Path(__file__).with_name("cases")
SUFFIXES = (".jsonl", ".xlsx")  # of sets that evaluators upload
CASES_SHOWN = 60  # at once; more would make the page slow
VIEWS_AT_ONCE = 8  # Gradio's own default is one at a time for all visitors together
FILES_KEPT = (3600, 86400)  # seconds: how often uploads and downloads are looked through, how old they may become

_NAME = re.compile(r"(?!\.)[\w.\-]{1,60}")
_PROGRESS = gr.Progress()

# A type's name in the chart asks for that type's cases. Plain #links would leave the page: Gradio sets a <base>.
FIGURES_SCRIPT = """
element.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-type]');
  if (!link) return;
  event.preventDefault();
  trigger('select', {type: link.dataset.type});
});
"""
SCROLL_TO_CASES = "() => { document.getElementById('cases-title').scrollIntoView(); }"


class Runner(Protocol):
    """What runs a question set."""

    def run(self, cases: Sequence[Path], name: str, progress: Callable[[int, int], None]) -> Path:
        """Run the cases of these files, telling how many of how many are done, and return the run's folder.

        Raises:
            HuiwenError: a file is malformed, or the run cannot be made as asked.
        """
        ...


class EvalPage:
    """What the page does; which run is looked at lives in the visitor's own components and is passed in."""

    def __init__(self, runner: Runner, runs_folder: Path, cases_folder: Path, messages: EvalMessages) -> None:
        self.runner = runner
        self.runs_folder = runs_folder
        self.cases_folder = cases_folder
        self.messages = messages
        self.words = messages.page
        self.view = ReportView(messages, load_messages())
        self.downloads = Path(tempfile.mkdtemp(prefix="huiwen-eval-"))  # Gradio hands out what the temp folder holds
        weakref.finalize(self, shutil.rmtree, self.downloads, ignore_errors=True)

    def sets(self) -> list[tuple[str, str]]:
        """The question sets that come with the project, as label and file name."""
        return [
            (self.words.set_count.format(label=self.messages.sets.get(file.stem, file.stem), n=_count(file)), file.name)
            for file in sorted(self.cases_folder.glob("*.jsonl"))
        ]

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

    def start(
        self, sets: list[str], upload: str | None, name: str, progress: gr.Progress = _PROGRESS
    ) -> tuple[str, Any, Any, Any]:
        """Run, then look at the result; updates of the status, the lists of runs and the tabs."""
        files = [file for file in sorted(self.cases_folder.glob("*.jsonl")) if file.name in sets]
        files += [Path(upload)] if upload else []
        name = name.strip() or datetime.now().strftime("%Y%m%d-%H%M%S")
        problem = self._check(files, name)
        if problem:
            return self._stay(problem)
        try:
            folder = self.runner.run(
                files, name, lambda done, total: progress(done / (total or 1), self._tell_progress(done, total))
            )
        except HuiwenError as error:
            reason = str(error).replace(f"{Path(upload).parent}/", "") if upload else str(error)
            return self._stay(self.words.failed.format(reason=reason))
        finished = f'<p class="note">{escape(self.words.finished.format(name=folder.name))}</p>'
        run, against = self.offer(folder.name, "")
        return finished, run, against, gr.update(selected="results")

    def show(self, chosen: str | None, against: str) -> list[Any]:
        """Figures, downloads, what can be chosen among the cases, and the cases that failed."""
        run, other, problem = self._read(chosen, against)
        if run is None:
            return [problem, *(gr.update(visible=False) for _ in range(3)), *(gr.update() for _ in range(2)), ""]
        others = [other] if other else []
        report, rows = self._prepare(run, others)
        return [
            problem or self.view.render_figures(run, others),
            gr.update(value=report, visible=True),
            gr.update(value=rows, visible=True),
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
            return None, None, _problem(self.words.no_runs, "note")
        for name in (chosen, against) if against else (chosen,):
            if name not in runs:
                return None, None, _problem(self.words.run_unknown.format(name=name))
            try:
                found.append(read_run(runs[name]))
            except HuiwenError as error:
                return None, None, _problem(self.words.run_broken.format(name=name, reason=error))
        return found[0], found[1] if against else None, ""

    def _prepare(self, run: Run, others: Sequence[Run]) -> tuple[str, str]:
        """The files to download, below names that say which run they are of."""
        report, rows = (self.downloads / f"{run.name}-{file}" for file in (REPORT, ROWS))
        report.write_text(self.view.render_report(run, others), encoding="utf-8")
        shutil.copyfile(run.folder / ROWS, rows)
        return str(report), str(rows)

    def _check(self, files: Sequence[Path], name: str) -> str | None:
        if not files:
            return self.words.no_cases
        if any(file.suffix.lower() not in SUFFIXES for file in files):
            return self.words.bad_file
        if name in list_runs(self.runs_folder):
            return self.words.name_taken.format(name=name)
        return None if _NAME.fullmatch(name) else self.words.bad_name

    def _stay(self, sentence: str) -> tuple[str, Any, Any, Any]:
        return _problem(sentence), gr.skip(), gr.skip(), gr.skip()

    def _tell_progress(self, done: int, total: int) -> str:
        return self.words.running.format(done=done, total=total)


def build_eval_page(runner: Runner, runs_folder: Path, messages: EvalMessages, cases_folder: Path = CASES) -> gr.Blocks:
    """The page, wired."""
    evaluation, words = EvalPage(runner, runs_folder, cases_folder, messages), messages.page
    page: gr.Blocks
    with gr.Blocks(title=words.title, analytics_enabled=False, delete_cache=FILES_KEPT) as page:
        gr.HTML(
            f"<h1>{escape(words.title)}</h1><p>{escape(words.subtitle)}</p>",
            elem_id="masthead",
            apply_default_css=False,
        )
        with gr.Tabs() as tabs:
            with gr.Tab(words.tab_results, id="results"):
                with gr.Row():
                    run = gr.Dropdown([], label=words.run_label, elem_id="run")
                    against = gr.Dropdown(
                        [(words.against_none, "")], value="", label=words.against_label, elem_id="against"
                    )
                figures = _html("figures", FIGURES_SCRIPT)
                with gr.Row():
                    report = gr.DownloadButton(
                        words.download_report, visible=False, size="md", elem_id="download-report"
                    )
                    rows = gr.DownloadButton(words.download_rows, visible=False, size="md", elem_id="download-rows")
                with gr.Column(visible=False, elem_id="look") as look:
                    gr.HTML(f"<h2>{escape(words.cases_title)}</h2>", elem_id="cases-title", apply_default_css=False)
                    with gr.Row():
                        which = gr.Dropdown([], label=words.which_label, elem_id="which")
                        kind = gr.Dropdown([(words.type_all, "")], value="", label=words.type_label, elem_id="type")
                        search = gr.Textbox(label=words.search_label, placeholder=words.search_hint, elem_id="search")
                    cases = _html("cases")
            with gr.Tab(words.tab_run, id="run"):
                sets = gr.CheckboxGroup(evaluation.sets(), label=words.sets_label, elem_id="sets")
                upload = gr.File(label=words.upload_label, file_types=list(SUFFIXES), height=180, elem_id="upload")
                name = gr.Textbox(label=words.name_label, info=words.name_hint, max_length=60, elem_id="name")
                begin = gr.Button(words.start, variant="primary", elem_id="start")
                status = _html("status")

        shown = [figures, report, rows, look, which, kind, cases]
        conditions = [run, against, which, kind, search]
        quiet: dict[str, Any] = {
            "show_progress": "hidden", "api_visibility": "private",
            "concurrency_limit": VIEWS_AT_ONCE, "concurrency_id": "view",
        }  # fmt: skip
        page.load(evaluation.open, None, [run, against], **quiet).then(evaluation.show, [run, against], shown, **quiet)
        gr.on([run.input, against.input], evaluation.show, [run, against], shown, **quiet)
        gr.on([which.input, kind.input, search.submit, search.blur], evaluation.filter, conditions, cases, **quiet)
        touched = figures.select(evaluation.choose_type, None, [which, kind, search], **quiet)
        touched.then(evaluation.filter, conditions, cases, **quiet).then(None, None, None, js=SCROLL_TO_CASES)
        ran = begin.click(
            evaluation.start, [sets, upload, name], [status, run, against, tabs],
            show_progress_on=status, concurrency_limit=1, concurrency_id="run", api_visibility="private",
        )  # fmt: skip
        ran.then(evaluation.show, [run, against], shown, **quiet)
    return page


def _html(name: str, script: str | None = None) -> gr.HTML:
    return gr.HTML("", elem_id=name, elem_classes="report", js_on_load=script, apply_default_css=False)


def _problem(sentence: str, kind: str = "problem") -> str:
    return f'<p class="{kind}" role="status">{escape(sentence)}</p>'


def _count(file: Path) -> int:
    return sum(1 for line in file.read_text(encoding="utf-8").split("\n") if line.strip())
