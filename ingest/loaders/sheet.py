"""Excel files (.xlsx, .xlsm): a row a line, its cells parted by tabs."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import TYPE_CHECKING

import openpyxl

from ingest.errors import UnreadableFile
from ingest.loaders.archive import open_archive
from ingest.loaders.grid import Cell, table_lines
from ingest.loaders.loaded import Loaded

if TYPE_CHECKING:
    from openpyxl.cell import Cell as SheetCell
    from openpyxl.cell import MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

_MOST_CELLS = 1_000_000
_UNNAMED = re.compile(r"(?i)sheet\d*|工作表\d*")
_PERCENT = re.compile(r"0(?:\.(0+))?%")


def load_sheet(data: bytes) -> Loaded:
    """The sheets that are shown; where there are several, each that has no title below its name."""
    open_archive(data).close()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what openpyxl leaves out: pictures, validation, print settings
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    lines: list[str] = []
    for sheet in shown:
        rows = list(table_lines(list(_rows(sheet))))
        if rows and "\t" in rows[0] and not _UNNAMED.fullmatch(sheet.title) and len(shown) > 1:
            lines.append(f"# {sheet.title}")
        elif rows and "\t" not in rows[0] and lines:
            rows[0] = f"# {rows[0]}"  # no note of the sheet before
        lines += rows
    hidden = [sheet.title for sheet in book.worksheets if sheet not in shown]
    told = (f"hidden sheets left out: {', '.join(hidden)}",) if hidden else ()
    return Loaded("\n".join(lines), whole=True, warnings=told)


def _rows(sheet: Worksheet) -> Iterator[list[Cell]]:
    """The rows up to the last that holds anything, without the columns behind the last one used."""
    if sheet.max_row * sheet.max_column > _MOST_CELLS:
        raise UnreadableFile(f"has more than {_MOST_CELLS:,} cells in sheet {sheet.title}; delete what is not needed")
    merged = {(one.min_row, one.min_col): (one.max_col, one.max_row) for one in sheet.merged_cells.ranges}
    for number, row in enumerate(sheet.iter_rows(), sheet.min_row):
        cells: list[Cell] = []
        for column, cell in enumerate(row, sheet.min_column):
            if type(cell).__name__ == "MergedCell":  # below or beside the one that is told
                continue
            last_column, last_row = merged.get((number, column), (column, number))
            text = _text(cell)
            cells.append(Cell((text,) if text else (), last_column - column + 1, last_row - number + 1))
        yield cells


def _text(cell: SheetCell | MergedCell) -> str:
    """A cell as the sheet shows it, in the formats that change what a figure says."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return str(value.date()) if value.time() == time() else str(value)
    if isinstance(value, date):
        return str(value)
    if isinstance(value, int | float):
        return _figure(value, str(cell.number_format))
    return " ".join(str(value).split())


def _figure(value: float, number_format: str) -> str:
    """0.03 in the format 0% is 3%; 3.0 is 3."""
    if percent := _PERCENT.search(number_format):
        return f"{value * 100:.{len(percent[1] or '')}f}%"
    return f"{value:.15g}"
