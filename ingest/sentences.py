"""Chinese text cut into sentences, with their places in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

# A sentence ends at 。！？ or a line's end; closing quotes and brackets stay with it.
_SENTENCE = re.compile(r"[^。！？!?\n]*(?:[。！？!?]+[”’」』）)》\]]*|\n|$)")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and where it stands: characters `start` (inclusive) to `end` (exclusive)."""

    text: str
    start: int
    end: int


def split_sentences(text: str) -> list[Sentence]:
    """Cut a text into sentences; white space around each is left out, nothing else is."""
    sentences = []
    for match in _SENTENCE.finditer(text):
        piece = match.group()
        stripped = piece.strip()
        if stripped:
            start = match.start() + piece.index(stripped)
            sentences.append(Sentence(stripped, start, start + len(stripped)))
    return sentences
