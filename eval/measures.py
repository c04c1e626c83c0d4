"""The measures of a run: what each counts, over which cases, and which way is better. eval/README.md defines them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from bot.contract import NoticeCode
from eval.intervals import Estimate, estimate_percentile, estimate_ratio
from eval.ranking import DEPTHS
from eval.rows import Row, Scores
from eval.selective import estimate_aurc, estimate_ece

Better = Literal["high", "low"]
Part = tuple[float, float]  # what one case adds above and below the line; (0, 0) where it has no part in the measure

_NO_PART: Part = (0.0, 0.0)
_NOTICE_CODES: tuple[str, ...] = get_args(NoticeCode)
_OF_TOPICS = ("success", "cite_recall", "facts", "recall_at_5")  # the measures taken for each topic


@dataclass(frozen=True, slots=True)
class Ratio:
    """A measure that is one sum over another."""

    name: str
    part: Callable[[Row], Part]
    better: Better = "high"


@dataclass(frozen=True, slots=True)
class Percentile:
    """A measure that is a percentile of one number a case."""

    name: str
    of: Callable[[Row], float | None]
    percentile: float
    better: Better = "low"


@dataclass(frozen=True, slots=True)
class Joint:
    """A measure that looks at all cases together."""

    name: str
    estimate: Callable[[Sequence[Row]], Estimate | None]
    better: Better = "low"


Measure = Ratio | Percentile | Joint


def summarise(name: str, system: str, rows: Sequence[Row]) -> dict[str, Any]:
    """All figures of a run, as summary.json holds them; a measure that no case has a part in is left out."""
    return {
        "name": name,
        "system": system,
        "n": len(rows),
        "overall": measure(rows),
        "by_type": _by(rows, lambda row: row.type),
        "by_set": _by(rows, lambda row: row.set),
        "by_topic": _by([row for row in rows if row.topic], lambda row: row.topic or "", _OF_TOPICS),
        "behaviour": count_behaviour(rows),
    }


def measure(rows: Sequence[Row], wanted: Sequence[str] | None = None) -> dict[str, Any]:
    """Every measure on these rows, or the wanted ones, each with its interval."""
    found = {one.name: _estimate(one, rows) for one in MEASURES if wanted is None or one.name in wanted}
    return {name: {"value": each.value, "low": each.low, "high": each.high} for name, each in found.items() if each}


def count_behaviour(rows: Iterable[Row]) -> dict[str, dict[str, int]]:
    """Expected behaviour by what was done."""
    matrix: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        matrix[row.expected][row.behaviour] += 1
    return {expected: dict(counts) for expected, counts in sorted(matrix.items())}


def _by(
    rows: Sequence[Row], key: Callable[[Row], str], wanted: Sequence[str] | None = None
) -> dict[str, dict[str, Any]]:
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return {name: {"n": len(group), **measure(group, wanted)} for name, group in sorted(groups.items())}


def _estimate(one: Measure, rows: Sequence[Row]) -> Estimate | None:
    match one:
        case Ratio():
            above, below = np.array([one.part(row) for row in rows], dtype=np.float64).T
            return estimate_ratio(above, below) if below.sum() else None
        case Percentile():
            values = [value for row in rows if (value := one.of(row)) is not None]
            return estimate_percentile(np.array(values, dtype=np.float64), one.percentile) if values else None
        case Joint():
            return one.estimate(rows)


def _mean(value: Callable[[Scores], float | bool | None]) -> Callable[[Row], Part]:
    """The mean over the cases that have the value."""

    def part(row: Row) -> Part:
        found = value(row.scores)
        return _NO_PART if found is None else (float(found), 1.0)

    return part


def _answers(value: Callable[[Scores], bool]) -> Callable[[Row], Part]:
    """The share of the answers given of which something holds."""
    return lambda row: (float(value(row.scores)), 1.0) if row.behaviour == "answer" else _NO_PART


def _to_answer(value: Callable[[Scores], bool]) -> Callable[[Row], Part]:
    """The share of the cases to be answered of which something holds."""
    return lambda row: (float(value(row.scores)), 1.0) if row.expected == "answer" else _NO_PART


def _quotes(row: Row) -> Part:
    return (float(row.scores.quotes_verified), 1.0) if row.citations else _NO_PART


def _recall_at(depth: int) -> Callable[[Row], Part]:
    return _mean(lambda scores: scores.recall_at[str(depth)] if scores.recall_at else None)


def _precision(is_wanted: Callable[[Row], bool], is_given: Callable[[Row], bool]) -> Callable[[Row], Part]:
    return lambda row: (float(is_wanted(row)), 1.0) if is_given(row) else _NO_PART


def _f1(is_wanted: Callable[[Row], bool], is_given: Callable[[Row], bool]) -> Callable[[Row], Part]:
    """F1 = 2 TP / (2 TP + FP + FN): each wanted or given case adds one below the line, one that is both adds two."""

    def part(row: Row) -> Part:
        wanted, given = is_wanted(row), is_given(row)
        return 2.0 * (wanted and given), float(wanted) + float(given)

    return part


def _decisions(name: str, behaviour: str) -> list[Measure]:
    def wanted(row: Row) -> bool:
        return row.expected == behaviour

    def given(row: Row) -> bool:
        return row.behaviour == behaviour

    return [
        Ratio(f"{name}_precision", _precision(wanted, given)),
        Ratio(f"{name}_recall", _precision(given, wanted)),
        Ratio(f"{name}_f1", _f1(wanted, given)),
    ]


def _notices(codes: Sequence[str], suffix: str = "") -> list[Measure]:
    """Precision over the notices of answers, recall over those that the cases ask for."""

    def precision(row: Row) -> Part:
        given = {notice.code for notice in row.notices} & set(codes) if row.behaviour == "answer" else set()
        right = len(given & set(row.case["flags"]))
        return float(right), float(right + len(set(row.scores.notices_extra) & set(codes)))

    def recall(row: Row) -> Part:
        wanted = set(row.case["flags"]) & set(codes)
        return float(len(wanted & {notice.code for notice in row.notices})), float(len(wanted))

    return [Ratio(f"notice_precision{suffix}", precision), Ratio(f"notice_recall{suffix}", recall)]


def _notices_of_each() -> list[Measure]:
    return _notices(_NOTICE_CODES) + [each for code in _NOTICE_CODES for each in _notices([code], f"_{code}")]


MEASURES: tuple[Measure, ...] = (
    Ratio("success", _mean(lambda scores: scores.success)),
    Ratio("behaviour", _mean(lambda scores: scores.behaviour)),
    Ratio("place", _mean(lambda scores: scores.place)),
    Ratio("facts", _mean(lambda scores: scores.facts)),
    Ratio("cite_recall", _mean(lambda scores: scores.cite_recall)),
    Ratio("cite_precision", _mean(lambda scores: scores.cite_precision)),
    Ratio("cite_first", _mean(lambda scores: scores.cite_first)),
    Ratio("quotes_verified", _quotes),
    Ratio("ungrounded", _answers(lambda scores: bool(scores.ungrounded)), "low"),
    Ratio("forbidden", _mean(lambda scores: scores.forbidden), "low"),
    Ratio("notices_missing", _to_answer(lambda scores: bool(scores.notices_missing)), "low"),
    Ratio("notices_extra", _answers(lambda scores: bool(scores.notices_extra)), "low"),
    *_notices_of_each(),
    *_decisions("abstain", "abstain"),
    *_decisions("refuse", "refuse"),
    *(Ratio(f"recall_at_{depth}", _recall_at(depth)) for depth in DEPTHS),
    Ratio("mrr", _mean(lambda scores: scores.rr)),
    Ratio("ndcg_at_10", _mean(lambda scores: scores.ndcg_at_10)),
    Joint("aurc", estimate_aurc),
    Joint("ece", estimate_ece),
    Percentile("chars", lambda row: float(row.scores.chars) if row.behaviour == "answer" else None, 50),
    Percentile("latency_p50", lambda row: None if row.error else row.ms, 50),
    Percentile("latency_p95", lambda row: None if row.error else row.ms, 95),
    Ratio("errors", lambda row: (float(row.error is not None), 1.0), "low"),
)
BETTER: dict[str, Better] = {one.name: one.better for one in MEASURES}
