"""The thesaurus: what people call things, and the words that texts use for them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import LexiconError
from ingest.settings import ROOT
from ingest.thesaurus import Concept, Expansion, Thesaurus

SHIPPED = Thesaurus.load(ROOT / "corpus" / "everyday_words.yaml")
SMALL = Thesaurus(
    [
        Concept(official=("经营场所",), everyday=("门脸", "门脸房")),
        Concept(official=("印章",), everyday=("戳子",)),
        Concept(official=("公章",), everyday=("戳子",)),
    ]
)


def test_an_everyday_word_brings_the_words_of_texts() -> None:
    assert SMALL.expand("刻个戳子") == (Expansion("戳子", ("印章", "公章")),)


def test_the_longest_word_counts_and_each_once() -> None:
    assert SMALL.expand("门脸房，门脸房，还有门脸") == (
        Expansion("门脸房", ("经营场所",)),
        Expansion("门脸", ("经营场所",)),
    )


@given(st.text(max_size=40))
def test_what_is_expanded_stands_in_the_text(text: str) -> None:
    assert all(one.everyday in text and one.official for one in SHIPPED.expand(text))


def test_without_a_file_nothing_is_expanded(tmp_path: Path) -> None:
    assert Thesaurus.load(tmp_path / "none.yaml").expand("刻个戳子") == ()


@pytest.mark.parametrize(
    "content", ["official: 印章", "- [", "- 印章", "- {official: [印章]}", "- {official: [], everyday: [戳子]}"]
)
def test_a_malformed_file_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "everyday_words.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(LexiconError, match="everyday_words"):
        Thesaurus.load(path)


def test_an_everyday_word_of_ours_belongs_to_one_or_two_concepts() -> None:
    owners = Counter(word for concept in SHIPPED.concepts for word in concept.everyday)
    assert len(SHIPPED.concepts) > 1000
    assert max(owners.values()) <= 2
    assert not any(set(concept.official) & set(concept.everyday) for concept in SHIPPED.concepts)
