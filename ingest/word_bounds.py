"""Where the words of a text begin and end, which tells the place 成县 from a part of 形成县域."""

from __future__ import annotations

import re

import rjieba

_CLAUSE_START = re.compile(r"(?:^|[\s\W]|[在到去从回住是])$")  # 在和县开店, but not 市和县
_SEAMS = re.compile(  # where a word begins whatever the segmenter says: 那|达旗呢, 湖南|人社局
    r"(?:^|(?<=\W))那么?|[问一]下|请问|印发|[我咱]们?在?|[们家店]在|(?=人社|人民|人力资源)"
)


class WordBounds:
    """A text with the bounds of its words."""

    __slots__ = ("_after", "_seams", "bounds", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._after: dict[int, str] = {}
        position = 0
        for word in rjieba.cut(text, hmm=False):  # no guessed words: they swallow names
            self._after[position] = word
            position += len(word)
        self._seams = frozenset(seam.end() for seam in _SEAMS.finditer(text))
        self.bounds = self._seams.union(self._after, (position,))

    def next(self, position: int) -> str:
        """Return the word that begins here."""
        return self._after.get(position, "")

    def opens_at(self, position: int) -> bool:
        """Tell whether a name can be expected here: at the start of a clause or behind 在."""
        return position in self._seams or bool(_CLAUSE_START.search(self.text[max(0, position - 1) : position]))
