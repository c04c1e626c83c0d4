"""Late interaction: every word of a question looks for the nearest word of a clause."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from ingest.encoder import StaticEncoder
from ingest.late_interaction import LateInteraction, WordEncoder
from ingest.settings import ROOT


class Letters:
    """One word a letter; a and b are near each other, c tells three times as much as they do."""

    def words(self, text: str) -> NDArray[np.int64]:
        return np.array(sorted({"abcd".index(letter) for letter in text}), dtype=np.int64)

    def vectors_of(self, words: NDArray[np.int64]) -> NDArray[np.float32]:
        return np.array([[1, 0, 0], [0.8, 0.6, 0], [0, 0, 3], [0, 1, 0]], dtype=np.float32)[words]


LATE = LateInteraction(Letters())


def test_a_word_counts_by_its_nearest_word_and_by_how_much_it_tells() -> None:
    scores = LATE.score("ac", {"same": "ca", "near": "bc", "lacks the telling one": "ab"})
    assert scores == {
        "same": pytest.approx(1.0),
        "near": pytest.approx((0.8 + 9) / 10),
        "lacks the telling one": pytest.approx(0.1),
    }


def test_nothing_asked_or_told_scores_nothing() -> None:
    assert LATE.score("", {"one": "ab"}) == {}
    assert LATE.score("a", {}) == {}
    assert LATE.score("a", {"empty": ""}) == {}


@given(st.text("abcd", min_size=1), st.dictionaries(st.text(max_size=3), st.text("abcd", min_size=1), min_size=1))
def test_scores_are_between_nothing_and_one(question: str, clauses: dict[str, str]) -> None:
    assert all(0 <= score <= 1.0001 for score in LATE.score(question, clauses).values())


def test_the_encoder_that_ships_has_words() -> None:
    encoder = StaticEncoder(str(ROOT / "ingest" / "static_encoder"))
    assert isinstance(encoder, WordEncoder)
    scores = LateInteraction(encoder).score(
        "歇业", {"right": "个体工商户可以办理歇业备案。", "wrong": "规范道路运输管理。"}
    )
    assert scores["right"] > scores["wrong"]
