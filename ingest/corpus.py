"""The files of the corpus become documents; what cannot become one is reported with the reason."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.errors import DocumentError, PlaceError, SettingsError
from ingest.load import Loader, has_ocr, read_bytes
from ingest.manifest import ManifestRow, default_row, read_manifest
from ingest.parse import ParsedDocument, parse
from ingest.places import Gazetteer
from ingest.settings import Settings
from ingest.topics import Lexicon

PASSED_OVER = (".", "~$", "Thumbs.db", "desktop.ini")  # what systems and Word put beside files
Progress = Callable[[str, int, int], None]  # what is being done, how many are done, of how many


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file: its document, or why it has none."""

    file: str
    parsed: ParsedDocument | None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Corpus:
    """The files of a corpus as they were at one moment; their bytes are read again one by one, so that few are held."""

    folder: Path  # of the documents
    files: Mapping[str, str]  # digest by name (docs/办法.pdf), in the order of the names
    unreadable: tuple[FileReport, ...]
    manifest: bytes
    rows: Mapping[str, ManifestRow]  # of the manifest, by file name
    scans: str  # how many scanned pages of a file can be read here; empty without OCR

    def digest(self, lexicon: Lexicon) -> str:
        """What an index built from this corpus and this lexicon depends on, apart from the encoder."""
        digest = hashlib.sha256(f"{lexicon.digest}{self.scans}".encode())
        digest.update(self.manifest)
        for name, file_digest in self.files.items():
            digest.update(f"{name}\0{file_digest}\n".encode())
        return digest.hexdigest()


def read_corpus(settings: Settings) -> Corpus:
    """Read manifest.csv, and all files in documents/ and the folders in it.

    Raises:
        SettingsError: there is no folder of documents.
        ManifestError: the manifest has a bad row.
    """
    check_corpus(settings)
    documents, manifest = settings.corpus / "documents", settings.corpus / "manifest.csv"
    files: dict[str, str] = {}
    unreadable = []
    for path in list_files(documents):
        name = path.relative_to(documents).as_posix()
        try:
            files[name] = hashlib.sha256(read_bytes(path, settings.file_size << 20)).hexdigest()
        except DocumentError as error:
            unreadable.append(FileReport(name, None, str(error)))
    data = manifest.read_bytes() if manifest.exists() else b""
    scans = f" OCR of {settings.ocr_pages} pages" if has_ocr() else ""
    return Corpus(documents, files, tuple(unreadable), data, read_manifest(manifest), scans)


def check_corpus(settings: Settings) -> None:
    """Raise SettingsError if there is no folder of documents."""
    if not (settings.corpus / "documents").is_dir():
        message = f"HUIWEN_CORPUS={settings.corpus}: has no folder documents; create it or name another corpus"
        raise SettingsError(message)


def list_files(folder: Path) -> Iterator[Path]:
    """Yield what lies in a folder and in those below it, hidden and lock files aside; links too, unfollowed."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(PASSED_OVER):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from list_files(path)
        else:
            yield path


def parse_corpus(
    corpus: Corpus, loader: Loader, gazetteer: Gazetteer, lexicon: Lexicon, progress: Progress
) -> list[FileReport]:
    """Every file's document, or why it has none; so too for files that only the manifest knows."""
    reports: list[FileReport] = []
    files: dict[str, str] = {}  # by id
    for number, name in enumerate(corpus.files, 1):
        row = corpus.rows.get(name) or default_row(name)
        report = parse_file(corpus.folder / name, row, loader, gazetteer, lexicon)
        if report.parsed and files.setdefault(row.id, name) != name:
            message = (
                f"{name}: its id {row.id} is that of {files[row.id]}; give it a row in manifest.csv with another id"
            )
            report = replace(report, parsed=None, error=message)
        reports.append(report)
        progress("parse", number, len(corpus.files))
    known = {*corpus.files, *(report.file for report in corpus.unreadable)}
    return [*reports, *corpus.unreadable, *(_missing(name) for name in corpus.rows if name not in known)]


def parse_file(path: Path, row: ManifestRow, loader: Loader, gazetteer: Gazetteer, lexicon: Lexicon) -> FileReport:
    """One file's document, or why it has none."""
    try:
        data = read_bytes(path)
        digest = hashlib.sha256(data).hexdigest()
        return FileReport(row.file, parse(loader.load(data, row.file), row, digest, gazetteer, lexicon))
    except DocumentError as error:
        return FileReport(row.file, None, str(error))
    except PlaceError as error:
        return FileReport(row.file, None, f"{row.file}: manifest.csv, column place={row.place!r}: {error}")


def _missing(name: str) -> FileReport:
    return FileReport(name, None, f"{name}: stands in manifest.csv but not in documents/; add it or remove its row")
