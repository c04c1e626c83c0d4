"""A file's bytes become text. The bytes decide, not the name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.errors import UnreadableFile

if TYPE_CHECKING:
    from pathlib import Path

# First bytes of formats that are not text, with the name that a corpus keeper knows.
_BINARY = {
    b"%PDF": "PDF",
    b"PK\x03\x04": "Office (docx, xlsx) or ZIP",
    b"\xd0\xcf\x11\xe0": "old Office (doc, xls, wps)",
    b"\x89PNG": "PNG image",
    b"\xff\xd8\xff": "JPEG image",
    b"{\\rtf": "RTF",
}
_HTML = (b"<!doctype html", b"<html")
_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def read_bytes(path: Path) -> bytes:
    """A file's bytes; UnreadableFile if the system refuses them."""
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"{path.name}: cannot be read ({error.strerror}); check the file and its permissions"
        raise UnreadableFile(message) from error


def decode(data: bytes, name: str) -> str:
    """Turn the bytes of a text file in UTF-8, UTF-16 or GB18030 into text, with its line ends as `\\n`.

    Raises:
        UnreadableFile: the bytes are not text, or hold nothing but white space; names the file.
    """
    if kind := _foreign_format(data):
        raise UnreadableFile(f"{name}: is {kind}, not text; save it as .txt or .md in UTF-8 and ingest that")
    text = _decode_text(data, name).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise UnreadableFile(f"{name}: is empty; remove it or put the document's text into it")
    return text


def _foreign_format(data: bytes) -> str | None:
    if data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_HTML):
        return "an HTML page"
    return next((kind for magic, kind in _BINARY.items() if data.startswith(magic)), None)


def _decode_text(data: bytes, name: str) -> str:
    declared = next((encoding for mark, encoding in _BYTE_ORDER_MARKS.items() if data.startswith(mark)), None)
    for encoding in [declared] if declared else ["utf-8", "gb18030"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UnreadableFile(f"{name}: is neither UTF-8, UTF-16 nor GB18030 text; save it in UTF-8")
