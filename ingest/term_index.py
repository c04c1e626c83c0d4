"""The official terms of all topics, indexed: how much those that stand in a text say about their topics."""

from __future__ import annotations

import math
import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NESTED = 0.4  # what a term still weighs where it stands inside a longer one: 贷款 in 创业担保贷款
TAGGED = 0.2  # below this score a clause is not about the topic


class TermIndex:
    """How much each official term in a text says about its topics."""

    def __init__(self, topics: Sequence[tuple[str, ...]]) -> None:
        self._finder = _Finder(topics)
        self._owners = self._finder.owners
        holders: dict[str, set[int]] = defaultdict(set)
        for term, owners in self._owners.items():
            for _, inner in self._finder.find(term):
                holders[inner] |= owners
        scale = math.log(len(topics) + 1)
        self._weight = {term: math.log((len(topics) + 1) / len(held)) / scale for term, held in holders.items()}

    def score(self, text: str) -> dict[int, float]:
        """The score of each topic that reaches the floor: one term of its own gives a half, two give two thirds."""
        sums: dict[int, float] = defaultdict(float)
        for term, weight in self._find(normalize(text)).items():
            for topic in self._owners[term]:
                sums[topic] += weight
        return {topic: total / (total + 1.0) for topic, total in sums.items() if total / (total + 1.0) >= TAGGED}

    def _find(self, text: str) -> dict[str, float]:
        """The terms that stand in the text, each with its weight there."""
        weights: dict[str, float] = {}
        covered = 0
        for start, term in self._finder.find(text):
            weight = self._weight[term] * (1.0 if start + len(term) > covered else NESTED)
            covered = max(covered, start + len(term))
            weights[term] = max(weight, weights.get(term, 0.0))
        return weights


def normalize(text: str) -> str:
    """One form for full and half width and for upper and lower case (NFKC, lower)."""
    return unicodedata.normalize("NFKC", text).lower()


class _Finder:
    """Which phrases stand in a text, letter by letter, and whose they are."""

    def __init__(self, topics: Sequence[tuple[str, ...]]) -> None:
        self.owners: dict[str, set[int]] = defaultdict(set)
        for number, phrases in enumerate(topics):
            for phrase in phrases:
                self.owners[normalize(phrase)].add(number)
        self._by_start: dict[str, list[str]] = defaultdict(list)
        for phrase in sorted(self.owners, key=len, reverse=True):
            self._by_start[phrase[:2]].append(phrase)

    def find(self, text: str) -> Iterator[tuple[int, str]]:
        """Every phrase in the text with where it begins, from left to right, longest first."""
        for start in range(len(text) - 1):
            for phrase in self._by_start.get(text[start : start + 2], ()):
                if text.startswith(phrase, start):
                    yield start, phrase
