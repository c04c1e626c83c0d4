"""The index that serves: one generation's catalog, words and vectors, with the encoder that made it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from ingest.catalog import Catalog
from ingest.encoder import Encoder
from ingest.errors import EncoderMismatch, IndexMissing, IndexUnavailable
from ingest.generation import Generation, GenerationInfo, current_generation
from ingest.lexical import LexicalIndex
from ingest.settings import Settings
from ingest.spelling import Spelling
from ingest.topic_vectors import TopicVectors
from ingest.topics import Lexicon
from ingest.vectors import VectorIndex

_REBUILD = "run `huiwen ingest` to build the index anew"


@dataclass(frozen=True, slots=True)
class Index:
    """Everything that a question is answered from."""

    name: str
    info: GenerationInfo
    catalog: Catalog
    lexical: LexicalIndex
    vectors: VectorIndex
    topics: TopicVectors
    spelling: Spelling

    def close(self) -> None:
        """Let go of the files."""
        self.catalog.close()
        self.vectors.close()


def open_index(settings: Settings, encoder: Encoder, lexicon: Lexicon) -> Index:
    """Open the generation that serves.

    Raises:
        IndexMissing: nothing was ingested yet, or by another version, or with another lexicon.
        EncoderMismatch: it was built with another encoder.
        IndexDamaged: a file of it cannot be used.
        IndexUnavailable: its folder cannot be written to, or Chroma is gone.
    """
    generation = current_generation(settings.index)
    if generation is None:
        raise IndexMissing(f"there is no index in {settings.index}; run `huiwen ingest` first")
    info = generation.info()
    if info.encoder_digest != encoder.digest:
        raise EncoderMismatch(
            f"the index in {settings.index} was built with the encoder {info.encoder}, but HUIWEN_ENCODER names "
            f"{encoder.name}; {_REBUILD}, or set HUIWEN_ENCODER back"
        )
    if info.lexicon != lexicon.digest:
        topics = settings.corpus / "topics"
        raise IndexMissing(f"the index in {settings.index} was built with another lexicon than {topics}; {_REBUILD}")
    with ExitStack() as opened:  # closes what is open already if the next part fails
        with _told(generation, generation.catalog):
            catalog = opened.enter_context(closing(Catalog(generation.catalog)))
        with _told(generation, generation.lexical):
            lexical = LexicalIndex.open(generation.lexical)
        with _told(generation, generation.topics):
            topic_vectors = TopicVectors.open(generation.topics, lexicon)
        with _told(generation, generation.spelling):
            spelling = Spelling.open(generation.spelling, lexicon)
        vectors = VectorIndex.open(vector_location(settings, generation), generation.collection, encoder)
        opened.pop_all()
    return Index(generation.name, info, catalog, lexical, vectors, topic_vectors, spelling)


@contextmanager
def _told(generation: Generation, file: Path) -> Iterator[None]:
    """What the libraries raise on a file that they cannot use, as one of our errors that names it."""
    try:
        yield
    except (OSError, ValueError, LookupError, TypeError, EOFError, sqlite3.Error) as error:
        if file.is_dir() and not os.access(file, os.W_OK):
            message = f"HUIWEN_INDEX: {file} cannot be written to, and the search keeps its lock there"
            raise IndexUnavailable(f"{message}; let the service's user write to it") from error
        raise generation.damaged(file.name, f"{type(error).__name__}: {error}") from error


def vector_location(settings: Settings, generation: Generation) -> Path | str:
    """Where a generation's vectors are: in its folder, or on the Chroma server that the settings name."""
    return settings.chroma_url or generation.vectors
