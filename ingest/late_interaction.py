"""Late interaction: how well each word of a question is met by the nearest word of a clause.

ColBERT's MaxSim (Khattab and Zaharia, SIGIR 2020) on the word vectors of a static encoder. The mean of a long clause's
words blurs what each of them says; this looks at them one by one. A word counts by the square of its vector's length,
which training makes the longer the more the word tells.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, TypeVar, runtime_checkable

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Key = TypeVar("Key", bound=Hashable)

_CACHED_CLAUSES = 20_000  # some ten megabytes; clauses change only with the index


@runtime_checkable
class WordEncoder(Protocol):
    """An encoder with one vector a word, whatever stands around it."""

    def words(self, text: str) -> NDArray[np.int64]:
        """The numbers of a text's words, each once."""
        ...

    def vectors_of(self, words: NDArray[np.int64]) -> NDArray[np.float32]:
        """The vectors of words, (words, dimensions), as long as training made them."""
        ...


class LateInteraction:
    """Scores clauses against questions, word by word."""

    def __init__(self, encoder: WordEncoder) -> None:
        self._encoder = encoder
        self._words = lru_cache(_CACHED_CLAUSES)(encoder.words)

    def score(self, question: str, clauses: Mapping[Key, str]) -> dict[Key, float]:
        """The scores of clauses, given by their texts: 1 if every word of the question stands there, at least 0."""
        asked = self._words(question)
        texts = {identity: words for identity, text in clauses.items() if len(words := self._words(text))}
        if not len(asked) or not texts:
            return {}
        everything = np.concatenate(list(texts.values()))
        told, places = np.unique(everything, return_inverse=True)
        vectors = self._encoder.vectors_of(asked)
        lengths = np.linalg.norm(vectors, axis=1)
        cosines = _normalized(vectors) @ _normalized(self._encoder.vectors_of(told)).T
        starts = np.cumsum([0, *map(len, texts.values())])[:-1]  # of each clause among all words
        nearest = np.maximum.reduceat(cosines[:, places], starts, axis=1)
        weights = lengths**2 / max(float((lengths**2).sum()), 1e-12)
        scores = np.maximum(0.0, weights @ nearest)
        return dict(zip(texts, map(float, scores), strict=True))


def _normalized(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    scaled: NDArray[np.float32] = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return scaled
