"""Chinese text cut into sentences, and nothing lost."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sentences import split_sentences
from tests.fakes_ingest import IDS, bare, parsed


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("支持发展。给予补助！如何申请？", ["支持发展。", "给予补助！", "如何申请？"]),
        ("他说：“抓紧落实。”各单位照办。", ["他说：“抓紧落实。”", "各单位照办。"]),
        ("支持发展（详见附件。）其他不变。", ["支持发展（详见附件。）", "其他不变。"]),
        ("一、目标\n发展经济；促进就业。", ["一、目标", "发展经济；促进就业。"]),
        ("不超过1.5万元", ["不超过1.5万元"]),
        (" \n ", []),
        ("", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert [sentence.text for sentence in split_sentences(text)] == sentences


@given(st.text("支持发展。！？!?\n ”）」》；，123.", max_size=60))
def test_no_character_is_lost_and_each_stands_where_it_says(text: str) -> None:
    sentences = split_sentences(text)
    assert all(text[sentence.start : sentence.end] == sentence.text for sentence in sentences)
    assert all(before.end <= after.start for before, after in itertools.pairwise(sentences))
    assert bare("".join(sentence.text for sentence in sentences)) == bare(text)


@pytest.mark.parametrize("document", IDS)
def test_no_sentence_of_the_five_documents_is_lost(document: str) -> None:
    for one in parsed(document).clauses:
        assert bare("".join(sentence.text for sentence in split_sentences(one.text))) == bare(one.text)
