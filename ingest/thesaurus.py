"""The thesaurus: what people call the things that texts name otherwise, word by word.

`corpus/everyday_words.yaml` holds it, so that staff widen it without touching code. An everyday word in a question
widens its search by the words of texts: 戳子 by 印章, 门脸 by 经营场所.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ingest.topics import read_entries

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_CACHED_TEXTS = 256  # a question's text and its parts are looked at by several steps
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=10)]


class Concept(BaseModel):
    """One thing, in the words of texts and in those of people."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    official: tuple[Word, ...] = Field(min_length=1)
    everyday: tuple[Word, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Expansion:
    """An everyday word that stands in a text, and what texts write for it."""

    everyday: str
    official: tuple[str, ...]


class Thesaurus:
    """All concepts, found by their everyday words."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self.concepts = tuple(concepts)
        self._official: dict[str, tuple[str, ...]] = {}
        for concept in self.concepts:
            for word in concept.everyday:
                self._official[word] = (*self._official.get(word, ()), *concept.official)
        longest_first = sorted(self._official, key=len, reverse=True)
        self._everyday = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
        self._expansions = lru_cache(_CACHED_TEXTS)(self._expansions_of)

    @classmethod
    def load(cls, path: Path) -> Thesaurus:
        """Read the file; an empty thesaurus if there is none.

        Raises:
            LexiconError: naming the file and the entry.
        """
        return cls(read_entries(path, Concept)) if path.exists() else cls(())

    def expand(self, text: str) -> tuple[Expansion, ...]:
        """The everyday words in a text, each once, from left to right; of two that overlap, the first and longest."""
        return self._expansions(text)

    def _expansions_of(self, text: str) -> tuple[Expansion, ...]:
        words = dict.fromkeys(match.group() for match in self._everyday.finditer(text))
        return tuple(Expansion(word, self._official[word]) for word in words)
