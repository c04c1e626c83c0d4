"""A comparison as a workbook and as a Word document: a column a place."""

from __future__ import annotations

import re
from io import BytesIO

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Pt
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from bot.comparison import Comparison
from ingest.dates import format_date
from prompts.desk_messages import CompareWords

_WIDTHS = (12, 42)  # characters of the first column, and of each place's
_FONT = "宋体"
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_workbook(comparison: Comparison, words: CompareWords) -> bytes:
    """The comparison as .xlsx; every cell stays a text, whatever it looks like."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.freeze_panes = "B2"
    for row, texts in enumerate(_table(comparison, words), 1):
        for column, text in enumerate(texts, 1):
            cell = sheet.cell(row, column)
            cell.value, cell.data_type = text, "s"  # "s": =1+1 is text too
            cell.font = Font(bold=row == 1 or column == 1)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for column in range(1, len(comparison.columns) + 2):
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS[column > 1]
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def write_word(comparison: Comparison, words: CompareWords) -> bytes:
    """The comparison as .docx, the paper across."""
    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    page = document.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, page.page_height, page.page_width
    *rows, made = _table(comparison, words)
    document.add_paragraph().add_run(_clean(words.title)).bold = True
    table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    for row, texts in enumerate(rows):
        for column, (cell, text) in enumerate(zip(table.rows[row].cells, texts, strict=True)):
            cell.paragraphs[0].add_run(text).bold = row == 0 or column == 0
    document.add_paragraph(made[0])
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _table(comparison: Comparison, words: CompareWords) -> list[list[str]]:
    """The head, the rows, and a last row of one text that says what this is."""
    head = ["", *(column.place.name for column in comparison.columns)]
    made = words.made.format(question=comparison.question, day=format_date(comparison.as_of))
    rows = [head, *([name, *texts] for name, texts in comparison.rows(words)), [made]]
    return [[_clean(text) for text in row] for row in rows]


def _clean(text: str) -> str:
    """A text without what no such file can hold."""
    return _NO_XML.sub("", text)
