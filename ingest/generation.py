"""Generations of the index: each complete in its own folder, one of them named by the file CURRENT.

A build writes a new folder and then renames one small file over CURRENT; until that instant the old generation serves,
whatever happens to the build. The generation before stays, for a service that is still reading it.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from ingest.errors import IndexDamaged, IndexMissing

FORMAT = 15  # raise it when a parsed document or an index looks different than before
_CURRENT = "CURRENT"
_INFO = "info.json"
_UNFINISHED = ".unfinished"


@dataclass(frozen=True, slots=True)
class GenerationInfo:
    """What a generation was built from."""

    format: int
    corpus: str  # digest of the documents, the manifest and the lexicon
    lexicon: str  # digest of the lexicon alone
    encoder: str  # the encoder's name
    encoder_digest: str
    documents: int
    clauses: int
    passages: int
    files: Mapping[str, int] = field(default_factory=dict)  # bytes that each had when the build ended


@dataclass(frozen=True, slots=True)
class Generation:
    """One generation on disk."""

    folder: Path

    @property
    def catalog(self) -> Path:
        """The SQLite file."""
        return self.folder / "catalog.sqlite"

    @property
    def lexical(self) -> Path:
        """The tantivy folder."""
        return self.folder / "lexical"

    @property
    def vectors(self) -> Path:
        """The Chroma folder."""
        return self.folder / "vectors"

    @property
    def topics(self) -> Path:
        """The vectors of the lexicon's phrases."""
        return self.folder / "topics.npy"

    @property
    def spelling(self) -> Path:
        """The words that slips of the pen are corrected to."""
        return self.folder / "spelling.json"

    @property
    def name(self) -> str:
        """Its number, growing with time; the same before and after it is published."""
        return self.folder.name.removesuffix(_UNFINISHED)

    @property
    def collection(self) -> str:
        """The name of its Chroma collection."""
        return f"huiwen-{self.name}"

    def info(self) -> GenerationInfo:
        """What it was built from.

        Raises:
            IndexMissing: another version of Huiwen built it.
            IndexDamaged: a file is gone or shorter than it was, as after a full disk or an interrupted copy.
        """
        try:
            record = json.loads((self.folder / _INFO).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise self.damaged(_INFO, str(error)) from error
        if record.get("format") != FORMAT:
            raise IndexMissing(
                f"the index in {self.folder.parent} was built by another version of Huiwen; "
                "run `huiwen ingest` to build it anew"
            )
        info = GenerationInfo(**record)
        found = self._sizes()
        for name, size in info.files.items():
            if found.get(name, -1) < size:
                raise self.damaged(name, f"{found[name]} bytes of {size}" if name in found else "is gone")
        return info

    def damaged(self, file: str, reason: str) -> IndexDamaged:
        """The error of a file that cannot be used."""
        return IndexDamaged(
            f"{self.folder / file} is damaged ({reason}); delete the folder {self.folder} and run `huiwen ingest` to "
            "build the index anew"
        )

    def write_info(self, info: GenerationInfo) -> None:
        """Say what it was built from: the last file of a build."""
        complete = replace(info, files=self._sizes())
        (self.folder / _INFO).write_text(json.dumps(asdict(complete), ensure_ascii=False, indent=1), encoding="utf-8")

    def _sizes(self) -> dict[str, int]:
        """Bytes of each file by its name; what the libraries keep only while they work is left out."""
        files = (path for path in self.folder.rglob("*") if path.is_file() and not path.name.startswith("."))
        lasting = (path for path in files if not path.name.endswith(("-wal", "-shm", "-journal", ".lock")))
        return {path.relative_to(self.folder).as_posix(): path.stat().st_size for path in lasting}


def current_generation(index: Path) -> Generation | None:
    """The generation that serves, or None if there is none yet."""
    name = current_name(index)
    if name is None:
        return None
    generation = Generation(index / name)
    if not (generation.folder / _INFO).exists():
        raise IndexMissing(
            f"{index / _CURRENT} names {name!r}, which is not complete; run `huiwen ingest` to build the index anew"
        )
    return generation


def begin_generation(index: Path, clock: Callable[[], float] = time.time) -> Generation:
    """A new, empty folder beside the generation that serves, under a number that no other ever had.

    The first is numbered by the clock, in seconds: a running service knows a generation by its name, and an index that
    was deleted and built anew must not look like the one that it has open.
    """
    numbers = [int(generation.name) for generation in _generations(index)]
    folder = index / f"{max(numbers) + 1 if numbers else int(clock()):06d}{_UNFINISHED}"
    folder.mkdir()
    return Generation(folder)


def publish(generation: Generation) -> None:
    """Make a finished generation the one that serves, in one rename."""
    index = generation.folder.parent
    generation.folder.rename(index / generation.name)
    pointer = index / f"{_CURRENT}.new"
    with pointer.open("w", encoding="utf-8") as file:
        file.write(generation.name)
        file.flush()
        os.fsync(file.fileno())
    pointer.replace(index / _CURRENT)


def remove_outdated(index: Path) -> list[Generation]:
    """Remove all generations but the one that serves and the one before; returns them, for what they hold elsewhere.

    What a crashed build left behind is newer than the one that serves, and goes too: call it before a build begins, so
    that the one before is one that served.
    """
    serving = int(current_name(index) or 0)
    older = [int(generation.name) for generation in _generations(index) if int(generation.name) < serving]
    kept = {serving, max(older, default=serving)}
    outdated = [one for one in _generations(index) if int(one.name) not in kept]
    for generation in outdated:
        shutil.rmtree(generation.folder, ignore_errors=True)
    return outdated


def _generations(index: Path) -> list[Generation]:
    """All that are there, finished or not, oldest first."""
    generations = (Generation(path) for path in sorted(index.iterdir()))
    return [generation for generation in generations if generation.name.isdecimal()]


def current_name(index: Path) -> str | None:
    """The name of the generation that serves: cheap enough to look at before every question."""
    try:
        return (index / _CURRENT).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
