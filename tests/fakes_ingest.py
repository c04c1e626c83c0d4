"""What the tests of the way in stand on: a tiny encoder, a tiny lexicon, the five documents, a corpus to change."""

from __future__ import annotations

import re
import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from pathlib import Path
from zlib import crc32

import numpy as np

from ingest.clean import ARTEFACTS
from ingest.encoder import Encoder
from ingest.generation import current_generation
from ingest.load import decode
from ingest.loaders.loaded import Loaded
from ingest.manifest import ManifestRow, read_manifest
from ingest.model import Clause
from ingest.parse import ParsedDocument, parse
from ingest.places import Gazetteer
from ingest.settings import ROOT, Settings
from ingest.topics import Lexicon

CORPUS = ROOT / "corpus"
DATA = Path(__file__).parent / "data"
IDS = ("dalate-2023", "dengkou-2023", "ganzhou-2024", "lanxian-2022", "liupanshui-2025")

TOPICS = """
- topic: 创业担保贷款
  official: [创业担保贷款, 贷款贴息, 反担保]
  colloquial: [开店没钱找谁借]
- topic: 个转企
  official: [个转企, 转型升级为企业, 转型为企业]
  colloquial: [把店变成公司]
"""


class BigramEncoder(Encoder):
    """Counts pairs of characters in 32 buckets, and keeps the texts that it has encoded."""

    def __init__(self, digest: str = "bigrams-1") -> None:
        self.name, self.digest, self.dimensions = "bigrams", digest, 32
        self.encoded: list[str] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.encoded += texts
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        vector = np.zeros(self.dimensions)
        for first, second in pairwise(text):
            vector[crc32(f"{first}{second}".encode()) % self.dimensions] += 1
        return list(map(float, vector / max(float(np.linalg.norm(vector)), 1.0)))


@cache
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@cache
def lexicon() -> Lexicon:
    return Lexicon.load(CORPUS / "topics")


@cache
def texts() -> dict[str, str]:
    """The text of each of the five documents, by its id."""
    rows = read_manifest(CORPUS / "manifest.csv").values()
    return {row.id: decode((CORPUS / "documents" / row.file).read_bytes(), row.file) for row in rows}


@cache
def parsed(document_id: str) -> ParsedDocument:
    return parse_text(texts()[document_id], document_id)


def parse_text(text: str, document_id: str = "doc", place: str | None = None) -> ParsedDocument:
    row = ManifestRow(file=f"{document_id}.txt", id=document_id, place=place)
    return parse(Loaded(text), row, "digest", gazetteer(), lexicon())


def clause(identity: str) -> Clause:
    clauses = parsed(identity.split("#", maxsplit=1)[0]).clauses
    return next(clause for clause in clauses if clause.id == identity)


def bare(text: str) -> str:
    """A text without white space."""
    return re.sub(r"\s", "", text)


def without_artefacts(text: str) -> str:
    """A file's text without white space and without what a converter left behind."""
    return "".join(bare(ARTEFACTS.sub("", line)) for line in text.split("\n"))


def write_corpus(folder: Path) -> Settings:
    """Two of the documents and a tiny lexicon in a folder that a test may change, with the settings that name it."""
    corpus = folder / "corpus"
    (corpus / "documents").mkdir(parents=True)
    (corpus / "topics").mkdir()
    (corpus / "topics" / "topics.yaml").write_text(TOPICS, encoding="utf-8")
    rows = [row for row in read_manifest(CORPUS / "manifest.csv").values() if row.id in IDS[2::2]]
    for row in rows:
        shutil.copy(CORPUS / "documents" / row.file, corpus / "documents" / f"{row.id}.txt")
    lines = ["file,id,place", *(f"{row.id}.txt,{row.id}," for row in rows)]
    (corpus / "manifest.csv").write_text("\n".join(lines), encoding="utf-8")
    return Settings(corpus=corpus, index=folder / "index")


@contextmanager
def full_disk(room: int) -> Iterator[None]:
    """No file can grow beyond so many bytes, as where there is no room."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def serving(settings: Settings) -> Path:
    """The folder of the generation that serves."""
    generation = current_generation(settings.index)
    assert generation
    return generation.folder
