"""Questions about a document itself and not a measure in it: its number, its date, what it rests on, if it holds."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from bot.question import Aspect, Question
from ingest.model import Clause, ClauseKind
from ingest.units import LETTERHEAD

_HALF = 0.5
# Words that mean the document itself: 这个方案, 那份通知, 是稿子还是正式的.
_DOCUMENT_WORDS = re.compile(r"方案|通知|措施|文件|计划|意见(?!建议)|办法|条例|规划|稿|红头")


def wanted_kinds(question: Question) -> dict[ClauseKind, float]:
    """The kinds of clauses that tell what was asked about the document, and how surely each is meant, up to 1.

    None if a measure was asked about. Whether something still holds asks for a measure as often as for the document.
    """
    kinds: dict[ClauseKind, float] = {}
    if Aspect.VALIDITY in question.aspects and _DOCUMENT_WORDS.search(question.text):
        kinds |= {ClauseKind.TITLE: _HALF}
    if Aspect.ISSUED in question.aspects:
        kinds |= {ClauseKind.TITLE: 1.0, ClauseKind.SIGNATURE: 1.0}
    if Aspect.SOURCE in question.aspects:
        kinds |= {ClauseKind.PREAMBLE: 1.0}
    elif Aspect.NUMBER in question.aspects:
        kinds |= {ClauseKind.NUMBER: 1.0, ClauseKind.TITLE: 1.0}
    return kinds


def clauses_about(clauses: Sequence[Clause], kinds: Collection[ClauseKind]) -> list[Clause]:
    """A document's clauses of these kinds: not the letterhead, which is nobody's title, nor what repeats the first."""
    return [one for one in clauses if one.kind in kinds and one.labels[-1] != LETTERHEAD and "~" not in one.id]
