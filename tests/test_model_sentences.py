from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model_sentences import SentenceCutter

SAID = (
    "<think>先想一想。好的。</think>首次转成公司的，补助10万元。[1]\n2. 许可证7个工作日办完[2]。另外：\n"
    "- 可以保留字号【1，2】；不收费[1]；先办A；再办B。[1]\n**达拉特旗**：\n给10万元。[1]没有说完"
)
SENTENCES = [
    "首次转成公司的，补助10万元。[1]",
    "许可证7个工作日办完[2]。",
    "另外：- 可以保留字号[1][2]；",
    "不收费[1]；",
    "先办A；再办B。[1]",
    "**达拉特旗**：给10万元。[1]",
    "没有说完",
]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_sentences_are_the_same_however_the_text_comes(size: int) -> None:
    cutter = SentenceCutter()
    cut = [one for at in range(0, len(SAID), size) for one in cutter.add(SAID[at : at + size])]
    assert cut + cutter.rest() == SENTENCES


def test_a_sentence_waits_for_what_may_still_belong_to_it() -> None:
    cutter = SentenceCutter()
    assert cutter.add("补助10万元。") == []
    assert cutter.add("[1]") == []
    assert cutter.add("[2]再") == ["补助10万元。[1][2]"]


def test_a_pause_ends_what_looks_whole_and_nothing_else() -> None:
    cutter = SentenceCutter()
    cutter.add("补助10万元。[1]")
    assert cutter.add("") == ["补助10万元。[1]"]
    cutter.add("还可以保留")
    assert cutter.add("") == []
    assert cutter.rest() == ["还可以保留"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("1. 补助1万元。[1]", "补助1万元。[1]"),
        ("3）补助1万元。[1]", "补助1万元。[1]"),
        ("- 补助1万元。[1]", "补助1万元。[1]"),
        ("## 补助1万元。[1]", "补助1万元。[1]"),
        ("3.5万元。[1]", "3.5万元。[1]"),
        ("补助1万元［1］［2］。", "补助1万元[1][2]。"),
        ("补助1万元。[1, 3]", "补助1万元。[1][3]"),
        ("他说“可以。”[1]", "他说“可以。”[1]"),
    ],
)
def test_signs_of_lists_go_and_markers_look_alike(said: str, expected: str) -> None:
    cutter = SentenceCutter()
    assert cutter.add(said) + cutter.rest() == [expected]


@given(st.lists(st.text(alphabet="补助1[]2。；：\n ", max_size=6), max_size=12))
def test_nothing_is_lost_but_white_space_and_signs_of_lists(pieces: list[str]) -> None:
    cutter = SentenceCutter()
    cut = "".join([*(one for piece in pieces for one in cutter.add(piece)), *cutter.rest()])
    assert cut.count("补") == "".join(pieces).count("补")
