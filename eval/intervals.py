"""Bootstrap confidence intervals (Efron 1979), by the percentile method.

Cases are drawn with replacement, as many as there are, and the measure is taken again on each draw; the middle 95% of
what comes is the interval. The draws are seeded: the same rows give the same interval.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_DRAWS = 1000
_BOUNDS = (2.5, 97.5)  # percentiles
_SEED = 20231101

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 95% interval."""

    value: float
    low: float
    high: float


def estimate_ratio(above: Floats, below: Floats) -> Estimate:
    """The sum of one number a case over the sum of another: a mean, a share, a precision, an F1.

    Draws in which nothing stands below the line say nothing and are left out.
    """
    counts = _draw(len(above))
    tops, bottoms = counts @ above, counts @ below
    ratios = tops[bottoms > 0] / bottoms[bottoms > 0]
    return _estimate(float(above.sum() / below.sum()), ratios)


def estimate_percentile(values: Floats, percentile: float) -> Estimate:
    """A percentile of one number a case."""
    draws = _generator().integers(0, len(values), size=(_DRAWS, len(values)))
    return _estimate(float(np.percentile(values, percentile)), np.percentile(values[draws], percentile, axis=1))


def estimate_whole(size: int, of: Callable[[Floats], Floats]) -> Estimate:
    """A measure that looks at all cases together.

    Args:
        size: how many cases there are.
        of: takes draws by cases, how often each case counts in each draw, and gives one value a draw.
    """
    return _estimate(float(of(np.ones((1, size)))[0]), of(_draw(size)))


def _estimate(value: float, drawn: Floats) -> Estimate:
    low, high = np.percentile(drawn, _BOUNDS)
    return Estimate(round(value, 4), round(float(low), 4), round(float(high), 4))


@lru_cache(maxsize=32)
def _draw(size: int) -> Floats:
    """How often each case comes in each draw; the same for all measures on these cases, so it is drawn once."""
    return _generator().multinomial(size, np.full(size, 1 / size), size=_DRAWS).astype(np.float64)


def _generator() -> np.random.Generator:
    return np.random.default_rng(_SEED)
