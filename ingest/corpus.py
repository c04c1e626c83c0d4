"""The files of the corpus become documents; what cannot become one is reported with the reason."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.errors import DocumentError, PlaceError, SettingsError
from ingest.load import decode, read_bytes
from ingest.manifest import ManifestRow, default_row, read_manifest
from ingest.parse import ParsedDocument, parse
from ingest.places import Gazetteer
from ingest.topics import Lexicon

Progress = Callable[[str, int, int], None]  # what is being done, how many are done, of how many


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file: its document, or why it has none."""

    file: str
    parsed: ParsedDocument | None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Corpus:
    """The bytes of a corpus as they were at one moment."""

    files: Mapping[str, bytes]  # by name, in the order of the names
    unreadable: tuple[FileReport, ...]
    manifest: bytes
    rows: Mapping[str, ManifestRow]  # of the manifest, by file name

    def digest(self, lexicon: Lexicon) -> str:
        """What an index built from this corpus and this lexicon depends on, apart from the encoder."""
        digest = hashlib.sha256(lexicon.digest.encode())
        digest.update(self.manifest)
        for name, data in self.files.items():
            digest.update(f"{name}\0{hashlib.sha256(data).hexdigest()}\n".encode())
        return digest.hexdigest()


def read_corpus(folder: Path) -> Corpus:
    """Read manifest.csv and all of documents/.

    Raises:
        SettingsError: there is no folder of documents.
        ManifestError: the manifest has a bad row.
    """
    documents, manifest = folder / "documents", folder / "manifest.csv"
    if not documents.is_dir():
        raise SettingsError(f"HUIWEN_CORPUS={folder}: has no folder documents; create it or name another corpus")
    files: dict[str, bytes] = {}
    unreadable = []
    for path in sorted(path for path in documents.iterdir() if not path.name.startswith(".")):
        try:
            files[path.name] = read_bytes(path)
        except DocumentError as error:
            unreadable.append(FileReport(path.name, None, str(error)))
    data = manifest.read_bytes() if manifest.exists() else b""
    return Corpus(files, tuple(unreadable), data, read_manifest(manifest))


def parse_corpus(corpus: Corpus, gazetteer: Gazetteer, lexicon: Lexicon, progress: Progress) -> list[FileReport]:
    """Every file's document, or why it has none; so too for files that only the manifest knows."""
    reports: list[FileReport] = []
    files: dict[str, str] = {}  # by id
    for number, (name, data) in enumerate(corpus.files.items(), 1):
        row = corpus.rows.get(name) or default_row(name)
        report = _parse_file(data, row, gazetteer, lexicon)
        if report.parsed and files.setdefault(row.id, name) != name:
            message = (
                f"{name}: its id {row.id} is that of {files[row.id]}; give it a row in manifest.csv with another id"
            )
            report = replace(report, parsed=None, error=message)
        reports.append(report)
        progress("parse", number, len(corpus.files))
    known = {*corpus.files, *(report.file for report in corpus.unreadable)}
    return [*reports, *corpus.unreadable, *(_missing(name) for name in corpus.rows if name not in known)]


def _parse_file(data: bytes, row: ManifestRow, gazetteer: Gazetteer, lexicon: Lexicon) -> FileReport:
    digest = hashlib.sha256(data).hexdigest()
    try:
        return FileReport(row.file, parse(decode(data, row.file), row, digest, gazetteer, lexicon))
    except DocumentError as error:
        return FileReport(row.file, None, str(error))
    except PlaceError as error:
        return FileReport(row.file, None, f"{row.file}: manifest.csv, column place={row.place!r}: {error}")


def _missing(name: str) -> FileReport:
    return FileReport(name, None, f"{name}: stands in manifest.csv but not in documents/; add it or remove its row")
