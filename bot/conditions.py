"""The conditions that a clause sets: figures told as the most or the least, with the words around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.bounds import Bound, locate_bounds
from bot.taken import Taken, fits, normal
from ingest.figures import Figure, locate_figures

_SEGMENT = re.compile(r"[^，,。；;：:、（）()\n]+")


@dataclass(frozen=True, slots=True)
class Condition:
    """One figure of a clause that is told as the most or the least."""

    figure: Figure
    bound: Bound
    words: str  # between the two marks around it: 稳定经营2年以上
    before: str  # the words back to the mark or the figure before it
    behind: str  # those up to the mark or the figure behind it

    def is_of_kind(self, taken: Taken) -> bool:
        """Whether it is of the same kind of figure, bound and subject as what a question takes for granted."""
        unit_fits = normal(self.figure)[1] == taken.figure[1]
        return unit_fits and taken.bound in (None, self.bound) and fits(taken.subject, self.before, self.behind)


def sets(text: str, taken: Taken) -> bool:
    """Whether a text sets this very condition."""
    return any(normal(one.figure) == taken.figure and one.is_of_kind(taken) for one in _conditions_in(text))


def set_instead(text: str, taken: Taken) -> str:
    """The words of a text that set another condition of the same kind; nothing where it sets none."""
    return next((one.words for one in _conditions_in(text) if one.is_of_kind(taken)), "")


def _conditions_in(text: str) -> Iterator[Condition]:
    seen, located = locate_figures(text)
    for figure, bound, (start, end) in locate_bounds(text):
        for match in _SEGMENT.finditer(seen):
            if match.start() <= start and end <= match.end():
                first = max([match.start(), *(stop for _, (_, stop) in located if stop <= start)])
                last = min([match.end(), *(begin for _, (begin, _) in located if begin >= end)])
                yield Condition(figure, bound, match.group(), seen[first:start], seen[end:last])
