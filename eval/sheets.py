"""Write tables as .xlsx."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

CELL_LENGTH = 32_767  # characters; a longer text would be cut off by Excel


def make_sheet(columns: Mapping[str, int], rows: Iterable[Sequence[str]]) -> bytes:
    """A workbook of one sheet with a header row that stays in view.

    Args:
        columns: their names with their widths in characters.
        rows: a text for each column; it stays a text, whatever it looks like.
    """
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.freeze_panes = "A2"
    for number, (name, width) in enumerate(columns.items(), 1):
        sheet.cell(1, number, name).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = width
    for number, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column)
            cell.value, cell.data_type = value, "s"  # "s": =1+1 and #N/A are text too
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()
