"""Tables of a PDF: where ruled lines cross, cells; what stands in a cell, its text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.loaders.grid import Cell
from ingest.loaders.pdf_lines import make_lines
from ingest.loaders.pdf_page import Char, Page, Rule

_NEAR = 3.0  # points between lines that are meant as one, and between the end of one and another that it meets
_FEWEST_BOXES = 2  # a frame around text is no table
_MOST_CELLS = 20_000  # of a table on one page

_Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Table:
    """A table on one page."""

    top: float
    bottom: float
    columns: tuple[float, ...]  # where its columns begin and the last ends
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class _Frame:
    """Ruled lines that belong together."""

    level: list[Rule]
    upright: list[Rule]

    def edges(self) -> tuple[list[float], list[float]]:
        """Where columns and rows begin and end, a side that is left open included."""
        xs = [rule.at for rule in self.upright] + [end for rule in self.level for end in (rule.start, rule.end)]
        ys = [rule.at for rule in self.level] + [end for rule in self.upright for end in (rule.start, rule.end)]
        return _distinct(xs), _distinct(ys)

    def box_around(self, x: float, y: float, xs: Sequence[float], ys: Sequence[float]) -> tuple[int, int, int, int]:
        """The cell that a point lies in, as numbers of the edges around it: left, top, right, bottom."""
        uprights = [rule.at for rule in self.upright if rule.start - _NEAR <= y <= rule.end + _NEAR]
        levels = [rule.at for rule in self.level if rule.start - _NEAR <= x <= rule.end + _NEAR]
        left, right = _around(x, uprights, xs)
        top, bottom = _around(y, levels, ys)
        return left, top, right, bottom


def find_tables(page: Page) -> tuple[list[Table], list[Char]]:
    """The tables of a page from top to bottom, and the characters that stand in none."""
    rest = page.chars
    tables = []
    for frame in _frames(_merge(page.level), _merge(page.upright)):
        xs, ys = frame.edges()
        if (len(xs) - 1) * (len(ys) - 1) not in range(_FEWEST_BOXES, _MOST_CELLS):
            continue
        inside = [one for one in rest if _is_inside(one, xs, ys)]
        rows = _rows(frame, xs, ys, inside)
        if any(sum(bool(cell.lines) for cell in row) > 1 for row in rows):
            tables.append(Table(ys[0], ys[-1], tuple(xs), rows))
            rest = [one for one in rest if not _is_inside(one, xs, ys)]
    return sorted(tables, key=lambda table: table.top), rest


def _is_inside(char: Char, xs: Sequence[float], ys: Sequence[float]) -> bool:
    return xs[0] <= (char.left + char.right) / 2 <= xs[-1] and ys[0] <= char.middle <= ys[-1]


def _rows(frame: _Frame, xs: list[float], ys: list[float], chars: Iterable[Char]) -> tuple[tuple[Cell, ...], ...]:
    held: dict[tuple[int, int, int, int], list[Char]] = {}
    for char in chars:
        held.setdefault(frame.box_around((char.left + char.right) / 2, char.middle, xs, ys), []).append(char)
    rows = []
    for row in range(len(ys) - 1):
        cells = []
        for column in range(len(xs) - 1):
            middle = (xs[column] + xs[column + 1]) / 2, (ys[row] + ys[row + 1]) / 2
            box = left, top, right, bottom = frame.box_around(*middle, xs, ys)
            if (left, top) == (column, row):
                cells.append(Cell(_text(held.get(box, [])), right - left, bottom - top))
        rows.append(tuple(cells))
    return tuple(rows)


def _text(chars: list[Char]) -> tuple[str, ...]:
    """A cell's text as one line: its line ends mean nothing."""
    text = ""
    for line in make_lines(chars):
        latin = text[-1:].isascii() and line.text[:1].isascii() and text[-1:].isalnum() and line.text[:1].isalpha()
        text += (" " if latin else "") + line.text
    return (text,) if text else ()


def _frames(level: list[Rule], upright: list[Rule]) -> list[_Frame]:
    """Lines grouped by whether they cross or meet."""
    frames: list[_Frame] = []
    for one in upright:
        crossed = [rule for rule in level if _meet(rule, one)]
        joined = [frame for frame in frames if any(rule in frame.level for rule in crossed)]
        merged = _Frame(
            list({*crossed, *(rule for frame in joined for rule in frame.level)}),
            [one, *(rule for frame in joined for rule in frame.upright)],
        )
        frames = [frame for frame in frames if frame not in joined]
        if crossed:
            frames.append(merged)
    return frames


def _meet(level: Rule, upright: Rule) -> bool:
    across = level.start - _NEAR <= upright.at <= level.end + _NEAR
    return across and upright.start - _NEAR <= level.at <= upright.end + _NEAR


def _merge(rules: Iterable[Rule]) -> list[Rule]:
    """Pieces of one line become that line."""
    merged: list[Rule] = []
    for rule in sorted(rules, key=lambda one: (round(one.at / _NEAR), one.start)):
        last = merged[-1] if merged else None
        if last and abs(last.at - rule.at) <= _NEAR and rule.start <= last.end + _NEAR:
            merged[-1] = Rule(last.at, last.start, max(last.end, rule.end))
        else:
            merged.append(rule)
    return merged


def _distinct(values: Iterable[float]) -> list[float]:
    """Values in order, those that are near each other as one."""
    distinct: list[float] = []
    for value in sorted(values):
        if not distinct or value - distinct[-1] > _NEAR:
            distinct.append(value)
    return distinct


def _around(value: float, lines: Iterable[float], edges: Sequence[float]) -> tuple[int, int]:
    """The numbers of the edges next to a value at which a line runs, before and behind it."""
    low, high = 0, len(edges) - 1
    for line in lines:
        nearest = min(range(len(edges)), key=lambda number: abs(edges[number] - line))
        if line <= value:
            low = max(low, nearest)
        else:
            high = min(high, nearest)
    return (low, high) if low < high else (min(low, len(edges) - 2), min(low, len(edges) - 2) + 1)
