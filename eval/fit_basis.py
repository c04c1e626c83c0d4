"""Fit the model that tells whether there is a basis (bot/basis.py): `python -m eval.fit_basis`.

It learns from corpus/basis_questions.jsonl, each line a question, the place that it was asked in, whether a clause that
applies there covers it, and the words of that clause; and from the core questions. Half of the former are not covered,
of those that people ask far fewer: so scale and constant are then fitted to the core questions alone. The index must be
built (`huiwen ingest`). Printed are how well models do that were each fitted without the place that they are tried on,
with and without each signal; and the constants for bot/basis.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from bot.app import open_huiwen
from bot.basis import BasisSignals, read_signals
from bot.consider import best_anywhere, retrieve
from bot.resources import Resources
from bot.understand import understand
from eval.cases import read_cases
from ingest.settings import ROOT, read_settings

_QUESTIONS = ROOT / "corpus" / "basis_questions.jsonl"
_CORE = Path(__file__).with_name("cases") / "core.jsonl"
_NAMES = tuple(field.name for field in fields(BasisSignals))
_REFUSED = (0.02, 0.04, 0.06)  # shares of the covered questions that may be refused
_ANY_DAY = date(2025, 1, 1)  # whether a clause covers a question does not hang on the day

Matrix = NDArray[np.float64]


class Row(BaseModel):
    """One question as it was written."""

    model_config = ConfigDict(extra="forbid")

    question: str
    place: str
    covered: bool
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """Questions with a place."""

    signals: Matrix  # (questions, signals)
    covered: NDArray[np.bool_]  # (questions,)
    places: NDArray[np.str_]  # (questions,)


def main() -> None:
    """Measure, fit to everything, and print the constants."""
    resources = open_huiwen(read_settings()).resources()
    written = sample(read_rows(_QUESTIONS), resources)
    core = sample(core_rows(_CORE), resources)
    print(describe("all signals", cross_validate(written), written.covered))
    for number, name in enumerate(_NAMES):
        without = Sample(np.delete(written.signals, number, axis=1), written.covered, written.places)
        print(describe(f"without {name}", cross_validate(without), without.covered))
    signals = np.concatenate([written.signals, core.signals])
    weights, constant = fit(signals, np.concatenate([written.covered, core.covered]))
    scale, shift = fit((core.signals @ weights + constant)[:, None], core.covered)
    weights, constant = weights * scale[0], constant * scale[0] + shift
    print("_WEIGHTS =", tuple(round(float(weight), 2) for weight in weights), " _CONSTANT =", round(float(constant), 2))
    for name, one in (("written", written), ("core", core)):
        print(describe(name, _share(one.signals @ weights + constant), one.covered))


def read_rows(path: Path) -> list[Row]:
    """Read the questions; ValueError naming the line that is none."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            rows.append(Row.model_validate_json(line))
        except ValidationError as error:
            raise ValueError(f"{path}, line {number}: {error}") from error
    return rows


def core_rows(path: Path) -> list[Row]:
    """The cases of one place that are to be answered or abstained from, the first of a conversation each."""
    return [
        Row(question=case.question, place=case.jurisdiction, covered=case.expect == "answer")
        for case in read_cases(path)
        if case.jurisdiction and not case.history and case.expect in ("answer", "abstain")
    ]


def sample(rows: Sequence[Row], resources: Resources) -> Sample:
    """The signals of each question with the clause that is found for it; how many have none is printed."""
    read = [(signals, row.covered, row.place) for row in rows if (signals := _signals(row, resources))]
    if len(read) < len(rows):
        print(f"left out, since nothing at all is found for them: {len(rows) - len(read)} of {len(rows)} questions")
    signals, covered, places = zip(*read, strict=True)
    return Sample(np.array(signals), np.array(covered), np.array(places))


def fit(signals: Matrix, covered: NDArray[np.bool_]) -> tuple[NDArray[np.float64], float]:
    """The weights and the constant of the logistic model, for signals as they are."""
    scale = signals.std(axis=0)
    model = LogisticRegression(C=1.0).fit(signals / scale, covered)
    return model.coef_[0] / scale, float(model.intercept_[0])


def cross_validate(rows: Sample) -> NDArray[np.float64]:
    """Each question's score by a model that saw nothing of its place."""
    scores = np.zeros(len(rows.covered))
    for place in np.unique(rows.places):
        there = rows.places == place
        weights, constant = fit(rows.signals[~there], rows.covered[~there])
        scores[there] = _share(rows.signals[there] @ weights + constant)
    return scores


def describe(name: str, scores: NDArray[np.float64], covered: NDArray[np.bool_]) -> str:
    """One line: the area under the curve and, for some shares of refused covered questions, what gets through."""
    cells = []
    for share in _REFUSED:
        threshold = np.quantile(scores[covered], share)
        wrong = (scores[~covered] >= threshold).mean()
        cells.append(f"refused {share:.0%}: answered wrongly {wrong:.3f}, from {threshold:.3f}")
    return f"{name:24} AUC {roc_auc_score(covered, scores):.4f}  " + "  ".join(cells)


def _signals(row: Row, resources: Resources) -> tuple[float, ...] | None:
    place = resources.gazetteer.resolve(row.place)
    question = understand(row.question, place, (), _ANY_DAY, resources.gazetteer, resources.finder)
    text = question.whole
    found = retrieve(text, place.chain, resources.settings.results, question.aspects, resources)
    if not found:
        return None
    return astuple(read_signals(text, found[0], best_anywhere(text, resources), resources.finder))


def _share(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-log_odds))


if __name__ == "__main__":
    main()
