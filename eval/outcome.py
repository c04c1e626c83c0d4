"""What a system under evaluation takes and gives: the seam between the runner and whatever answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from bot.contract import AskedPlace, Citation, Considered, NoticeOut
from eval.cases import Case

# What a status means to an evaluator.
BEHAVIOURS = {
    "answered": "answer",
    "partial": "answer",
    "no_basis": "abstain",
    "out_of_scope": "refuse",
    "refused": "refuse",
}
ERROR = "error"  # the status of a case that got no answer at all


class Retrieved(Considered):
    """A clause or passage that was found, with what it says."""

    document_id: str
    path: list[str]
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one question."""

    status: str
    answer: str = ""
    citations: tuple[Citation, ...] = ()
    notices: tuple[NoticeOut, ...] = ()
    jurisdiction: AskedPlace | None = None
    considered: tuple[Retrieved, ...] | None = None  # best first; None where the system does not tell
    confidence: float | None = None  # that there is a basis, from 0 to 1; None where none was sought or none is told
    ms: float = 0.0
    error: str | None = None

    @property
    def behaviour(self) -> str:
        """answer, abstain, refuse, or error."""
        return BEHAVIOURS.get(self.status, ERROR)


@dataclass(frozen=True, slots=True)
class Description:
    """What a run's configuration says about its system."""

    system: str
    encoder: str | None  # name and digest
    corpus: str | None  # digest of what it answers from
    url: str | None = None  # of a service


class System(Protocol):
    """Something that answers questions."""

    @property
    def description(self) -> Description:
        """What it is."""
        ...

    def answer(self, case: Case) -> Outcome:
        """Answer one case's question; called from several threads at once."""
        ...


def rank(considered: Iterable[Retrieved], cited: Iterable[str]) -> tuple[Retrieved, ...]:
    """What was found as one ranking: cited clauses in the order of citing, then the rest by score, each once.

    A clause that several parts of a question found counts with its best score, and as cited if one of them cites it.
    """
    best: dict[str, Retrieved] = {}
    for one in sorted(considered, key=lambda one: (one.outcome != "cited", -one.score)):
        best.setdefault(one.clause_id, one)
    order = {clause_id: position for position, clause_id in enumerate(cited)}
    return tuple(sorted(best.values(), key=lambda one: (order.get(one.clause_id, len(order)), -one.score)))
