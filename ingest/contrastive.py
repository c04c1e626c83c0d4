"""Train word vectors so that the means of two texts that mean the same come to lie close together.

In-batch negatives (Henderson et al. 2017, sentence-transformers' MultipleNegativesRankingLoss) in both directions, with
one addition: pairs of one group are no counter-examples to each other, unless they are of different sides of it. A
batch of two thousand pairs holds many of one topic, and leaving such batches out (NoDuplicatesBatchSampler) would leave
most of the lexicon out.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, normalize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tokenizers import Tokenizer

    from ingest.training_pairs import Pair, PairSampler

SCALE = 20.0  # what a cosine is multiplied by before the softmax
WARM_UP = 0.1  # the share of steps in which the learning rate rises


@dataclass(frozen=True, slots=True)
class Options:
    """How to train."""

    epochs: int = 4
    dimensions: int = 256
    seed: int = 1
    batch: int = 2048  # pairs
    learning_rate: float = 0.02
    spelled: float = 0.25  # the share of words that are read as characters, so that characters learn to stand for words


@dataclass(frozen=True, slots=True)
class Batch:
    """Pairs as token ids, with a matrix that says which of them are no counter-examples to which."""

    anchors: tuple[Tensor, Tensor]
    positives: tuple[Tensor, Tensor]
    alike: Tensor


def train_vectors(tokenizer: Tokenizer, sampler: PairSampler, options: Options) -> tuple[Tensor, int]:
    """Return one vector a token, float32 (tokens, dimensions), and the number of pairs of an epoch."""
    random, rng = Random(options.seed), np.random.default_rng(options.seed)
    torch.manual_seed(options.seed)
    bag = nn.EmbeddingBag(tokenizer.get_vocab_size(), options.dimensions)
    nn.init.normal_(bag.weight, std=options.dimensions**-0.5)
    optimizer = torch.optim.Adam(bag.parameters(), lr=options.learning_rate)
    speller = Speller(tokenizer, options.spelled)

    def read(texts: list[str]) -> tuple[Tensor, Tensor]:
        encodings = tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        return speller.spell([encoding.ids for encoding in encodings], rng)

    for epoch in range(options.epochs):
        pairs = sampler.sample(random)
        starts = range(0, len(pairs), options.batch)
        for number, batch in enumerate(_batches(pairs, options.batch, read)):
            progress = (epoch + number / len(starts)) / options.epochs
            for settings in optimizer.param_groups:
                settings["lr"] = options.learning_rate * min(progress / WARM_UP, (1 - progress) / (1 - WARM_UP))
            optimizer.zero_grad()
            contrast(bag, batch).backward()
            optimizer.step()
    return bag.weight.detach(), len(pairs)


def contrast(bag: nn.EmbeddingBag, batch: Batch) -> Tensor:
    """Return the loss of a batch: how unlikely each text's partner is among the others, both ways."""
    anchors, positives = (normalize(bag(*texts)) for texts in (batch.anchors, batch.positives))
    scores = (SCALE * anchors @ positives.T).masked_fill(batch.alike, -torch.inf)
    truth = torch.arange(len(scores))
    return (cross_entropy(scores, truth) + cross_entropy(scores.T, truth)) / 2


class Speller:
    """Replaces some words by their characters, at random."""

    def __init__(self, tokenizer: Tokenizer, share: float) -> None:
        vocabulary = tokenizer.get_vocab()
        words = sorted(vocabulary, key=vocabulary.__getitem__)
        spellings = [[vocabulary.get(character, number) for character in word] for number, word in enumerate(words)]
        self._share = share
        # every word as itself, then every word's spelling: a word is where it starts in this and how long it is
        self._parts = np.array([*range(len(words)), *(part for spelling in spellings for part in spelling)])
        self._lengths = np.array([len(spelling) for spelling in spellings])
        self._starts = len(words) + np.cumsum(self._lengths) - self._lengths

    def spell(self, rows: Sequence[Sequence[int]], rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        """Return all rows' ids, some replaced by those of their characters, and where each row starts."""
        ids = np.fromiter((number for row in rows for number in row), dtype=np.int64)
        spelled = rng.random(len(ids)) < self._share
        lengths = np.where(spelled, self._lengths[ids], 1)
        starts = np.where(spelled, self._starts[ids], ids)
        ends = np.concatenate(([0], np.cumsum(lengths)))
        parts = self._parts[np.repeat(starts - ends[:-1], lengths) + np.arange(ends[-1])]
        row_starts = np.cumsum([0, *(len(row) for row in rows[:-1])])
        return torch.from_numpy(parts), torch.from_numpy(ends[row_starts])


def _batches(pairs: Sequence[Pair], size: int, read: Callable[[list[str]], tuple[Tensor, Tensor]]) -> Iterator[Batch]:
    for start in range(0, len(pairs), size):
        chosen = pairs[start : start + size]
        positives = _same([pair.positive for pair in chosen])
        yield Batch(
            read([pair.anchor for pair in chosen]),
            read([pair.positive for pair in chosen]),
            (of_one_group(chosen) | positives).fill_diagonal_(False),
        )


def of_one_group(pairs: Sequence[Pair]) -> Tensor:
    """Return which pairs are of one group and not of two different sides of it."""
    sided = torch.tensor([pair.side is not None for pair in pairs])
    sides = _same([str(pair.side) for pair in pairs])
    return _same([pair.group for pair in pairs]) & (sides | ~(sided[:, None] & sided[None, :]))


def _same(keys: Sequence[str]) -> Tensor:
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    column = torch.tensor([numbers[key] for key in keys])
    return column[:, None] == column[None, :]
