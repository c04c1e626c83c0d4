"""A file's bytes become text. The bytes decide, not the name.

Plain text is read at once; everything else in a process of its own, within limits, since a library may be led to do
anything by a file that was made for it.
"""

from __future__ import annotations

import stat
from types import TracebackType
from typing import TYPE_CHECKING

from ingest.errors import UnreadableFile
from ingest.loaders.loaded import Loaded
from ingest.loaders.plain import load_plain, read_text
from ingest.loaders.reader import Reader
from ingest.loaders.sniff import is_plain

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.settings import Settings


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

    def __init__(self, settings: Settings) -> None:
        self._reader = Reader(settings.load_seconds, settings.load_memory)

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
            return load_plain(data) if is_plain(data) else self._reader.read(data)
        except UnreadableFile as error:
            raise UnreadableFile(f"{name}: {error}") from error
