"""A question's topics are those whose phrases lie nearest to it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ingest.topic_vectors import TopicVectors
from ingest.topics import Lexicon, Topic
from tests.fakes_ingest import BigramEncoder

LOANS = Topic("创业担保贷款", ("创业担保贷款", "贷款贴息"), ("开店没钱找谁借",), (), ())
UPGRADE = Topic("个转企", ("个转企", "转型升级为企业"), ("把店变成公司",), (), ())
CLOSURE = Topic("歇业", ("歇业备案",), ("店先不开了",), (), ())
LEXICON = Lexicon([LOANS, UPGRADE, CLOSURE], "1")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "topics.npy"


def names(vectors: TopicVectors, question: str, limit: int = 3) -> list[str]:
    return [match.topic.name for match in vectors.search(BigramEncoder().embed_query(question), limit)]


def test_the_topic_of_the_nearest_phrase_is_first(path: Path) -> None:
    vectors = TopicVectors.create(path, LEXICON, BigramEncoder())
    assert names(vectors, "想把店变成公司")[0] == "个转企"
    assert names(vectors, "开店没钱")[0] == "创业担保贷款"
    assert names(vectors, "歇业备案怎么办", limit=1) == ["歇业"]


def test_scores_are_shares_of_one_best_first(path: Path) -> None:
    vectors = TopicVectors.create(path, LEXICON, BigramEncoder())
    scores = [match.score for match in vectors.search(BigramEncoder().embed_query("个转企"), 3)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == pytest.approx(1.0)
    assert max(scores) <= 1.0


def test_phrases_beside_the_nearest_add_a_little(path: Path) -> None:
    alone = Topic("甲", ("贷款贴息",), (), (), ())
    backed = Topic("乙", ("贷款贴息", "贷款贴息申请"), (), (), ())
    vectors = TopicVectors.create(path, Lexicon([alone, backed], "2"), BigramEncoder())
    question = BigramEncoder().embed_query("贷款贴息怎么办")
    (first, second) = vectors.search(question, 2)
    assert first.topic is backed
    assert 0 < first.score - second.score < 0.1


def test_every_phrase_is_encoded_once_and_read_again(path: Path) -> None:
    encoder = BigramEncoder()
    created = TopicVectors.create(path, LEXICON, encoder)
    assert len(encoder.encoded) == sum(len(topic.phrases) for topic in LEXICON.topics)
    opened = TopicVectors.open(path, LEXICON)
    for question in ("把店变成公司", "贷款"):
        assert names(opened, question) == names(created, question)
    assert np.load(path).dtype == np.float16


def test_an_empty_lexicon_finds_nothing(path: Path) -> None:
    vectors = TopicVectors.create(path, Lexicon([], "0"), BigramEncoder())
    assert names(vectors, "贷款") == []
    assert names(TopicVectors.open(path, Lexicon([], "0")), "贷款") == []
