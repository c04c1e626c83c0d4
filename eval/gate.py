"""The gate: the thresholds of eval/gate.toml against the figures of a run."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.errors import EvaluationError
from eval.measures import BETTER, Better

GATE = Path(__file__).with_name("gate.toml")

Thresholds = Mapping[str, Mapping[str, float]]  # by set, by measure


@dataclass(frozen=True, slots=True)
class Miss:
    """A threshold that a run does not reach."""

    set: str
    measure: str
    value: float | None  # None where no case of the set has a part in the measure
    threshold: float
    better: Better

    def __str__(self) -> str:
        told = "is not measured" if self.value is None else f"is {self.value:g}"
        return (
            f"{self.set}: {self.measure} {told}, must be {'>=' if self.better == 'high' else '<='} {self.threshold:g}"
        )


def read_gate(path: Path = GATE) -> Thresholds:
    """Read the thresholds.

    Raises:
        EvaluationError: a measure is unknown or its threshold no number; names it.
    """
    try:
        sets = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise EvaluationError(f"{path}: {error}; mend the file") from error
    for name, measures in sets.items():
        for measure, threshold in measures.items():
            if measure not in BETTER:
                raise EvaluationError(f"{path}: [{name}] {measure}: no such measure; choose one of {', '.join(BETTER)}")
            if isinstance(threshold, bool) or not isinstance(threshold, int | float):
                raise EvaluationError(f"{path}: [{name}] {measure} = {threshold!r}: must be a number")
    return sets


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says of a run."""

    held: tuple[str, ...]  # the run's sets that have thresholds
    foreign: tuple[str, ...]  # those that have none
    left_out: tuple[str, ...]  # sets that have thresholds and that the run does not hold
    misses: tuple[Miss, ...]


def hold_to(summary: Mapping[str, Any], thresholds: Thresholds) -> Verdict:
    """Hold a run to the thresholds of its sets."""
    sets = summary.get("by_set", {})
    held = tuple(name for name in sets if name in thresholds)
    misses = (
        _check(name, measure, sets[name].get(measure), threshold)
        for name in held
        for measure, threshold in thresholds[name].items()
    )
    return Verdict(
        held=held,
        foreign=tuple(name for name in sets if name not in thresholds),
        left_out=tuple(name for name in thresholds if name not in sets),
        misses=tuple(miss for miss in misses if miss),
    )


def check_gate(summary: Mapping[str, Any], thresholds: Thresholds | None = None) -> list[Miss]:
    """The thresholds that a run misses, on the sets that it holds.

    Raises:
        EvaluationError: the run holds a set that has no thresholds.
    """
    verdict = hold_to(summary, read_gate() if thresholds is None else thresholds)
    if verdict.foreign:
        raise EvaluationError(
            f"{GATE}: has no thresholds for the set {', '.join(verdict.foreign)}; add them, or leave --gate out"
        )
    return list(verdict.misses)


def _check(name: str, measure: str, figure: Mapping[str, float] | None, threshold: float) -> Miss | None:
    better = BETTER[measure]
    if figure is None:
        return Miss(name, measure, None, threshold, better)
    value = figure["value"]
    reached = value >= threshold if better == "high" else value <= threshold
    return None if reached else Miss(name, measure, value, threshold, better)
