"""The figure that a question asks for: 示范社要创建几个 asks for the figure or the blank behind 示范社."""

from __future__ import annotations

import re

from ingest.model import Blank, Clause
from ingest.words import bigrams

NAMED = 0.5  # the share of what a figure counts from which a question asks for it

_SUBJECT = re.compile(r"[^，。；、：！？\n\t（）()]+$")
_SUBJECT_LENGTH = 8  # characters before a figure that say what it counts
_COUNTED = frozenset({"count", "percentage", "amount"})


def share_of_figure(question: str, clause: Clause) -> float:
    """How much of what a clause's figure or blank counts is named in the question: the best share, 0 to 1."""
    starts = [quantity.start for quantity in clause.facts.quantities if quantity.kind in _COUNTED]
    starts += [blank.start for blank in clause.facts.blanks]
    asked = set(bigrams(question))
    return max((_share(_subject_before(clause.text, start), asked) for start in starts), default=0.0)


def share_of_blank(question: str, blank: Blank) -> float:
    """How much of what a blank would count is named in the question, 0 to 1."""
    return _share(blank.subject[-_SUBJECT_LENGTH:], set(bigrams(question)))


def _subject_before(text: str, start: int) -> str:
    match = _SUBJECT.search(text[:start].rstrip())
    return match.group()[-_SUBJECT_LENGTH:] if match else ""


def _share(subject: str, asked: set[str]) -> float:
    named = set(bigrams(subject))
    return len(named & asked) / len(named) if named else 0.0
