"""The table of formats and their loaders."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ingest.errors import UnreadableFile
from ingest.loaders.docx import load_docx
from ingest.loaders.loaded import MOST_CHARACTERS, TOO_LONG, Loaded
from ingest.loaders.office import load_office
from ingest.loaders.pdf import load_pdf
from ingest.loaders.sheet import load_sheet
from ingest.loaders.sniff import Format, sniff
from ingest.loaders.web_page import load_page, load_saved_page


def load_picture(data: bytes) -> Loaded:
    """A picture has no text that can be read here."""
    raise UnreadableFile("is a picture, so what it shows is a scan; put its text into a file and ingest that")


LOADERS: Mapping[Format, Callable[[bytes], Loaded]] = {
    Format.HTML: load_page,
    Format.MHTML: load_saved_page,
    Format.DOCX: load_docx,
    Format.XLSX: load_sheet,
    Format.PDF: load_pdf,
    Format.OFFICE: load_office,
    Format.PICTURE: load_picture,
}


def load_bytes(data: bytes) -> Loaded:
    """The text of a file that is not plain text, by the format that its bytes have.

    Raises:
        UnreadableFile: whatever is wrong with the file; says what to do, without the file's name.
    """
    kind = "a file"
    try:
        kind = sniff(data)
        loaded = LOADERS[kind](data)
    except UnreadableFile:
        raise
    except MemoryError as error:
        raise UnreadableFile(
            f"is {kind} that takes more memory than HUIWEN_LOAD_MEMORY allows; make it smaller"
        ) from error
    except Exception as error:  # damaged bytes make libraries raise anything
        raise UnreadableFile(f"is {kind} that is damaged or cut off; get it again") from error
    if not loaded.text.strip():
        raise UnreadableFile("holds no text; remove it or put the document's text into it")
    if len(loaded.text) > MOST_CHARACTERS:
        raise UnreadableFile(TOO_LONG)
    return loaded
