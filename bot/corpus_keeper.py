"""Keeps the corpus from its page: looks at a file before it goes live, takes it in, removes one, reads its own text."""

from __future__ import annotations

import hashlib
import secrets
import shutil
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.corpus_audit import Act, CorpusAudit
from bot.corpus_build import Rebuilder
from bot.ports import Library
from ingest.add import add_files, remove_file
from ingest.beside import build_beside
from ingest.build import BuildReport
from ingest.corpus import FileReport, Progress
from ingest.errors import DocumentError, SettingsError
from ingest.load import Loader, read_bytes
from ingest.model import Clause, Document
from ingest.parse import ParsedDocument
from ingest.places import Gazetteer
from ingest.preview import preview_file
from ingest.settings import Settings
from ingest.topics import Lexicon

_KEPT = 24 * 3600.0  # seconds that a file may wait to be confirmed
_ORIGINALS = 8  # texts of files that are remembered
_COUNTED = 10_000  # documents whose counts are remembered


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a document holds."""

    clauses: int
    facts: int  # blanks aside
    blanks: int


@dataclass(frozen=True, slots=True)
class Original:
    """A file's text as it was read, or why there is none."""

    lines: tuple[str, ...]
    digest: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A file that waits to be confirmed, with what it would become."""

    token: str
    staff: str
    path: Path
    digest: str
    report: FileReport
    replaces: bool  # a file of its name is in the corpus


class CorpusKeeper:
    """What the corpus's page does. Reads one file at a time: each may take all the memory that the settings allow."""

    def __init__(self, settings: Settings, gazetteer: Gazetteer, library: Library) -> None:
        self.settings = settings
        self._gazetteer, self._library = gazetteer, library
        self._reading = threading.Lock()
        self._drafts: dict[str, Draft] = {}
        self._waiting = settings.index / "uploads"
        self._documents = settings.corpus / "documents"
        self._remembered = lru_cache(_ORIGINALS)(self._read)
        self._counted = lru_cache(_COUNTED)(self._count)
        self.rebuilder = Rebuilder(self._build)

    def counts(self, document: Document) -> Counts:
        """How much a document of the corpus holds."""
        return self._counted(document.id, document.digest)

    def original(self, path: Path) -> Original:
        """The text of a file, read within the limits."""
        try:
            found = path.stat()
        except OSError as error:
            return Original((), "", f"{path.name}: cannot be read ({error.strerror}); check the file")
        with self._reading:
            return self._remembered(path, found.st_mtime_ns, found.st_size)

    def path_of(self, document: Document) -> Path:
        """Where a document's file lies."""
        return self._documents / document.file

    def new_folder(self) -> Path:
        """A folder for one file that is to be looked at; what has waited for too long is deleted."""
        self._waiting.mkdir(parents=True, exist_ok=True)
        for folder in self._waiting.iterdir():
            if folder.stat().st_mtime < time.time() - _KEPT:
                self.discard(folder.name)
        folder = self._waiting / secrets.token_urlsafe(16)
        folder.mkdir(mode=0o700)
        return folder

    def preview(self, path: Path, staff: str) -> Draft:
        """What a file in a folder of `new_folder` would become; takes the place of the same person's earlier one.

        Raises:
            HuiwenError: the manifest or the lexicon cannot be read.
        """
        for earlier in [draft for draft in self._drafts.values() if draft.staff == staff]:
            self.discard(earlier.token)
        lexicon = Lexicon.load(self.settings.corpus / "topics")
        with self._reading, Loader(self.settings) as loader:
            report = preview_file(path, self.settings, loader, self._gazetteer, lexicon, self._others())
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        replaces = (self._documents / path.name).exists()
        draft = Draft(path.parent.name, staff, path, digest, report, replaces)
        self._drafts[draft.token] = draft
        return draft

    def draft(self, token: str, staff: str) -> Draft | None:
        """One of somebody's own; None if it is gone."""
        draft = self._drafts.get(token)
        return draft if draft and draft.staff == staff and draft.path.exists() else None

    def discard(self, token: str) -> None:
        """Forget a file that waits."""
        self._drafts.pop(token, None)
        shutil.rmtree(self._waiting / token, ignore_errors=True)

    def publish(self, draft: Draft, audit: CorpusAudit) -> None:
        """Take a file into the corpus, record it, and have the index built.

        Raises:
            AnswerLogError: it cannot be recorded; the corpus is as it was.
            SettingsError: the corpus cannot be written.
        """
        act: Act = "replaced" if (self._documents / draft.path.name).exists() else "added"
        with audit.recording(draft.staff, act, draft.path.name, draft.digest):
            add_files([draft.path], self.settings)
        self.discard(draft.token)
        self.rebuilder.start()

    def remove(self, document: Document, staff: str, audit: CorpusAudit) -> None:
        """Remove a document's file, record it, and have the index built.

        Raises:
            AnswerLogError: it cannot be recorded; the corpus is as it was.
            SettingsError, ManifestError: the file or its row cannot be removed.
        """
        path = self.path_of(document)
        try:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as error:
            raise SettingsError(f"{path}: cannot be read ({error.strerror}); it may be gone already") from error
        with audit.recording(staff, "removed", document.file, digest):
            remove_file(document.file, self.settings)
        self.rebuilder.start()

    def _build(self, progress: Progress) -> BuildReport:
        return build_beside(self.settings, progress)

    def _others(self) -> Sequence[ParsedDocument]:
        library = self._library
        return [ParsedDocument(one, tuple(library.clauses(one.id))) for one in library.documents()]

    def _read(self, path: Path, changed: int, size: int) -> Original:
        """The text of a file as it was when it had this time and size."""
        try:
            data = read_bytes(path, self.settings.file_size << 20)
            digest = hashlib.sha256(data).hexdigest()
            with Loader(self.settings) as loader:
                return Original(tuple(loader.load(data, path.name).text.split("\n")), digest)
        except DocumentError as error:
            return Original((), "", str(error))

    def _count(self, document_id: str, digest: str) -> Counts:
        """What a document whose file had this digest holds."""
        return count(self._library.clauses(document_id))


def count(clauses: Sequence[Clause]) -> Counts:
    """How much clauses hold together."""
    facts = sum(len(getattr(clause.facts, kind)) for clause in clauses for kind in clause.facts.__slots__)
    blanks = sum(len(clause.facts.blanks) for clause in clauses)
    return Counts(len(clauses), facts - blanks, blanks)
