"""What a file's bytes become: lines of text, with the pages that they stood on."""

from __future__ import annotations

from dataclasses import dataclass

MOST_CHARACTERS = 1_000_000  # of a file's text; the longest statutes have a tenth
TOO_LONG = f"holds more than {MOST_CHARACTERS:,} characters; divide it into several files"

Pages = tuple[tuple[int, int], ...]  # offsets in a text at which a page begins, with its number (from 1), in order


@dataclass(frozen=True, slots=True)
class Loaded:
    """The text of a file. A table's row is one line, its cells parted by tabs."""

    text: str
    pages: Pages = ()  # empty where the format has no pages
    whole: bool = False  # every line is a whole paragraph: no line goes on in the next
    warnings: tuple[str, ...] = ()
    scanned: tuple[int, ...] = ()  # numbers of the pages that are pictures and were not read
