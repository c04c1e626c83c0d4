"""The evaluators' page: read runs, make one, turn answers that were of no use into draft cases. The tabs, wired."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from eval.gate import read_gate
from eval.page_feedback import STEP, Feedback, FeedbackTab
from eval.page_results import ResultsTab
from eval.page_runs import SUFFIXES, Runner, RunTab
from eval.page_tools import Downloads
from eval.report import ReportView
from prompts.eval_messages import EvalMessages, PageMessages
from prompts.messages import load_messages

CASES = Path(__file__).with_name("cases")
VIEWS_AT_ONCE = 8  # Gradio's own default is one at a time for all visitors together
FILES_KEPT = (3600, 86400)  # seconds: how often uploads and downloads are looked through, how old they may become

# A type's name in the chart asks for that type's cases. Plain #links would leave the page: Gradio sets a <base>.
FIGURES_SCRIPT = """
element.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-type]');
  if (!link) return;
  event.preventDefault();
  trigger('select', {type: link.dataset.type});
});
"""
DRAFT_SCRIPT = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-answer]');
  if (!button || button.disabled) return;
  button.disabled = true;
  trigger('select', {answer: button.dataset.answer});
});
"""
SCROLL_TO_CASES = "() => { document.getElementById('cases-title').scrollIntoView(); }"

_QUIET: dict[str, Any] = {
    "show_progress": "hidden", "api_visibility": "private",
    "concurrency_limit": VIEWS_AT_ONCE, "concurrency_id": "view",
}  # fmt: skip


def build_eval_page(
    runner: Runner, runs_folder: Path, feedback: Feedback, messages: EvalMessages, cases_folder: Path = CASES
) -> gr.Blocks:
    """The page, wired."""
    words, downloads = messages.page, Downloads()
    results = ResultsTab(runs_folder, ReportView(messages, load_messages(), read_gate()), downloads)
    running = RunTab(runner, cases_folder, feedback.drafts.file, results)
    useless = FeedbackTab(feedback, messages, downloads)
    page: gr.Blocks
    with gr.Blocks(title=words.title, analytics_enabled=False, delete_cache=FILES_KEPT) as page:
        gr.HTML(
            f"<h1>{escape(words.title)}</h1><p>{escape(words.subtitle)}</p>",
            elem_id="masthead",
            apply_default_css=False,
        )
        with gr.Tabs() as tabs:
            with gr.Tab(words.tab_results, id="results"):
                look = _lay_out_results(words)
            with gr.Tab(words.tab_run, id="run") as run_tab:
                start = _lay_out_run(running)
            with gr.Tab(words.tab_feedback, id="feedback") as feedback_tab:
                shown = _lay_out_feedback(words)
        _wire_results(page, results, look)
        _wire_run(running, results, run_tab, start, look, tabs)
        _wire_feedback(useless, feedback_tab, shown)
    return page


@dataclass(frozen=True, slots=True)
class _Results:
    run: gr.Dropdown
    against: gr.Dropdown
    figures: gr.HTML
    files: list[gr.DownloadButton]
    look: gr.Column
    which: gr.Dropdown
    kind: gr.Dropdown
    search: gr.Textbox
    cases: gr.HTML

    @property
    def shown(self) -> list[Any]:
        """What a choice of runs fills."""
        return [self.figures, *self.files, self.look, self.which, self.kind, self.cases]


@dataclass(frozen=True, slots=True)
class _Run:
    sets: gr.CheckboxGroup
    books: gr.File
    upload: gr.File
    name: gr.Textbox
    begin: gr.Button
    status: gr.HTML


@dataclass(frozen=True, slots=True)
class _Feedback:
    limit: gr.State
    count: gr.HTML
    files: list[gr.DownloadButton]
    answers: gr.HTML
    more: gr.Button

    @property
    def shown(self) -> list[Any]:
        """What the tab shows, in the order of `FeedbackTab.show`."""
        return [self.answers, self.more, self.count, *self.files]


def _lay_out_results(words: PageMessages) -> _Results:
    with gr.Row():
        run = gr.Dropdown([], label=words.run_label, elem_id="run")
        against = gr.Dropdown([(words.against_none, "")], value="", label=words.against_label, elem_id="against")
    figures = _html("figures", FIGURES_SCRIPT)
    with gr.Row():
        files = [
            _download(words.download_report, "download-report"),
            _download(words.download_sheet, "download-sheet"),
            _download(words.download_rows, "download-rows"),
        ]
    with gr.Column(visible=False, elem_id="look") as look:
        gr.HTML(f"<h2>{escape(words.cases_title)}</h2>", elem_id="cases-title", apply_default_css=False)
        with gr.Row():
            which = gr.Dropdown([], label=words.which_label, elem_id="which")
            kind = gr.Dropdown([(words.type_all, "")], value="", label=words.type_label, elem_id="type")
            search = gr.Textbox(label=words.search_label, placeholder=words.search_hint, elem_id="search")
        cases = _html("cases")
    return _Results(run, against, figures, files, look, which, kind, search, cases)


def _lay_out_run(tab: RunTab) -> _Run:
    words = tab.words
    sets = gr.CheckboxGroup(tab.sets(), label=words.sets_label, elem_id="sets")
    books = gr.File(
        label=words.books_label, file_count="multiple", interactive=False, visible=False, elem_id="books", height=120
    )
    upload = gr.File(label=words.upload_label, file_types=list(SUFFIXES), height=180, elem_id="upload")
    name = gr.Textbox(label=words.name_label, info=words.name_hint, max_length=60, elem_id="name")
    return _Run(sets, books, upload, name, gr.Button(words.start, variant="primary", elem_id="start"), _html("status"))


def _lay_out_feedback(words: PageMessages) -> _Feedback:
    limit, count = gr.State(STEP), _html("drafts")
    with gr.Row():
        files = [
            _download(words.download_drafts_sheet, "download-drafts-sheet"),
            _download(words.download_drafts, "download-drafts"),
        ]
    answers = _html("useless", DRAFT_SCRIPT)
    return _Feedback(limit, count, files, answers, gr.Button(words.feedback_more, visible=False, elem_id="more"))


def _wire_results(page: gr.Blocks, tab: ResultsTab, look: _Results) -> None:
    runs, conditions = [look.run, look.against], [look.run, look.against, look.which, look.kind, look.search]
    page.load(tab.open, None, runs, **_QUIET).then(tab.show, runs, look.shown, **_QUIET)
    gr.on([look.run.input, look.against.input], tab.show, runs, look.shown, **_QUIET)
    narrowed = [look.which.input, look.kind.input, look.search.submit, look.search.blur]
    gr.on(narrowed, tab.filter, conditions, look.cases, **_QUIET)
    touched = look.figures.select(tab.choose_type, None, [look.which, look.kind, look.search], **_QUIET)
    touched.then(tab.filter, conditions, look.cases, **_QUIET).then(None, None, None, js=SCROLL_TO_CASES)


def _wire_run(tab: RunTab, results: ResultsTab, own: gr.Tab, start: _Run, look: _Results, tabs: gr.Tabs) -> None:
    own.select(tab.offer, None, start.sets, **_QUIET)
    start.sets.input(tab.prepare, start.sets, start.books, trigger_mode="always_last", **_QUIET)
    runs = [look.run, look.against]
    ran = start.begin.click(
        tab.start, [start.sets, start.upload, start.name], [start.status, *runs, tabs],
        show_progress_on=start.status, concurrency_limit=1, concurrency_id="run", api_visibility="private",
    )  # fmt: skip
    ran.then(results.show, runs, look.shown, **_QUIET)


def _wire_feedback(tab: FeedbackTab, own: gr.Tab, shown: _Feedback) -> None:
    own.select(tab.show, shown.limit, shown.shown, **_QUIET)
    shown.more.click(tab.show_more, shown.limit, [shown.limit, *shown.shown], **_QUIET)
    shown.answers.select(tab.draft, shown.limit, shown.shown, **_QUIET)


def _download(label: str, name: str) -> gr.DownloadButton:
    return gr.DownloadButton(label, visible=False, size="md", elem_id=name)


def _html(name: str, script: str | None = None) -> gr.HTML:
    return gr.HTML("", elem_id=name, elem_classes="report", js_on_load=script, apply_default_css=False)
