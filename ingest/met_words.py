"""How much of a question one sentence of a clause meets, word by word.

Late interaction (ingest/late_interaction.py) rates a clause as a whole; a long one gathers chance likenesses, a
sentence fewer. So this takes the best sentence, and only likenesses that say something.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from ingest.sentences import split_sentences

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ingest.late_interaction import WordEncoder
    from ingest.thesaurus import Thesaurus

_UNMET, _MET = 0.2, 0.7  # the cosine of two words up to which one says nothing of the other, and from which it is met
_MET_AS_TERM = 0.9  # the cosine that counts for an everyday word whose official one stands in the sentence
_CACHED_TEXTS = 20_000  # clauses, some fifty megabytes; they change only with the index


@dataclass(frozen=True, slots=True)
class _Text:
    """A clause's sentences, and their words as places among all of its words."""

    sentences: tuple[str, ...]
    words: NDArray[np.int64]
    places: tuple[NDArray[np.intp], ...]


class MetWords:
    """How much of a question, word by word, one sentence of a clause meets."""

    def __init__(self, encoder: WordEncoder, thesaurus: Thesaurus) -> None:
        self._encoder = encoder
        self._thesaurus = thesaurus
        self._read = lru_cache(_CACHED_TEXTS)(self._read_text)

    def share(self, question: str, text: str) -> float:
        """The share for the best sentence of a text, from 0 to 1.

        A word counts by the square of its vector's length, as in late interaction (ingest/late_interaction.py).
        """
        asked, told = self._encoder.words(question), self._read(text)
        if not len(asked) or not told.sentences:
            return 0.0
        vectors, lengths = self._unit_vectors(asked)
        cosines = vectors @ self._unit_vectors(told.words)[0].T
        everyday = [
            (one.official, np.isin(asked, self._encoder.words(one.everyday)))
            for one in self._thesaurus.expand(question)
        ]
        nearest = np.stack([cosines[:, places].max(axis=1) for places in told.places])
        for met, sentence in zip(nearest, told.sentences, strict=True):
            for official, words in everyday:
                if any(word in sentence for word in official):
                    met[words] = _MET_AS_TERM
        weights = lengths**2 / float((lengths**2).sum())
        return float((np.clip((nearest - _UNMET) / (_MET - _UNMET), 0.0, 1.0) @ weights).max())

    def _read_text(self, text: str) -> _Text:
        words = {one.text: self._encoder.words(one.text) for one in split_sentences(text)}
        words = {sentence: told for sentence, told in words.items() if len(told)}
        everything = np.unique(np.concatenate([*words.values(), np.empty(0, dtype=np.int64)]))
        return _Text(tuple(words), everything, tuple(np.searchsorted(everything, told) for told in words.values()))

    def _unit_vectors(self, words: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The vectors of words at length 1, and the lengths that they had."""
        vectors = self._encoder.vectors_of(words)
        lengths = np.maximum(np.linalg.norm(vectors, axis=1), 1e-12)
        return vectors / lengths[:, None], lengths
