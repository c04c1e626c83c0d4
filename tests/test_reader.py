"""Files made to do harm: each ends in one error within the limits, and the next file is read as if nothing happened."""

from __future__ import annotations

import contextlib
import io
import os
import struct
import time
import zipfile
from collections.abc import Iterator

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.errors import UnreadableFile
from ingest.loaders.reader import Reader
from tests.fakes_files import PdfPage, make_doc, make_docx, make_pdf, make_zip, numbered, p, table

GOOD = make_docx(p("给予补助。"))
SECONDS, MEGABYTES = 3, 768


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader(SECONDS, MEGABYTES) as made:
        yield made


def zip_bomb() -> bytes:
    """A Word file of a megabyte that unpacks to 260 of them."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("word/document.xml", b"<w>" + bytes(260 << 20))
    return held.getvalue()


def lying_zip() -> bytes:
    """A Word file whose directory says that its text has 2 GB."""
    data = bytearray(GOOD)
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, (2 << 30) - 1)
    return bytes(data)


def expanding_entities() -> bytes:
    names = [f'<!ENTITY a{n} "{f"&a{n - 1};" * 20 if n else "ha" * 50}">' for n in range(12)]
    return make_zip({"word/document.xml": f"<!DOCTYPE w [{''.join(names)}]><w><t>&a11;</t></w>"})


def outside_entity() -> bytes:
    outside = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return make_zip({"word/document.xml": f"{outside}<document><body><p><r><t>&x;</t></r></p></body></document>"})


def endless_sheet() -> bytes:
    """A sheet with a value in its last possible cell, 17 thousand million cells from the first."""
    book, held = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    book.active["A1"] = 1
    book.active["XFD1048576"] = 1
    book.save(held)
    return held.getvalue()


def many_parts() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for number in range(10_001):
            archive.writestr(f"word/{number}.xml", "")
    return held.getvalue()


HOSTILE = {
    "zip bomb": (zip_bomb, "unpacks to more than"),
    "a size that is a lie": (lying_zip, "unpacks to more than|damaged"),
    "many parts": (many_parts, "unpacks to more than"),
    "expanding entities": (expanding_entities, "declares entities|damaged"),
    "an outside entity": (outside_entity, "declares entities"),
    "an endless sheet": (endless_sheet, "cells|memory|longer"),
    "10,000 nested tags": (lambda: b"<html>" + b"<div>" * 10_000 + "给予补助。".encode(), "holds no text"),
    "nested tables": (lambda: make_docx("<w:tbl><w:tr><w:tc>" * 10_000), "damaged"),
    "truncated": (lambda: GOOD[: len(GOOD) // 2], "damaged or cut off"),
    "names that climb": (lambda: make_zip({"../../etc/cron.d/x": "x"}), "is a ZIP archive"),
    "macros alone": (lambda: make_zip({"word/vbaProject.bin": b"x"}), "damaged|no text"),
    "an empty PDF": (lambda: b"%PDF-1.7", "is a PDF that is damaged or cut off; get it again"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n", "is a picture"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_one_error_and_the_next_is_read(reader: Reader, kind: str) -> None:
    make, message = HOSTILE[kind]
    data, began = make(), time.monotonic()
    with pytest.raises(UnreadableFile, match=message):
        reader.read(data)
    assert time.monotonic() - began < SECONDS + 5
    assert reader.read(GOOD).text == "给予补助。"


def test_deeply_nested_tags_keep_their_text(reader: Reader) -> None:
    page = f"<html>{'<div>' * 1000}给予补助，一次性。{'</div>' * 1000}</html>"
    assert reader.read(page.encode()).text == "给予补助，一次性。"


def test_what_takes_too_long_is_ended(reader: Reader) -> None:
    row = f"<tr>{'<td rowspan=60000 colspan=1000>。</td>' * 50}</tr>"
    page = f"<html><p>给予补助，一次性。</p><table>{row}{'<tr><td>。</td></tr>' * 60_000}</table></html>".encode()
    began = time.monotonic()
    with pytest.raises(UnreadableFile, match=r"longer to read than 0\.5 seconds"), Reader(0.5, MEGABYTES) as short:
        short.read(page)
    assert time.monotonic() - began < 10


def test_a_process_that_dies_is_replaced(reader: Reader) -> None:
    reader.read(GOOD)
    assert reader.process_id is not None
    os.kill(reader.process_id, 9)
    with pytest.raises(UnreadableFile, match="cannot be read within"):
        reader.read(GOOD)
    assert reader.read(GOOD).text == "给予补助。"


def test_nothing_is_left_behind(reader: Reader) -> None:
    with Reader(SECONDS, MEGABYTES) as other:
        other.read(GOOD)
        identity = other.process_id
    assert identity is not None
    with pytest.raises(ProcessLookupError):
        os.kill(identity, 0)


def make_sheet() -> bytes:
    book, held = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.append(["事项", "金额"])
    book.save(held)
    return held.getvalue()


WHOLE = {
    "docx": make_docx(p("第一条 补助") + numbered("对象", 1) + table(["事项", "金额"])),
    "pdf": make_pdf(PdfPage().text(70, 60, "通知").grid((70, 200, 400), (100, 120, 140), [["事项", "金额"]] * 2)),
    "xlsx": make_sheet(),
    "doc": make_doc("补助\r事项\x07金额\x07\x07\r", (8,)),
    "html": "<html><h1>通知</h1><table><tr><td>事项</td><td>金额</td></tr></table><p>给予补助，一次性。</p>".encode(),
    "mhtml": b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\n'
    b"Content-Type: text/html\n\n<p>x</p>\n--b--",
}


@pytest.mark.parametrize("kind", WHOLE)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_mutated_and_truncated_files_become_text_or_one_error(reader: Reader, kind: str, data: st.DataObject) -> None:
    content = bytearray(WHOLE[kind])
    for at in data.draw(st.lists(st.integers(8, len(content) - 1), max_size=12)):
        content[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.one_of(st.just(len(content)), st.integers(8, len(content))))
    with contextlib.suppress(UnreadableFile):
        assert reader.read(bytes(content[:cut])).text.strip()
