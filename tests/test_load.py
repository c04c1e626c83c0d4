"""A file's bytes become text, whatever its name; what is no text is told."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import UnreadableFile
from ingest.load import decode, read_bytes
from tests.fakes_ingest import CORPUS

TEXT = "一、支持个体工商户发展\n给予10万元补助。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_encoding_and_line_end(encoding: str, line_end: str) -> None:
    assert decode(TEXT.replace("\n", line_end).encode(encoding), "a.txt") == TEXT


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
def test_both_byte_orders(order: str) -> None:
    assert decode(("\ufeff" + TEXT).encode(order), "a.txt") == TEXT


@pytest.mark.parametrize("data", [b"%PDF-1.7 ...", b"PK\x03\x04...", b"\x89PNG\r\n...", b"<HTML lang='zh'>"])
def test_a_manifest_of_another_format_is_told_whatever_its_name_says(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"^manifest\.csv: is not text; save it as text in UTF-8$"):
        decode(data, "manifest.csv")


@pytest.mark.parametrize("data", [b"", b" \r\n\t", "\u3000\n".encode()])
def test_an_empty_file_is_told(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"^a\.txt: is empty; remove it or put the document's text into it$"):
        decode(data, "a.txt")


@pytest.mark.parametrize("data", [b"\x81\xff\x00\xfe", b"text\x00text", b"\xff\xfe\x00\xd8"])
def test_bytes_that_are_no_text_are_told(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"^a\.txt: is neither UTF-8, UTF-16 nor GB18030 text; save it in UTF-8$"):
        decode(data, "a.txt")


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"^missing\.txt: cannot be read \(No such file or directory\); check"):
        read_bytes(tmp_path / "missing.txt")
    with pytest.raises(UnreadableFile, match=r"\(Is a directory\)"):
        read_bytes(tmp_path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    path.chmod(0)
    with pytest.raises(UnreadableFile, match=r"\(Permission denied\)"):
        read_bytes(path)


def test_the_five_documents_are_text() -> None:
    for path in (CORPUS / "documents").iterdir():
        assert len(decode(read_bytes(path), path.name)) > 4000


@given(st.binary(max_size=200))
def test_any_bytes_become_text_or_an_error_of_ours(data: bytes) -> None:
    with contextlib.suppress(UnreadableFile):
        text = decode(data, "a.txt")
        assert text.strip()
        assert "\r" not in text
