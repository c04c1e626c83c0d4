"""Corrections as cases of the evaluation, a JSON object a line, in the form that eval/cases/README.md describes.

A case quotes each right clause, whole, and holds the better wording as reference answer, where one was given. Which
warnings are due follows from the clauses on the day that was asked about.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.corrections import Correction
from bot.ports import Library
from bot.validity import judge
from ingest.model import Clause

TYPE = "correction"

_WARNED = ("draft", "expired", "not_yet")  # states that an answer must warn of
_NO_CELL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")  # what no sheet can hold


@dataclass(frozen=True, slots=True)
class Export:
    """The lines of a file of cases, and how many corrections could not become one."""

    lines: str
    left_out: int


def export_cases(corrections: Sequence[Correction], library: Library) -> Export:
    """Make cases of corrections; one is left out if a clause of it is gone, or is not the only one of its text."""
    made = [_make_case(one, library) for one in corrections]
    cases = [case for case in made if case]
    lines = "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases)
    return Export(lines, len(made) - len(cases))


def _make_case(correction: Correction, library: Library) -> dict[str, Any] | None:
    clauses = [library.clause(one) for one in correction.clauses]
    known = [clause for clause in clauses if clause and _stands_once(clause, library)]
    question = " ".join(correction.question.split())
    wording = "\n".join((correction.wording or "").splitlines())
    if len(known) < len(clauses) or _NO_CELL.search(question + wording):
        return None
    return {
        "id": f"{TYPE}-{correction.id[:12]}",
        "type": TYPE,
        "asker": "hotline",
        "question": question,
        "history": [],
        "jurisdiction": correction.jurisdiction,
        "as_of": correction.as_of.isoformat(),
        "expect": "answer" if known else "abstain",
        "evidence": [{"doc": clause.document_id, "quote": _squeeze(clause.text)} for clause in known],
        "answer_must": [],
        "answer_must_not": [],
        "flags": _flags(correction, known, library),
    } | ({"reference_answer": wording} if wording else {})


def _flags(correction: Correction, clauses: Sequence[Clause], library: Library) -> list[str]:
    """The warnings that an answer from these clauses must carry."""
    due: set[str] = set()
    for clause in clauses:
        document = library.document(clause.document_id)
        if document:
            judged = judge(document, clause, (), correction.as_of)
            due |= {judged.state} | ({"expired"} if judged.lapsed else set())
    return [flag for flag in _WARNED if flag in due]


def _stands_once(clause: Clause, library: Library) -> bool:
    quote = _squeeze(clause.text)
    texts = (_squeeze(other.text) for other in library.clauses(clause.document_id))
    return bool(quote) and not _NO_CELL.search(quote) and sum(text.count(quote) for text in texts) == 1


def _squeeze(text: str) -> str:
    """A text without white space: how the evaluation looks quotes up."""
    return re.sub(r"\s+", "", text)
