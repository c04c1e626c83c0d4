"""Which of a question's words one sentence of a clause meets."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from ingest.met_words import MetWords
from ingest.thesaurus import Concept, Thesaurus


class Letters:
    """One word a letter; a and b are half like each other, c tells twice as much as they do."""

    def words(self, text: str) -> NDArray[np.int64]:
        return np.array(sorted({"abcd".index(letter) for letter in text if letter in "abcd"}), dtype=np.int64)

    def vectors_of(self, words: NDArray[np.int64]) -> NDArray[np.float32]:
        return np.array([[1, 0, 0], [0.45, 0.893, 0], [0, 0, 2], [-1, 0, 0]], dtype=np.float32)[words]


MET = MetWords(Letters(), Thesaurus([Concept(official=("dd",), everyday=("cc",))]))


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("a。", 1.0),
        ("b。", 0.5),  # a cosine in the middle between what says nothing and what is the word itself
        ("c。", 0.0),
        ("", 0.0),
        ("，。", 0.0),
    ],
)
def test_a_word_is_met_by_the_nearest(text: str, share: float) -> None:
    assert MET.share("a", text) == pytest.approx(share, abs=0.01)


def test_one_sentence_must_meet_them_and_telling_words_count_more() -> None:
    assert MET.share("ac", "a。c。") == pytest.approx(4 / 5)
    assert MET.share("ac", "ac。") == pytest.approx(1.0)


def test_an_everyday_word_is_met_by_what_texts_write_for_it() -> None:
    assert MET.share("cc", "dd。") == 1.0
    assert MET.share("cc", "d。") == 0.0


@given(st.text("abcd", max_size=9), st.text("abcd。，", max_size=30))
def test_a_share_is_between_nothing_and_all(question: str, text: str) -> None:
    assert 0 <= MET.share(question, text) <= 1 + 1e-6
