"""Recall, reciprocal rank and nDCG of one ranking, by ir-measures. The only module that knows that library.

An evaluator names gold quotes; a system ranks clauses or passages. An item of the ranking is relevant if it holds a
gold quote that no item before it holds; gold quotes that one item holds together count as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ir_measures
from ir_measures import RR, Qrel, R, ScoredDoc, nDCG

DEPTHS = (1, 3, 5, 10)
_QUERY = "case"  # each ranking is measured by itself


@dataclass(frozen=True, slots=True)
class RankScores:
    """How well one ranking finds its gold quotes."""

    recall_at: dict[str, float]  # by depth
    rr: float
    ndcg_at_10: float


def score_ranking(held: Sequence[frozenset[int]], gold: int) -> RankScores:
    """Measure a ranking.

    Args:
        held: for each item, best first, the numbers of the gold quotes in it.
        gold: how many gold quotes there are; at least one.
    """
    met: set[int] = set()
    run, qrels = [], []
    for position, numbers in enumerate(held):
        run.append(ScoredDoc(_QUERY, f"item {position}", -float(position)))
        if numbers - met:
            qrels.append(Qrel(_QUERY, f"item {position}", 1))
        met |= numbers
    qrels += [Qrel(_QUERY, f"gold {number}", 1) for number in range(gold) if number not in met]
    wanted = {**{str(depth): R @ depth for depth in DEPTHS}, "rr": RR, "ndcg": nDCG @ 10}
    found = ir_measures.calc_aggregate(list(wanted.values()), qrels, run) if run else {}
    values = {name: round(float(found.get(measure, 0.0)), 4) for name, measure in wanted.items()}
    return RankScores({str(depth): values[str(depth)] for depth in DEPTHS}, values["rr"], values["ndcg"])
