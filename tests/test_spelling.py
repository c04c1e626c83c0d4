"""Slips of the pen: what sounds like a word of the corpus is that word; what people say is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.settings import ROOT
from ingest.spelling import Correction, Spelling, collect_words
from ingest.topics import Lexicon
from tests.corpus_fixture import Corpus

LEXICON = Lexicon.load(ROOT / "corpus" / "topics")
OFFICIAL = sorted({term for topic in LEXICON.topics for term in topic.terms})


@pytest.fixture(scope="module")
def spelling(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Spelling:
    documents = corpus.huiwen.documents()
    texts = [clause.text for document in documents for clause in corpus.huiwen.clauses(document.id)]
    path = tmp_path_factory.mktemp("spelling") / "spelling.json"
    Spelling.create(path, texts, LEXICON)
    return Spelling.open(path, LEXICON)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("信用休复在哪办", "信用修复在哪办"),
        ("名特优心怎么报", "名特优新怎么报"),
        ("创业但保贷款", "创业担保贷款"),
        ("创业担贷款最长几年", "创业担保贷款最长几年"),
        ("另工市场", "零工市场"),
        ("经营异长，能补抱吗", "经营异常，能补报吗"),
        ("另工市场 党健", "零工市场 党建"),
    ],
)
def test_a_slip_is_mended(spelling: Spelling, typed: str, meant: str) -> None:
    assert spelling.correct(typed)[0] == meant


def test_what_was_mended_is_told(spelling: Spelling) -> None:
    assert spelling.correct("我想信用休复，还有年抱")[1] == (
        Correction("信用休复", "信用修复"),
        Correction("年抱", "年报"),
    )


@given(st.sampled_from(OFFICIAL))
def test_a_term_that_is_spelled_right_stays(spelling: Spelling, term: str) -> None:
    assert spelling.correct(term) == (term, ())


@given(st.sampled_from(sorted({phrase for topic in LEXICON.topics for phrase in topic.colloquial})))
def test_what_people_say_stays_or_becomes_a_term(spelling: Spelling, phrase: str) -> None:
    for one in spelling.correct(phrase)[1]:
        assert len(one.typed) >= 4, f"{phrase}: {one}"  # a short run is never changed against the lexicon's own phrases


@given(st.text(st.sampled_from("〇一二两三四五六七八九十百千万亿0123456789元户税费贷款补助年月"), max_size=12))
def test_a_number_is_never_changed(spelling: Spelling, text: str) -> None:
    def numerals(of: str) -> str:
        return "".join(character for character in of if character in "〇一二两三四五六七八九十百千万亿0123456789")

    assert numerals(spelling.correct(text)[0]) == numerals(text)


@given(st.text(max_size=30))
def test_any_text_is_read(spelling: Spelling, text: str) -> None:
    mended, made = spelling.correct(text)
    assert made or mended == text


def test_words_are_collected_the_most_frequent_first(tmp_path: Path) -> None:
    assert collect_words(["补助，补助", "贷款"], ["个转企"])[0] == "补助"
    assert "个转企" in collect_words([], ["个转企"])
