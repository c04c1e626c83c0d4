"""Compare two runs case by case, with paired tests.

Success is yes or no: McNemar's test (1947), in its exact form, a binomial test on the cases of which one run passes
and the other does not. Means: the interval of the mean difference a case, by bootstrap over the cases.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from eval.intervals import estimate_ratio
from eval.rows import Row, Scores
from eval.saved import Run

_ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class SuccessTest:
    """Success of the same cases in both runs."""

    before: float
    after: float
    better: int  # cases that only the later run passes
    worse: int  # cases that only the earlier run passes
    p: float  # how likely so uneven a split is by chance

    @property
    def significant(self) -> bool:
        """Whether chance is no good explanation."""
        return self.p < _ALPHA


@dataclass(frozen=True, slots=True)
class Difference:
    """A mean over the same cases in both runs."""

    measure: str
    n: int  # cases that have it in both runs
    before: float
    after: float
    change: float
    low: float  # of the change's 95% interval
    high: float

    @property
    def significant(self) -> bool:
        """Whether no change at all lies outside the interval."""
        return not self.low <= 0 <= self.high


@dataclass(frozen=True, slots=True)
class Change:
    """A case of which one run passes and the other does not."""

    id: str
    set: str
    type: str
    question: str
    why: str | None  # the reason of the run that fails it


@dataclass(frozen=True, slots=True)
class Comparison:
    """An earlier and a later run on the cases that both have, unchanged."""

    before: str
    after: str
    n: int
    left_out: int  # cases that one run lacks, or that were edited between the two
    success: SuccessTest
    differences: tuple[Difference, ...]
    better: tuple[Change, ...]
    worse: tuple[Change, ...]


def compare(before: Run, after: Run) -> Comparison:
    """Set a later run against an earlier one."""
    earlier, later = _by_key(before), _by_key(after)
    shared = [key for key in later if key in earlier and later[key].case == earlier[key].case]
    pairs = [(earlier[key], later[key]) for key in shared]
    differences = (_difference(name, of, pairs) for name, of in _MEANS.items())
    return Comparison(
        before=before.name,
        after=after.name,
        n=len(pairs),
        left_out=len(earlier.keys() | later.keys()) - len(pairs),
        success=_test_success(pairs),
        differences=tuple(one for one in differences if one),
        better=tuple(_change(new, old) for old, new in pairs if _passes(new) and not _passes(old)),
        worse=tuple(_change(new, new) for old, new in pairs if _passes(old) and not _passes(new)),
    )


Pairs = Sequence[tuple[Row, Row]]


def _test_success(pairs: Pairs) -> SuccessTest:
    from scipy.stats import binomtest  # on use: it takes half a second, which every command would wait for

    better = sum(_passes(new) and not _passes(old) for old, new in pairs)
    worse = sum(_passes(old) and not _passes(new) for old, new in pairs)
    p = float(binomtest(better, better + worse).pvalue) if better + worse else 1.0
    before, after = ([_passes(row) for row in side] for side in zip(*pairs, strict=True)) if pairs else ([], [])
    return SuccessTest(_mean(before), _mean(after), better, worse, p)


def _difference(name: str, of: Callable[[Row], float | None], pairs: Pairs) -> Difference | None:
    values = [(old, new) for pair in pairs if (old := of(pair[0])) is not None and (new := of(pair[1])) is not None]
    if not values:
        return None
    before, after = np.array(values, dtype=np.float64).T
    change = estimate_ratio(after - before, np.ones(len(values)))
    means = round(float(before.mean()), 4), round(float(after.mean()), 4)
    return Difference(name, len(values), *means, change.value, change.low, change.high)


def _recall_at_5(row: Row) -> float | None:
    recall = row.scores.recall_at
    return recall["5"] if recall else None


def _score(of: Callable[[Scores], float | None]) -> Callable[[Row], float | None]:
    return lambda row: of(row.scores)


_MEANS: dict[str, Callable[[Row], float | None]] = {
    "place": _score(lambda scores: scores.place),
    "facts": _score(lambda scores: scores.facts),
    "cite_recall": _score(lambda scores: scores.cite_recall),
    "cite_precision": _score(lambda scores: scores.cite_precision),
    "recall_at_5": _recall_at_5,
    "mrr": _score(lambda scores: scores.rr),
    "ndcg_at_10": _score(lambda scores: scores.ndcg_at_10),
    "chars": _score(lambda scores: scores.chars),
    "latency": lambda row: None if row.error else row.ms,
}


def _by_key(run: Run) -> dict[tuple[str, str], Row]:
    return {row.key: row for row in run.rows}


def _passes(row: Row) -> bool:
    return row.scores.success


def _mean(values: Sequence[bool]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0


def _change(row: Row, failing: Row) -> Change:
    return Change(row.id, row.set, row.type, str(row.case["question"]), failing.why)
