"""Find the clauses that a question is about, only among those that apply: words and vectors, fused by reciprocal rank.

The fusion is reciprocal rank fusion (Cormack, Clarke and Büttcher 2009). A ranking orders passages; a clause has the
rank of its best passage.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from ingest.encoder import Encoder
from ingest.model import Clause, Document
from ingest.settings import Settings
from ingest.store import Index
from ingest.topics import TopicMatch


@dataclass(frozen=True, slots=True)
class Found:
    """A clause with what speaks for it."""

    clause: Clause
    document: Document
    score: float  # of the fusion
    similarity: float  # cosine of its best passage with the question, 0 if it was not among the nearest
    words: float  # BM25 of its best passage, 0 if no word of the question is in it
    topic: float  # the best score of a topic that question and clause share, 0 if none
    passage: str  # id of its best passage


class ClauseFinder:
    """Searches one index. All methods are pure reads."""

    def __init__(self, index: Index, encoder: Encoder, settings: Settings) -> None:
        self._index = index
        self._encoder = encoder
        self._settings = settings

    def find(
        self, text: str, *, place_codes: Collection[str] | None, limit: int, topics: Sequence[TopicMatch] = ()
    ) -> list[Found]:
        """Clauses for one question, best first.

        Args:
            text: the question, made whole.
            place_codes: codes whose documents apply; None searches all, an empty collection finds nothing.
            limit: how many clauses at most.
            topics: the question's topics: their official terms widen the search.
        """
        depth = self._settings.candidates
        words = self._index.lexical.search(text, place_codes=place_codes, limit=depth)
        widened = self._widened(text, topics, place_codes, depth)
        near = self._index.vectors.search(self._encoder.embed_query(text), place_codes=place_codes, limit=depth)
        rankings = [(_best_of_clause(words), 1.0), (_best_of_clause(widened), self._settings.weight_topics)]
        rankings.append((_best_of_clause(near), self._settings.weight_vectors))
        return self._fuse(rankings, dict(_by_clause(words)), dict(_by_clause(near)), topics)[:limit]

    def _widened(
        self, text: str, topics: Sequence[TopicMatch], place_codes: Collection[str] | None, depth: int
    ) -> list[tuple[str, float]]:
        """The ranking by the terms that texts use for the question's topics."""
        terms = [term for match in topics[: self._settings.topics] for term in match.topic.terms[:_TERMS_OF_TOPIC]]
        if not terms:
            return []
        return self._index.lexical.search(" ".join([text, *terms]), place_codes=place_codes, limit=depth)

    def _fuse(
        self,
        rankings: Sequence[tuple[Sequence[str], float]],
        words: dict[str, float],
        near: dict[str, float],
        topics: Sequence[TopicMatch],
    ) -> list[Found]:
        scores: dict[str, float] = {}
        for ranking, weight in rankings:
            for rank, clause_id in enumerate(ranking):
                scores[clause_id] = scores.get(clause_id, 0.0) + weight / (self._settings.fusion_constant + rank + 1)
        asked = {match.topic.name: match.score for match in topics}
        found = []
        for clause_id, score in scores.items():
            clause = self._index.catalog.clause(clause_id)
            document = self._index.catalog.document(clause.document_id) if clause else None
            if clause is None or document is None:
                continue
            topic = max((asked.get(name, 0.0) for name in clause.topics), default=0.0)
            score += self._settings.weight_shared_topic * topic / self._settings.fusion_constant
            found.append(Found(clause, document, score, near.get(clause_id, 0.0), words.get(clause_id, 0.0), topic, clause_id))
        return sorted(found, key=lambda one: (-one.score, one.clause.document_id, one.clause.order))


_TERMS_OF_TOPIC = 6


def clause_of(passage_id: str) -> str:
    """The clause that a passage is of: what stands before the number of the piece."""
    return passage_id.split(":", 1)[0]


def _by_clause(hits: Iterable[tuple[str, float]]) -> Iterable[tuple[str, float]]:
    """Clauses with the score of their best passage, best first."""
    best: dict[str, float] = {}
    for passage_id, score in hits:
        best.setdefault(clause_of(passage_id), score)
    return best.items()


def _best_of_clause(hits: Iterable[tuple[str, float]]) -> list[str]:
    return [clause_id for clause_id, _ in _by_clause(hits)]


class ClauseRetriever(BaseRetriever):
    """The finder as LangChain's retriever: a clause a document, best first."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    finder: ClauseFinder
    place_codes: frozenset[str] | None = None
    k: int

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None, **_: Any
    ) -> list[LangChainDocument]:
        found = self.finder.find(query, place_codes=self.place_codes, limit=k or self.k)
        return [
            LangChainDocument(
                one.clause.text,
                id=one.clause.id,
                metadata={"clause_id": one.clause.id, "document_id": one.document.id, "score": one.score},
            )
            for one in found
        ]
