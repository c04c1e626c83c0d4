"""Texts become vectors: any sentence-transformers model, named by the setting HUIWEN_ENCODER.

Two ways lead to the same vectors. SentenceEncoder runs every model through sentence-transformers, whose import alone
takes 5 to 8 seconds on two cores. StaticEncoder runs a static model, the default one among them, with numpy in a tenth
of a second, so that a service answers its first question as soon as it is up.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from langchain_core.embeddings import Embeddings

from ingest.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

_HUB_SECONDS: Final = 5  # within which a model hub answers, or counts as out of reach
# The layouts of a static model's weights that numpy reads as they are, by the names and formats of their tensors.
_PLAIN_LAYOUTS: Final = (
    {"embedding.weight": "F32"},
    {"embedding.weight": "F16"},
    {"embeddings": "I8", "weights": "F32"},  # one byte a number and one scale a token, as model2vec stores them
)


class Encoder(Embeddings):
    """LangChain's Embeddings with what an index must know of its encoder. Vectors have length 1, or 0 for no text."""

    name: str  # short, for showing: the folder's last part, or the name on the hub
    digest: str  # equal for equal models, wherever they lie
    dimensions: int


class SentenceEncoder(Encoder):
    """Any model that sentence-transformers loads: a folder, or a name on a model hub."""

    def __init__(self, name: str) -> None:
        folder = Path(name)
        if folder.is_dir():
            self._model = _load(name)
            self.name, self.digest = folder.resolve().name, _folder_digest(folder)
        else:
            self._model, revision = _load_from_hub(name)
            self.name, self.digest = name, f"{name}@{revision}"
        self.dimensions = len(self.embed_query("维"))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Encode passages, with the model's prompt for documents if it has one."""
        return _lists(self._model.encode_document(texts, normalize_embeddings=True, show_progress_bar=False))

    def embed_query(self, text: str) -> list[float]:
        """Encode a question, with the model's prompt for queries if it has one."""
        return _lists(self._model.encode_query([text], normalize_embeddings=True, show_progress_bar=False))[0]


class StaticEncoder(Encoder):
    """A static model without sentence-transformers: a text's vector is the mean of its tokens' vectors."""

    def __init__(self, name: str) -> None:
        # Imported with the model: an index opened with another encoder needs neither.
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        folder = Path(name)
        tensors = load_file(_weights_file(folder))
        name_of = "embedding.weight" if "embedding.weight" in tensors else "embeddings"
        self._weights: NDArray[np.generic] = tensors[name_of]
        self._scales: NDArray[np.float32] | None = tensors.get("weights")  # one a token, where the weights are integers
        self._tokenizer = Tokenizer.from_file(str(_weights_file(folder).with_name("tokenizer.json")))
        self._tokenizer.no_padding()
        self._prompts = _prompts(folder)
        self.name, self.digest = folder.resolve().name, _folder_digest(folder)
        self.dimensions = int(self._weights.shape[1])

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Encode passages, with the model's prompt for documents if it has one."""
        return self._encode(texts, self._prompts.get("document", ""))

    def embed_query(self, text: str) -> list[float]:
        """Encode a question, with the model's prompt for queries if it has one."""
        return self._encode([text], self._prompts.get("query", ""))[0]

    def words(self, text: str) -> NDArray[np.int64]:
        """The numbers of a text's words, each once: see ingest/late_interaction.py."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        return np.array(sorted(set(encoding.ids)), dtype=np.int64)

    def vectors_of(self, words: NDArray[np.int64]) -> NDArray[np.float32]:
        """The vectors of words, (words, dimensions)."""
        rows: NDArray[np.float32] = self._weights[words].astype(np.float32)
        return rows if self._scales is None else rows * self._scales[words, None]

    def _encode(self, texts: list[str], prompt: str) -> list[list[float]]:
        encodings = self._tokenizer.encode_batch_fast([prompt + text for text in texts], add_special_tokens=False)
        return [list(map(float, self._vector(encoding.ids))) for encoding in encodings]

    def _vector(self, tokens: Sequence[int]) -> NDArray[np.float32]:
        if not tokens:
            return np.zeros(self.dimensions, dtype=np.float32)
        mean: NDArray[np.float32] = self.vectors_of(np.array(tokens)).mean(axis=0)
        return mean / np.float32(max(float(np.linalg.norm(mean)), 1e-12))


def load_encoder(name: str) -> Encoder:
    """Load the model in the folder `name`, or of that name on a model hub; EncoderError if there is none to load."""
    folder = Path(name)
    try:
        return StaticEncoder(name) if folder.is_dir() and _is_plain_static(folder) else SentenceEncoder(name)
    # The one broad clause: torch, transformers, safetensors, httpx each raise their own, tokenizers a bare Exception.
    except Exception as error:
        raise EncoderError(
            f"HUIWEN_ENCODER={name}: cannot be loaded: {type(error).__name__}: {error}\n"
            "Give it a folder with a sentence-transformers model, or the name of one on a model hub that this machine "
            "reaches or has in its cache; unset, it is the encoder that ships with Huiwen."
        ) from error


def _lists(vectors: NDArray[np.floating]) -> list[list[float]]:
    """Rows as lists of floats; a half-precision model normalises the zero vector to NaN, which is put right here."""
    rows: list[list[float]] = np.nan_to_num(vectors.astype(np.float32)).tolist()
    return rows


def _load(name: str, *, revision: str | None = None, local: bool = True) -> SentenceTransformer:
    # Imported on use: it brings torch and transformers, 5 to 8 seconds on two cores.
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(name, revision=revision, local_files_only=local)


def _load_from_hub(name: str) -> tuple[SentenceTransformer, str]:
    """Load a model from the hub's cache, else from the hub, with the revision that it is of."""
    # Imported on use: only models from a hub need it.
    from huggingface_hub import HfApi, try_to_load_from_cache

    for file in ("modules.json", "config.json"):
        cached = try_to_load_from_cache(name, file)
        if isinstance(cached, str):
            revision = Path(cached).parent.name
            with contextlib.suppress(OSError):  # a download that broke off is taken up below
                return _load(name, revision=revision), revision
    # Asked first, and once: without a hub in reach, sentence-transformers tries again for more than a minute.
    revision = str(HfApi().model_info(name, timeout=_HUB_SECONDS).sha)
    return _load(name, revision=revision, local=False), revision


def _is_plain_static(folder: Path) -> bool:
    """Whether the model is a StaticEmbedding, at most normalised, with weights that numpy reads as they are."""
    # Imported on use: see StaticEncoder.
    from safetensors import safe_open

    if not (folder / "modules.json").is_file():
        return False
    kinds = [module["type"].rpartition(".")[2] for module in _modules(folder)]
    if kinds[:1] != ["StaticEmbedding"] or not set(kinds[1:]) <= {"Normalize"} or not _weights_file(folder).is_file():
        return False
    with safe_open(_weights_file(folder), "numpy") as weights:
        kinds_of = {key: weights.get_slice(key).get_dtype() for key in weights.keys()}  # noqa: SIM118 - no mapping
    return kinds_of in _PLAIN_LAYOUTS


def _modules(folder: Path) -> list[dict[str, str]]:
    modules: list[dict[str, str]] = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
    return modules


def _weights_file(folder: Path) -> Path:
    return folder / _modules(folder)[0]["path"] / "model.safetensors"


def _prompts(folder: Path) -> dict[str, str]:
    config = folder / "config_sentence_transformers.json"
    if not config.is_file():
        return {}
    prompts: dict[str, str] = json.loads(config.read_text(encoding="utf-8")).get("prompts", {})
    return prompts


def _folder_digest(folder: Path) -> str:
    """SHA-256 over the names and SHA-256 of the model's files; what people write about it (*.md) does not count."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and path.suffix != ".md" and not any(part.startswith(".") for part in relative.parts):
            with path.open("rb") as file:
                total.update(f"{relative.as_posix()}\0{hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
    return total.hexdigest()
