"""The lexical index: what is found, in which order, and that no character of a question has a meaning of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import IndexMissing
from ingest.lexical import LexicalIndex
from ingest.model import Passage

if TYPE_CHECKING:
    from pathlib import Path


def _passage(
    number: str, text: str, *, heading: str = "", place: str = "150621", topics: tuple[str, ...] = ()
) -> Passage:
    return Passage(f"doc#{number}", f"doc#{number}", "doc", place, heading, text, topics)


PASSAGES = [
    _passage("1", "对首次个转企的企业给予一次性10万元补助。", heading="四、工作举措", topics=("个转企",)),
    _passage("2", "创业担保贷款按年利率贴息。", heading="创业扶持"),
    _passage("3", "信用修复申请自受理之日起2个工作日内办结。"),
    _passage("4", "企业应当按时报送年度报告。", place="150622"),
    _passage("5", "本办法由市场监督管理局负责解释。", place=""),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    return LexicalIndex.create(tmp_path_factory.mktemp("lexical") / "index", PASSAGES)


def _ids(index: LexicalIndex, query: str, limit: int = 10) -> list[str]:
    return [passage_id for passage_id, _ in index.search(query, place_codes=None, limit=limit)]


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("个转企补助多少", "doc#1"),
        ("贷款贴息", "doc#2"),
        ("信用修复要几天", "doc#3"),
        ("创业扶持", "doc#2"),  # the heading alone says so
        ("１０万元", "doc#1"),
    ],
)
def test_the_passage_with_the_words_comes_first(index: LexicalIndex, query: str, best: str) -> None:
    assert _ids(index, query)[0] == best


def test_scores_fall(index: LexicalIndex) -> None:
    scores = [score for _, score in index.search("企业补助申请", place_codes=None, limit=10)]
    assert len(scores) > 1
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > 0


def test_no_more_than_the_limit(index: LexicalIndex) -> None:
    assert len(_ids(index, "企业补助申请贷款", limit=2)) == 2
    assert _ids(index, "企业", limit=0) == []


def test_a_filter_changes_no_score(index: LexicalIndex) -> None:
    everywhere = dict(index.search("企业补助", place_codes=None, limit=10))
    here = dict(index.search("企业补助", place_codes=["150621"], limit=10))
    assert here.keys() < everywhere.keys()
    assert here == pytest.approx({passage_id: everywhere[passage_id] for passage_id in here})


@pytest.mark.parametrize("query", ["", "  \n", "？！“”", "龘"])
def test_a_query_without_known_words_finds_nothing(index: LexicalIndex, query: str) -> None:
    assert _ids(index, query) == []


@pytest.mark.parametrize(
    "query", ['"补助', "补助:10", "words:补助 AND NOT [x TO y]", "(补助", "补助~2^9*", "a\\b 补助"]
)
def test_a_query_is_plain_text(index: LexicalIndex, query: str) -> None:
    assert _ids(index, query)[0] == "doc#1"


@given(st.text(max_size=40), st.integers(min_value=-1, max_value=5))
def test_any_query_is_answered(index: LexicalIndex, query: str, limit: int) -> None:
    assert len(_ids(index, query, limit)) <= max(limit, 0)


def test_an_index_is_found_again(index: LexicalIndex, tmp_path: Path) -> None:
    LexicalIndex.create(tmp_path / "index", PASSAGES)
    again = LexicalIndex.open(tmp_path / "index")
    assert again.search("企业补助", place_codes=None, limit=9) == index.search("企业补助", place_codes=None, limit=9)


def test_passages_of_equal_score_keep_their_order(tmp_path: Path) -> None:
    twins = [_passage(str(number), "同一句话") for number in range(300)]
    found = _ids(LexicalIndex.create(tmp_path / "index", twins), "一句话", limit=300)
    assert found == [passage.id for passage in twins]


def test_an_index_of_nothing_finds_nothing(tmp_path: Path) -> None:
    assert _ids(LexicalIndex.create(tmp_path / "index", []), "补助") == []


@pytest.mark.parametrize("existing", [False, True])
def test_no_index_is_an_error_that_says_what_to_do(tmp_path: Path, existing: bool) -> None:
    folder = tmp_path if existing else tmp_path / "none"
    with pytest.raises(IndexMissing, match="huiwen ingest"):
        LexicalIndex.open(folder)
