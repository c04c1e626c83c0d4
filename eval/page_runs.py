"""The second tab of the evaluators' page: choose sets, take them along as workbooks, run them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any, Protocol

import gradio as gr

from eval.cases import make_case_sheet, read_cases
from eval.page_results import ResultsTab
from eval.page_tools import tell
from eval.saved import list_runs
from ingest.errors import HuiwenError

SUFFIXES = (".jsonl", ".xlsx")  # of sets that evaluators upload

_NAME = re.compile(r"(?!\.)[\w.\-]{1,60}")
_PROGRESS = gr.Progress()


class Runner(Protocol):
    """What runs a question set."""

    def run(self, cases: Sequence[Path], name: str, progress: Callable[[int, int], None]) -> Path:
        """Run the cases of these files, telling how many of how many are done, and return the run's folder.

        Raises:
            HuiwenError: a file is malformed, or the run cannot be made as asked.
        """
        ...


class RunTab:
    """What the tab does."""

    def __init__(self, runner: Runner, cases_folder: Path, drafts: Path, results: ResultsTab) -> None:
        self.runner = runner
        self.cases_folder = cases_folder
        self.drafts = drafts
        self.results = results
        self.words = results.words

    def sets(self) -> list[tuple[str, str]]:
        """The question sets that come with the project, and the drafts, as label and file name."""
        names = self.results.messages.sets
        return [
            (self.words.set_count.format(label=names.get(file.stem, file.stem), n=_count(file)), file.name)
            for file in self._files()
        ]

    def offer(self) -> Any:
        """An update of the list of sets: there may be more drafts than before."""
        return gr.update(choices=self.sets())

    def prepare(self, sets: list[str]) -> Any:
        """The chosen sets as workbooks, below names of their own: an edited set is another set."""
        try:
            books = [
                self.results.downloads.put(
                    self.words.book_name.format(name=file.stem), make_case_sheet(read_cases(file))
                )
                for file in self._chosen(sets)
            ]
        except HuiwenError:  # told when the set is run
            books = []
        return gr.update(value=books, visible=bool(books))

    def start(
        self, sets: list[str], upload: str | None, name: str, progress: gr.Progress = _PROGRESS
    ) -> tuple[str, Any, Any, Any]:
        """Run, then look at the result; updates of the status, the lists of runs and the tabs."""
        files = self._chosen(sets) + ([Path(upload)] if upload else [])
        name = name.strip() or datetime.now().strftime("%Y%m%d-%H%M%S")
        problem = self._check(files, name)
        if problem:
            return _stay(problem)
        try:
            folder = self.runner.run(
                files, name, lambda done, total: progress(done / (total or 1), self._tell_progress(done, total))
            )
        except HuiwenError as error:
            reason = str(error).replace(f"{Path(upload).parent}/", "") if upload else str(error)
            return _stay(self.words.failed.format(reason=reason))
        finished = f'<p class="note">{escape(self.words.finished.format(name=folder.name))}</p>'
        run, against = self.results.offer(folder.name, "")
        return finished, run, against, gr.update(selected="results")

    def _files(self) -> list[Path]:
        return [*sorted(self.cases_folder.glob("*.jsonl")), *([self.drafts] if self.drafts.exists() else [])]

    def _chosen(self, sets: Sequence[str]) -> list[Path]:
        return [file for file in self._files() if file.name in sets]

    def _check(self, files: Sequence[Path], name: str) -> str | None:
        if not files:
            return self.words.no_cases
        if any(file.suffix.lower() not in SUFFIXES for file in files):
            return self.words.bad_file
        if name in list_runs(self.results.runs_folder):
            return self.words.name_taken.format(name=name)
        return None if _NAME.fullmatch(name) else self.words.bad_name

    def _tell_progress(self, done: int, total: int) -> str:
        return self.words.running.format(done=done, total=total)


def _stay(sentence: str) -> tuple[str, Any, Any, Any]:
    return tell(sentence), gr.skip(), gr.skip(), gr.skip()


def _count(file: Path) -> int:
    return sum(1 for line in file.read_text(encoding="utf-8").split("\n") if line.strip())
