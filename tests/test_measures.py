from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contract import NoticeOut
from eval.intervals import estimate_percentile, estimate_ratio
from eval.measures import BETTER, MEASURES, summarise
from eval.outcome import Outcome
from eval.rows import Row
from eval.run import make_row
from ingest.settings import ROOT
from prompts.eval_messages import load_eval_messages
from tests.fakes_systems import EXPIRED, make_abstention, make_case, make_outcome

ABSTAINED = Outcome("no_basis", "没有查到。", ms=5)
REFUSED = Outcome("refused", "不行。", ms=1)


def value(rows: list[Row], measure: str) -> float:
    return float(summarise("run", "huiwen", rows)["overall"][measure]["value"])


def test_decisions_are_counted_on_both_sides() -> None:
    rows = [
        make_row("core", make_abstention(id="1"), ABSTAINED),
        make_row("core", make_abstention(id="2"), make_outcome()),
        make_row("core", make_case(id="3"), ABSTAINED),
        make_row("core", make_case(id="4"), make_outcome()),
        make_row("core", make_abstention(id="5", expect="refuse"), REFUSED),
    ]
    assert (value(rows, "abstain_precision"), value(rows, "abstain_recall"), value(rows, "abstain_f1")) == (0.5,) * 3
    assert value(rows, "refuse_f1") == 1
    assert value(rows, "behaviour") == 0.6
    matrix = summarise("run", "huiwen", rows)["behaviour"]
    assert matrix == {
        "answer": {"abstain": 1, "answer": 1},
        "abstain": {"abstain": 1, "answer": 1},
        "refuse": {"refuse": 1},
    }


def test_notices_are_counted_for_each_code() -> None:
    rows = [
        make_row("core", make_case(id="1"), make_outcome()),
        make_row("core", make_case(id="2"), make_outcome(notices=())),
        make_row("core", make_case(id="3", flags=["draft"]), make_outcome()),
    ]
    assert value(rows, "notice_recall_expired") == 0.5
    assert value(rows, "notice_precision_expired") == 0.5
    assert value(rows, "notice_recall_draft") == 0
    assert value(rows, "notice_recall") == round(1 / 3, 4)
    assert value(rows, "notices_missing") == round(2 / 3, 4)
    assert "notice_precision_draft" not in summarise("run", "huiwen", rows)["overall"]


def test_not_yet_counts_where_its_set_states_it() -> None:
    not_yet = NoticeOut(code="not_yet", message="尚未生效。", citations=[1])
    early = make_outcome(notices=(EXPIRED, not_yet))
    silent = [make_row("core", make_case(), early, frozenset({"not_yet"}))]
    assert "notice_precision_not_yet" not in summarise("run", "huiwen", silent)["overall"]
    assert value(silent, "notice_precision") == 1
    stating = [
        make_row("hard", make_case(id="1", flags=["expired", "not_yet"]), early),
        make_row("hard", make_case(id="2", flags=["expired", "not_yet"]), make_outcome()),
        make_row("hard", make_case(id="3"), early),
    ]
    assert value(stating, "notice_recall_not_yet") == 0.5
    assert value(stating, "notice_precision_not_yet") == 0.5
    assert value(stating, "notice_precision") == 0.8
    assert value(stating, "notice_recall") == 0.8


def test_topics_have_a_few_figures_and_cases_without_one_none() -> None:
    rows = [
        make_row("core", make_case(id="1"), make_outcome()).model_copy(update={"topic": "个转企"}),
        make_row("core", make_abstention(id="2"), ABSTAINED),
    ]
    (topic,) = summarise("run", "huiwen", rows)["by_topic"].items()
    assert topic[0] == "个转企"
    assert set(topic[1]) == {"n", "success", "cite_recall", "facts", "recall_at_5"}


def test_figures_stand_by_type_and_by_set() -> None:
    rows = [
        make_row("core", make_case(id="1"), make_outcome()),
        make_row("hard", make_case(id="1", type="blank"), ABSTAINED),
    ]
    summary = summarise("run", "huiwen", rows)
    assert (summary["n"], summary["system"]) == (2, "huiwen")
    assert {kind: figures["success"]["value"] for kind, figures in summary["by_type"].items()} == {
        "amount": 1.0,
        "blank": 0.0,
    }
    assert summary["by_set"]["core"]["n"] == 1
    assert summary["by_set"]["hard"]["success"] == {"value": 0.0, "low": 0.0, "high": 0.0}


def test_latency_leaves_failed_calls_out() -> None:
    rows = [
        make_row("core", make_case(id=str(ms)), make_outcome(ms=float(ms), error="x" if ms > 90 else None))
        for ms in range(1, 101)
    ]
    assert value(rows, "latency_p50") == 45.5
    assert value(rows, "errors") == 0.1


def test_every_measure_is_told_in_the_readme() -> None:
    readme = (ROOT / "eval" / "README.md").read_text(encoding="utf-8")
    assert [one.name for one in MEASURES if f"`{one.name}`" not in readme and "notice_" not in one.name] == []


def test_the_labels_name_measures_that_exist() -> None:
    labels = load_eval_messages()
    assert set(labels.headline) <= set(BETTER)


@given(st.lists(st.booleans(), min_size=1, max_size=200))
def test_an_interval_holds_its_value(found: list[bool]) -> None:
    numbers = np.array(found, dtype=np.float64)
    estimate = estimate_ratio(numbers, np.ones(len(numbers)))
    assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1


def test_an_interval_is_as_wide_as_theory_says_and_the_same_each_time() -> None:
    numbers = np.array([1.0] * 70 + [0.0] * 30)
    estimate = estimate_ratio(numbers, np.ones(100))
    spread = 1.96 * math.sqrt(0.7 * 0.3 / 100)
    assert estimate.low == pytest.approx(0.7 - spread, abs=0.02)
    assert estimate.high == pytest.approx(0.7 + spread, abs=0.02)
    assert estimate == estimate_ratio(numbers, np.ones(100))


def test_a_percentile_has_an_interval() -> None:
    estimate = estimate_percentile(np.arange(1.0, 101.0), 50)
    assert estimate.value == 50.5
    assert estimate.low < 45
    assert estimate.high > 55
