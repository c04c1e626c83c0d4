"""Word files of 1997 to 2003."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import UnreadableFile
from ingest.loaders.doc import load_doc
from ingest.loaders.office import load_office
from tests.fakes_files import make_compound, make_doc, make_docx, p

TEXT = (
    "关于补助的通知\r\x13 HYPERLINK x \x14一、支持\x15发展\x0b换行\r事项\x07补助\x07\x07个转企\x07十万元\x07\x07完。\r"
)
ROW_ENDS = (TEXT.index("\x07\x07") + 1, TEXT.rindex("\x07"))


def test_paragraphs_fields_and_tables() -> None:
    lines = ["关于补助的通知", "一、支持发展", "换行", "事项\t补助", "个转企\t十万元", "完。"]
    assert load_office(make_doc(TEXT, ROW_ENDS)).text.split("\n") == lines


def test_notes_that_are_not_read_are_told() -> None:
    assert load_doc(make_doc(TEXT)).warnings == ()
    (told,) = load_doc(make_doc(TEXT, notes=12)).warnings
    assert "footnotes" in told


def test_an_encrypted_file_is_told() -> None:
    with pytest.raises(UnreadableFile, match=r"^is encrypted; remove the password"):
        load_doc(make_doc(TEXT, flags=0x0100))


def test_other_formats_are_read_as_libreoffice_writes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "made.docx").write_bytes(make_docx(p("转换来的文字。")))
    script = f"""#!/bin/sh
while [ $# -gt 1 ]; do [ "$1" = --outdir ] && out=$2; shift; done
/bin/cp {tmp_path}/made.docx "$out/file.docx"
"""
    (tmp_path / "soffice").write_text(script, encoding="utf-8")
    (tmp_path / "soffice").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert load_office(b"{\\rtf1 ...}").text == "转换来的文字。"


def test_an_old_sheet_needs_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UnreadableFile, match=r"^needs LibreOffice, which is not installed; save it as XLSX"):
        load_office(make_compound({"Workbook": b"x", "Other": b"y"}))
