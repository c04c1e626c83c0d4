"""Cases, outcomes and systems for tests of the evaluation; their documents are those of tests/fakes.py."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from bot.contract import Citation, NoticeOut
from eval.cases import Case
from eval.outcome import Description, Outcome, Retrieved
from eval.sets import CaseSet
from tests.fakes import GRANT_QUOTE, cite, clause_by_anchor

GRANT = cite(clause_by_anchor("四-五-15"), 1, GRANT_QUOTE)
POOL = cite(clause_by_anchor("四-五-16"), 2, "建立培育库")
LOAN = cite(clause_by_anchor("5"), 1, "贷款期限最长3年")
EXPIRED = NoticeOut(code="expired", message="规划期已于2025年12月31日届满。", citations=[1])
ANSWER = "给，首次“个转企”、稳定经营2年以上的，一次性10万元。[1]"


def make_case(**fields: Any) -> Case:
    """A case on the grant of tests/fakes.py, with other values where they are given."""
    return Case.model_validate(
        {
            "id": "t-1", "type": "amount", "asker": "owner", "question": "把店变成公司，旗里给钱不？", "history": [],
            "jurisdiction": "达拉特旗", "as_of": "2026-11-20", "expect": "answer",
            "evidence": [{"doc": "dalate-2023", "quote": GRANT_QUOTE}], "answer_must": [["10万", "十万"]],
            "answer_must_not": ["100万"], "flags": ["expired"], **fields,
        }
    )  # fmt: skip


def make_abstention(**fields: Any) -> Case:
    """A case that no document covers."""
    return make_case(
        **{"expect": "abstain", "evidence": [], "answer_must": [], "answer_must_not": [], "flags": [], **fields}
    )


def make_outcome(**fields: Any) -> Outcome:
    """A right answer to that case, with other values where they are given."""
    values: dict[str, Any] = {
        "status": "answered", "answer": ANSWER, "citations": (GRANT,), "notices": (EXPIRED,),
        "considered": (retrieved(GRANT, 0.9), retrieved(POOL, 0.4)), "ms": 12.0,
    }  # fmt: skip
    return Outcome(**values | fields)


def retrieved(citation: Citation, score: float, outcome: str = "cited") -> Retrieved:
    """A clause as a search finds it."""
    return Retrieved(
        clause_id=citation.clause_id, score=score, similarity=score, words=1, topic=0, outcome=outcome,
        document_id=citation.document_id, path=citation.clause_path, text=citation.text,
    )  # fmt: skip


class FakeSystem:
    """Gives each case what a function makes of it; keeps what it was asked."""

    def __init__(self, answer: Callable[[Case], Outcome] = lambda case: make_outcome(), encoder: str = "fake") -> None:
        self.asked: list[str] = []
        self._answer = answer
        self._encoder = encoder
        self._lock = threading.Lock()

    @property
    def description(self) -> Description:
        """What it is."""
        return Description("huiwen", self._encoder, "corpus-digest")

    def answer(self, case: Case) -> Outcome:
        """Answer one case."""
        with self._lock:
            self.asked.append(case.id)
        return self._answer(case)


def make_set(n: int, name: str = "core", **fields: Any) -> CaseSet:
    """A set of `n` like cases."""
    return CaseSet(name, f"digest of {n}", tuple(make_case(id=f"t-{number}", **fields) for number in range(n)))
