"""The figure that a question asks for: 示范社要创建几个 asks for the figure or the blank beside 示范社."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.model import Blank, Clause
from ingest.sentences import Sentence
from ingest.words import bigrams

NAMED = 0.5  # the share of what a figure counts from which a question asks for it
_NAMED_BLANK = 0.4  # the same for a blank, where no figure beside it is named as much

_BEFORE = re.compile(r"[^，。；、：！？\n\t（）()]+$")
_BEHIND = re.compile(r"[^，。；、：！？\n\t（）()]+")
_SUBJECT_LENGTH = 8  # characters before a figure, or behind a blank, that say what it counts
_COUNTED = frozenset({"count", "percentage", "amount"})


def share_of_figure(question: str, clause: Clause) -> float:
    """How much of what a clause's figure or blank counts is named in the question: the best share, 0 to 1."""
    figures = _shares_of_figures(question, clause, [Sentence(clause.text, 0, len(clause.text))])
    return max([*figures, *(_share_of_blank(question, blank, clause) for blank in clause.facts.blanks)], default=0.0)


def find_blank(question: str, clause: Clause, sentences: Sequence[Sentence]) -> Blank | None:
    """The figure that a question asks for and that the chosen sentences leave open, if there is one."""
    inside = [b for b in clause.facts.blanks if any(one.start <= b.start < one.end for one in sentences)]
    best = max(inside, key=lambda blank: _share_of_blank(question, blank, clause), default=None)
    if best is None:
        return None
    share = _share_of_blank(question, best, clause)
    written = max(_shares_of_figures(question, clause, sentences), default=0.0)
    return best if share >= _NAMED_BLANK and share >= written else None


def _shares_of_figures(question: str, clause: Clause, sentences: Sequence[Sentence]) -> list[float]:
    asked = set(bigrams(question))
    return [
        _share(_subject_before(clause.text, one.start), asked)
        for one in clause.facts.quantities
        if one.kind in _COUNTED and any(sentence.start <= one.start < sentence.end for sentence in sentences)
    ]


def _share_of_blank(question: str, blank: Blank, clause: Clause) -> float:
    """How much of what a blank would count is named in the question; it stands before the blank or behind its unit."""
    asked = set(bigrams(question))
    behind = _BEHIND.match(clause.text[blank.end :].strip().removeprefix(blank.unit))
    after = _share(behind.group()[-_SUBJECT_LENGTH:], asked) if behind else 0.0
    return max(_share(blank.subject[-_SUBJECT_LENGTH:], asked), after)


def _subject_before(text: str, start: int) -> str:
    match = _BEFORE.search(text[:start].rstrip())
    return match.group()[-_SUBJECT_LENGTH:] if match else ""


def _share(subject: str, asked: set[str]) -> float:
    named = set(bigrams(subject))
    return len(named & asked) / len(named) if named else 0.0
