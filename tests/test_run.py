from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from eval.cases import Case, CaseError, write_cases
from eval.errors import EvaluationError
from eval.outcome import Outcome
from eval.run import run
from eval.saved import read_run
from eval.sets import check_sets, read_sets
from ingest.settings import Settings
from tests.corpus_fixture import Corpus
from tests.fakes_systems import FakeSystem, make_case, make_outcome, make_set


def test_a_run_keeps_configuration_rows_and_summary(tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    folder = run(
        [make_set(3), make_set(2, "hard")], FakeSystem(), Settings(), tmp_path, "first",
        progress=lambda done, total: steps.append((done, total)),
    )  # fmt: skip
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    assert (config["name"], config["system"], config["encoder"]) == ("first", "huiwen", "fake")
    assert config["corpus"] == "corpus-digest"
    assert config["cases"] == {"core": "digest of 3", "hard": "digest of 2"}
    assert config["settings"]["results"] == Settings().results
    found = read_run(folder)
    assert [row.key for row in found.rows] == [
        *(("core", f"t-{n}") for n in range(3)),
        ("hard", "t-0"),
        ("hard", "t-1"),
    ]
    assert found.summary["overall"]["success"]["value"] == 1
    assert steps == [(done, 5) for done in range(6)]


def test_a_row_shows_what_was_found_and_what_became_of_it(tmp_path: Path) -> None:
    row = read_run(run([make_set(1)], FakeSystem(), Settings(), tmp_path, "first")).rows[0]
    assert row.considered is not None
    assert [(one.outcome, one.gold) for one in row.considered] == [("cited", True), ("cited", False)]
    assert row.considered[0].path[-1] == "15"
    assert row.citations[0].quote in row.citations[0].text
    assert row.case["question"] == make_case().question


def test_questions_are_asked_at_the_same_time(tmp_path: Path) -> None:
    both = threading.Barrier(2, timeout=60)

    def answer(case: Case) -> Outcome:
        both.wait()
        return make_outcome()

    run([make_set(4)], FakeSystem(answer), Settings(), tmp_path, "first", workers=2)
    assert not both.broken


def test_an_interrupted_run_is_taken_up(tmp_path: Path) -> None:
    class Interrupted(FakeSystem):
        def answer(self, case: Case) -> Outcome:
            if len(self.asked) == 3:
                raise KeyboardInterrupt
            return super().answer(case)

    with pytest.raises(KeyboardInterrupt):
        run([make_set(8)], Interrupted(), Settings(), tmp_path, "first", workers=1)
    rows = tmp_path / "first" / "rows.jsonl"
    kept = len(rows.read_text(encoding="utf-8").splitlines())
    assert 0 < kept < 8
    with rows.open("a", encoding="utf-8") as file:
        file.write('{"id": "t-7", "cut off')
    again = FakeSystem()
    folder = run([make_set(8)], again, Settings(), tmp_path, "first")
    assert len(again.asked) == 8 - kept
    assert [row.id for row in read_run(folder).rows] == [f"t-{n}" for n in range(8)]


def test_a_failing_system_fails_its_cases_and_is_asked_again(tmp_path: Path) -> None:
    def fail(case: Case) -> Outcome:
        if case.id == "t-1":
            raise ZeroDivisionError("by zero")
        return make_outcome()

    found = read_run(run([make_set(3)], FakeSystem(fail), Settings(), tmp_path, "first"))
    assert [row.error for row in found.rows] == [None, "ZeroDivisionError: by zero", None]
    assert found.summary["overall"]["errors"]["value"] == pytest.approx(1 / 3, abs=1e-4)
    (found.folder / "summary.json").unlink()
    again = FakeSystem()
    assert all(row.error is None for row in read_run(run([make_set(3)], again, Settings(), tmp_path, "first")).rows)
    assert again.asked == ["t-1"]


def test_a_name_is_used_once(tmp_path: Path) -> None:
    folder = run([make_set(1)], FakeSystem(), Settings(), tmp_path, "first")
    with pytest.raises(EvaluationError, match="is finished"):
        run([make_set(1)], FakeSystem(), Settings(), tmp_path, "first")
    (folder / "summary.json").unlink()
    with pytest.raises(EvaluationError, match="another encoder, cases"):
        run([make_set(2)], FakeSystem(encoder="other"), Settings(), tmp_path, "first")


@pytest.mark.parametrize("name", ["", "../first", "a/b", ".hidden", "x" * 61])
def test_a_name_is_a_folder_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(EvaluationError, match="--name"):
        run([make_set(1)], FakeSystem(), Settings(), tmp_path / "runs", name)
    assert not (tmp_path / "runs").exists()


def test_sets_are_read_with_their_digests(tmp_path: Path) -> None:
    write_cases(tmp_path / "mine.jsonl", [make_case()])
    (one,) = read_sets([tmp_path / "mine.jsonl"])
    assert (one.name, len(one.digest), one.cases) == ("mine", 64, (make_case(),))
    (tmp_path / "other").mkdir()
    write_cases(tmp_path / "other" / "mine.xlsx", [make_case()])
    with pytest.raises(EvaluationError, match="two files are named mine"):
        read_sets([tmp_path / "mine.jsonl", tmp_path / "other" / "mine.xlsx"])
    with pytest.raises(CaseError, match="cannot be read"):
        read_sets([tmp_path / "none.jsonl"])


def test_evidence_is_held_against_the_corpus(corpus: Corpus, tmp_path: Path) -> None:
    write_cases(tmp_path / "mine.jsonl", [make_case()])
    with pytest.raises(CaseError, match="t-1: evidence"):
        check_sets(read_sets([tmp_path / "mine.jsonl"]), corpus.settings)
    with pytest.raises(EvaluationError, match="huiwen ingest"):
        check_sets([], Settings(index=tmp_path / "none"))
