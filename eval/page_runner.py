"""Runs question sets for the evaluators' page as `huiwen eval` does: checked, kept, with a report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.outcome import System
from eval.report import write_report
from eval.run import run
from eval.sets import check_sets, find_topics, read_sets
from ingest.settings import Settings


@dataclass(frozen=True, slots=True)
class SystemRunner:
    """Asks one system; in the service, the assistant that serves there."""

    system: System
    settings: Settings
    runs: Path

    def run(self, cases: Sequence[Path], name: str, progress: Callable[[int, int], None]) -> Path:
        """Run the cases of these files and return the run's folder.

        Raises:
            CaseError: a line of a file is wrong, or its evidence does not stand in the corpus.
            EvaluationError: two files have one name, or the run's name is taken.
        """
        sets = read_sets(cases)
        check_sets(sets, self.settings)
        topics = find_topics(sets, self.settings)
        folder = run(sets, self.system, self.settings, self.runs, name, topics=topics, progress=progress)
        write_report(folder)
        return folder
