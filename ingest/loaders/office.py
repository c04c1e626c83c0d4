"""Old and foreign Office files: Word's read here, others with LibreOffice if the machine has it."""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from pathlib import Path

import olefile

from ingest.errors import UnreadableFile
from ingest.loaders.doc import STREAM, load_doc
from ingest.loaders.docx import load_docx
from ingest.loaders.loaded import Loaded
from ingest.loaders.sheet import load_sheet

_PROGRAMS = ("soffice", "libreoffice")
_BOOKS = ("Workbook", "Book")  # streams of an old Excel file
_SPREADSHEET, _HEAD = b"opendocument.spreadsheet", 200  # stands among the first bytes of an ODS file


def load_office(data: bytes) -> Loaded:
    """The text of a file in an older or another Office format.

    Raises:
        UnreadableFile: it needs LibreOffice, which is not there, or LibreOffice cannot read it.
    """
    streams = _streams(data)
    if STREAM in streams:
        return load_doc(data)
    if any(book in streams for book in _BOOKS) or _SPREADSHEET in data[:_HEAD]:
        return load_sheet(_convert(data, "xls", "xlsx"))
    return load_docx(_convert(data, "doc", "docx"))


def _streams(data: bytes) -> list[str]:
    if not data.startswith(olefile.MAGIC):
        return []
    with olefile.OleFileIO(io.BytesIO(data)) as compound:
        return [entry[0] for entry in compound.listdir()]


def _convert(data: bytes, ending: str, target: str) -> bytes:
    """The file as LibreOffice writes it anew, without macros; it may take what the process may take."""
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        raise UnreadableFile(f"needs LibreOffice, which is not installed; save it as {target.upper()} and ingest that")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"file.{ending}"
        source.write_bytes(data)
        command = [program, "--headless", "--norestore", f"-env:UserInstallation=file://{folder}/home"]
        subprocess.run(
            [*command, "--convert-to", target, "--outdir", folder, str(source)], check=True, capture_output=True
        )
        return source.with_suffix(f".{target}").read_bytes()
