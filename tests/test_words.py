"""Words and bigrams: nothing but what can be counted, and the same for every way of writing it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.words import bigrams, search_words

USUAL = st.one_of(
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
    st.sampled_from("0123456789０９①㈠,.，。、“”：:()（）《》 \n\tABCabcＡ%-\"'[]{}^~*?\\/+"),
)
TEXTS = st.text(USUAL, max_size=60)
ANY_TEXTS = st.text(st.one_of(USUAL, st.characters(codec=None)), max_size=60)


def test_a_sentence_becomes_its_words() -> None:
    words = search_words("首次“个转企”，给予一次性10万元补助。")
    assert words == ["首次", "个", "转企", "给予", "一次", "一次性", "10", "万元", "补助"]


def test_a_long_word_brings_the_words_in_it() -> None:
    assert {"财政局", "财政"} <= set(search_words("旗财政局"))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("补助100,000元", ["100000"]),
        ("2023-2025年", ["2023", "2025"]),
        ("贴息10.5%", ["10.5"]),
        ("２０２４年", ["2024"]),
        ("①2024年", ["1", "2024"]),
        ("电话0477-8588888", ["0477", "8588888"]),
        ("第1,2,3条", ["1", "2", "3"]),
    ],
)
def test_numbers_are_kept_whole(text: str, numbers: list[str]) -> None:
    for tokens in (search_words(text), bigrams(text)):
        assert [token for token in tokens if token[0].isdigit()] == numbers


def test_latin_words_are_lower_case_words() -> None:
    assert search_words("ＥＴＣ与POS机")[0] == "etc"
    assert "pos" in search_words("ＥＴＣ与POS机")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("补助10万元", ["补助", "10", "万元"]),
        ("个转企", ["个转", "转企"]),
        ("第5条", ["第", "5", "条"]),
        ("二〇二三年", ["二〇", "〇二", "二三", "三年"]),
        ("信用，修复", ["信用", "修复"]),
        ("𠮷林", ["𠮷林"]),
        ("ABC", []),
    ],
)
def test_bigrams_run_over_chinese_characters(text: str, expected: list[str]) -> None:
    assert bigrams(text) == expected


@pytest.mark.parametrize("text", ["", " \n\t　", "“”：（）《》[]^~*", "%-."])
def test_nothing_to_count_gives_nothing(text: str) -> None:
    assert search_words(text) == []
    assert bigrams(text) == []


@given(ANY_TEXTS)
def test_every_token_can_stand_in_a_line_of_tokens(text: str) -> None:
    for token in (*search_words(text), *bigrams(text)):
        assert token.split() == [token]
        assert any(unicodedata.category(character)[0] not in "PSZ" for character in token)


@given(TEXTS)
def test_full_width_and_case_make_no_difference(text: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    assert search_words(wide) == search_words(text)
    assert bigrams(wide) == bigrams(text)


@given(TEXTS)
def test_nothing_is_invented(text: str) -> None:
    spaced = "".join(f" {c} " if unicodedata.normalize("NFKC", c) != c else c for c in text)
    plain = unicodedata.normalize("NFKC", spaced).lower().replace(",", "").replace(" ", "")
    for token in (*search_words(text), *bigrams(text)):
        assert token in plain
