"""How much like an attack a text reads, however it is worded: a small model beside the patterns.

Logistic regression over two kinds of features, each text's of a kind scaled to length 1: runs of one to three letters,
and families of words (prompts/screen.yml) with their order (给我 before 假 before 流水). Features are hashed, so that
the weights are one array. `bot/train_screen.py` fits them on the files of corpus/ and writes them beside this module.
"""

from __future__ import annotations

import json
import math
import re
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

BUCKETS = 1 << 16
WEIGHTS = Path(__file__).with_name("screen_weights.npz")
_LONGEST_RUN = 3  # letters
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


def buckets(text: str, families: Families) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The numbers of a folded text's features, by kind, each once."""
    text = text[:_LONGEST_TEXT]
    runs = {text[i : i + n] for n in range(1, _LONGEST_RUN + 1) for i in range(len(text) - n + 1)}
    return _hashed(runs), _hashed({f"\0{name}" for name in families.features(text)})


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


def _hashed(features: set[str]) -> NDArray[np.int64]:
    return np.array(sorted({zlib.crc32(feature.encode()) % BUCKETS for feature in features}), dtype=np.int64)
