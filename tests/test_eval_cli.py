from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from eval.cases import read_cases, write_cases
from eval.cli import CASES, app
from ingest.settings import ROOT
from tests.corpus_fixture import Corpus


@pytest.fixture(autouse=True)
def environment(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in corpus.environment().items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def core(tmp_path: Path) -> Path:
    """A few cases under the name of a set that the gate knows."""
    write_cases(tmp_path / "core.jsonl", read_cases(CASES / "core.jsonl")[::60])
    return tmp_path / "core.jsonl"


def evaluate(folder: Path, *options: str | Path) -> Result:
    return CliRunner().invoke(app, ["eval", "--runs", str(folder / "runs"), *map(str, options)])


def read_json(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_a_run_is_shown_and_kept(core: Path, tmp_path: Path) -> None:
    result = evaluate(tmp_path, "--cases", core, "--name", "first")
    assert result.exit_code == 0, result.output
    assert "success" in result.stdout
    assert {path.name for path in (tmp_path / "runs" / "first").iterdir()} >= {
        "config.json", "rows.jsonl", "summary.json", "report.html",
    }  # fmt: skip


def test_systems_stand_side_by_side(core: Path, tmp_path: Path) -> None:
    systems = ("huiwen", "langchain-usual", "bm25-words")
    result = evaluate(
        tmp_path, "--cases", core, "--name", "three", "--json", *(part for one in systems for part in ("--system", one))
    )
    runs = read_json(result)["runs"]
    assert [run["system"] for run in runs] == list(systems)
    assert [run["name"] for run in runs] == ["three", "three-langchain-usual", "three-bm25-words"]
    assert "bm25-words" in (tmp_path / "runs" / "three" / "report.html").read_text(encoding="utf-8")


def test_two_runs_are_compared(core: Path, tmp_path: Path) -> None:
    evaluate(tmp_path, "--cases", core, "--name", "before", "--system", "langchain-usual")
    told = evaluate(tmp_path, "--cases", core, "--name", "after", "--compare", "before")
    assert "against before, on 4 cases" in told.stdout
    found = read_json(evaluate(tmp_path, "--cases", core, "--name", "third", "--compare", "before", "--json"))
    assert found["comparison"]["before"] == "before"
    assert found["comparison"]["n"] == 4


def test_a_missed_gate_fails_and_is_named(core: Path, tmp_path: Path) -> None:
    result = evaluate(tmp_path, "--cases", core, "--system", "langchain-usual", "--gate")
    assert result.exit_code == 1
    assert "gate: core: success is" in result.stdout
    assert "quotes_verified" not in result.stdout.partition("gate:")[2]


def test_a_set_without_thresholds_cannot_pass(core: Path, tmp_path: Path) -> None:
    mine = core.rename(tmp_path / "mine.jsonl")
    result = evaluate(tmp_path, "--cases", mine, "--gate")
    assert result.exit_code == 1
    assert "no thresholds for the set mine" in result.stderr


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"id": 1}\n', encoding="utf-8")
    result = evaluate(tmp_path, "--cases", bad)
    assert result.exit_code == 1
    assert "line 1" in result.stderr
    assert not (tmp_path / "runs").exists()


def test_sets_become_a_workbook_and_come_back(core: Path, tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    assert evaluate(tmp_path, "--cases", core, "--xlsx-out", book).exit_code == 0
    assert load_workbook(book).worksheets[0].max_row == 5
    assert evaluate(tmp_path, "--xlsx-in", book).exit_code == 0
    assert read_cases(tmp_path / "book.jsonl") == read_cases(core)
    assert not (tmp_path / "runs").exists()


def test_a_service_out_of_reach_is_told(core: Path, tmp_path: Path) -> None:
    result = evaluate(tmp_path, "--cases", core, "--url", "http://127.0.0.1:9")
    assert result.exit_code == 1
    assert "start the service" in result.stderr


def test_python_m_eval_is_the_same_command() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "eval", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert "--gate" in told
    assert "--compare" in told
