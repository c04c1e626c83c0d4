"""Find the clauses that a question is about, only among those that apply: words and vectors, fused by reciprocal rank.

The fusion is reciprocal rank fusion (Cormack, Clarke and Büttcher 2009). A ranking orders passages; a clause has the
rank of its best passage.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from ingest.encoder import Encoder
from ingest.model import Clause, Document
from ingest.settings import Settings
from ingest.spelling import Correction
from ingest.store import Index
from ingest.topics import TopicMatch

_TERMS_OF_TOPIC = 6  # official terms of a topic that widen a search: the first are the most telling
_CACHED_TEXTS = 256  # a question's text and its parts are looked at by several steps
_RANK_DISCOUNT = 0.05  # how much less a clause's next topic says than the one before


@dataclass(frozen=True, slots=True)
class Found:
    """A clause with what speaks for it."""

    clause: Clause
    document: Document
    score: float  # of the fusion
    similarity: float  # cosine of its best passage with the question, 0 if it was not among the nearest
    words: float  # BM25 of its best passage, 0 if no word of the question is in it
    topic: float  # the best score of a topic that question and clause share, 0 if none


class ClauseFinder:
    """Searches one index. All methods are pure reads."""

    def __init__(self, index: Index, encoder: Encoder, settings: Settings) -> None:
        self._index = index
        self._settings = settings
        self._encode = lru_cache(_CACHED_TEXTS)(encoder.embed_query)
        self._topics = lru_cache(_CACHED_TEXTS)(lambda text: index.topics.search(self._encode(text), settings.topics))

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
        words = _by_clause(self._index.lexical.search(text, place_codes=place_codes, limit=depth))
        near = _by_clause(self._index.vectors.search(self._encode(text), place_codes=place_codes, limit=depth))
        on_topic = self._on_topic(topics, place_codes)
        widened = _by_clause(self._widened(text, topics, place_codes, depth))
        weights = self._settings
        scores = _fuse(
            weights.fusion_constant,
            (words, weights.weight_words),
            (near, weights.weight_vectors),
            (widened, weights.weight_terms),
            (on_topic, weights.weight_topics),
        )
        weighted = [(scores, weights.share_ranks), (words, weights.share_words), (near, weights.share_vectors)]
        scores = _weigh(scores, *weighted, (on_topic, weights.share_topics))
        best = sorted(scores, key=lambda clause_id: -scores[clause_id])[:limit]
        return [found for clause_id in best if (found := self._found(clause_id, scores, near, words, on_topic))]

    def topics_of(self, text: str) -> tuple[TopicMatch, ...]:
        """The topics that a text is about, best first."""
        return self._topics(text)

    def correct(self, text: str) -> tuple[str, tuple[Correction, ...]]:
        """A text with its slips of the pen mended by the corpus's own vocabulary, and what was mended."""
        return self._index.spelling.correct(text)

    def off_topic(self, text: str) -> float:
        """How near a text is to what is no policy, from 0 to 1."""
        return self._index.topics.off_topic(self._encode(text))

    def _on_topic(self, topics: Sequence[TopicMatch], place_codes: Collection[str] | None) -> dict[str, float]:
        """Clauses on the question's topics with how much the best one says, best first."""
        signals: dict[str, float] = {}
        for match in topics:
            for clause_id, rank in self._index.catalog.clauses_on(match.topic.name, place_codes):
                signals[clause_id] = max(signals.get(clause_id, 0.0), match.score * (1 - _RANK_DISCOUNT * rank))
        return dict(sorted(signals.items(), key=lambda one: -one[1])[: self._settings.candidates])

    def _widened(
        self, text: str, topics: Sequence[TopicMatch], place_codes: Collection[str] | None, depth: int
    ) -> list[tuple[str, float]]:
        """Passages by the terms that texts use for the question's topics."""
        terms = [
            term for match in topics[: self._settings.widening_topics] for term in match.topic.terms[:_TERMS_OF_TOPIC]
        ]
        return (
            self._index.lexical.search(" ".join([text, *terms]), place_codes=place_codes, limit=depth) if terms else []
        )

    def _found(
        self,
        clause_id: str,
        scores: dict[str, float],
        near: dict[str, float],
        words: dict[str, float],
        on_topic: dict[str, float],
    ) -> Found | None:
        clause = self._index.catalog.clause(clause_id)
        document = self._index.catalog.document(clause.document_id) if clause else None
        if clause is None or document is None:
            return None
        signals = (source.get(clause_id, 0.0) for source in (near, words, on_topic))
        return Found(clause, document, scores[clause_id], *signals)


def clause_of(passage_id: str) -> str:
    """The clause that a passage is of: what stands before the number of the piece."""
    return passage_id.split(":", 1)[0]


def _by_clause(hits: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Clauses with the score of their best passage, best first."""
    best: dict[str, float] = {}
    for passage_id, score in hits:
        best.setdefault(clause_of(passage_id), score)
    return best


def _fuse(constant: int, *rankings: tuple[Iterable[str], float]) -> dict[str, float]:
    """Weighted reciprocal rank fusion: 1 for a clause that is first everywhere."""
    total = sum(weight for _, weight in rankings) / (constant + 1)
    scores: dict[str, float] = {}
    for ranking, weight in rankings:
        for rank, clause_id in enumerate(ranking):
            scores[clause_id] = scores.get(clause_id, 0.0) + weight / (constant + rank + 1) / total
    return scores


def _weigh(candidates: Iterable[str], *signals: tuple[dict[str, float], float]) -> dict[str, float]:
    """Order what the ranks brought together by how strong each signal is against its strongest: at most 1.

    Ranks forget how far apart two scores are; the relative scores remember (convex combination: Bruch, Gai and Ingber
    2023).
    """
    total = sum(weight for _, weight in signals)
    scaled = [(signal, weight / total / (max(signal.values(), default=0.0) or 1.0)) for signal, weight in signals]
    return {one: sum(signal.get(one, 0.0) * factor for signal, factor in scaled) for one in candidates}


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
