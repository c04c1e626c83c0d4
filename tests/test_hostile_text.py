"""Text made to keep the parser busy: what it takes grows with the text's length, never with its square."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.corpus import FileReport
from ingest.errors import UnreadableFile
from ingest.parse import MOST_PARAGRAPHS
from ingest.relations import relate
from tests.fakes_ingest import gazetteer, lexicon, parse_text

SHORT, LONG = 4_000, 16_000  # characters
MARKS = list("（）《》〈〉“”第条章款项一二十、。：；，\n\t 　_×—#*|[]〔〕年月日至012元%号")
WORDS = [
    "关于",
    "通知",
    "人民政府",
    "2024年",
    "万元",
    "第一条",
    "（一）",
    "同时废止",
    "附件1",
    "有效期",
    "县",
    "牵头",
    "\n\n",
]


def seconds(unit: str, length: int, head: str) -> float:
    """Seconds of processor time from a text to its clauses and what they do to other documents, the better of two.

    Of this thread alone: what earlier tests left running in the process does not count.
    """
    text = head + unit * (length // len(unit))
    taken = []
    for _ in range(2):
        started = time.thread_time()
        with contextlib.suppress(UnreadableFile):  # nothing but debris: told in a line of the report
            relate([FileReport("a.txt", parse_text(text))])
        taken.append(time.thread_time() - started)
    return min(taken)


@pytest.fixture(scope="module", autouse=True)
def tools() -> None:
    """What is loaded once is not measured."""
    gazetteer(), lexicon()
    seconds("一、支持发展。\n", SHORT, "")


def grows_with_length(unit: str, head: str = "某县人民政府关于补助的通知\n\n") -> bool:
    # Four times the length: linear is four times the time, square sixteen times.
    return seconds(unit, LONG, head) < 9 * seconds(unit, SHORT, head) + 0.5


@pytest.mark.parametrize("unit", ["（", "《", "_", "年", "1", " ", "一、标题\n", "附件1\n", "（一", "第", "a\tb\n"])
def test_one_thing_over_and_over(unit: str) -> None:
    assert grows_with_length(unit)


@pytest.mark.parametrize("ends", ["\n", "\n\n", " \n　\n"])
def test_more_paragraphs_than_a_document_has_are_one_error_at_once(ends: str) -> None:
    text = f"一、标题{ends}" * (MOST_PARAGRAPHS + 1)
    started = time.thread_time()
    with pytest.raises(UnreadableFile, match=r"holds more than 25,000 lines or paragraphs; divide it into several$"):
        parse_text(text)
    assert time.thread_time() - started < 2


@settings(max_examples=20)
@given(
    st.lists(st.sampled_from(MARKS + WORDS), min_size=1, max_size=4).map("".join),
    st.sampled_from(["", "某县人民政府关于补助的通知\n\n", "第一条 "]),
)
def test_anything_over_and_over(unit: str, head: str) -> None:
    assert grows_with_length(unit, head)
