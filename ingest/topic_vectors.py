"""The vectors of the lexicon's phrases: a question's topics are those whose phrases lie nearest to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ingest.topics import Lexicon, TopicMatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ingest.encoder import Encoder

_NEAREST = 40  # phrases that may speak for a topic
_SUPPORT = 0.05  # what each of a topic's next nearest phrases adds to its nearest
_SUPPORTERS = 4


class TopicVectors:
    """All phrases of the lexicon, searched exactly: twenty thousand of them take about a millisecond."""

    def __init__(self, lexicon: Lexicon, vectors: NDArray[np.float32]) -> None:
        self._topics = lexicon.topics
        self._vectors = vectors[: len(vectors) - len(lexicon.off_topic)]
        self._off_topic = vectors[len(self._vectors) :]
        self._owners = np.array([number for number, topic in enumerate(lexicon.topics) for _ in topic.phrases])

    @classmethod
    def create(cls, path: Path, lexicon: Lexicon, encoder: Encoder) -> TopicVectors:
        """Encode the lexicon and keep the vectors in a file."""
        phrases = [*(phrase for topic in lexicon.topics for phrase in topic.phrases), *lexicon.off_topic]
        vectors = np.array(encoder.embed_documents(phrases), dtype=np.float32).reshape(-1, encoder.dimensions)
        np.save(path, vectors.astype(np.float16))
        return cls(lexicon, vectors)

    @classmethod
    def open(cls, path: Path, lexicon: Lexicon) -> TopicVectors:
        """Read the vectors that were made of this very lexicon."""
        return cls(lexicon, np.load(path).astype(np.float32))

    def search(self, vector: Sequence[float], limit: int) -> tuple[TopicMatch, ...]:
        """Topics with their scores (cosine of the nearest phrase and a little for the next ones), best first."""
        similarities = self._vectors @ np.array(vector, dtype=np.float32)
        nearest = np.argpartition(-similarities, min(_NEAREST, len(similarities)) - 1)[:_NEAREST]
        nearest = nearest[np.argsort(-similarities[nearest], kind="stable")]
        hits: dict[int, list[float]] = {}
        for phrase in nearest:
            hits.setdefault(int(self._owners[phrase]), []).append(float(similarities[phrase]))
        scores = {topic: min(1.0, best[0] + _SUPPORT * sum(best[1 : 1 + _SUPPORTERS])) for topic, best in hits.items()}
        ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:limit]
        return tuple(TopicMatch(self._topics[topic], score) for topic, score in ranked)

    def off_topic(self, vector: Sequence[float]) -> float:
        """How near a question is to what is no policy: the cosine of the nearest such phrase, 0 without any."""
        similarities = self._off_topic @ np.array(vector, dtype=np.float32)
        return float(similarities.max(initial=0.0))
