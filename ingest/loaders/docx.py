"""Word files (.docx, .docm): paragraphs with the numbers that Word generates, tables, footnotes, changes accepted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.errors import UnreadableFile
from ingest.loaders.archive import attribute, child, children, local_name, open_archive, read_xml, value_of
from ingest.loaders.grid import Cell, table_lines
from ingest.loaders.loaded import Loaded
from ingest.loaders.numbering import Numbering, Styles

if TYPE_CHECKING:
    import zipfile

    from lxml import etree

# What changes took away, codes of fields, settings, the readings above characters, the old copy of a drawing.
_UNSEEN = frozenset({"del", "moveFrom", "instrText", "delText", "fldData", "pPr", "rPr", "sdtPr", "rt", "Fallback"})
_WRAPPERS = frozenset({"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "body"})
_BREAKS = frozenset({"br", "cr"})
_NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}
_HEADING_LENGTH = 60  # characters; a longer paragraph is text, whatever its style says
_HEADING_LEVELS = 9


@dataclass(slots=True)
class _Document:
    """What reading a paragraph needs to know of the rest of the file."""

    styles: Styles
    numbering: Numbering
    notes: dict[str, dict[str | None, etree._Element]]
    noted: int = 0  # notes so far
    held: str = field(default="")  # text of a paragraph whose end a change took away: it goes on in the next


def load_docx(data: bytes) -> Loaded:
    """A Word file's text: what a reader sees with all changes accepted."""
    with open_archive(data) as archive:
        root = read_xml(archive, _main_part(archive))
        styles = Styles(read_xml(archive, "word/styles.xml"))
        numbering = Numbering(read_xml(archive, "word/numbering.xml"), styles)
        notes = {part: _read_notes(archive, part) for part in _NOTES.values()}
        pictures = any(name.startswith("word/media/") for name in archive.namelist())
    lines = list(_blocks(child(root, "body"), _Document(styles, numbering, notes)))
    if not any(line.strip() for line in lines) and pictures:
        raise UnreadableFile("holds nothing but pictures, so it is a scan; put the text itself into it")
    return Loaded("\n".join(lines), whole=True)


def _main_part(archive: zipfile.ZipFile) -> str:
    """The name of the part with the text, which some programs choose themselves."""
    for relation in children(read_xml(archive, "_rels/.rels"), "Relationship"):
        if (attribute(relation, "Type") or "").endswith("/officeDocument"):
            return (attribute(relation, "Target") or "").lstrip("/")
    return "word/document.xml"


def _read_notes(archive: zipfile.ZipFile, part: str) -> dict[str | None, etree._Element]:
    root = read_xml(archive, f"word/{part}.xml")
    return {attribute(note, "id"): note for note in (root if root is not None else ())}


def _blocks(parent: etree._Element | None, document: _Document) -> Iterator[str]:
    """The lines of the paragraphs and tables below an element, in order."""
    for element in parent if parent is not None else ():
        name = local_name(element)
        if name == "p":
            yield from _paragraph(element, document)
        elif name == "tbl":
            yield from table_lines(_rows(element, document))
        elif name in _WRAPPERS:
            yield from _blocks(element, document)


def _paragraph(element: etree._Element, document: _Document) -> Iterator[str]:
    """A paragraph's line, those of its text boxes and those of its notes."""
    properties = child(element, "pPr")
    text, boxes, notes = _read_runs(element)
    label = document.numbering.label(properties) if text.strip() else ""
    text = document.held + label + text
    document.held = ""
    if child(properties, "rPr", "del") is not None:  # the change joins it with the next one
        document.held = text
    else:
        mark = "# " if _is_heading(properties, document.styles) and 0 < len(text) <= _HEADING_LENGTH else ""
        yield from (mark + line if line.strip() else line for line in text.split("\n"))
    for box in boxes:
        yield from _blocks(box, document)
    for kind, identity in notes:
        note = document.notes[_NOTES[kind]].get(identity)
        if note is not None:
            document.noted += 1
            yield f"注{document.noted}：" + " ".join(line.strip() for line in _blocks(note, document) if line.strip())


def _is_heading(properties: etree._Element | None, styles: Styles) -> bool:
    chain = [properties, *styles.properties(value_of(properties, "pStyle"))]
    level = next((found for one in chain if (found := value_of(one, "outlineLvl")) is not None), None)
    return level is not None and level.isdecimal() and int(level) < _HEADING_LEVELS


def _read_runs(element: etree._Element) -> tuple[str, list[etree._Element], list[tuple[str, str | None]]]:
    """The text of a paragraph, its text boxes, and the notes that it refers to."""
    pieces: list[str] = []
    boxes: list[etree._Element] = []
    notes: list[tuple[str, str | None]] = []
    waiting = list(reversed(element))
    while waiting:
        one = waiting.pop()
        name = local_name(one)
        if name == "t":
            pieces.append(one.text or "")
        elif name == "txbxContent":
            boxes.append(one)
        elif name in _NOTES:
            notes.append((name, attribute(one, "id")))
        elif name in _BREAKS:
            pieces.append("" if attribute(one, "type") in ("page", "column") else "\n")
        elif name in ("tab", "ptab"):
            pieces.append(" ")
        elif name == "noBreakHyphen":
            pieces.append("-")
        elif name not in _UNSEEN and not (name == "r" and _is_hidden(one)):
            waiting += reversed(one)
    return re.sub(r"[\t\r]", " ", "".join(pieces)), boxes, notes


def _is_hidden(run: etree._Element) -> bool:
    hidden = child(run, "rPr", "vanish")
    return hidden is not None and attribute(hidden, "val") not in ("0", "false", "off")


def _rows(table: etree._Element, document: _Document) -> list[list[Cell]]:
    """A table's rows; a cell that goes on from the one above (w:vMerge) makes that one longer."""
    rows: list[list[Cell]] = []
    above: dict[int, tuple[int, int]] = {}  # by column: where the cell stands that a cell below goes on from
    for row in _elements(table, "tr"):
        if child(row, "trPr", "del") is not None:
            continue
        cells: list[Cell] = []
        column = _whole(value_of(row, "trPr", "gridBefore"), 0)
        cells += [Cell(())] * column
        for element in _elements(row, "tc"):
            across = _whole(value_of(element, "tcPr", "gridSpan"), 1)
            merge = child(element, "tcPr", "vMerge")
            lines = tuple(line.strip() for line in _blocks(element, document) if line.strip())
            if merge is not None and attribute(merge, "val") != "restart" and column in above:
                at_row, at_cell = above[column]
                first = rows[at_row][at_cell]
                rows[at_row][at_cell] = Cell(first.lines, first.across, len(rows) - at_row + 1)
            else:
                above[column] = (len(rows), len(cells))
                cells.append(Cell(lines, across))
            column += across
        rows.append(cells)
    return rows


def _elements(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """The rows of a table or cells of a row, also inside content controls and accepted changes."""
    for element in parent:
        if local_name(element) == name:
            yield element
        elif local_name(element) in _WRAPPERS:
            yield from _elements(element, name)


def _whole(text: str | None, default: int) -> int:
    return min(int(text), 1000) if text is not None and text.isdecimal() else default
