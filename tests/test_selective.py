"""Risk, coverage and calibration, on cases small enough to be worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contract import AskedPlace
from eval.outcome import Outcome
from eval.rows import Row
from eval.run import make_row
from eval.selective import (
    Sureness,
    bin_confidence,
    coverage_at,
    estimate_aurc,
    estimate_ece,
    read_sureness,
    trace_risk,
)
from tests.fakes_systems import GRANT, POOL, make_abstention, make_case, make_outcome, retrieved

PLACE = AskedPlace(name="达拉特旗", code="150621", path=["达拉特旗"], source="request")


def row(confidence: float | None, right: bool = True, **fields: object) -> Row:
    """A case that was answered with a confidence, its first clause the right one or another."""
    found = (retrieved(GRANT, 0.9), retrieved(POOL, 0.4))[:: 1 if right else -1]
    outcome = {"considered": found, "confidence": confidence, "jurisdiction": PLACE}
    return make_row("core", make_case(), make_outcome(**outcome | fields))


def test_the_risk_is_traced_from_the_surest_case_on() -> None:
    found = [Sureness(0.9, True), Sureness(0.8, False), Sureness(0.8, True), Sureness(0.1, False)]
    assert [(share, round(risk, 4)) for share, risk in trace_risk(found)] == [(0.25, 0), (0.75, 0.3333), (1.0, 0.5)]
    assert coverage_at(found, 0.8) == 0.75


def test_the_area_is_the_mean_risk_over_the_thresholds_that_the_cases_set() -> None:
    area = estimate_aurc([row(0.9), row(0.8, False), row(0.8), row(0.1, False)])
    assert area is not None
    assert area.value == pytest.approx((0 + 1 / 3 + 1 / 3 + 0.5) / 4, abs=1e-4)
    assert 0 <= area.low <= area.value <= area.high <= 1


def test_confidence_that_tells_right_from_wrong_has_less_area() -> None:
    good = estimate_aurc([row(0.9), row(0.8), row(0.2, False), row(0.1, False)])
    bad = estimate_aurc([row(0.9, False), row(0.8, False), row(0.2), row(0.1)])
    assert good is not None
    assert bad is not None
    assert good.value < bad.value


def test_calibration_is_the_gap_of_each_bin_by_its_size() -> None:
    rows = [row(0.95), row(0.91), row(0.35), row(0.31, False)]
    error = estimate_ece(rows)
    assert error is not None
    assert error.value == pytest.approx((2 * abs(0.93 - 1) + 2 * abs(0.33 - 0.5)) / 4, abs=1e-4)
    assert [(one.n, round(one.confidence, 2), one.right) for one in bin_confidence(read_sureness(rows))] == [
        (2, 0.33, 0.5),
        (2, 0.93, 1.0),
    ]


def test_a_confidence_of_one_is_in_the_last_bin() -> None:
    assert [one.n for one in bin_confidence([Sureness(1.0, True), Sureness(0.95, True)])] == [2]


def test_only_cases_that_confidence_decides_count() -> None:
    refused = make_row("core", make_abstention(expect="refuse"), Outcome("refused", "不行。", confidence=0.5))
    rows = [row(0.5), row(None), row(0.5, jurisdiction=None), refused]
    assert read_sureness(rows) == [Sureness(0.5, True)]
    assert estimate_aurc(rows[1:]) is None
    assert estimate_ece(rows[1:]) is None


def test_a_case_to_abstain_from_is_never_right() -> None:
    fields = {"considered": (retrieved(GRANT, 0.9),), "confidence": 0.3, "jurisdiction": PLACE}
    assert read_sureness([make_row("core", make_abstention(), make_outcome(**fields))]) == [Sureness(0.3, False)]


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40))
def test_the_curve_ends_at_all_cases_with_the_share_of_the_wrong(pairs: list[tuple[float, bool]]) -> None:
    points = trace_risk([Sureness(*pair) for pair in pairs])
    assert points[-1] == pytest.approx((1.0, sum(not right for _, right in pairs) / len(pairs)))
    assert [share for share, _ in points] == sorted({share for share, _ in points})
    assert all(0 <= risk <= 1 for _, risk in points)
