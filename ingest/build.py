"""The corpus becomes a new generation of the index: read, parse, encode what changed, write, switch."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass

from filelock import FileLock, Timeout

from ingest.catalog import write_catalog
from ingest.encoder import Encoder
from ingest.errors import DocumentError, IndexBusy, IndexMissing, PlaceError
from ingest.generation import FORMAT, Generation, GenerationInfo, begin_generation, current_generation, publish
from ingest.lexical import LexicalIndex
from ingest.load import decode, read_bytes
from ingest.manifest import ManifestRow, default_row, read_manifest
from ingest.model import Passage
from ingest.parse import ParsedDocument, parse
from ingest.passages import make_passages
from ingest.places import Gazetteer
from ingest.settings import Settings
from ingest.store import vector_location
from ingest.topic_vectors import TopicVectors
from ingest.topics import Lexicon
from ingest.vectors import VectorIndex, content_digest, drop_collection, encode_passages

_BATCH = 512  # passages encoded between two reports of progress

Progress = Callable[[str, int, int], None]  # what is being done, how many are done, of how many


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file: its document, or why it has none."""

    file: str
    parsed: ParsedDocument | None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did."""

    files: tuple[FileReport, ...]
    changed: bool  # a new generation serves
    passages: int
    encoded: int  # passages whose vectors were computed now
    reused: int  # passages whose vectors were taken over

    @property
    def failed(self) -> bool:
        """Whether a file was left out."""
        return any(file.error for file in self.files)


def build(settings: Settings, encoder: Encoder, gazetteer: Gazetteer, lexicon: Lexicon, progress: Progress) -> BuildReport:
    """Build the index anew from the corpus, unless nothing changed.

    Raises:
        IndexBusy: another build is running.
        ManifestError: the manifest cannot be read.
    """
    settings.index.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings.index / "build.lock")
    try:
        with lock.acquire(timeout=0):
            return _build(settings, encoder, gazetteer, lexicon, progress)
    except Timeout as error:
        raise IndexBusy(f"another ingest is writing to {settings.index}; wait until it ends and run again") from error


def is_stale(settings: Settings, encoder: Encoder, lexicon: Lexicon) -> bool:
    """Whether the index is missing, or older than the corpus, the lexicon or the encoder."""
    served = _served(settings)
    if served is None:
        return True
    _, info = served
    return (info.corpus, info.encoder_digest) != (_corpus_digest(settings, lexicon, _read_files(settings)[0]), encoder.digest)


def _served(settings: Settings) -> tuple[Generation, GenerationInfo] | None:
    """The generation that serves; None where there is none that this version can use."""
    try:
        generation = current_generation(settings.index)
        return (generation, generation.info()) if generation else None
    except IndexMissing:
        return None


def _build(settings: Settings, encoder: Encoder, gazetteer: Gazetteer, lexicon: Lexicon, progress: Progress) -> BuildReport:
    contents, unreadable = _read_files(settings)
    corpus = _corpus_digest(settings, lexicon, contents)
    files = [*_parse_all(settings, contents, gazetteer, lexicon, progress), *unreadable]
    parsed = [file.parsed for file in files if file.parsed]
    passages = [passage for one in parsed for passage in make_passages(one.document, one.clauses)]
    if not is_stale(settings, encoder, lexicon):
        return BuildReport(tuple(files), changed=False, passages=len(passages), encoded=0, reused=len(passages))
    kept = _kept_vectors(settings, encoder)
    vectors = _encode(passages, encoder, kept, progress)
    encoded = sum(1 for passage in passages if content_digest(passage.content, encoder.digest) not in kept)
    generation = begin_generation(settings.index)
    write_catalog(generation.catalog, parsed)
    LexicalIndex.create(generation.lexical, passages)
    location = vector_location(settings, generation)
    VectorIndex.create(location, generation.collection, passages, vectors, encoder).close()
    _write_topics(settings, generation, lexicon, encoder)
    clauses = sum(len(one.clauses) for one in parsed)
    generation.write_info(GenerationInfo(FORMAT, corpus, lexicon.digest, encoder.name, encoder.digest, len(parsed), clauses, len(passages)))
    for old in publish(generation):
        if settings.chroma_url:
            drop_collection(settings.chroma_url, old.collection)
    return BuildReport(tuple(files), changed=True, passages=len(passages), encoded=encoded, reused=len(passages) - encoded)


def _read_files(settings: Settings) -> tuple[dict[str, bytes], list[FileReport]]:
    """The bytes of every file of the corpus by name, and a report for each that cannot be read."""
    contents: dict[str, bytes] = {}
    failed = []
    for path in sorted((settings.corpus / "documents").glob("*")):
        if path.name.startswith(".") or path.is_dir():
            continue
        try:
            contents[path.name] = read_bytes(path)
        except DocumentError as error:
            failed.append(FileReport(path.name, None, str(error)))
    return contents, failed


def _corpus_digest(settings: Settings, lexicon: Lexicon, contents: dict[str, bytes]) -> str:
    digest = hashlib.sha256(lexicon.digest.encode())
    manifest = settings.corpus / "manifest.csv"
    digest.update(manifest.read_bytes() if manifest.exists() else b"")
    for name, data in contents.items():
        digest.update(f"{name}\0{hashlib.sha256(data).hexdigest()}\n".encode())
    return digest.hexdigest()


def _parse_all(
    settings: Settings, contents: dict[str, bytes], gazetteer: Gazetteer, lexicon: Lexicon, progress: Progress
) -> list[FileReport]:
    manifest = read_manifest(settings.corpus / "manifest.csv")
    reports: list[FileReport] = []
    ids: dict[str, str] = {}
    for number, (name, data) in enumerate(contents.items(), 1):
        row = manifest.get(name) or default_row(name)
        report = _parse_file(name, data, row, gazetteer, lexicon)
        if report.parsed and row.id in ids:
            report = FileReport(name, None, f"{name}: its id {row.id} is that of {ids[row.id]}; give it a row in manifest.csv")
        ids.setdefault(row.id, name)
        reports.append(report)
        progress("parse", number, len(contents))
    missing = [name for name in manifest if name not in contents and not (settings.corpus / "documents" / name).exists()]
    return reports + [FileReport(name, None, f"{name}: stands in manifest.csv but not in documents/; add it or remove its row") for name in missing]


def _parse_file(name: str, data: bytes, row: ManifestRow, gazetteer: Gazetteer, lexicon: Lexicon) -> FileReport:
    try:
        text = decode(data, name)
        return FileReport(name, parse(text, row, hashlib.sha256(data).hexdigest(), gazetteer, lexicon))
    except (DocumentError, PlaceError) as error:
        message = str(error)
        return FileReport(name, None, message if name in message else f"{name}: {message}")


def _kept_vectors(settings: Settings, encoder: Encoder) -> dict[str, list[float]]:
    """The vectors of the generation that serves, by content digest, if the same encoder made them."""
    served = _served(settings)
    if served is None or served[1].encoder_digest != encoder.digest:
        return {}
    with closing(VectorIndex.open(vector_location(settings, served[0]), served[0].collection, encoder)) as index:
        return index.vectors_of()


def _write_topics(settings: Settings, generation: Generation, lexicon: Lexicon, encoder: Encoder) -> None:
    """The lexicon's vectors: taken over where neither it nor the encoder changed."""
    served = _served(settings)
    if served and (served[1].lexicon, served[1].encoder_digest) == (lexicon.digest, encoder.digest):
        shutil.copyfile(served[0].topics, generation.topics)
    else:
        TopicVectors.create(generation.topics, lexicon, encoder)


def _encode(
    passages: Sequence[Passage], encoder: Encoder, kept: dict[str, list[float]], progress: Progress
) -> list[list[float]]:
    vectors: list[list[float]] = []
    for start in range(0, len(passages), _BATCH):
        vectors += encode_passages(passages[start : start + _BATCH], encoder, kept)
        progress("encode", len(vectors), len(passages))
    return vectors
