"""What OCR read of files, kept from one build to the next: a page takes seconds, and every build reads every file."""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import asdict
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from ingest.loaders.loaded import Loaded


class KeptReadings:
    """A folder with a file a reading, named by the bytes that were read and by the code that read them.

    It only saves time: what cannot be written is not kept, and what is damaged is read anew.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._used: set[str] = set()

    def find(self, data: bytes) -> Loaded | None:
        """The reading of a file's bytes, if it is kept."""
        name = self._name(data)
        try:
            read: dict[str, Any] = json.loads((self._folder / name).read_bytes())
            pages = tuple((int(offset), int(page)) for offset, page in read.pop("pages"))
            warnings, scanned = tuple(read.pop("warnings")), tuple(read.pop("scanned"))
            return Loaded(**read, pages=pages, warnings=warnings, scanned=scanned)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, data: bytes, loaded: Loaded) -> None:
        """Keep a reading."""
        path = self._folder / self._name(data)
        with contextlib.suppress(OSError):  # no room, or read-only: the next build reads it again
            self._folder.mkdir(parents=True, exist_ok=True)
            fresh = path.with_suffix(".new")
            fresh.write_text(json.dumps(asdict(loaded)), encoding="utf-8")
            fresh.replace(path)

    def forget_others(self) -> None:
        """Delete the readings that were not asked for: of files that are gone, or by code of before."""
        for path in self._folder.glob("*"):
            if path.name not in self._used:
                with contextlib.suppress(OSError):  # the next build tries again
                    path.unlink()

    def _name(self, data: bytes) -> str:
        name = f"{hashlib.sha256(_code() + data).hexdigest()}.json"
        self._used.add(name)
        return name


@cache
def _code() -> bytes:
    """A digest of the code that reads files, and of the OCR engine's version."""
    try:
        engine = version("rapidocr")
    except PackageNotFoundError:
        engine = ""
    digest = hashlib.sha256(engine.encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.digest()
