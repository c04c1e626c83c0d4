"""The corpus becomes a new generation of the index: read, parse, encode what changed, write, switch."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from ingest.catalog import write_catalog
from ingest.corpus import FileReport, Progress, parse_corpus, read_corpus
from ingest.encoder import Encoder
from ingest.errors import IndexBusy, IndexMissing, IndexUnavailable
from ingest.generation import (
    FORMAT,
    Generation,
    GenerationInfo,
    begin_generation,
    current_generation,
    publish,
    remove_outdated,
)
from ingest.lexical import LexicalIndex
from ingest.load import Loader
from ingest.model import Passage
from ingest.parse import ParsedDocument
from ingest.passages import make_passages
from ingest.places import Gazetteer
from ingest.relations import relate
from ingest.settings import Settings
from ingest.spelling import Spelling
from ingest.store import vector_location
from ingest.topic_vectors import TopicVectors
from ingest.topics import Lexicon
from ingest.vectors import VectorIndex, content_digest, drop_collection, encode_passages

_BATCH = 512  # passages encoded between two reports of progress


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


@dataclass(frozen=True, slots=True)
class _Contents:
    """What a generation holds: documents, and their passages with a vector each."""

    parsed: Sequence[ParsedDocument]
    passages: Sequence[Passage]
    vectors: NDArray[np.float32]  # (passages, dimensions)


def build(
    settings: Settings, encoder: Encoder, gazetteer: Gazetteer, lexicon: Lexicon, progress: Progress
) -> BuildReport:
    """Build the index anew from the corpus, unless nothing changed.

    Raises:
        IndexBusy: another build is running.
        IndexUnavailable: the folder of the index cannot be written, or the disk is full.
        ManifestError: the manifest cannot be read.
        SettingsError: there is no corpus.
    """
    with keep_builds_out(settings.index):
        _clean_up(settings)
        corpus = read_corpus(settings)
        with Loader(settings) as loader:
            files = relate(parse_corpus(corpus, loader, gazetteer, lexicon, progress))
            loader.forget_others()
        parsed = [file.parsed for file in files if file.parsed]
        passages = [passage for one in parsed for passage in make_passages(one.document, one.clauses)]
        digest = corpus.digest(lexicon)
        if _is_current(settings, digest, encoder):
            return BuildReport(tuple(files), changed=False, passages=len(passages), encoded=0, reused=len(passages))
        kept = _kept_vectors(settings, encoder)
        vectors = _encode(passages, encoder, kept, progress)
        clauses = sum(len(one.clauses) for one in parsed)
        info = GenerationInfo(
            FORMAT, digest, lexicon.digest, encoder.name, encoder.digest, len(parsed), clauses, len(passages)
        )
        publish(_write(settings, _Contents(parsed, passages, vectors), encoder, lexicon, info))
        _clean_up(settings)
        encoded = sum(content_digest(passage.content, encoder.digest) not in kept for passage in passages)
        return BuildReport(tuple(files), True, len(passages), encoded, len(passages) - encoded)


def is_stale(settings: Settings, encoder: Encoder, lexicon: Lexicon) -> bool:
    """Whether the index is missing, or older than the corpus, the lexicon or the encoder."""
    return not _is_current(settings, read_corpus(settings).digest(lexicon), encoder)


@contextmanager
def keep_builds_out(index: Path) -> Iterator[None]:
    """Keep builds out while the corpus must stay as it is; raises IndexBusy while one runs."""
    lock = FileLock(index / "build.lock")
    try:
        index.mkdir(parents=True, exist_ok=True)
        acquired = lock.acquire(timeout=0)
    except Timeout as error:
        raise IndexBusy(f"another ingest is writing to {index}; wait until it ends and run again") from error
    except OSError as error:
        message = f"HUIWEN_INDEX={index}: cannot be written ({error.strerror}); name a folder that can be"
        raise IndexUnavailable(message) from error
    with acquired:
        yield


def _served(settings: Settings) -> tuple[Generation, GenerationInfo] | None:
    """The generation that serves; None where there is none that this version can use."""
    try:
        generation = current_generation(settings.index)
        return (generation, generation.info()) if generation else None
    except IndexMissing:
        return None


def _is_current(settings: Settings, digest: str, encoder: Encoder) -> bool:
    """Whether the generation that serves was built from the corpus of this digest, with this encoder."""
    served = _served(settings)
    return served is not None and (served[1].corpus, served[1].encoder_digest) == (digest, encoder.digest)


def _kept_vectors(settings: Settings, encoder: Encoder) -> dict[str, NDArray[np.float32]]:
    """The vectors of the generation that serves, by content digest, if the same encoder made them."""
    served = _served(settings)
    if served is None or served[1].encoder_digest != encoder.digest:
        return {}
    try:
        location = vector_location(settings, served[0])
        with closing(VectorIndex.open(location, served[0].collection, encoder)) as index:
            return index.vectors_of()
    except IndexUnavailable:
        return {}  # damaged or gone: this very build is what mends it


def _encode(
    passages: Sequence[Passage], encoder: Encoder, kept: Mapping[str, NDArray[np.float32]], progress: Progress
) -> NDArray[np.float32]:
    vectors = np.empty((len(passages), encoder.dimensions), dtype=np.float32)
    for start in range(0, len(passages), _BATCH):
        batch = passages[start : start + _BATCH]
        vectors[start : start + len(batch)] = encode_passages(batch, encoder, kept)
        progress("encode", start + len(batch), len(passages))
    return vectors


def _write(
    settings: Settings, contents: _Contents, encoder: Encoder, lexicon: Lexicon, info: GenerationInfo
) -> Generation:
    """Write a generation beside the one that serves."""
    generation = begin_generation(settings.index)
    try:
        return _fill(settings, generation, contents, encoder, lexicon, info)
    except (OSError, ValueError, sqlite3.Error, IndexUnavailable) as error:  # a full disk has many names
        shutil.rmtree(generation.folder, ignore_errors=True)
        raise IndexUnavailable(
            f"HUIWEN_INDEX={settings.index}: a new generation could not be written ({error}); see that the disk has "
            "room and that a Chroma server, if one is set, runs, then run again; what served still does"
        ) from error


def _fill(
    settings: Settings,
    generation: Generation,
    contents: _Contents,
    encoder: Encoder,
    lexicon: Lexicon,
    info: GenerationInfo,
) -> Generation:
    write_catalog(generation.catalog, contents.parsed)
    LexicalIndex.create(generation.lexical, contents.passages)
    location = vector_location(settings, generation)
    VectorIndex.create(location, generation.collection, contents.passages, contents.vectors, encoder).close()
    _write_topics(settings, generation, lexicon, encoder)
    Spelling.create(generation.spelling, (passage.text for passage in contents.passages), lexicon)
    generation.write_info(info)
    return generation


def _write_topics(settings: Settings, generation: Generation, lexicon: Lexicon, encoder: Encoder) -> None:
    """The lexicon's vectors: taken over where neither it nor the encoder changed."""
    served = _served(settings)
    if served and (served[1].lexicon, served[1].encoder_digest) == (lexicon.digest, encoder.digest):
        shutil.copyfile(served[0].topics, generation.topics)
    else:
        TopicVectors.create(generation.topics, lexicon, encoder)


def _clean_up(settings: Settings) -> None:
    """Remove what no service reads any more, and what a crashed build left behind."""
    for old in remove_outdated(settings.index):
        if settings.chroma_url:
            drop_collection(settings.chroma_url, old.collection)
