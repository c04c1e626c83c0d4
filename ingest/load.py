"""A file's bytes become text. The bytes decide, not the name.

Plain text is read at once; everything else in a process of its own, within limits, since a library may be led to do
anything by a file that was made for it.
"""

from __future__ import annotations

import stat
from dataclasses import replace
from importlib.util import find_spec
from types import TracebackType
from typing import TYPE_CHECKING

from ingest.errors import UnreadableFile
from ingest.loaders.kept import KeptReadings
from ingest.loaders.loaded import Loaded
from ingest.loaders.plain import load_plain, read_text
from ingest.loaders.reader import Reader
from ingest.loaders.sniff import is_plain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ingest.settings import Settings


_INSTALL_OCR = '.venv/bin/pip install "rapidocr~=3.10.0"'  # what the extra `ocr` names


def has_ocr() -> bool:
    """Whether the extra `ocr` is installed; looks without loading it, as only the process that reads scans does."""
    return find_spec("rapidocr") is not None


def read_bytes(path: Path, most: int | None = None) -> bytes:
    """A file's bytes; UnreadableFile if the system refuses them, it is no plain file, or has more than `most` bytes."""
    try:
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode):
            raise UnreadableFile(f"{path.name}: is a symbolic link; put the file itself there")
        if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
            raise UnreadableFile(f"{path.name}: is no file but a device or a pipe; remove it")
        if most is not None and found.st_size > most:
            raise UnreadableFile(f"{path.name}: is larger than {most >> 20} MB; divide it or raise HUIWEN_FILE_SIZE")
        return path.read_bytes()
    except OSError as error:
        message = f"{path.name}: cannot be read ({error.strerror}); check the file and its permissions"
        raise UnreadableFile(message) from error


def decode(data: bytes, name: str) -> str:
    """Turn the bytes of a text file in UTF-8, UTF-16 or GB18030 into text, with its line ends as `\\n`.

    Raises:
        UnreadableFile: the bytes are not text, or hold nothing but white space; names the file.
    """
    if not is_plain(data):
        raise UnreadableFile(f"{name}: is not text; save it as text in UTF-8")
    try:
        return read_text(data)
    except UnreadableFile as error:
        raise UnreadableFile(f"{name}: {error}") from error


class Loader:
    """Reads files of every format; a context manager, since it holds a process."""

    def __init__(self, settings: Settings, has_ocr: Callable[[], bool] = has_ocr) -> None:
        self._settings, self._has_ocr = settings, has_ocr
        self._reader = Reader(settings.load_seconds, settings.load_memory)
        self._kept = KeptReadings(settings.index / "scans")

    def __enter__(self) -> Loader:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._reader.close()

    def load(self, data: bytes, name: str) -> Loaded:
        """A file's text with its pages.

        Raises:
            UnreadableFile: it has no text that can be read within the limits; names the file and says what to do.
        """
        try:
            loaded = load_plain(data) if is_plain(data) else self._reader.read(data)
            return self._read_scanned(data, loaded) if loaded.scanned else loaded
        except UnreadableFile as error:
            raise UnreadableFile(f"{name}: {error}") from error

    def _read_scanned(self, data: bytes, loaded: Loaded) -> Loaded:
        """The text with that of the pages that are pictures; where these cannot be read, without it, which is told."""
        try:
            return self._recognise(data, len(loaded.scanned))
        except UnreadableFile as error:
            if not loaded.text.strip():
                raise UnreadableFile(f"is a scan or a picture, without text of its own: {error}") from error
            numbers = ", ".join(map(str, loaded.scanned))
            told = f"pages {numbers} are pictures without text and left out: {error}"
            return replace(loaded, warnings=(*loaded.warnings, told))

    def _recognise(self, data: bytes, pages: int) -> Loaded:
        """The text of a file with so many scanned pages, in a process that may take what OCR takes, and ends then."""
        most = self._settings.ocr_pages
        if not self._has_ocr():
            raise UnreadableFile(
                f"OCR is not installed; run {_INSTALL_OCR} in Huiwen's folder, or put the text itself into a file"
            )
        if pages > most:
            raise UnreadableFile(f"{pages} scanned pages are more than HUIWEN_OCR_PAGES={most}; raise it or divide it")
        if kept := self._kept.find(data):
            return kept
        with Reader(self._settings.ocr_seconds * pages, self._settings.ocr_memory, ocr=True) as reader:
            loaded = reader.read(data)
        self._kept.keep(data, loaded)
        return loaded

    def forget_others(self) -> None:
        """Forget what OCR read of files that this loader was not given."""
        self._kept.forget_others()
