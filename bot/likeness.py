"""How much like an attack a text reads, however it is worded: a small model beside the patterns.

Logistic regression over four kinds of features, each text's of a kind scaled to length 1: runs of one to three letters,
of up to seven Latin ones; how the text begins and ends; words and pairs of near ones; and families of words
(prompts/screen.yml) with their order (给我 before 假 before 流水). Features are hashed, so that the weights are one
array. `bot/train_screen.py` fits them on the files of corpus/ and writes them beside this module.
"""

from __future__ import annotations

import json
import math
import re
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import rjieba
from numpy.typing import NDArray

BUCKETS = 1 << 18
WEIGHTS = Path(__file__).with_name("screen_weights.npz")
_RUNS = (1, 2, 3)  # letters
_LATIN_RUNS = (4, 5, 6, 7)  # a word of a Latin script is longer than one of Chinese
_LATIN = re.compile(r"[a-z']{4,}")
_ENDS = (1, 2, 3, 4)  # letters at the beginning and at the end
_NEAR = 4  # words within which two are a pair
_LONGEST_TEXT = 600  # characters that are looked at


class Families:
    """Families of words, found in a folded text."""

    def __init__(self, words: Mapping[str, Sequence[str]]) -> None:
        self.words = words
        self._patterns = {name: re.compile("|".join(map(re.escape, each))) for name, each in words.items()}

    def features(self, text: str) -> set[str]:
        """The families in a text, those that occur twice, and which one begins before which."""
        places = {name: [match.start() for match in each.finditer(text)] for name, each in self._patterns.items()}
        spans = {name: (found[0], found[-1]) for name, found in places.items() if found}
        twice = {f"{name}+" for name in spans if len(places[name]) > 1}
        ordered = {
            f"{one}>{other}"
            for one, (first, _) in spans.items()
            for other, (_, last) in spans.items()
            if one != other and first < last
        }
        return {*spans, *twice, *ordered}


def buckets(text: str, families: Families) -> tuple[NDArray[np.int64], ...]:
    """The numbers of a folded text's features, by kind, each once."""
    text = text[:_LONGEST_TEXT]
    return tuple(
        map(_hashed, (_runs(text), _ends(text), _words(text), {f"\0{one}" for one in families.features(text)}))
    )


class Likeness:
    """The fitted model."""

    def __init__(self, weights: NDArray[np.float32], constant: float, families: Families, digest: str) -> None:
        self._weights = weights
        self._constant = constant
        self._families = families
        self.digest = digest  # of the files that it was fitted on

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Likeness:
        """Read the model; OSError if there is none."""
        with np.load(path) as data:
            about = json.loads(str(data["about"]))
            return cls(data["weights"].astype(np.float32), about["constant"], Families(about["words"]), about["digest"])

    def save(self, path: Path = WEIGHTS) -> None:
        """Write the model, in half precision and with its words."""
        about = {"constant": self._constant, "words": self._families.words, "digest": self.digest}
        np.savez_compressed(
            path, weights=self._weights.astype(np.float16), about=np.array(json.dumps(about, ensure_ascii=False))
        )

    def score(self, text: str) -> float:
        """The log-odds that a folded text is an attack."""
        kinds = buckets(text, self._families)
        return self._constant + sum(
            float(self._weights[each].sum()) / math.sqrt(len(each)) for each in kinds if len(each)
        )


def _runs(text: str) -> set[str]:
    latin = {run[i : i + n] for run in _LATIN.findall(text) for n in _LATIN_RUNS for i in range(len(run) - n + 1)}
    return {text[i : i + n] for n in _RUNS for i in range(len(text) - n + 1)} | latin


def _ends(text: str) -> set[str]:
    return {f"^{text[:n]}" for n in _ENDS} | {f"{text[-n:]}$" for n in _ENDS}


def _words(text: str) -> set[str]:
    words = rjieba.cut(text, hmm=False)
    near = {f"{one}|{other}" for i, one in enumerate(words) for other in words[i + 1 : i + 1 + _NEAR]}
    return {f"|{word}" for word in words} | near


def _hashed(features: set[str]) -> NDArray[np.int64]:
    return np.array(sorted({zlib.crc32(feature.encode()) % BUCKETS for feature in features}), dtype=np.int64)
