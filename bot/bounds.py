"""Whether a figure is told as the most or as the least.

最高30万元, 不超过30万元 and 30万元以内 say one thing, 至少30万元, 不低于30万元 and 30万元以上 the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from enum import StrEnum

from ingest.figures import Figure, locate_figures

_UPPER_BEFORE = re.compile(
    r"(?:[不未没]有?[得能可会]?(?:超过|高于|多于|长于|大于|超出|超)|低于|少于|小于|短于|不足|不满|未满|[未不]达到?"
    r"|(?:最[高多长大]|至多|上限)[^，。；、：\d]{0,6})$"
)
_LOWER_BEFORE = re.compile(
    r"(?:[不未没]有?[得能可会]?(?:低于|少于|小于|短于)|(?<![届期])满|(?<![高未不])达到?|超过|高于|多于|长于|大于|超出|突破"
    r"|(?:最[低少短小]|至少|起码|下限)[^，。；、：\d]{0,6})$"
)
_UPPER_BEHIND = re.compile(r"(?:[（(]含[）)])?(?:及?以下|[以之]内|封顶|为限|内(?![蒙部容设])|为上限)")
_LOWER_BEHIND = re.compile(r"(?:[（(]含[）)])?(?:及?以上|起步|起(?!来|诉|草|点|征))")


class Bound(StrEnum):
    """What a figure is of a range."""

    MOST = "most"
    LEAST = "least"


def bounds(text: str) -> set[tuple[Figure, Bound]]:
    """The figures of a text that are told as the most or as the least; dates, which have other words, are left out."""
    return {(figure, bound) for figure, bound, _ in locate_bounds(text)}


def locate_bounds(text: str) -> Iterator[tuple[Figure, Bound, tuple[int, int]]]:
    """The same, each with its characters of the text as `locate_figures` sees it."""
    seen, located = locate_figures(text)
    for figure, (start, end) in located:
        bound = None if figure[1] == "date" else _bound(seen[:start], seen[end:])
        if bound:
            yield figure, bound, (start, end)


def turned(told: Set[tuple[Figure, Bound]], given: Set[tuple[Figure, Bound]]) -> set[Figure]:
    """The figures told as the most that are given as the least only, or the other way round."""
    other = {Bound.MOST: Bound.LEAST, Bound.LEAST: Bound.MOST}
    return {figure for figure, bound in told if (figure, bound) not in given and (figure, other[bound]) in given}


def _bound(before: str, behind: str) -> Bound | None:
    if _UPPER_BEFORE.search(before):
        return Bound.MOST
    if _LOWER_BEFORE.search(before):
        return Bound.LEAST
    if _UPPER_BEHIND.match(behind):
        return Bound.MOST
    return Bound.LEAST if _LOWER_BEHIND.match(behind) else None
