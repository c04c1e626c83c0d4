"""What Huiwen is measured against: the usual recipe, and word search with a filter on places.

Neither uses a line of Huiwen's retrieval: both split the documents' texts by length and answer with the passages that
they find.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import bm25s
import numpy as np
import rjieba
from chromadb.config import Settings as ChromaSettings
from langchain_chroma import Chroma
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from bot.contract import Citation, JurisdictionOut, ValidityOut
from eval.cases import Case
from eval.errors import EvaluationError
from eval.outcome import Description, Outcome, Retrieved
from ingest.catalog import Catalog
from ingest.encoder import load_encoder
from ingest.generation import current_generation
from ingest.load import Loader, read_bytes
from ingest.model import Document
from ingest.settings import Settings

_LENGTH, _OVERLAP = 500, 50  # characters, as most tutorials have it
_DEPTH = 10  # passages found
_SHOWN = 4  # passages in an answer: LangChain's own default
_NOTHING = "没有找到相关内容。"  # nothing found


@dataclass(frozen=True, slots=True)
class Split:
    """A piece of a document."""

    id: str
    document: Document
    text: str


@dataclass(frozen=True, slots=True)
class Texts:
    """The documents that the index holds, in pieces, with the corpus's digest."""

    splits: tuple[Split, ...]
    digest: str


Find = Callable[[Case], list[tuple[Split, float]]]  # passages for a case, best first, with their scores


class Baseline:
    """Finds passages and gives the first of them as the answer."""

    def __init__(self, description: Description, find: Find) -> None:
        self._description = description
        self._find = find

    @property
    def description(self) -> Description:
        """What it is."""
        return self._description

    def answer(self, case: Case) -> Outcome:
        """The first passages as they stand; no basis where there are none."""
        started = time.perf_counter()
        found = self._find(case)
        shown = [split for split, _ in found[:_SHOWN]]
        answer = "\n\n".join(f"{split.text}[{number}]" for number, split in enumerate(shown, 1))
        return Outcome(
            status="answered" if shown else "no_basis",
            answer=answer or _NOTHING,
            citations=tuple(_cite(number, split) for number, split in enumerate(shown, 1)),
            considered=tuple(_retrieved(split, score, split in shown) for split, score in found),
            ms=round((time.perf_counter() - started) * 1000, 2),
        )


def open_langchain_usual(settings: Settings) -> Baseline:
    """The recipe of most tutorials: splits of 500 characters in Chroma, with Huiwen's own encoder and no filter."""
    texts, encoder = read_texts(settings), load_encoder(settings.encoder)
    store = _fill_chroma(texts.splits, encoder)
    by_id = {split.id: split for split in texts.splits}

    def find(case: Case) -> list[tuple[Split, float]]:
        hits = store.similarity_search_with_score(_query(case), k=_DEPTH)
        return [(by_id[hit.metadata["id"]], round(-float(distance), 4)) for hit, distance in hits]

    return Baseline(Description("langchain-usual", f"{encoder.name} {encoder.digest}", texts.digest), find)


def open_bm25_words(settings: Settings) -> Baseline:
    """The same splits, ranked by BM25 over jieba's words, of the place that is named."""
    texts = read_texts(settings)
    index = bm25s.BM25()
    index.index([_words(split.text) for split in texts.splits], show_progress=False)
    documents = {split.document.id: split.document for split in texts.splits}

    def find(case: Case) -> list[tuple[Split, float]]:
        scores = index.get_scores(_words(_query(case)))
        asked = _documents_for(case, documents)
        applies = np.array([split.document.id in asked for split in texts.splits])
        best = np.argsort(-np.where(applies, scores, 0), kind="stable")[:_DEPTH]
        return [(texts.splits[n], round(float(scores[n]), 4)) for n in best if applies[n] and scores[n] > 0]

    return Baseline(Description("bm25-words", None, texts.digest), find)


def read_texts(settings: Settings) -> Texts:
    """Split the files of the documents that the index holds.

    Raises:
        EvaluationError: nothing has been ingested yet.
    """
    generation = current_generation(settings.index)
    if generation is None:
        raise EvaluationError(f"there is no index in {settings.index}; run `huiwen ingest` first")
    catalog = Catalog(generation.catalog)
    folder = settings.corpus / "documents"
    with Loader(settings) as loader:
        splits = [split for document in catalog.documents() for split in _split(document, folder, loader)]
    catalog.close()
    return Texts(tuple(splits), generation.info().corpus)


def _split(document: Document, folder: Path, loader: Loader) -> list[Split]:
    text = loader.load(read_bytes(folder / document.file), document.file).text
    splitter = RecursiveCharacterTextSplitter(chunk_size=_LENGTH, chunk_overlap=_OVERLAP)
    return [Split(f"{document.id}:{n}", document, piece) for n, piece in enumerate(splitter.split_text(text), 1)]


def _fill_chroma(splits: Sequence[Split], encoder: Embeddings) -> Chroma:
    """A collection in memory; Chroma keeps one memory for the whole process, so each has a name of its own."""
    store = Chroma(
        f"baseline-{uuid.uuid4().hex}",
        encoder,
        client_settings=ChromaSettings(anonymized_telemetry=False),
    )
    store.add_texts([split.text for split in splits], metadatas=[{"id": split.id} for split in splits])
    return store


def _query(case: Case) -> str:
    """The question with the turn before it, without which a follow-up says little."""
    return " ".join([*case.history[-1:], case.question])


def _words(text: str) -> list[str]:
    return [word for word in rjieba.cut(text) if not word.isspace()]


def _documents_for(case: Case, documents: Mapping[str, Document]) -> set[str]:
    """The documents of the places that are named: in the question, else on the page, else in the turn before."""
    places = {key: document.place.name for key, document in documents.items() if document.place}
    for text in (case.question, case.jurisdiction or "", *case.history[-1:]):
        named = {key for key, name in places.items() if name in text}
        if named:
            return named
    return set(documents) if case.jurisdiction is None else set()


def _cite(number: int, split: Split) -> Citation:
    document, place = split.document, split.document.place
    return Citation(
        n=number, clause_id=split.id, document_id=document.id, document_title=document.title, issuer=document.issuer,
        document_number=document.number, issued_on=document.issued_on, clause_path=[], quote=split.text,
        text=split.text, legal_status=document.status.value, validity=ValidityOut(state="unknown"),
        jurisdiction=place and JurisdictionOut(name=place.name, code=place.code, path=list(place.path)),
        departments=[], url=f"/documents/{document.id}",
    )  # fmt: skip


def _retrieved(split: Split, score: float, shown: bool) -> Retrieved:
    return Retrieved(
        clause_id=split.id, score=score, similarity=0, words=0, topic=0, outcome="cited" if shown else "weaker",
        document_id=split.document.id, path=[], text=split.text,
    )  # fmt: skip
