"""The page runs sets as the command does: checked against the corpus, kept, with a report."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.cases import CaseError, write_cases
from eval.errors import EvaluationError
from eval.page_runner import SystemRunner
from eval.saved import list_runs, read_run
from tests.corpus_fixture import Corpus
from tests.fakes_systems import FakeSystem, make_abstention, make_case


def test_a_run_is_kept_with_its_report(tmp_path: Path, corpus: Corpus) -> None:
    write_cases(tmp_path / "own.xlsx", [make_abstention(id=f"t-{number}") for number in range(3)])
    steps: list[tuple[int, int]] = []
    runner = SystemRunner(FakeSystem(), corpus.settings, tmp_path / "runs")
    folder = runner.run([tmp_path / "own.xlsx"], "first", lambda done, total: steps.append((done, total)))
    assert steps[-1] == (3, 3)
    assert list_runs(tmp_path / "runs") == {"first": folder}
    assert read_run(folder).summary["by_topic"] == {}  # nothing to cite, no topic
    assert "评测报告 · first" in (folder / "report.html").read_text(encoding="utf-8")


def test_what_cannot_be_right_is_not_run(tmp_path: Path, corpus: Corpus) -> None:
    runner = SystemRunner(FakeSystem(), corpus.settings, tmp_path / "runs")
    write_cases(tmp_path / "own.jsonl", [make_case(evidence=[{"doc": "dalate-2023", "quote": "这句话哪里也没有"}])])
    with pytest.raises(CaseError, match="这句话哪里也没有"):
        runner.run([tmp_path / "own.jsonl"], "first", lambda done, total: None)
    with pytest.raises(EvaluationError, match="two files are named own"):
        runner.run([tmp_path / "own.jsonl"] * 2, "first", lambda done, total: None)
    assert list_runs(tmp_path / "runs") == {}
