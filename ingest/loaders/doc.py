"""Word's format of 1997 to 2003 (.doc, and .wps, which is the same): the text from its pieces, tables row by row.

After Microsoft's [MS-DOC]. Numbers that Word generates are not kept in the text, and notes stand outside of it; a file
with any is told of.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import olefile

from ingest.errors import UnreadableFile
from ingest.loaders.grid import Cell, table_lines
from ingest.loaders.loaded import Loaded

STREAM = "WordDocument"  # which such a file has
_WORD_97 = 0xA5EC
_ENCRYPTED, _SECOND_TABLE = 0x0100, 0x0200  # of the flags at 10
_FLAGS, _TEXT_LENGTH, _PAPX, _CLX = 0x0A, 0x4C, 0x102, 0x1A2  # offsets in the file's header
_NOTES_LENGTHS = (0x50, 0x60)  # ccpFtn, ccpEdn: characters of footnotes and endnotes
_PAGE = 512  # bytes of a page of paragraph properties
_IN_TABLE, _ROW_END, _LIST = 0x2416, 0x2417, 0x460B  # sprmPFInTable, sprmPFTtp, sprmPIlfo
_ELSEWHERE = frozenset({0x6645, 0x6646})  # sprmPHugePapx: too long to stand here, as the ends of wide rows are
_TABLE_SHAPE = 0xD608  # sprmTDefTable, whose length takes two bytes
_OPERANDS = (1, 1, 2, 4, 2, 2, 0, 3)  # bytes of a property's operand by its kind; 0: its first byte tells
_NO_LIST = 0x7FF
_CELL, _PARAGRAPH = "\x07", "\r\x0c"  # what ends a cell or row, a paragraph
_FIELD, _RESULT, _FIELD_END = "\x13", "\x14", "\x15"
_SHOWN = str.maketrans(
    {"\x0b": "\n", "\x1e": "-", "\xa0": " ", "\t": " "} | dict.fromkeys((*map(chr, range(9)), "\x0e", "\x1f"))
)


@dataclass(frozen=True, slots=True)
class _Run:
    """A paragraph's properties as far as they matter."""

    row_end: bool = False
    in_table: bool = False
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph, cell or row end."""

    text: str
    end: str  # the character that ends it
    run: _Run


def load_doc(data: bytes) -> Loaded:
    """The text of an old Word file.

    Raises:
        UnreadableFile: it is encrypted, or older than Word 97.
    """
    with olefile.OleFileIO(data) as compound:
        main = compound.openstream(STREAM).read()
        identity, flags = _short(main, 0), _short(main, _FLAGS)
        if identity != _WORD_97:
            raise UnreadableFile("is a Word file from before 1997; save it as DOCX and ingest that")
        if flags & _ENCRYPTED:
            raise UnreadableFile("is encrypted; remove the password, save it again and ingest that")
        table = compound.openstream("1Table" if flags & _SECOND_TABLE else "0Table").read()
    paragraphs = list(_paragraphs(main, table))
    return Loaded("\n".join(_lines(paragraphs)), whole=True, warnings=tuple(_warnings(main, paragraphs)))


def _warnings(main: bytes, paragraphs: list[_Paragraph]) -> Iterator[str]:
    """What the file has and its text has not."""
    numbered = sum(one.run.numbered and bool(one.text.strip()) for one in paragraphs)
    if numbered:
        yield f"{numbered} paragraphs have numbers that Word generates and this format hides; save it as DOCX"
    if any(_long(main, at) for at in _NOTES_LENGTHS):
        yield "has footnotes or endnotes, which are not read from this format; save it as DOCX"


def _lines(paragraphs: list[_Paragraph]) -> Iterator[str]:
    """Paragraphs as lines; those of cells as the rows of their table."""
    rows: list[list[Cell]] = []
    cells: list[Cell] = []
    held: list[str] = []
    for one in paragraphs:
        inside = one.end == _CELL or one.run.in_table
        if not inside:
            yield from table_lines([*rows, *([cells] if cells else [])])
            rows, cells = [], []
            yield from one.text.split("\n")
        elif one.run.row_end:
            rows.append(cells)
            cells, held = [], []
        else:
            held += [line.strip() for line in one.text.split("\n") if line.strip()]
            if one.end == _CELL:
                cells.append(Cell(tuple(held)))
                held = []
    yield from table_lines([*rows, *([cells] if cells else [])])


def _paragraphs(main: bytes, table: bytes) -> Iterator[_Paragraph]:
    """The paragraphs of the main text, without the codes of fields."""
    places, runs = _read_runs(main, table)
    text: list[str] = []
    fields: list[bool] = []  # those that are open, from the outermost: whether the code is being read, not the result
    for character, place in _characters(main, table):
        if character == _FIELD:
            fields.append(True)
        elif character == _RESULT:
            fields[-1:] = [False]
        elif character == _FIELD_END:
            fields[-1:] = []
        elif character == _CELL or character in _PARAGRAPH:
            at = bisect_right(places, place) - 1
            run = runs[at] if 0 <= at < len(runs) else _Run()
            yield _Paragraph("".join(text).translate(_SHOWN), character, run)
            text.clear()
        elif not any(fields):
            text.append(character)
    if text:
        yield _Paragraph("".join(text).translate(_SHOWN), "\r", _Run())


def _characters(main: bytes, table: bytes) -> Iterator[tuple[str, int]]:
    """Each character of the main text with its place in the file."""
    left = _long(main, _TEXT_LENGTH)
    for begin, end, place, wide in _pieces(table[_long(main, _CLX) :][: _long(main, _CLX + 4)]):
        length = min(end - begin, left)
        left -= length
        width, encoding = (2, "utf-16-le") if wide else (1, "cp1252")
        raw = main[place : place + length * width]
        for index in range(0, len(raw), width):
            yield raw[index : index + width].decode(encoding, "replace"), place + index


def _pieces(clx: bytes) -> Iterator[tuple[int, int, int, bool]]:
    """The pieces that the text is put together from: first and last character, place in the file, two bytes each."""
    at = 0
    while clx[at] == 1:  # properties that pieces refer to
        at += 3 + _short(clx, at + 1)
    length = _long(clx, at + 1)
    plc = clx[at + 5 : at + 5 + length]
    count = (length - 4) // 12
    for number in range(count):
        begin, end = _long(plc, 4 * number), _long(plc, 4 * number + 4)
        place = _long(plc, 4 * (count + 1) + 8 * number + 2)
        wide = not place & 0x40000000
        yield begin, end, place if wide else (place & 0x3FFFFFFF) // 2, wide


def _read_runs(main: bytes, table: bytes) -> tuple[list[int], list[_Run]]:
    """Where runs of paragraphs with the same properties begin in the file, and these properties."""
    begin, length = _long(main, _PAPX), _long(main, _PAPX + 4)
    plc = table[begin : begin + length]
    count = (length - 4) // 8
    found: list[tuple[int, _Run]] = []
    for number in range(count):
        start = (_long(plc, 4 * (count + 1) + 4 * number) & 0x3FFFFF) * _PAGE
        page = main[start : start + _PAGE]
        runs = page[_PAGE - 1]
        for index in range(runs):
            offset = page[4 * (runs + 1) + 13 * index] * 2
            found.append((_long(page, 4 * index), _read_run(page, offset) if offset else _Run()))
    found.sort(key=lambda one: one[0])
    return [place for place, _ in found], [run for _, run in found]


def _read_run(page: bytes, offset: int) -> _Run:
    size = page[offset]
    start, size = (offset + 1, size * 2 - 1) if size else (offset + 2, page[offset + 1] * 2)
    properties = dict(_read_properties(page[start + 2 : start + size]))  # behind the number of the style
    return _Run(
        row_end=bool(properties.get(_ROW_END)) or not _ELSEWHERE.isdisjoint(properties),
        in_table=bool(properties.get(_IN_TABLE)),
        numbered=0 < properties.get(_LIST, 0) < _NO_LIST,
    )


def _read_properties(data: bytes) -> Iterator[tuple[int, int]]:
    """Properties (sprm) with their values, as far as these are single numbers."""
    at = 0
    while at + 2 < len(data):
        name = _short(data, at)
        size = _OPERANDS[name >> 13] or 1 + data[at + 2]
        if name == _TABLE_SHAPE:
            size = 1 + _short(data, at + 2)
        yield name, int.from_bytes(data[at + 2 : at + 2 + size], "little")
        at += 2 + size


def _short(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<H", data, at)[0])


def _long(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<I", data, at)[0])
