"""`huiwen backup` and `huiwen restore`: all that cannot be made anew, in one zip archive, taken while the service runs.

In it: the corpus (documents, manifest, lexicon), the answer log's database with votes, corrections and the audit log,
the staff accounts, the evaluators' drafts; and CONTENTS, the SHA-256 of each. The index is made anew from the corpus.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from ingest.build import keep_builds_out
from ingest.errors import BackupError
from ingest.settings import Settings, hide_password, sqlite_file

CONTENTS: Final = "CONTENTS.json"
_FORMAT: Final = 1
_LOG, _STAFF, _DRAFTS, _CORPUS = "answers.db", "staff", "drafts.jsonl", "corpus"
_CHUNK = 1 << 20
_RATIO: Final = 200  # text and databases pack to a tenth; beyond this an archive was made to fill the disk
_SMALL: Final = 64 << 20  # bytes that are unpacked whatever the ratio
_CONTENTS_SIZE: Final = 16 << 20  # bytes; a file takes some 150


@dataclass(frozen=True, slots=True)
class Archived:
    """What a backup or a restore did."""

    files: int  # in the archive
    size: int  # bytes of them, unpacked
    left_out: tuple[str, ...]  # what has to be kept by other means, and by which


def back_up(settings: Settings, target: Path) -> Archived:
    """Write the archive, complete or not at all; only its owner may read it.

    Raises:
        BackupError: something cannot be read, or the archive cannot be written.
        IndexBusy: an ingest is changing the corpus now.
    """
    try:
        with tempfile.TemporaryDirectory(dir=target.absolute().parent, prefix=".huiwen-backup-") as folder:
            fresh = Path(folder) / "archive.zip"
            with keep_builds_out(settings.index):
                digests, size = _pack(settings, fresh, Path(folder) / _LOG)
            fresh.chmod(0o600)
            fresh.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"{target}: {error}; nothing was written, mend this and run it again") from error
    return Archived(len(digests), size, _left_out(settings))


def restore(settings: Settings, source: Path, *, overwrite: bool = False) -> Archived:
    """Put back what the archive holds, after all of it was checked. The service must not be running.

    Args:
        settings: where everything belongs; the machine may be another.
        source: an archive of `back_up`.
        overwrite: whether what is there now may be replaced.

    Raises:
        BackupError: the archive is damaged or none of ours, or something is in its way.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            _refuse_to_flood(archive, source, shutil.disk_usage(_nearest(settings.corpus)).free)
            digests = _read_contents(archive, source)
            places = {name: _place_of(name, settings, source) for name in digests}
            _refuse_to_overwrite(settings, places, overwrite)
            with tempfile.TemporaryDirectory(dir=_nearest(settings.corpus), prefix=".huiwen-restore-") as folder:
                unpacked = {name: _unpack(archive, name, digests[name], Path(folder), source) for name in digests}
                size = sum(path.stat().st_size for path in unpacked.values())
                with keep_builds_out(settings.index):
                    _move(unpacked, places, settings)
    except (OSError, zipfile.BadZipFile) as error:
        raise BackupError(f"{source}: {error}; name an archive of `huiwen backup` that is whole") from error
    return Archived(len(digests), size, _left_out(settings))


def _pack(settings: Settings, target: Path, copy: Path) -> tuple[dict[str, str], int]:
    digests, size = {}, 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
        for name, path in _kept(settings, copy):
            archive.write(path, name)
            digests[name] = _digest(path)
            size += path.stat().st_size
        archive.writestr(CONTENTS, json.dumps({"format": _FORMAT, "sha256": digests}, ensure_ascii=False, indent=1))
    return digests, size


def _kept(settings: Settings, copy: Path) -> Iterator[tuple[str, Path]]:
    """The name in the archive and the file of all that is kept."""
    for path in sorted(settings.corpus.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield f"{_CORPUS}/{path.relative_to(settings.corpus).as_posix()}", path
    log = sqlite_file(settings.answer_log)
    if log and log.exists():
        # SQLite's own copy: whole, whatever the service writes meanwhile.
        with closing(sqlite3.connect(log)) as database, closing(sqlite3.connect(copy)) as copied:
            database.backup(copied)
        yield _LOG, copy
    for name, file in ((_STAFF, settings.staff), (_DRAFTS, settings.drafts)):
        if file and file.exists():
            yield name, file


def _left_out(settings: Settings) -> tuple[str, ...]:
    if settings.answer_log and sqlite_file(settings.answer_log) is None:
        shown = hide_password(settings.answer_log)
        return (f"answer log {shown}: use the database's own tools, for PostgreSQL pg_dump and pg_restore",)
    return ()


def _refuse_to_flood(archive: zipfile.ZipFile, source: Path, free: int) -> None:
    """Refuse an archive by the sizes that it claims; zipfile unpacks no more than these."""
    size = sum(part.file_size for part in archive.infolist())
    if size > max(_SMALL, _RATIO * source.stat().st_size) or _contents_size(archive) > _CONTENTS_SIZE:
        raise BackupError(f"{source}: unpacks to {size >> 20} MB, more than a backup of its size does; do not use it")
    if size > free:
        raise BackupError(f"{source}: unpacks to {size >> 20} MB, but the disk has {free >> 20} MB left; free some")


def _contents_size(archive: zipfile.ZipFile) -> int:
    return max((part.file_size for part in archive.infolist() if part.filename == CONTENTS), default=0)


def _read_contents(archive: zipfile.ZipFile, source: Path) -> dict[str, str]:
    """The digests by name, where names are as ours are and each is there once."""
    try:
        contents = json.loads(archive.read(CONTENTS))
        digests: dict[str, str] = dict(contents["sha256"])
    except (KeyError, ValueError, TypeError) as error:
        raise BackupError(f"{source}: has no readable {CONTENTS}; name an archive of `huiwen backup`") from error
    if contents.get("format") != _FORMAT:
        raise BackupError(f"{source}: was written by another version of Huiwen; restore it with that one")
    names = [name for name in archive.namelist() if name != CONTENTS]
    if sorted(names) != sorted(digests):
        raise BackupError(f"{source}: does not hold what its {CONTENTS} names; it is damaged or was changed")
    return digests


def _place_of(name: str, settings: Settings, source: Path) -> Path:
    """Where a file of the archive belongs: under the corpus, or where a setting says."""
    path = PurePosixPath(name)
    inside = path.parts[:1] == (_CORPUS,) and len(path.parts) > 1 and ".." not in path.parts
    if inside and "\\" not in name:
        return settings.corpus.joinpath(*path.parts[1:])
    own = {_LOG: sqlite_file(settings.answer_log), _STAFF: settings.staff, _DRAFTS: settings.drafts}
    if name not in own:
        raise BackupError(f"{source}: holds {name!r}, which is nothing that a backup holds; do not use it")
    place = own[name]
    if place is None:
        variable = "HUIWEN_STAFF" if name == _STAFF else "HUIWEN_ANSWER_LOG"
        raise BackupError(f"{source}: holds {name}, but {variable} names no file for it; set it, then run this again")
    return place


def _refuse_to_overwrite(settings: Settings, places: dict[str, Path], overwrite: bool) -> None:
    there = [path for path in (settings.corpus / "documents", *places.values()) if path.exists()]
    if there and not overwrite:
        raise BackupError(f"{there[0]} is there already; end the service and add --overwrite to replace what is there")


def _unpack(archive: zipfile.ZipFile, name: str, digest: str, folder: Path, source: Path) -> Path:
    """A file of the archive under a name of our own, checked."""
    path = folder / hashlib.sha256(name.encode()).hexdigest()
    with archive.open(name) as packed, path.open("wb") as target:
        shutil.copyfileobj(packed, target, _CHUNK)
    if _digest(path) != digest:
        raise BackupError(f"{source}: {name} is not what was backed up; the archive is damaged or was changed")
    return path


def _move(unpacked: dict[str, Path], places: dict[str, Path], settings: Settings) -> None:
    if settings.corpus.exists():
        for path in settings.corpus.iterdir():  # what the archive does not hold was not there
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    for name, path in unpacked.items():
        place, private = places[name], name in (_LOG, _STAFF, _DRAFTS)
        place.parent.mkdir(mode=0o700 if private else 0o777, parents=True, exist_ok=True)
        path.chmod(0o600 if private else 0o644)
        if name == _LOG:
            for rest in ("-wal", "-shm"):  # of the database that was there
                Path(f"{place}{rest}").unlink(missing_ok=True)
        shutil.move(path, place)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _nearest(folder: Path) -> Path:
    """The folder's own, or the nearest one above that is there: on the same disk, most likely."""
    return next(path for path in folder.absolute().parents if path.is_dir())
