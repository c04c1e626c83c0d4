"""Small files of every format, made here: PDFs by hand, Word files part by part."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 595, 842  # A4 in points


@dataclass
class PdfPage:
    """A page to draw on; (0, 0) is its upper left corner."""

    operators: list[str] = field(default_factory=list)
    turned: int = 0

    def text(self, x: float, y: float, text: str, size: float = 12) -> PdfPage:
        """A line of text, every character as wide as it is high."""
        return self.draw(text, f"1 0 0 1 {x} {HEIGHT - y}", size)

    def draw(self, text: str, matrix: str, size: float = 12) -> PdfPage:
        """A line of text turned, slanted or moved by a matrix."""
        self.operators.append(f"BT /F {size} Tf {matrix} Tm <{text.encode('utf-16-be').hex()}> Tj ET")
        return self

    def lines(self, x: float, y: float, lines: Iterable[str], size: float = 12, step: float = 20) -> PdfPage:
        """Lines below each other."""
        for number, line in enumerate(lines):
            self.text(x, y + number * step, line, size)
        return self

    def rule(self, x1: float, y1: float, x2: float, y2: float) -> PdfPage:
        """A straight line."""
        self.operators.append(f"{x1} {HEIGHT - y1} m {x2} {HEIGHT - y2} l S")
        return self

    def grid(self, xs: Sequence[float], ys: Sequence[float], rows: Sequence[Sequence[str]]) -> PdfPage:
        """A table with all its lines, a text in each cell."""
        for y in ys:
            self.rule(xs[0], y, xs[-1], y)
        for x in xs:
            self.rule(x, ys[0], x, ys[-1])
        for y, row in zip(ys, rows, strict=False):
            for x, cell in zip(xs, row, strict=False):
                self.text(x + 5, y + 16, cell, 10)
        return self

    def picture(self) -> PdfPage:
        """A picture that covers the page."""
        self.operators.append(f"q {WIDTH} 0 0 {HEIGHT} 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x7f EI Q")
        return self


def make_pdf(*pages: PdfPage, trailer: str = "") -> bytes:
    """A PDF whose Chinese font is not in it: its encoding tells the characters."""
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{' '.join(f'{6 + 2 * n} 0 R' for n in range(len(pages)))}]>>",
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/FontDescriptor 5 0 R"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>>>",
        "<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[0 -120 1000 880]/ItalicAngle 0/Ascent 880"
        "/Descent -120/CapHeight 880/StemV 80>>",
    ]
    for number, page in enumerate(pages):
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]/Rotate {page.turned}"
            f"/Resources<</Font<</F 3 0 R>>>>/Contents {7 + 2 * number} 0 R>>"
        )
        content = "\n".join(page.operators)
        objects.append(f"<</Length {len(content)}>>\nstream\n{content}\nendstream")
    return _number_objects(objects, trailer)


def _number_objects(objects: Sequence[str], trailer: str) -> bytes:
    data = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"trailer<</Size {len(objects) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{len(data)}\n%%EOF\n"
    return data + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{end}".encode()


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)


def make_zip(parts: dict[str, str | bytes]) -> bytes:
    """A ZIP archive of these parts."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return held.getvalue()


def make_docx(body: str, **parts: str) -> bytes:
    """A Word file of a body and other parts (numbering, styles, footnotes), all in WordprocessingML."""
    others = {
        f"word/{name}.xml": f"<w:{root} {_W}>{parts[name]}</w:{root}>"
        for name, root in (("numbering", "numbering"), ("styles", "styles"), ("footnotes", "footnotes"))
        if name in parts
    }
    document = f"<w:document {_W}><w:body>{body}</w:body></w:document>"
    return make_zip({"_rels/.rels": _RELATIONS, "word/document.xml": document, **others})


def p(text: str, properties: str = "") -> str:
    """A paragraph of a Word file."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def numbered(text: str, identity: int, level: int = 0) -> str:
    """A paragraph that Word numbers."""
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{identity}"/></w:numPr>')


def table(*rows: Sequence[str]) -> str:
    """A table of a Word file; each cell as its properties and content, or its text."""
    lines = ("".join(map(_cell, row)) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{line}</w:tr>' for line in lines)}</w:tbl>"


def _cell(content: str) -> str:
    return f"<w:tc>{content if content.startswith('<') else p(content)}</w:tc>"


_SECTOR = 512
_FREE, _CHAIN_END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def make_compound(streams: dict[str, bytes]) -> bytes:
    """A compound file, as Office wrote them before 2007, of streams that have at least 4096 bytes each."""
    body = b""
    chains: list[int] = []
    entries: list[bytes] = []
    for name, content in streams.items():
        padded = content.ljust(4096, b"\0")
        padded += b"\0" * (-len(padded) % _SECTOR)
        first = len(body) // _SECTOR
        count = len(padded) // _SECTOR
        chains += [*range(first + 1, first + count), _CHAIN_END]
        entries.append(
            _entry(name, 2, first, len(padded), len(entries) + 2 if len(entries) + 1 < len(streams) else _FREE)
        )
        body += padded
    directory = (_entry("Root Entry", 5, _CHAIN_END, 0, _FREE, 1) + b"".join(entries)).ljust(1024, b"\0")
    at = len(chains)
    chains += [at + 1, _CHAIN_END, _TABLE]
    table = struct.pack("<128I", *chains, *[_FREE] * (128 - len(chains)))
    head = struct.pack("<8s16xHHHHH6xIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 62, 3, 0xFFFE, 9, 6, 0, 1, at, 0,
                       4096, _CHAIN_END, 0, _CHAIN_END, 0, at + 2)  # fmt: skip
    return head + struct.pack("<108I", *[_FREE] * 108) + body + directory + table


def _entry(name: str, kind: int, first: int, size: int, next_entry: int, below: int = _FREE) -> bytes:
    coded = name.encode("utf-16-le") + b"\0\0"
    places = struct.pack("<III36xIQ", _FREE, next_entry, below, first, size)
    return coded.ljust(64, b"\0") + struct.pack("<HBB", len(coded), kind, 1) + places


def make_doc(text: str, row_ends: Sequence[int] = (), flags: int = 0, notes: int = 0) -> bytes:
    """A Word 97 file; `row_ends` are the places in the text of the marks that end a table's row."""
    start = 2048
    main = bytearray(start) + text.encode("utf-16-le")
    main += bytes(-len(main) % _SECTOR)
    page = len(main) // _SECTOR
    main += _properties_page(start, len(text), row_ends)
    pieces = struct.pack("<II", 0, len(text)) + struct.pack("<HIH", 0, start, 0)
    clx = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    places = struct.pack("<III", start, start + 2 * len(text), page)
    struct.pack_into("<H", main, 0, 0xA5EC)
    struct.pack_into("<H", main, 0x0A, flags)
    struct.pack_into("<II", main, 0x4C, len(text), notes)
    struct.pack_into("<II", main, 0x102, len(clx), len(places))
    struct.pack_into("<II", main, 0x1A2, 0, len(clx))
    return make_compound({"WordDocument": bytes(main), "0Table": clx + places})


def _properties_page(start: int, length: int, row_ends: Sequence[int]) -> bytes:
    """A page that says of each character which are the ends of rows."""
    edges = sorted({0, length, *row_ends, *(end + 1 for end in row_ends)})
    runs = len(edges) - 1
    page = bytearray(_SECTOR)
    struct.pack_into(f"<{runs + 1}I", page, 0, *(start + 2 * edge for edge in edges))
    page[400:406] = b"\x03\0\0\x17\x24\x01"  # sprmPFTtp
    for number, edge in enumerate(edges[:-1]):
        page[4 * (runs + 1) + 13 * number] = 200 if edge in row_ends else 0
    page[-1] = runs
    return bytes(page)
