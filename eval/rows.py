"""One case of a run as it is kept in rows.jsonl."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.contract import AskedPlace, Citation, NoticeOut
from eval.outcome import BEHAVIOURS, ERROR, Retrieved


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True)


class Scores(_Record):
    """How one outcome did on its case; None where a measure does not apply to the case."""

    success: bool
    behaviour: bool
    cite_recall: float | None
    cite_precision: float | None
    cite_first: bool | None
    facts: float | None
    forbidden: bool
    notices_missing: list[str]
    notices_extra: list[str]
    ungrounded: list[str]  # the figures that nothing cited gives grounds for
    quotes_verified: bool
    place: bool | None
    chars: int  # of the answer, without white space
    recall_at: dict[str, float] | None  # by depth: "1", "3", "5", "10"
    rr: float | None
    ndcg_at_10: float | None


class RetrievedRow(Retrieved):
    """A clause that was found, its text cut short, and whether it holds a gold quote."""

    gold: bool


class Row(_Record):
    """A case with what came of it. A set is the stem of the file that the case is from."""

    id: str
    type: str
    set: str
    topic: str | None = None  # that the first gold clause is about; None without one
    case: dict[str, Any]
    status: str
    answer: str
    citations: list[Citation]
    notices: list[NoticeOut]
    jurisdiction: AskedPlace | None
    considered: list[RetrievedRow] | None
    confidence: float | None = None
    ms: float
    error: str | None
    scores: Scores
    why: str | None  # one short sentence what failed

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from the rows of other cases."""
        return self.set, self.id

    @property
    def expected(self) -> str:
        """answer, abstain or refuse."""
        return str(self.case["expect"])

    @property
    def behaviour(self) -> str:
        """answer, abstain, refuse or error."""
        return BEHAVIOURS.get(self.status, ERROR)
