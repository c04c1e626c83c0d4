"""An optional second look: a cross-encoder reads question and clause together, by the setting HUIWEN_RERANKER.

None ships with Huiwen: without one, the fusion's order stands.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ingest.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sentence_transformers import CrossEncoder


class Reranker(Protocol):
    """Tells how well texts answer a question."""

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """A score a text, in their order; the higher, the better."""
        ...


class CrossEncoderReranker:
    """Any cross-encoder that sentence-transformers loads."""

    def __init__(self, model: CrossEncoder) -> None:
        self._model = model

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """A score a text, in their order."""
        pairs = [(question, text) for text in texts]
        return [float(score) for score in self._model.predict(pairs, show_progress_bar=False)] if pairs else []


def load_reranker(name: str | None) -> Reranker | None:
    """Load the cross-encoder in the folder `name`, or of that name in the hub's cache; None without a name.

    Raises:
        EncoderError: there is none to load.
    """
    if not name:
        return None
    # Imported on use: it brings torch and transformers, which take seconds.
    from sentence_transformers import CrossEncoder

    try:
        return CrossEncoderReranker(CrossEncoder(name, num_labels=1, local_files_only=Path(name).is_dir()))
    # Broad, as in load_encoder: torch, transformers and safetensors each raise their own.
    except Exception as error:
        raise EncoderError(
            f"HUIWEN_RERANKER={name}: cannot be loaded: {type(error).__name__}: {error}\n"
            "Give it a folder with a cross-encoder of sentence-transformers, or the name of one on a model hub that "
            "this machine reaches or has in its cache; unset, clauses are not reranked."
        ) from error
