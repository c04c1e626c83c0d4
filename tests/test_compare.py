from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from scipy.stats import binomtest

from eval.cases import Case
from eval.compare import compare
from eval.outcome import Outcome
from eval.run import make_row
from eval.saved import Run
from tests.fakes_systems import make_case, make_outcome

WRONG = Outcome("no_basis", "没有查到。")


def make_run(name: str, cases: list[Case], passes: Callable[[int], bool]) -> Run:
    rows = [
        make_row("core", case, make_outcome(ms=20.0 if passes(n) else 10.0) if passes(n) else WRONG)
        for n, case in enumerate(cases)
    ]
    return Run(Path(name), {}, tuple(rows), {"system": "huiwen"})


CASES = [make_case(id=f"t-{number}") for number in range(40)]


def test_what_got_better_and_worse_is_listed_with_the_reason() -> None:
    found = compare(
        make_run("old", CASES, lambda n: n not in (1, 2)),
        make_run("new", CASES, lambda n: n not in (2, 3)),
    )
    assert (found.before, found.after, found.n, found.left_out) == ("old", "new", 40, 0)
    assert [change.id for change in found.better] == ["t-1"]
    assert [change.id for change in found.worse] == ["t-3"]
    assert found.better[0].why == found.worse[0].why == "应当作答，实际说没有依据"
    assert found.success.p == 1
    assert not found.success.significant


def test_mcnemar_is_exact() -> None:
    found = compare(make_run("old", CASES, lambda n: n >= 9 or n == 0), make_run("new", CASES, lambda n: n > 0))
    assert (found.success.better, found.success.worse) == (8, 1)
    assert found.success.p == pytest.approx(binomtest(8, 9).pvalue)
    assert found.success.p == pytest.approx(2 * (1 + 9) / 2**9)
    assert found.success.significant


def test_a_mean_that_changed_everywhere_is_told_with_its_interval() -> None:
    found = compare(make_run("old", CASES, lambda n: False), make_run("new", CASES, lambda n: True))
    facts = next(one for one in found.differences if one.measure == "facts")
    assert (facts.before, facts.after, facts.change, facts.low, facts.high) == (0, 1, 1, 1, 1)
    assert facts.significant
    assert facts.n == 40


def test_the_same_run_differs_in_nothing() -> None:
    run = make_run("same", CASES, lambda n: n % 3 == 0)
    found = compare(run, run)
    assert (found.better, found.worse, found.success.p) == ((), (), 1)
    assert not any(one.significant for one in found.differences)


def test_cases_that_changed_or_stand_alone_are_left_out() -> None:
    edited = [make_case(id="t-0", question="又问一遍？"), *CASES[1:30], make_case(id="new")]
    found = compare(make_run("old", CASES, lambda n: True), make_run("new", edited, lambda n: True))
    assert (found.n, found.left_out) == (29, 12)


def test_runs_without_a_common_case_compare_to_nothing() -> None:
    found = compare(make_run("old", CASES[:5], lambda n: True), make_run("new", CASES[5:], lambda n: True))
    assert (found.n, found.differences, found.success.p) == (0, (), 1)
