"""Train the default encoder: `python -m ingest.train_encoder --data FOLDER`.

The result is a folder that sentence-transformers loads as any model, without a network and without code of ours: a
tokenizer that knows Chinese words, one vector a word, and the mean of a text's vectors scaled to length one.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from safetensors.torch import save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding

from ingest.contrastive import Options, train_vectors
from ingest.encoder_card import write_card
from ingest.errors import HuiwenError
from ingest.measure_encoder import Report, hold_out, measure, measure_characters
from ingest.settings import ROOT
from ingest.training_pairs import PairSampler
from ingest.training_text import read_training_text
from ingest.word_tokenizer import build_tokenizer, coined_words, count_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ingest.training_text import TrainingText

EVERYDAY_WEIGHT = 20  # what an everyday text's words count against those of the many statutes
VOCABULARY = 50_000  # words at most
QUESTIONS_TIMED = 200


@dataclass(frozen=True, slots=True)
class Trained:
    """An encoder, its vectors as they are saved, and what it took to train it."""

    model: SentenceTransformer
    vectors: torch.Tensor  # int8 (tokens, dimensions)
    scales: torch.Tensor  # float32 (tokens,): vector = vectors * scale
    pairs: int  # of one epoch
    seconds: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, measure, save and print a report; return the process's exit status."""
    given = _parser().parse_args(arguments)
    options = Options(epochs=given.epochs, dimensions=given.dimensions, seed=given.seed)
    try:
        text = read_training_text(given.data, given.corpus)
    except HuiwenError as error:
        print(error, file=sys.stderr)
        return 1
    report = None if given.unmeasured else measure_training(text, options)
    trained = train_encoder(text, options)
    save_encoder(trained, given.out)
    print_lines(describe(trained, given.out, text))
    (given.out / "README.md").write_text(write_card(text, options, trained.pairs, report), encoding="utf-8")
    if report:
        print_lines(report.lines())
    return 0


def train_encoder(text: TrainingText, options: Options) -> Trained:
    """Train an encoder; the same text, options and number of threads give the same weights again."""
    started = time.perf_counter()
    counts = count_words(article.text for article in text.articles)
    counts.update(count_words(text.everyday_texts(), EVERYDAY_WEIGHT))
    counts.update(coined_words(term for topic in text.topics for term in topic.official))
    tokenizer = build_tokenizer(counts, VOCABULARY)
    exact, pairs = train_vectors(tokenizer, PairSampler(text), options)
    vectors, scales = to_bytes(exact)
    embedding = StaticEmbedding(tokenizer, embedding_weights=vectors * scales[:, None])
    model = SentenceTransformer(modules=[embedding, Normalize()], device="cpu")
    return Trained(model, vectors, scales, pairs, time.perf_counter() - started)


def to_bytes(vectors: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Round float vectors (tokens, dimensions) to int8 with one scale a token; the unknown token weighs nothing."""
    scales = vectors.abs().amax(dim=1).clamp(min=1e-12) / 127
    rounded = (vectors / scales[:, None]).round().to(torch.int8)
    rounded[0] = 0
    return rounded, scales


def save_encoder(trained: Trained, folder: Path) -> None:
    """Save the encoder in place of what the folder held.

    The vectors go as bytes and scales, a layout (model2vec's) that sentence-transformers reads into float32: the
    repository holds a quarter of what float32 would take.
    """
    new = folder.with_name(folder.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    trained.model.save(str(new), create_model_card=False)
    weights = new / "model.safetensors"
    save_file({"embeddings": trained.vectors, "weights": trained.scales}, weights)
    weights.chmod(0o644)  # safetensors keeps it to its owner, but a service may run as someone else
    shutil.rmtree(folder, ignore_errors=True)
    new.rename(folder)


def measure_training(text: TrainingText, options: Options) -> Report:
    """Train on part of the text and measure on the rest."""
    seen, held_out = hold_out(text, options.seed)
    model = train_encoder(seen, options).model

    def similarity(queries: Sequence[str], texts: Sequence[str]) -> NDArray[np.float32]:
        cosines: NDArray[np.float32] = model.encode(list(queries)) @ model.encode(list(texts)).T
        return cosines

    return Report(
        phrases=len(held_out.phrases),
        clauses=len(held_out.clauses),
        questions=len({question.text for question in held_out.questions}),
        encoder=measure(similarity, seen, held_out, options.seed),
        characters=measure_characters(seen, held_out, options.seed),
    )


def describe(trained: Trained, folder: Path, text: TrainingText) -> list[str]:
    """Load the saved encoder as a user does, and say what it took to train, holds on disk and takes to run."""
    started = time.perf_counter()
    model = SentenceTransformer(str(folder), device="cpu")
    loaded = time.perf_counter()
    asked = [question.text for question in text.questions][:QUESTIONS_TIMED]
    for question in asked:
        model.encode(question)
    encoded = time.perf_counter()
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return [
        f"pairs an epoch    {trained.pairs}",
        f"training          {trained.seconds:.0f} s",
        f"vocabulary        {len(trained.vectors)} words x {trained.vectors.shape[1]} dimensions",
        f"size              {size / 1e6:.1f} MB in {folder}",
        f"loading           {(loaded - started) * 1e3:.0f} ms",
        f"encoding          {(encoded - loaded) * 1e3 / max(1, len(asked)):.2f} ms a question",
    ]


def print_lines(lines: Sequence[str]) -> None:
    """Print lines to standard output."""
    print("\n".join(lines))


def _parser() -> argparse.ArgumentParser:
    default = Options()
    parser = argparse.ArgumentParser(prog="python -m ingest.train_encoder", description="Train the default encoder.")
    parser.add_argument("--data", type=Path, required=True, help="folder with the training text")
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus", help="folder with topics and examples")
    parser.add_argument("--out", type=Path, default=ROOT / "ingest" / "static_encoder", help="folder to replace")
    parser.add_argument("--epochs", type=int, default=default.epochs)
    parser.add_argument("--dimensions", type=int, default=default.dimensions)
    parser.add_argument("--seed", type=int, default=default.seed)
    parser.add_argument("--unmeasured", action="store_true", help="skip the training run that measures")
    return parser


if __name__ == "__main__":
    sys.exit(main())
