"""How far the assistant's confidence tells right from wrong.

Two views of the same cases. Selective answering: how many answers are wrong among those given, for every share of the
questions that is answered when the surest go first. Calibration: whether what is held for likely is as often right.
Sources stand in eval/README.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from eval.intervals import Estimate, Floats, estimate_whole
from eval.rows import Row

BINS = 10  # of confidence, equally wide

_TO_DECIDE = ("answer", "abstain")  # what confidence decides between; refusals are decided before


@dataclass(frozen=True, slots=True)
class Sureness:
    """A case's confidence, and whether the clause that it is about is a right one."""

    confidence: float
    right: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """The cases of like confidence."""

    n: int
    confidence: float  # their mean
    right: float  # their share


def read_sureness(rows: Sequence[Row]) -> list[Sureness]:
    """The cases to answer or to abstain from, of a known place, that came so far as to be decided by confidence.

    Right is a case of which the first clause found holds a gold quote; a case to abstain from has none and never is.
    """
    return [
        Sureness(row.confidence, bool(row.considered and row.considered[0].gold))
        for row in rows
        if row.confidence is not None and row.jurisdiction is not None and row.expected in _TO_DECIDE
    ]


def trace_risk(found: Sequence[Sureness]) -> list[tuple[float, float]]:
    """Coverage and risk at every confidence that occurs, from the highest to the lowest."""
    members, losses = _by_level(found)
    covered, wrong = np.cumsum(members.sum(axis=0)), np.cumsum(losses @ members)
    return [(float(n) / len(found), float(bad / n)) for n, bad in zip(covered, wrong, strict=True)]


def coverage_at(found: Sequence[Sureness], threshold: float) -> float:
    """The share of the cases that are at least as sure."""
    return fmean(one.confidence >= threshold for one in found)


def bin_confidence(found: Sequence[Sureness]) -> list[Bin]:
    """The cases in bins by confidence; empty bins are left out."""
    groups = [[one for one in found if _bin(one) == number] for number in range(BINS)]
    return [
        Bin(len(group), fmean(one.confidence for one in group), fmean(one.right for one in group))
        for group in groups
        if group
    ]


def estimate_aurc(rows: Sequence[Row]) -> Estimate | None:
    """The area under the curve of risk over coverage: the mean risk over the thresholds that the cases set."""
    found = read_sureness(rows)
    if not found:
        return None
    members, losses = _by_level(found)

    def area(counts: Floats) -> Floats:
        weights = counts @ members
        covered, wrong = np.cumsum(weights, axis=1), np.cumsum((counts * losses) @ members, axis=1)
        risks = np.divide(wrong, covered, out=np.zeros_like(wrong), where=covered > 0)
        return np.asarray((weights * risks).sum(axis=1) / len(found))

    return estimate_whole(len(found), area)


def estimate_ece(rows: Sequence[Row]) -> Estimate | None:
    """The expected calibration error: how far mean confidence and share right lie apart in a bin, weighted by size."""
    found = read_sureness(rows)
    if not found:
        return None
    members = np.eye(BINS)[[_bin(one) for one in found]]
    gaps = np.array([one.confidence - one.right for one in found])
    return estimate_whole(len(found), lambda counts: np.abs((counts * gaps) @ members).sum(axis=1) / len(found))


def _by_level(found: Sequence[Sureness]) -> tuple[Floats, Floats]:
    """Which level of confidence each case is of, the highest first, as a matrix of ones; and which cases are wrong."""
    levels, level_of = np.unique([-one.confidence for one in found], return_inverse=True)
    return np.eye(len(levels))[level_of], np.array([float(not one.right) for one in found])


def _bin(one: Sureness) -> int:
    return min(int(one.confidence * BINS), BINS - 1)
