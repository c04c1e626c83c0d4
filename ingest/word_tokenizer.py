"""Make a tokenizer that knows Chinese words, from the words counted in a text.

It is a Unigram model (Kudo 2018): of all ways to split a run of characters it takes the one whose words are likeliest
together. With the words' log frequencies this segments Chinese about as jieba does, needs no code of its own to load,
and what is no word falls apart into characters.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

import rjieba
from tokenizers import Regex, Tokenizer
from tokenizers.models import Unigram
from tokenizers.normalizers import NFKC, Lowercase, Replace, Sequence
from tokenizers.pre_tokenizers import Digits, WhitespaceSplit
from tokenizers.pre_tokenizers import Sequence as PreTokenizers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

UNKNOWN = "[UNK]"
DIGITS = "0123456789"
LETTERS = re.compile(r"[^\W\d_]+")
LONGEST_WORD = 16  # characters
LONGEST_COINED = 4
MARGIN = 0.1  # by how much a word is likelier than its parts: it stays whole


def count_words(texts: Iterable[str], weight: int = 1) -> Counter[str]:
    """Count the words of texts as the tokenizer will see them: NFKC, lower case, letters only."""
    counts: Counter[str] = Counter()
    for text in texts:
        for run in LETTERS.findall(unicodedata.normalize("NFKC", text).lower()):
            counts.update(rjieba.cut(run, hmm=False))
    return Counter({word: count * weight for word, count in counts.items()})


def coined_words(terms: Iterable[str]) -> list[str]:
    """Return the short terms that jieba's dictionary lacks and would leave in single characters: 个转企, 秒批."""
    normal = (unicodedata.normalize("NFKC", term).lower() for term in terms)
    short = [term for term in normal if 1 < len(term) <= LONGEST_COINED and LETTERS.fullmatch(term)]
    return [term for term in short if len(rjieba.cut(term, hmm=False)) == len(term)]


def build_tokenizer(counts: Mapping[str, int], size: int) -> Tokenizer:
    """Make a tokenizer of at most `size` words, the most frequent ones, and every character of the counted words."""
    characters = sorted({character for word in counts for character in word} | set(DIGITS) | {"%"})
    words = sorted((word for word in counts if 1 < len(word) <= LONGEST_WORD), key=lambda word: (-counts[word], word))
    kept = words[: max(0, size - len(characters) - 1)]
    tokenizer = Tokenizer(Unigram([(UNKNOWN, 0.0), *_score(counts, characters, kept).items()], 0, False))
    tokenizer.normalizer = Sequence([NFKC(), Lowercase(), Replace(Regex(r"[^\p{L}\p{N}%]+"), " ")])
    tokenizer.pre_tokenizer = PreTokenizers([WhitespaceSplit(), Digits(individual_digits=True)])
    return tokenizer


def _score(counts: Mapping[str, int], characters: list[str], words: list[str]) -> dict[str, float]:
    """Return log probabilities, raised where a word's parts would be likelier together than the word."""
    total = math.log(sum(counts.values()) + 1)
    scores = {character: math.log(counts.get(character, 0) + 0.5) - total for character in characters}
    for word in sorted(words, key=lambda word: (len(word), word)):
        scores[word] = max(math.log(counts[word]) - total, _best_split(word, scores) + MARGIN)
    return scores


def _best_split(word: str, scores: Mapping[str, float]) -> float:
    best = [0.0] + [-math.inf] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(end):
            score = scores.get(word[start:end])
            if score is not None and best[start] + score > best[end]:
                best[end] = best[start] + score
    return best[-1]
