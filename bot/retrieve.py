"""Find the clauses that a question is about, only among those that apply: words, vectors and topics, fused.

Searches find passages; a clause has the score of its best one. The fusion is a convex combination of signals that mean
the same for every question (Bruch, Gai and Ingber 2023): ranks would forget how far apart two clauses are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from bot.orders import OrderFilter
from ingest.encoder import Encoder
from ingest.late_interaction import LateInteraction, WordEncoder
from ingest.met_words import MetWords
from ingest.model import Clause, Document
from ingest.reranker import Reranker
from ingest.settings import Settings
from ingest.spelling import Correction
from ingest.store import Index
from ingest.thesaurus import Expansion, Thesaurus
from ingest.topics import TopicMatch

_TERMS_OF_TOPIC = 6  # official terms of a topic that widen a search: the first are the most telling
_CACHED_TEXTS = 256  # a question's text and its parts are looked at by several steps
_CACHED_CLAUSES = 10_000
_RANK_DISCOUNT = 0.05  # how much less a clause's next topic says than the one before
_OVER = 0.85  # share of its score that a clause keeps which is over: what is in force and as near goes before it
_FULL_WORDS = 3.0  # BM25 for each character of a query from which on every word of it counts as found


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for a clause, each from 0 to 1, 0 where it was not among the candidates of that kind."""

    words: float = 0.0  # the question's own words, by BM25
    terms: float = 0.0  # these and the terms that texts use for them, by BM25
    passage: float = 0.0  # cosine of the clause as a whole with the question
    sentence: float = 0.0  # cosine of its best sentence
    each_word: float = 0.0  # each word of the question by the nearest word of the clause
    topic: float = 0.0  # the best score of a topic that question and clause share


@dataclass(frozen=True, slots=True)
class Found:
    """A clause with what speaks for it."""

    clause: Clause
    document: Document
    score: float  # of the fusion, from 0 to 1
    signals: Signals
    bonus: float = 0.0  # for what it holds of the kind that was asked for

    @property
    def strength(self) -> float:
        """What clauses are ordered by: how well it fits, and whether it holds what was asked for."""
        return self.score + self.bonus

    @property
    def similarity(self) -> float:
        """Cosine of the clause or of its best sentence with the question, whichever is nearer."""
        return max(self.signals.passage, self.signals.sentence)


class ClauseFinder:
    """Searches one index. All methods are pure reads."""

    def __init__(
        self,
        index: Index,
        encoder: Encoder,
        thesaurus: Thesaurus,
        settings: Settings,
        reranker: Reranker | None = None,
        orders: OrderFilter | None = None,
    ) -> None:
        self._index = index
        self._orders = orders
        self._left_out: frozenset[str] = frozenset()
        self._discounted: frozenset[str] = frozenset()
        self._read = lru_cache(_CACHED_CLAUSES)(self._read_clause)
        self._encoder = encoder
        self._thesaurus = thesaurus
        self._reranker = reranker
        self._late = LateInteraction(encoder) if isinstance(encoder, WordEncoder) else None
        met = MetWords(encoder, thesaurus) if isinstance(encoder, WordEncoder) else None
        self._share_met = lru_cache(_CACHED_TEXTS)(met.share) if met else None
        self._settings = settings
        self._encode = lru_cache(_CACHED_TEXTS)(encoder.embed_query)
        self._topics = lru_cache(_CACHED_TEXTS)(lambda text: index.topics.search(self._encode(text), settings.topics))
        self._signals = lru_cache(_CACHED_TEXTS)(self._gather_signals)

    def with_settings(self, settings: Settings) -> ClauseFinder:
        """The same index, searched with other weights."""
        return ClauseFinder(self._index, self._encoder, self._thesaurus, settings, self._reranker, self._orders)

    def without(self, documents: Collection[str], discounted: Collection[str] = ()) -> ClauseFinder:
        """The same index without the documents of these ids, those of others set back; what was looked up is kept."""
        other = copy(self)
        other._left_out, other._discounted = frozenset(documents), frozenset(discounted)
        return other

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
        codes = None if place_codes is None else frozenset(place_codes)
        signals = self._signals(text, codes, tuple(topics))
        weights = {field: getattr(self._settings, f"weight_{field}") for field in Signals.__slots__}
        total = sum(weights.values()) or 1.0
        scores = {
            clause_id: self._share(clause_id)
            * sum(getattr(one, field) * weight for field, weight in weights.items())
            / total
            for clause_id, one in signals.items()
            if document_of(clause_id) not in self._left_out
        }
        best = sorted(scores, key=lambda clause_id: -scores[clause_id])[:limit]
        found = [one for clause_id in best if (one := self._found(clause_id, scores[clause_id], signals[clause_id]))]
        return self._rerank(text, found)

    def _share(self, clause_id: str) -> float:
        """How much of its score a clause keeps."""
        return _OVER if document_of(clause_id) in self._discounted else 1.0

    def _rerank(self, text: str, found: list[Found]) -> list[Found]:
        """The first clauses in the reranker's order, if there is one; they share out the scores that they had.

        So a score keeps its meaning for what is decided by it.
        """
        if self._reranker is None:
            return found
        first = found[: self._settings.reranked]
        marks = self._reranker.scores(text, [one.clause.text for one in first])
        order = sorted(range(len(first)), key=lambda number: -marks[number])
        reordered = [replace(first[number], score=place.score) for number, place in zip(order, first, strict=True)]
        return reordered + found[len(first) :]

    def expand(self, text: str, topics: Sequence[TopicMatch]) -> tuple[Expansion, ...]:
        """The words that widen a search, each with what in the question stands for them."""
        named = [
            Expansion(match.topic.name, match.topic.terms[:_TERMS_OF_TOPIC])
            for match in topics[: self._settings.widening_topics]
        ]
        return (*self._thesaurus.expand(text), *named)

    def rate_words(self, text: str, others: Sequence[str]) -> list[float]:
        """How well each word of a text is met by the nearest word of each of the others, from 0 to 1.

        All 0 where the encoder has no vectors of single words.
        """
        rated = self._late.score(text, dict(enumerate(others))) if self._late else {}
        return [rated.get(number, 0.0) for number in range(len(others))]

    def topics_of(self, text: str) -> tuple[TopicMatch, ...]:
        """The topics that a text is about, best first."""
        return self._topics(text)

    def share_met(self, question: str, text: str) -> float | None:
        """The share of a question's words that the best sentence of a text meets; None without vectors of words."""
        return self._share_met(question, text) if self._share_met else None

    def correct(self, text: str) -> tuple[str, tuple[Correction, ...]]:
        """A text with its slips of the pen mended by the corpus's own vocabulary, and what was mended."""
        return self._index.spelling.correct(text)

    def off_topic(self, text: str) -> float:
        """How near a text is to what is no policy, from 0 to 1."""
        return self._index.topics.off_topic(self._encode(text))

    def _gather_signals(
        self, text: str, place_codes: frozenset[str] | None, topics: tuple[TopicMatch, ...]
    ) -> dict[str, Signals]:
        """The signals of every clause that one of the searches finds."""
        passages, sentences = self._near(text, place_codes)
        widened = " ".join([text, *(term for one in self.expand(text, topics) for term in one.official)])
        found = {
            "words": self._by_words(text, place_codes),
            "terms": self._by_words(widened, place_codes),
            "passage": passages,
            "sentence": sentences,
            "topic": self._on_topic(topics, place_codes),
        }
        clauses = dict.fromkeys(clause_id for signal in found.values() for clause_id in signal)
        found["each_word"] = self._by_each_word(text, clauses)
        return {
            clause_id: Signals(**{name: signal.get(clause_id, 0.0) for name, signal in found.items()})
            for clause_id in clauses
        }

    def _by_words(self, text: str, place_codes: Collection[str] | None) -> dict[str, float]:
        """Clauses by BM25 of their best passage, a character of the query: a long question gathers more by chance."""
        hits = self._index.lexical.search(text, place_codes=place_codes, limit=self._settings.candidates)
        full = _FULL_WORDS * max(1, len(text))
        return {clause_id: min(1.0, score / full) for clause_id, score in _by_clause(hits).items()}

    def _near(self, text: str, place_codes: Collection[str] | None) -> tuple[dict[str, float], dict[str, float]]:
        """Clauses by the cosine of their whole, and of their best sentence; one that has no sentences counts twice."""
        hits = self._index.vectors.search(
            self._encode(text), place_codes=place_codes, limit=self._settings.candidates_vectors
        )
        wholes = {passage_id: score for passage_id, score in hits if passage_id == clause_of(passage_id)}
        sentences = _by_clause((passage_id, score) for passage_id, score in hits if passage_id not in wholes)
        floor = hits[-1][1] if hits else 0.0  # what was not found is at most as near as the last that was
        clauses = {*wholes, *sentences}
        passages = {clause_id: max(0.0, wholes.get(clause_id, floor)) for clause_id in clauses}
        return passages, {clause_id: max(0.0, sentences.get(clause_id, passages[clause_id])) for clause_id in clauses}

    def _by_each_word(self, text: str, clauses: Iterable[str]) -> dict[str, float]:
        """Late interaction, where the encoder has vectors of single words."""
        if self._late is None:
            return {}
        texts = {one: clause.text for one in clauses if (clause := self._index.catalog.clause(one))}
        return self._late.score(text, texts)

    def _on_topic(self, topics: Sequence[TopicMatch], place_codes: Collection[str] | None) -> dict[str, float]:
        """Clauses on the question's topics with how much the best one says."""
        signals: dict[str, float] = {}
        for match in topics:
            for clause_id, rank in self._index.catalog.clauses_on(match.topic.name, place_codes):
                signals[clause_id] = max(signals.get(clause_id, 0.0), match.score * (1 - _RANK_DISCOUNT * rank))
        return dict(sorted(signals.items(), key=lambda one: -one[1])[: self._settings.candidates])

    def _found(self, clause_id: str, score: float, signals: Signals) -> Found | None:
        clause = self._read(clause_id)
        document = self._index.catalog.document(clause.document_id) if clause else None
        return Found(clause, document, score, signals) if clause and document else None

    def _read_clause(self, clause_id: str) -> Clause | None:
        """A clause without what speaks to an assistant in it; None if that is all."""
        clause = self._index.catalog.clause(clause_id)
        return self._orders.silence(clause) if clause and self._orders else clause


def clause_of(passage_id: str) -> str:
    """The clause that a passage is of: what stands before the number of the piece."""
    return passage_id.split(":", 1)[0]


def document_of(clause_id: str) -> str:
    """The document that a clause is of."""
    return clause_id.partition("#")[0]


def _by_clause(hits: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Clauses with the score of their best passage, best first."""
    best: dict[str, float] = {}
    for passage_id, score in hits:
        best.setdefault(clause_of(passage_id), score)
    return best


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
