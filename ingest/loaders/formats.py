"""The table of formats and their loaders."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ingest.errors import UnreadableFile
from ingest.loaders.docx import load_docx
from ingest.loaders.loaded import MOST_CHARACTERS, TOO_LONG, Loaded
from ingest.loaders.ocr import Engine
from ingest.loaders.office import load_office
from ingest.loaders.pdf import load_pdf
from ingest.loaders.picture import load_picture
from ingest.loaders.sheet import load_sheet
from ingest.loaders.sniff import Format, sniff
from ingest.loaders.web_page import load_page, load_saved_page

LOADERS: Mapping[Format, Callable[[bytes], Loaded]] = {
    Format.HTML: load_page,
    Format.MHTML: load_saved_page,
    Format.DOCX: load_docx,
    Format.XLSX: load_sheet,
    Format.OFFICE: load_office,
}
SCANS: Mapping[Format, Callable[[bytes, Engine | None], Loaded]] = {
    Format.PDF: load_pdf,
    Format.PICTURE: load_picture,
}


def load_bytes(data: bytes, engine: Engine | None = None) -> Loaded:
    """The text of a file that is not plain text, by the format that its bytes have.

    Args:
        data: the file.
        engine: reads pages that are pictures; without one these are told by their numbers.

    Raises:
        UnreadableFile: whatever is wrong with the file; says what to do, without the file's name.
    """
    kind = "a file"
    try:
        kind = sniff(data)
        loaded = SCANS[kind](data, engine) if kind in SCANS else LOADERS[kind](data)
    except UnreadableFile:
        raise
    except MemoryError as error:
        memory = "HUIWEN_OCR_MEMORY" if engine else "HUIWEN_LOAD_MEMORY"
        raise UnreadableFile(f"is {kind} that takes more memory than {memory} allows; make it smaller") from error
    except Exception as error:  # damaged bytes make libraries raise anything
        raise UnreadableFile(f"is {kind} that is damaged or cut off; get it again") from error
    if not loaded.text.strip() and not loaded.scanned:
        raise UnreadableFile("holds no text; remove it or put the document's text into it")
    if len(loaded.text) > MOST_CHARACTERS:
        raise UnreadableFile(TOO_LONG)
    return loaded
