"""Huiwen passes its gate on the core set; a planted fault of each class does not. `make gate` runs every set."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.cases import Case
from eval.cli import CASES
from eval.errors import EvaluationError
from eval.gate import check_gate, hold_to, read_gate
from eval.measures import summarise
from eval.outcome import Description, Outcome, System
from eval.run import ask, make_row, run
from eval.saved import Run, read_run
from eval.sets import CaseSet, check_sets, read_sets
from eval.systems import InProcess
from tests.corpus_fixture import PLACES, Corpus


class Remembering:
    """Huiwen in this process; what it was asked once, it answers from memory."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._known: dict[Case, Outcome] = {}

    @property
    def description(self) -> Description:
        """Huiwen's."""
        return self._system.description

    def answer(self, case: Case) -> Outcome:
        """Answer one case."""
        if case not in self._known:
            self._known[case] = ask(self._system, case)
        return self._known[case]


class LetsWrongPlacesThrough:
    """Answers one question in ten as if it had come from elsewhere."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._asked = 0

    def answer(self, case: Case) -> Outcome:
        """Answer one case."""
        self._asked += 1
        if case.jurisdiction not in PLACES or self._asked % 10:
            return self._system.answer(case)
        elsewhere = PLACES[PLACES.index(case.jurisdiction) - 1]
        return self._system.answer(case.model_copy(update={"jurisdiction": elsewhere}))


class ChangesNumbers:
    """Writes another digit into every amount."""

    def __init__(self, system: System) -> None:
        self._system = system

    def answer(self, case: Case) -> Outcome:
        """Answer one case."""
        outcome = self._system.answer(case)
        return replace(outcome, answer=re.sub(r"(\d)(?=\d*(?:\.\d+)?(?:万?元|%))", _next_digit, outcome.answer))


class DropsNotices:
    """Leaves every warning out."""

    def __init__(self, system: System) -> None:
        self._system = system

    def answer(self, case: Case) -> Outcome:
        """Answer one case."""
        return replace(self._system.answer(case), notices=())


class AltersQuotes:
    """Turns 个 (a measure word) into 名 in every quote."""

    def __init__(self, system: System) -> None:
        self._system = system

    def answer(self, case: Case) -> Outcome:
        """Answer one case."""
        outcome = self._system.answer(case)
        altered = [one.model_copy(update={"quote": one.quote.replace("个", "名")}) for one in outcome.citations]
        return replace(outcome, citations=tuple(altered))


Faulty = LetsWrongPlacesThrough | ChangesNumbers | DropsNotices | AltersQuotes


@pytest.fixture(scope="module")
def sets(corpus: Corpus) -> list[CaseSet]:
    found = read_sets(sorted(CASES.glob("*.jsonl")))
    check_sets(found, corpus.settings)
    return [one for one in found if one.name == "core"]


@pytest.fixture(scope="module")
def huiwen(corpus: Corpus) -> Remembering:
    return Remembering(InProcess(corpus.huiwen))


@pytest.fixture(scope="module")
def finished(sets: list[CaseSet], huiwen: Remembering, corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return read_run(run(sets, huiwen, corpus.settings, tmp_path_factory.mktemp("runs"), "gate"))


def test_huiwen_passes_the_gate_on_the_core_set(finished: Run) -> None:
    assert [str(miss) for miss in check_gate(finished.summary)] == []
    assert set(finished.summary["by_set"]) == {"core"}


@pytest.mark.parametrize(
    ("fault", "measure"),
    [
        (LetsWrongPlacesThrough, "place"),
        (ChangesNumbers, "ungrounded"),
        (DropsNotices, "notice_recall"),
        (AltersQuotes, "quotes_verified"),
    ],
)
def test_a_planted_fault_is_caught(
    fault: Callable[[System], Faulty], measure: str, sets: list[CaseSet], huiwen: Remembering, finished: Run
) -> None:
    assert finished.rows  # what the faulty ones stand on is in memory
    faulty = fault(huiwen)
    for one in sets:
        rows = [make_row(one.name, case, faulty.answer(case), one.unjudged) for case in one.cases]
        missed = {miss.measure for miss in check_gate(summarise("faulty", "huiwen", rows))}
        assert measure in missed, one.name
        assert "success" in missed or measure in ("quotes_verified",), one.name


def summary_of(**figures: float) -> dict[str, Any]:
    return {"by_set": {"core": {"n": 1, **{name: {"value": value} for name, value in figures.items()}}}}


def test_more_or_less_is_better() -> None:
    gate = {"core": {"success": 0.9, "ungrounded": 0.01}}
    assert check_gate(summary_of(success=0.9, ungrounded=0.01), gate) == []
    missed = check_gate(summary_of(success=0.89, ungrounded=0.02), gate)
    assert [str(miss) for miss in missed] == [
        "core: success is 0.89, must be >= 0.9",
        "core: ungrounded is 0.02, must be <= 0.01",
    ]


def test_what_is_not_measured_is_missed() -> None:
    (miss,) = check_gate(summary_of(success=1), {"core": {"success": 0.9, "facts": 0.1}})
    assert str(miss) == "core: facts is not measured, must be >= 0.1"


def test_a_verdict_names_sets_without_thresholds_and_sets_that_were_not_run() -> None:
    summary = {"by_set": {"core": {"success": {"value": 0.8}}, "mine": {"success": {"value": 0.1}}}}
    verdict = hold_to(summary, {"core": {"success": 0.9}, "hard": {"success": 0.9}})
    assert (verdict.held, verdict.foreign, verdict.left_out) == (("core",), ("mine",), ("hard",))
    assert [(miss.set, miss.value) for miss in verdict.misses] == [("core", 0.8)]


def test_a_set_without_thresholds_is_told() -> None:
    with pytest.raises(EvaluationError, match="the set core"):
        check_gate(summary_of(success=1), {"hard": {}})


@pytest.mark.parametrize(
    ("text", "match"),
    [("[core]\nsucces = 1", "succes: no such measure"), ("[core]\nsuccess = true", "number"), ("[core", "gate.toml")],
)
def test_a_gate_that_cannot_hold_is_told(text: str, match: str, tmp_path: Path) -> None:
    (tmp_path / "gate.toml").write_text(text, encoding="utf-8")
    with pytest.raises(EvaluationError, match=match):
        read_gate(tmp_path / "gate.toml")


def _next_digit(match: re.Match[str]) -> str:
    return str((int(match[1]) + 3) % 10)
