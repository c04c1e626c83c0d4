"""A file's text as it was read, line by line, and the line on which each of its clauses begins."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate

from ingest.model import Clause

_KEY = 24  # characters of a clause that are looked for: enough to be found, few enough not to meet a footnote


def locate(clauses: Sequence[Clause], lines: Sequence[str]) -> Mapping[str, int]:
    """The number of the line (from 1) on which each clause begins, by its id; those not found are left out.

    Spacing, width, punctuation and marks of converters aside, and in the order of the text, since a line that stands
    twice belongs to two clauses.
    """
    folded = [_fold(line) for line in lines]
    ends, text = list(accumulate(map(len, folded))), "".join(folded)
    found: dict[str, int] = {}
    at = 0
    for clause in clauses:
        key = _fold(clause.text[: _KEY * 2])[:_KEY]
        start = text.find(key, at) if key else -1
        if start >= 0:
            found[clause.id] = bisect_right(ends, start) + 1
            at = start + len(key)
    return found


def _fold(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text)))
