"""`huiwen backup`: all that cannot be made anew, in one zip archive, taken while the service runs.

In it: the corpus (documents, manifest, lexicon), the answer log's database with votes, corrections and the audit log,
the staff accounts, the evaluators' drafts; and CONTENTS, the SHA-256 of each. The index is made anew from the corpus.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ingest.build import keep_builds_out
from ingest.corpus import check_corpus
from ingest.errors import BackupError
from ingest.settings import Settings, hide_password, sqlite_file

CONTENTS: Final = "CONTENTS.json"
FORMAT: Final = 1
CORPUS: Final = "corpus"
LOG, _STAFF, _DRAFTS = "answers.db", "staff", "drafts.jsonl"
# What names the place of each file that is its owner's alone.
VARIABLES: Final = {LOG: "HUIWEN_ANSWER_LOG", _STAFF: "HUIWEN_STAFF", _DRAFTS: "HUIWEN_DRAFTS"}
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Archived:
    """What a backup or a restore did."""

    files: int  # in the archive
    size: int  # bytes of them, unpacked
    left_out: tuple[str, ...]  # what is not in it, and what to do about that


def own_files(settings: Settings) -> dict[str, Path | None]:
    """The files outside the corpus, by their name in the archive; None where no setting names a file."""
    return {LOG: sqlite_file(settings.answer_log), _STAFF: settings.staff, _DRAFTS: settings.drafts}


def name_server(settings: Settings) -> tuple[str, ...]:
    """The answer log's database server, if it has one: no archive holds it."""
    if settings.answer_log and sqlite_file(settings.answer_log) is None:
        shown = hide_password(settings.answer_log)
        return (f"answer log {shown}: use the database's own tools, for PostgreSQL pg_dump and pg_restore",)
    return ()


def back_up(settings: Settings, target: Path) -> Archived:
    """Write the archive, complete or not at all; only its owner may read it.

    Raises:
        SettingsError: there is no corpus.
        BackupError: something cannot be read, there is no document, or the archive cannot be written there.
        IndexBusy: an ingest is changing the corpus now.
    """
    check_corpus(settings)
    if target.resolve().is_relative_to(settings.corpus.resolve()):
        raise BackupError(f"{target}: lies in the corpus, which goes into the archive; name a place outside it")
    try:
        with tempfile.TemporaryDirectory(dir=target.absolute().parent, prefix=".huiwen-backup-") as folder:
            fresh = Path(folder) / "archive.zip"
            with keep_builds_out(settings.index):
                archived = _pack(settings, fresh, Path(folder) / LOG)
            fresh.chmod(0o600)
            fresh.replace(target)
    except (OSError, sqlite3.Error, UnicodeError) as error:
        raise BackupError(f"{target}: {error}; nothing was written, mend this and run it again") from error
    return archived


def _pack(settings: Settings, target: Path, copy: Path) -> Archived:
    digests: dict[str, str] = {}
    left_out = [*name_server(settings)]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
        for name, path in (*_kept_corpus(settings.corpus, left_out), *_kept_files(settings, copy, left_out)):
            digests[name] = _add(archive, name, path)
        size = sum(part.file_size for part in archive.infolist())
        archive.writestr(CONTENTS, json.dumps({"format": FORMAT, "sha256": digests}, ensure_ascii=False, indent=1))
    if not any(name.startswith(f"{CORPUS}/documents/") for name in digests):
        raise BackupError(f"HUIWEN_CORPUS={settings.corpus}: documents has no file of its own; name the corpus in use")
    return Archived(len(digests), size, tuple(left_out))


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> str:
    """Pack a file; the digest of the very bytes that were packed, as the file may change while the service runs."""
    part = zipfile.ZipInfo.from_file(path, name, strict_timestamps=False)
    part.compress_type = zipfile.ZIP_DEFLATED
    digest = hashlib.sha256()
    with path.open("rb") as file, archive.open(part, "w") as packed:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            packed.write(chunk)
    return digest.hexdigest()


def _kept_corpus(corpus: Path, left_out: list[str]) -> Iterator[tuple[str, Path]]:
    """The name in the archive and the file, of all in the corpus; a folder that cannot be read raises OSError."""
    for path in _walk(corpus):
        if path.is_symlink() or not path.is_file():
            left_out.append(f"{path}: is a link or no ordinary file; put a file there, or keep it by other means")
        else:
            yield f"{CORPUS}/{path.relative_to(corpus).as_posix()}", path


def _kept_files(settings: Settings, copy: Path, left_out: list[str]) -> Iterator[tuple[str, Path]]:
    """The same of all that lies outside the corpus."""
    for name, file in own_files(settings).items():
        if file and not file.exists():
            left_out.append(f"{file}: is not there; if it should be, set {VARIABLES[name]} as the service has it")
        elif file and name == LOG:
            # SQLite's own copy: whole, whatever the service writes meanwhile.
            with closing(sqlite3.connect(file)) as database, closing(sqlite3.connect(copy)) as copied:
                database.backup(copied)
            yield name, copy
        elif file:
            yield name, file


def _walk(folder: Path) -> Iterator[Path]:
    """All below that is no folder; links too, unfollowed."""
    for path in sorted(folder.iterdir()):  # not rglob, which passes over what it may not read
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path)
        else:
            yield path
