"""PDFs: the text with its pages, without headers and footers, column by column, tables across pages as one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

import pypdfium2

from ingest.errors import UnreadableFile
from ingest.labels import read_label
from ingest.lines import ATTACHMENT_LINE
from ingest.loaders.grid import Cell, numbered_lines
from ingest.loaders.loaded import Loaded
from ingest.loaders.ocr import Engine, Picture, recognise
from ingest.loaders.pdf_lines import Column, Layout, Line, joins, make_lines
from ingest.loaders.pdf_page import Page, read_page
from ingest.loaders.pdf_table import Table, find_tables

_MARGIN_LINES = 2  # lines at the top and at the bottom of a page that may be a header or a footer
_REPEATED = 0.4  # share of the pages on which a header or footer stands
_PAGE_NUMBER = re.compile(
    r"^[\s—–\-－·•~～]*(?:第\s*)?\d{1,4}\s*页?(?:\s*[/／,，]?\s*共?\s*\d{1,4}\s*页?)?[\s—–\-－·•~～]*$"
)
_MOST_PAGES = 3000
_SAME_EDGE = 6.0  # points by which the columns of a table's parts may differ between pages
_DOTS, _LONGEST = 200 / 72, 3000  # pixels a point and along a side at most, where a scanned page is drawn to be read
_UNKNOWN = 0.2  # share of characters without a meaning from which a text is worth nothing


@dataclass(frozen=True, slots=True)
class _Rows:
    """A table with the page of each of its rows."""

    columns: tuple[float, ...]
    rows: tuple[tuple[Cell, ...], ...]
    pages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Text:
    """A column of lines on a page."""

    column: Column
    page: int
    spacing: float  # usual distance between its lines


_Piece = tuple[str, int]  # some text and its page


def load_pdf(data: bytes, engine: Engine | None = None) -> Loaded:
    """A PDF's text with the pages that it stands on; without an engine, which pages are pictures and were not read.

    Raises:
        UnreadableFile: it is encrypted, its fonts do not say which characters they show, or the engine failed.
    """
    pages, warnings = _read_pages(data, engine)
    scanned = tuple(number for number, page in enumerate(pages, 1) if page.scanned)
    unknown = sum(page.unknown for page in pages)
    known = sum(len(page.chars) for page in pages)
    if scanned and known == sum(len(pages[number - 1].chars) for number in scanned):
        return Loaded("", scanned=scanned)
    if unknown > _UNKNOWN * (known + unknown):
        raise UnreadableFile("has fonts that do not say which characters they show; print it to a PDF anew or use Word")
    told = (f"{unknown} characters that a font does not explain are left out",) if unknown else ()
    return replace(write_pages(pages, (*warnings, *told)), scanned=scanned)


def write_pages(pages: Sequence[Page], warnings: tuple[str, ...]) -> Loaded:
    """What stands on pages, the first being page 1, as text."""
    return _write(_paragraphs(_blocks(pages)), warnings)


def _read_pages(data: bytes, engine: Engine | None) -> tuple[list[Page], tuple[str, ...]]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadableFile("is encrypted; remove the password, save it again and ingest that") from error
        raise
    with document:
        if len(document) > _MOST_PAGES:
            raise UnreadableFile(f"has more than {_MOST_PAGES} pages; divide it into several files")
        pages = [read_page(document[number]) for number in range(len(document))]
        if engine is None:
            return pages, ()
        scanned = (number for number, page in enumerate(pages, 1) if page.scanned)
        read = recognise((_draw(document[number - 1], number) for number in scanned), engine)
    return [read.pages.get(number, page) for number, page in enumerate(pages, 1)], read.warnings


def _draw(page: pypdfium2.PdfPage, number: int) -> Picture:
    """A page as it is shown."""
    scale = min(_DOTS, _LONGEST / max(page.get_size()))
    return Picture(number, page.render(scale=scale).to_pil().convert("RGB"), 1 / scale)


def _blocks(pages: Sequence[Page]) -> Iterator[_Text | _Rows]:
    """Columns of text and tables in the order of reading; a table that goes on is one with its beginning."""
    held: _Rows | None = None
    for block in _page_blocks(pages):
        if held and isinstance(block, _Rows) and block.pages[0] != held.pages[-1] and _goes_on(held, block):
            held = replace(held, rows=held.rows + block.rows, pages=held.pages + block.pages)
            continue
        if held:
            yield held
        held = block if isinstance(block, _Rows) else None
        if isinstance(block, _Text):
            yield block
    if held:
        yield held


def _page_blocks(pages: Sequence[Page]) -> Iterator[_Text | _Rows]:
    found = [find_tables(page) for page in pages]
    lines = _drop_margins([make_lines(rest) for _, rest in found], [tables for tables, _ in found])
    for number, ((tables, _), layout, left) in enumerate(zip(found, _layouts(lines), lines, strict=True), 1):
        rest = left
        for table in tables:
            yield from _texts(layout, [line for line in rest if line.middle < table.top], number)
            rest = [line for line in rest if line.middle >= table.top]
            yield _Rows(table.columns, table.rows, (number,) * len(table.rows))
        yield from _texts(layout, rest, number)


def _layouts(pages: list[list[Line]]) -> list[Layout]:
    """The layout of each page; where few lines do not show the edges of the text, those of most pages do."""
    layouts = [Layout.of(lines) if lines else Layout(0.0, 0.0) for lines in pages]
    usual = [layout for layout, lines in zip(layouts, pages, strict=True) if lines and layout.gutter is None]
    if not usual:
        return layouts
    left, right = median(one.left for one in usual), median(one.right for one in usual)
    return [one if one.gutter else Layout(min(one.left, left), max(one.right, right)) for one in layouts]


def _texts(layout: Layout, lines: list[Line], page: int) -> Iterator[_Text]:
    columns = list(layout.read(lines))
    steps = [b.middle - a.middle for one in columns for a, b in pairwise(one.lines)]
    spacing = median(steps) if steps else 0.0
    return (_Text(column, page, spacing) for column in columns)


def _goes_on(before: _Rows, after: _Rows) -> bool:
    """Whether two tables on pages that follow have the same columns."""
    pairs = zip(before.columns, after.columns, strict=False)
    return len(before.columns) == len(after.columns) and all(abs(a - b) < _SAME_EDGE for a, b in pairs)


def _drop_margins(pages: list[list[Line]], tables: list[list[Table]]) -> list[list[Line]]:
    """The lines of each page without page numbers and without what stands at the edge of many pages."""
    edges = [_edge_lines(lines, found) for lines, found in zip(pages, tables, strict=True)]
    counts = Counter(name for lines in edges for name in {_name(line) for line in lines})
    often = {name for name, count in counts.items() if count >= max(2, _REPEATED * len(pages))}
    dropped = [{id(line) for line in lines if _name(line) in often or _PAGE_NUMBER.match(line.text)} for lines in edges]
    return [[line for line in lines if id(line) not in gone] for lines, gone in zip(pages, dropped, strict=True)]


def _edge_lines(lines: list[Line], tables: list[Table]) -> list[Line]:
    """The first and the last lines of a page that stand above and below its tables and begin nothing."""
    top = min((table.top for table in tables), default=float("inf"))
    bottom = max((table.bottom for table in tables), default=0.0)
    heights = sorted({round(line.middle) for line in lines})
    above = {height for height in heights[:_MARGIN_LINES] if height < top}
    below = {height for height in heights[-_MARGIN_LINES:] if height > bottom}
    return [
        line
        for line in lines
        if round(line.middle) in above | below
        and not ATTACHMENT_LINE.match(line.text)
        and read_label(line.text) is None
    ]


def _name(line: Line) -> tuple[str, int]:
    """What makes a line the same on several pages: its text but for figures, and about where it stands."""
    return re.sub(r"\d+|\s+", "#", line.text), round(line.middle / 20)


def _paragraphs(blocks: Iterable[_Text | _Rows]) -> Iterator[list[_Piece]]:
    """Paragraphs and table rows, each as its pieces."""
    last: tuple[_Text, Line] | None = None
    paragraph: list[_Piece] = []
    for block in blocks:
        if isinstance(block, _Rows):  # a paragraph that a table interrupts ends there
            yield from [paragraph] if paragraph else []
            paragraph, last = [], None
            yield from ([(line, block.pages[row])] for row, line in numbered_lines(block.rows))
            continue
        for line in block.column.lines:
            if last and _joins(*last, block, line):
                paragraph.append((_joint(last[1].text, line.text) + line.text, block.page))
            else:
                yield from [paragraph] if paragraph else []
                paragraph = [(line.text, block.page)]
            last = block, line
    yield from [paragraph] if paragraph else []


def _joins(before: _Text, line: Line, after: _Text, following: Line) -> bool:
    spacing = before.spacing if before is after else None
    return joins(before.column, line, following, after.column.left, spacing)


def _joint(before: str, after: str) -> str:
    """Latin words keep a space between them."""
    return " " if before[-1].isascii() and before[-1].isalpha() and after[0].isascii() and after[0].isalpha() else ""


def _write(paragraphs: Iterable[list[_Piece]], warnings: tuple[str, ...]) -> Loaded:
    pieces: list[str] = []
    pages: list[tuple[int, int]] = []
    length = 0
    for paragraph in paragraphs:
        for text, page in paragraph:
            if not pages or pages[-1][1] != page:
                pages.append((length, page))
            pieces.append(text)
            length += len(text)
        pieces.append("\n")
        length += 1
    return Loaded("".join(pieces), tuple(pages), whole=True, warnings=warnings)
