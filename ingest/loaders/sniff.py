"""What format a file's bytes have. The bytes decide, not the name."""

from __future__ import annotations

import io
import zipfile
from enum import StrEnum

import olefile

from ingest.errors import UnreadableFile

_HTML = (b"<!doctype html", b"<html", b"<head", b"<body", b"<meta", b"<table")
_MAIL = (b"mime-version:", b"from: <saved by", b'from: "saved by')  # how browsers save a page as one file
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*")
_ARCHIVE = b"PK\x03\x04"
_RICH_TEXT = b"{\\rtf"
_BINARY = (b"%PDF-", _ARCHIVE, olefile.MAGIC, _RICH_TEXT, *_PICTURES)
_HEAD = 4096  # bytes that show what a file is


class Format(StrEnum):
    """A format that is not plain text."""

    HTML = "a web page"
    MHTML = "a web page saved as one file"
    DOCX = "a Word file"
    XLSX = "an Excel file"
    PDF = "a PDF"
    PICTURE = "a picture"
    OFFICE = "an Office file of an older or another kind"  # .doc, .wps, .xls, .rtf, .odt: what LibreOffice reads


def is_plain(data: bytes) -> bool:
    """Whether a file is text to be read as it stands, or unknown; looks at its beginning alone."""
    return (
        not data.startswith(_BINARY)
        and b"%PDF-" not in data[:1024]
        and not _is_other_picture(data)
        and not _markup(data)
    )


def sniff(data: bytes) -> Format:
    """The format of a file that is not plain.

    Raises:
        UnreadableFile: it is of a format that is not read, or encrypted; says what to do, without the file's name.
    """
    if data.startswith(_ARCHIVE):
        return _sniff_archive(data)
    if data.startswith(olefile.MAGIC):
        return _sniff_compound(data)
    if data.startswith(_RICH_TEXT):
        return Format.OFFICE
    if data.startswith(_PICTURES) or _is_other_picture(data):
        return Format.PICTURE
    return _markup(data) or Format.PDF


def _is_other_picture(data: bytes) -> bool:
    """WebP, and BMP, which begins as text may but for four bytes that are null."""
    return (data.startswith(b"RIFF") and data[8:12] == b"WEBP") or (data.startswith(b"BM") and data[6:10] == bytes(4))


def _markup(data: bytes) -> Format | None:
    """A web page, if it is one; in UTF-16 a null byte stands between its letters."""
    head = data[:_HEAD].lstrip(b"\xef\xbb\xbf\xfe\xff").replace(b"\0", b"").lstrip().lower()
    while head.startswith((b"<!--", b"<?xml")):  # <!-- saved from url=…
        _, end, rest = head.partition(b"-->" if head.startswith(b"<!--") else b"?>")
        head = rest.lstrip() if end else b""
    if head.startswith(_HTML):
        return Format.HTML
    return Format.MHTML if head.startswith(_MAIL) and b"multipart/" in head else None


def _sniff_archive(data: bytes) -> Format:
    """What an archive holds decides."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
    if any(name.startswith("word/") for name in names):
        return Format.DOCX
    if any(name.startswith("xl/") for name in names):
        return Format.XLSX
    if "content.xml" in names and "mimetype" in names:
        return Format.OFFICE
    kind = "an OFD file" if "OFD.xml" in names else "slides" if "ppt/presentation.xml" in names else "a ZIP archive"
    raise UnreadableFile(f"is {kind}, which is not read; save what it holds as DOCX or PDF and ingest that")


def _sniff_compound(data: bytes) -> Format:
    """Office's format before 2007, which also wraps encrypted files of the newer ones."""
    with olefile.OleFileIO(data) as compound:
        if compound.exists("EncryptedPackage"):
            raise UnreadableFile("is encrypted; remove the password, save it again and ingest that")
    return Format.OFFICE
