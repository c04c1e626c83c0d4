"""A page of a PDF as pdfium reads it: its characters, its ruled lines, whether it is a picture.

All lengths are in points; x grows to the right, y downwards, as the page is shown.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2
import pypdfium2.raw as pdfium

_DRAWN = (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE)
_MOST_PATHS = 20_000  # drawings on a page that are looked at; a map has more and no table
_THIN = 3.0  # a filled bar up to here is a line
_SLANT = 0.05  # of a right angle; text turned further from one is a watermark or a stamp
_FEW = 10  # characters; a page with fewer and a large picture is a scan
_LARGE = 0.4  # share of the page that the pictures of a scan cover


@dataclass(frozen=True, slots=True)
class Char:
    """A character in its box."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float  # of its font: the width of a Chinese character
    spaced: bool = False  # pdfium takes it that a space stands before it

    @property
    def middle(self) -> float:
        """Where its line runs."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line, level or upright: where it lies across its direction, and from where to where it runs."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on a page."""

    width: float
    height: float
    chars: list[Char]
    level: list[Rule]  # from left to right
    upright: list[Rule]  # from top to bottom
    unknown: int  # characters that the file draws without saying which they are
    scanned: bool


class _View:
    """Turns the coordinates of a page into those in which most of its text stands level."""

    def __init__(self, page: pypdfium2.PdfPage, turn: int) -> None:
        self.left, self.bottom, right, top = page.get_cropbox()
        self.width, self.height = right - self.left, top - self.bottom
        self.turn = turn  # clockwise, in degrees

    @property
    def size(self) -> tuple[float, float]:
        return (self.width, self.height) if self.turn % 180 == 0 else (self.height, self.width)

    def point(self, x: float, y: float) -> tuple[float, float]:
        x, y = x - self.left, y - self.bottom
        turned = {0: (x, self.height - y), 90: (y, x), 180: (self.width - x, y), 270: (self.height - y, self.width - x)}
        return turned[self.turn]

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """Left, top, right and bottom as shown."""
        (x1, y1), (x2, y2) = self.point(left, bottom), self.point(right, top)
        return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def read_page(page: pypdfium2.PdfPage) -> Page:
    """Read a page."""
    text = page.get_textpage()
    try:
        angles = [_angle(text, index) for index in range(text.count_chars())]
        turn = Counter(angle for angle in angles if angle is not None).most_common(1)
        view = _View(page, turn[0][0] if turn else 0)
        found = list(_chars(text, view, angles))
    finally:
        text.close()
    chars = [char for char in found if char.text]
    level: list[Rule] = []
    upright: list[Rule] = []
    pictures = 0.0
    for number, drawn in enumerate(page.get_objects(_DRAWN, max_depth=3)):
        if number > _MOST_PATHS:
            level, upright = [], []
            break
        if drawn.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            left, top, right, bottom = view.box(*drawn.get_bounds())
            pictures += (right - left) * (bottom - top)
        elif drawn.type == pdfium.FPDF_PAGEOBJ_PATH:
            _add_rules(drawn, view, level, upright)
    scanned = len(chars) < _FEW and pictures > _LARGE * view.width * view.height
    return Page(*view.size, chars, level, upright, len(found) - len(chars), scanned)


def _angle(text: pypdfium2.PdfTextPage, index: int) -> int | None:
    """By how many degrees the page must be turned for a character to stand level; None for slanted ones and gaps."""
    if pdfium.FPDFText_IsGenerated(text, index) == 1:
        return None
    quarters = pdfium.FPDFText_GetCharAngle(text, index) / (math.pi / 2)
    return -round(quarters) % 4 * 90 if abs(quarters - round(quarters)) < _SLANT else None


def _chars(text: pypdfium2.PdfTextPage, view: _View, angles: Sequence[int | None]) -> Iterator[Char]:
    """The characters that stand level, in the order of the file; one that is not known has no text."""
    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    spaced = False
    for index, angle in enumerate(angles):
        code = pdfium.FPDFText_GetUnicode(text, index)
        spaced = spaced or (angle is None and code == ord(" "))
        if angle != view.turn or 0 < code < 32:
            continue
        pdfium.FPDFText_GetLooseCharBox(text, index, box)
        left, top, right, bottom = view.box(box.left, box.bottom, box.right, box.top)
        pdfium.FPDFText_GetMatrix(text, index, matrix)
        size = pdfium.FPDFText_GetFontSize(text, index) * math.hypot(matrix.a, matrix.b)
        yield Char(_character(code), left, top, right, bottom, max(size, 1.0), spaced)
        spaced = False


def _character(code: int) -> str:
    """The character of a code; "" for none and for those of private use, which a font alone explains."""
    if code in (0, 0xFFFD, 0xFFFE, 0xFFFF) or 0xE000 <= code <= 0xF8FF or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return ""
    return chr(code)


def _add_rules(path: pypdfium2.PdfObject, view: _View, level: list[Rule], upright: list[Rule]) -> None:
    """Add the straight lines that a drawing strokes, and a filled bar that is as thin as one."""
    left, top, right, bottom = view.box(*path.get_bounds())
    if min(right - left, bottom - top) <= _THIN:
        _add_rule((left, top), (right, bottom), level, upright)
        return
    stroked, filled = pdfium.FPDF_BOOL(), ctypes.c_int()
    if not pdfium.FPDFPath_GetDrawMode(path, filled, stroked) or not stroked.value:
        return
    points = list(_points(path, view))
    for before, after in pairwise(points):
        if before and after:
            _add_rule(before, after, level, upright)


def _points(path: pypdfium2.PdfObject, view: _View) -> Iterator[tuple[float, float] | None]:
    """The corners of a drawing; None where the pen is lifted or draws a curve."""
    matrix = path.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    first: tuple[float, float] | None = None
    for index in range(min(pdfium.FPDFPath_CountSegments(path), _MOST_PATHS)):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = view.point(*matrix.on_point(x.value, y.value))
        if kind != pdfium.FPDF_SEGMENT_LINETO:
            yield None
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            first = point
        yield point
        if pdfium.FPDFPathSegment_GetClose(segment):
            yield first


def _add_rule(before: tuple[float, float], after: tuple[float, float], level: list[Rule], upright: list[Rule]) -> None:
    (x1, y1), (x2, y2) = before, after
    if abs(y1 - y2) <= _THIN < abs(x1 - x2):
        level.append(Rule((y1 + y2) / 2, min(x1, x2), max(x1, x2)))
    elif abs(x1 - x2) <= _THIN < abs(y1 - y2):
        upright.append(Rule((x1 + x2) / 2, min(y1, y2), max(y1, y2)))
