"""`huiwen restore`: what an archive of `huiwen backup` holds is checked, then takes the place of what is there.

All of it does, or nothing: what was there is put aside first, put back if anything fails, and deleted last.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import shutil
import tempfile
import zipfile
import zlib
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import Final

from bot.backup import CONTENTS, CORPUS, FORMAT, LOG, VARIABLES, Archived, name_server, own_files
from ingest.build import keep_builds_out
from ingest.errors import BackupError
from ingest.settings import Settings

_CHUNK = 1 << 20
_RATIO: Final = 200  # text and databases pack to a tenth; beyond this an archive was made to fill the disk
_SMALL: Final = 64 << 20  # bytes that are unpacked whatever the ratio
_CONTENTS_SIZE: Final = 16 << 20  # bytes; a file takes some 150
_UNPACKED: Final = ".huiwen-restore-"
_ASIDE: Final = ".before-restore"  # put behind the name of what was there; seen only after a restore that was killed

# What zipfile raises for an archive that is damaged, encrypted or packed in a way that it does not know.
_DAMAGED: Final = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, ValueError, OSError)


def restore(settings: Settings, source: Path, *, overwrite: bool = False) -> Archived:
    """Put back what the archive holds, after all of it was checked. The service must not be running.

    Args:
        settings: where everything belongs; the machine may be another.
        source: an archive of `back_up`.
        overwrite: whether what is there now may be replaced.

    Raises:
        BackupError: the archive is damaged or none of ours, or something is in its way; nothing was changed.
        IndexBusy: an ingest is reading the corpus now.
    """
    near = _nearest(settings.corpus)
    try:
        with zipfile.ZipFile(source) as archive, tempfile.TemporaryDirectory(dir=near, prefix=_UNPACKED) as folder:
            _refuse_to_flood(archive, source, shutil.disk_usage(near).free)
            digests = _read_contents(archive, source)
            places = {name: _place_of(name, settings, source) for name in digests}
            _refuse_to_overwrite(settings, places, overwrite)
            size = sum(_unpack(archive, name, digests[name], Path(folder), source) for name in digests)
            with keep_builds_out(settings.index):
                _replace(_new(Path(folder), places, settings), _old(Path(folder), places, settings))
    except _DAMAGED as error:
        raise BackupError(
            f"{source}: {error}; name an archive of `huiwen backup` that is whole, and see that {near} can be written"
        ) from error
    return Archived(len(digests), size, name_server(settings))


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
    if contents.get("format") != FORMAT:
        raise BackupError(f"{source}: was written by another version of Huiwen; restore it with that one")
    names = [name for name in archive.namelist() if name != CONTENTS]
    if sorted(names) != sorted(digests):
        raise BackupError(f"{source}: does not hold what its {CONTENTS} names; it is damaged or was changed")
    return digests


def _place_of(name: str, settings: Settings, source: Path) -> Path:
    """Where a file of the archive belongs: under the corpus, or where a setting says."""
    path = PurePosixPath(name)
    inside = path.parts[:1] == (CORPUS,) and len(path.parts) > 1 and ".." not in path.parts
    if inside and "\\" not in name:
        return settings.corpus.joinpath(*path.parts[1:])
    own = own_files(settings)
    if name not in own:
        raise BackupError(f"{source}: holds {name!r}, which is nothing that a backup holds; do not use it")
    place = own[name]
    if place is None:
        raise BackupError(
            f"{source}: holds {name}, but {VARIABLES[name]} names no file for it; set it, then run this again"
        )
    return place


def _refuse_to_overwrite(settings: Settings, places: dict[str, Path], overwrite: bool) -> None:
    # All that is in the corpus is replaced, so all of it counts: a mistyped HUIWEN_CORPUS may name anybody's folder.
    filled = [settings.corpus] if settings.corpus.is_dir() and any(settings.corpus.iterdir()) else []
    there = [*filled, *(path for path in places.values() if path.exists())]
    if there and not overwrite:
        raise BackupError(f"{there[0]} is there already; end the service and add --overwrite to replace what is there")


def _unpack(archive: zipfile.ZipFile, name: str, digest: str, folder: Path, source: Path) -> int:
    """Unpack a file under its name, which `_place_of` has found harmless, and check it; its bytes."""
    path = folder.joinpath(*PurePosixPath(name).parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(name) as packed, path.open("wb") as target:
        shutil.copyfileobj(packed, target, _CHUNK)
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != digest:
            raise BackupError(f"{source}: {name} is not what was backed up; the archive is damaged or was changed")
    path.chmod(0o600 if name in VARIABLES else 0o644)
    return path.stat().st_size


def _new(folder: Path, places: dict[str, Path], settings: Settings) -> dict[Path, Path]:
    """What was unpacked, and where it goes: what lies in the corpus, and the files that have a place of their own."""
    corpus = folder / CORPUS
    inside = {path: settings.corpus / path.name for path in corpus.iterdir()} if corpus.exists() else {}
    return inside | {folder / name: place for name, place in places.items() if name in VARIABLES}


def _old(folder: Path, places: dict[str, Path], settings: Settings) -> list[Path]:
    """What has to make room. What the archive's corpus does not hold was not there."""
    old = {place for name, place in places.items() if name in VARIABLES}
    if LOG in places:
        old |= {Path(f"{places[LOG]}{rest}") for rest in ("-wal", "-shm")}
    if (folder / CORPUS).exists() and settings.corpus.is_dir():
        old |= set(settings.corpus.iterdir())
    # Backwards: what lies in a folder before the folder, and x.before-restore before x needs that name.
    return sorted((path for path in old if path.exists() or path.is_symlink()), reverse=True)


def _replace(new: dict[Path, Path], old: list[Path]) -> None:
    aside = {path: path.with_name(path.name + _ASIDE) for path in old}
    try:
        with ExitStack() as undo:
            for path, other in aside.items():
                path.rename(other)
                undo.callback(other.rename, path)
            for path, place in new.items():
                private = not path.stat().st_mode & 0o077
                place.parent.mkdir(mode=0o700 if private else 0o777, parents=True, exist_ok=True)
                undo.callback(_remove, place)
                shutil.move(path, place)
            undo.pop_all()
    except OSError as error:
        raise BackupError(f"{error}; all is as it was, or beside it as *{_ASIDE}; mend this, run it again") from error
    try:
        for path in aside.values():
            _remove(path)
    except OSError as error:
        raise BackupError(f"{error}; all was put back, only delete this by hand: what was there before") from error


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _nearest(folder: Path) -> Path:
    """The nearest folder above that is there: on the same disk, most likely."""
    return next(path for path in folder.absolute().parents if path.is_dir())
