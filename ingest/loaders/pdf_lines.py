"""Characters become lines, lines are read column by column, and lines that belong together become paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from ingest.labels import read_label
from ingest.lines import is_date_line
from ingest.loaders.pdf_page import Char

_GAP = 0.8  # of a font's size, like what follows: a wider gap parts two pieces of a line
_WORD_GAP = 0.2  # between Latin letters: a wider one is a space
_SET_OFF = 0.4  # between others: 第一章 总则
_INDENT = 1.2  # a line that begins further right begins a paragraph
_SENTENCE_END = re.compile(r"[。！？；：!?;:…][”’）)》]*$")
_CLOSING = "，。、；：！？）》”’」』】〕〉%％,.;:!?)"
_TOKEN = re.compile(r"[（《“‘「『【〔〈(\[]*(?:[A-Za-z0-9.,%／/\-]+|.)")
_FEWEST = 4  # lines on each side of a gutter
_FEW_CROSS = 0.25  # share of the lines that may run across it: titles, tables without rules
_GUTTER = 0.8  # of a font's size: what is free between two columns
_SPACING = 1.4  # of the usual distance between lines: a wider one ends a paragraph


@dataclass(frozen=True, slots=True)
class Line:
    """A line, or the piece of one that stands in a column."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    head: float  # the width of what its beginning cannot be parted from: a character or number with its marks

    @property
    def middle(self) -> float:
        """Its height on the page."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Column:
    """Lines below each other, with the edges that they keep to."""

    lines: tuple[Line, ...]
    left: float
    right: float


def make_lines(chars: Iterable[Char]) -> list[Line]:
    """Characters by the lines that they stand on, from top to bottom, pieces far apart by themselves."""
    rows: list[list[Char]] = []
    for char in sorted(chars, key=lambda one: one.middle):
        if rows and abs(char.middle - median(one.middle for one in rows[-1][-20:])) < 0.5 * char.size:
            rows[-1].append(char)
        else:
            rows.append([char])
    return [line for row in rows for piece in _pieces(row) if (line := _line(piece))]


def _pieces(row: list[Char]) -> Iterator[list[Char]]:
    piece: list[Char] = []
    for char in sorted(row, key=lambda one: one.left):
        if piece and char.left - piece[-1].right > _GAP * char.size:
            yield piece
            piece = []
        piece.append(char)
    yield piece


def _line(chars: list[Char]) -> Line | None:
    while chars and chars[0].text.isspace():
        chars = chars[1:]
    while chars and chars[-1].text.isspace():
        chars = chars[:-1]
    if not chars:
        return None
    text = "".join(_spaced(chars))
    token = _TOKEN.match(text)
    length = token.end() if token else 1
    while length < min(len(text), len(chars)) and text[length] in _CLOSING:
        length += 1
    head = chars[min(length, len(chars)) - 1].right - chars[0].left
    top, bottom = median(one.top for one in chars), median(one.bottom for one in chars)
    return Line(text, chars[0].left, top, chars[-1].right, bottom, median(one.size for one in chars), head)


def _spaced(chars: list[Char]) -> Iterator[str]:
    """The characters of a line, each once, with spaces where Latin words or set-off pieces end."""
    last: Char | None = None
    for char in chars:
        if last:
            if char.text == last.text and abs(char.left - last.left) < 0.2 * char.size:
                continue  # drawn twice, to look bold
            gap = (char.left - last.right) / max(char.size, last.size)
            latin = char.text.isascii() and last.text.isascii()
            if (
                gap > (_WORD_GAP if latin or char.spaced else _SET_OFF)
                and not char.text.isspace()
                and not last.text.isspace()
            ):
                yield " "
        yield char.text
        last = char


@dataclass(frozen=True, slots=True)
class Layout:
    """How a page is laid out: between which edges its text stands, and where its two columns part, if it has two."""

    left: float
    right: float
    gutter: float | None = None
    gutter_left: float = 0.0  # where the left column ends
    gutter_right: float = 0.0  # where the right one begins

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Layout:
        """The layout of a page that has these lines."""
        left, right = min(line.left for line in lines), max(line.right for line in lines)
        gutter = _find_gutter(lines)
        if gutter is None:
            return cls(left, right)
        ends = max(line.right for line in lines if line.right <= gutter)
        begins = min(line.left for line in lines if line.left >= gutter)
        return cls(left, right, gutter, ends, begins)

    def read(self, lines: Iterable[Line]) -> Iterator[Column]:
        """Some of the page's lines in the order of reading: across the page, or down one column and then the other."""
        sides: tuple[list[Line], list[Line]] = ([], [])
        across: list[Line] = []
        for line in sorted(lines, key=lambda one: one.middle):
            if self.gutter is None or line.left < self.gutter < line.right:
                if any(sides):
                    yield from self._columns(across, *sides)
                    sides, across = ([], []), []
                across.append(line)
            else:
                sides[line.left >= self.gutter].append(line)
        yield from self._columns(across, *sides)

    def _columns(self, across: list[Line], left: list[Line], right: list[Line]) -> Iterator[Column]:
        """What stands across the page and then the two columns below it."""
        edges = ((self.left, self.right), (self.left, self.gutter_left), (self.gutter_right, self.right))
        for lines, (begin, end) in zip((across, left, right), edges, strict=True):
            if lines:
                yield Column(tuple(_join_pieces(lines)), begin, end)


def _join_pieces(lines: Iterable[Line]) -> list[Line]:
    """Pieces of one line of one column become that line again."""
    joined: list[Line] = []
    for line in sorted(lines, key=lambda one: (round(one.middle), one.left)):
        last = joined[-1] if joined else None
        if last and abs(last.middle - line.middle) < 0.5 * line.size and line.left >= last.right:
            text = f"{last.text} {line.text}"
            joined[-1] = Line(text, last.left, last.top, line.right, last.bottom, last.size, last.head)
        else:
            joined.append(line)
    return joined


def _find_gutter(lines: Sequence[Line]) -> float | None:
    """Where an upright strip parts the lines in two columns; None if the page has one."""
    if len(lines) < 2 * _FEWEST:
        return None
    size = median(line.size for line in lines)
    begin, end = min(line.left for line in lines), max(line.right for line in lines)
    best, fewest = None, len(lines)
    for step in range(30, 71):
        x = begin + (end - begin) * step / 100
        crossing = sum(line.left < x + _GUTTER * size / 2 and line.right > x - _GUTTER * size / 2 for line in lines)
        if crossing < fewest:
            best, fewest = x, crossing
    if best is None or fewest > _FEW_CROSS * len(lines):
        return None
    left = [line for line in lines if line.right <= best]
    right = [line for line in lines if line.left >= best]
    return best if _is_column(left, size) and _is_column(right, size) else None


def _is_column(lines: Sequence[Line], size: float) -> bool:
    """Whether lines are running text: several, most of which begin at one edge and fill what the longest fills."""
    if len(lines) < _FEWEST:
        return False
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    full = sum(line.left - left < 3 * size and right - line.right < 3 * size for line in lines)
    return full * 2 >= len(lines) and right - left > 8 * size


def joins(column: Column, line: Line, following: Line, next_left: float, spacing: float | None) -> bool:
    """Whether a paragraph goes on from one line in the next.

    Args:
        column: the column of the first line.
        line: the first line.
        following: the next line, perhaps in another column or on another page.
        next_left: where that one's column begins.
        spacing: the usual distance between lines; None where the next line is not below this one.
    """
    size = max(line.size, following.size)
    if is_date_line(following.text):
        return False  # the day below a signature, which stands at the right
    if abs(line.size - following.size) > 0.15 * size:
        return False
    if column.right - line.right > following.head + 0.8 * size:
        return False  # there was room for more
    if spacing is not None and following.middle - line.middle > _SPACING * spacing:
        return False
    indented = following.left - next_left > _INDENT * size
    if not _SENTENCE_END.search(line.text):
        return not (indented and read_label(following.text))
    return not indented and read_label(following.text) is None and line.left - column.left <= _INDENT * size * 2.5
