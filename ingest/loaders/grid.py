"""Tables become lines: a row a line, its cells parted by tabs, merged cells told in each row that they cover."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import dropwhile

_WIDEST = 1000  # columns; a span that claims more is cut
_FIELD = re.compile(r"[^：:]{2,12}[：:]")
_DEEPEST = 3  # rows that a header may have


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with its paragraphs, and how many columns and rows it covers."""

    lines: tuple[str, ...]
    across: int = 1
    down: int = 1


def table_lines(rows: Sequence[Sequence[Cell]]) -> Iterator[str]:
    """The lines of `numbered_lines`."""
    return (line for _, line in numbered_lines(rows))


def numbered_lines(rows: Sequence[Sequence[Cell]]) -> Iterator[tuple[int, str]]:
    """The rows as lines, each with its row's number (from 0).

    A cell that covers several rows is told in each, so that a row can be read by itself. Above the first row with two
    cells that hold anything, and below the last, what stands is text: a title, a note. Between them a row with one such
    cell stays a row. So is a row of fields above a wider table text: 填报单位：… 填报日期：….
    """
    rows = _join_header(rows)
    filled = list(_fill(rows))
    full = _table_rows(filled)
    for number, cells in enumerate(filled):
        if full and full[0] <= number <= full[-1]:
            if any(cells):
                line = "\t".join(cells).rstrip("\t")
                yield number, line if "\t" in line else f"\t{line}"
        else:
            yield from ((number, line) for cell in rows[number] for line in cell.lines)


def _table_rows(rows: Sequence[Sequence[str]]) -> list[int]:
    """The numbers of the rows with two cells that hold anything, without those of fields above the first other one."""
    full = [number for number, cells in enumerate(rows) if sum(map(bool, cells)) > 1]
    widest = max((sum(map(bool, rows[number])) for number in full), default=0)
    return list(dropwhile(lambda number: _has_fields(rows[number], widest), full))


def _has_fields(cells: Sequence[str], widest: int) -> bool:
    """Whether a row holds 填报单位：某局 and the like, and nothing else, above a table of more columns."""
    told = [cell for cell in cells if cell]
    return len(told) < widest and all(_FIELD.match(cell) for cell in told)


def _join_header(rows: Sequence[Sequence[Cell]]) -> list[Sequence[Cell]]:
    """The same rows, a header of several as the first of them: 标准 above 首年 and 次年 is 标准 首年 and 标准 次年."""
    several = _table_rows([[" ".join(cell.lines) for cell in cells] for cells in rows])
    first = several[0] if several else len(rows)
    depth = _header_depth(rows[first]) if first < len(rows) else 1
    if not 1 < depth <= min(_DEEPEST, len(rows) - first - 1):
        return list(rows)
    names: dict[int, dict[str, None]] = {}
    for cells in _fill([list(_spread(row)) for row in rows[first : first + depth]]):
        for column, text in enumerate(cells):
            names.setdefault(column, {}).update({text: None} if text else {})
    joined = [Cell(tuple(names[column])) for column in sorted(names)]
    return [*rows[:first], joined, *[()] * (depth - 1), *rows[first + depth :]]


def _header_depth(row: Sequence[Cell]) -> int:
    """How many rows a header has: several where a cell stands above several columns beside deeper ones."""
    above_several = any(cell.lines and cell.across > 1 and cell.down == 1 for cell in row)
    return max(cell.down for cell in row if cell.lines) if above_several else 1


def _spread(row: Sequence[Cell]) -> Iterator[Cell]:
    """A row's cells, what stands above several columns in each of them."""
    return (Cell(cell.lines, 1, cell.down) for cell in row for _ in range(min(cell.across, _WIDEST)))


def _fill(rows: Sequence[Sequence[Cell]]) -> Iterator[list[str]]:
    """Each row's cells, a text for each column."""
    covered: dict[int, tuple[int, str]] = {}  # by column: rows that a cell from above still covers, and its text
    for row in rows:
        cells: list[str] = []
        for cell in row:
            _take_covered(cells, covered)
            text = " ".join(cell.lines).replace("\t", " ")
            for told in (text, *[""] * (min(cell.across, _WIDEST) - 1)):
                if cell.down > 1:
                    covered[len(cells)] = (cell.down - 1, told)
                cells.append(told)
        _take_covered(cells, covered)
        yield cells


def _take_covered(cells: list[str], covered: dict[int, tuple[int, str]]) -> None:
    """Fill in what cells above say of the next columns of this row."""
    while len(cells) in covered:
        left, text = covered.pop(len(cells))
        if left > 1:
            covered[len(cells)] = (left - 1, text)
        cells.append(text)
