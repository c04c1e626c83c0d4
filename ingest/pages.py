"""Which page each clause stands on: counted in characters, since cleaning changes white space and artefacts alone."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import replace

from ingest.clean import ARTEFACTS
from ingest.loaders.loaded import Loaded, Pages
from ingest.model import Clause

_SPACE = re.compile(r"\s")


def give_pages(clauses: Iterable[Clause], loaded: Loaded) -> list[Clause]:
    """The clauses of a document, in its order, each with the pages that its text stands on."""
    if not loaded.pages:
        return list(clauses)
    counted = _count_before(loaded)
    placed = []
    position = 0  # characters so far, without white space
    for clause in clauses:
        offsets = [offset for offset, character in enumerate(clause.text) if not character.isspace()]
        first, last = bisect_left(counted, (position + 1, 0)), bisect_left(counted, (position + len(offsets), 0))
        begins = [(0, page) for _, page in counted[:first][-1:]]
        turns = [(offsets[count - position], page) for count, page in counted[first:last]]
        placed.append(replace(clause, pages=(*begins, *turns)))
        position += len(offsets)
    return placed


def _count_before(loaded: Loaded) -> Pages:
    """The characters before each page, without white space and artefacts; of pages that begin at one, the last."""
    counted: dict[int, int] = {}
    line_starts = [0, *(match.end() for match in re.finditer("\n", loaded.text))]
    before = [0]
    for start, end in zip(line_starts, [*line_starts[1:], len(loaded.text)], strict=True):
        before.append(before[-1] + _length(loaded.text[start:end]))
    for offset, page in loaded.pages:
        line = max(bisect_left(line_starts, offset + 1) - 1, 0)
        counted[before[line] + _length(loaded.text[line_starts[line] : offset])] = page
    return tuple(sorted(counted.items()))


def _length(line: str) -> int:
    return len(_SPACE.sub("", ARTEFACTS.sub("", line)))
