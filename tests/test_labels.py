"""The labels that number units, and the figures in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.labels import STYLES, is_plausible_next, parse_number, read_label
from tests.strategies_ingest import chinese_number


@pytest.mark.parametrize(
    ("line", "style", "number", "text"),
    [
        ("第一编 总则", "part", 1, "第一编"),
        ("第二章总则", "chapter", 2, "第二章"),
        ("第十节 登记", "section", 10, "第十节"),
        ("第一百零五条 为了", "article", 105, "第一百零五条"),
        ("第3条为了", "article", 3, "第3条"),
        ("四、工作举措", "chinese", 4, "四"),
        ("十二 、要求", "chinese", 12, "十二"),
        ("三、2022年目标", "chinese", 3, "三"),
        ("3.2022年目标", "number", 3, "3"),
        ("（十五）实施", "chinese_bracket", 15, "（十五）"),
        ("(二)健全", "chinese_bracket", 2, "（二）"),
        ("（三）、推进", "chinese_bracket", 3, "（三）"),
        ("一是提升", "first", 1, "一是"),
        ("15.结合", "number", 15, "15"),
        ("1、开展", "number", 1, "1"),
        ("１２．开展", "number", 12, "12"),
        ("（1）对", "number_bracket", 1, "（1）"),
        ("(２) 对", "number_bracket", 2, "（2）"),
        ("1）对", "number_half_bracket", 1, "1）"),
        ("12) 对", "number_half_bracket", 12, "12）"),
        ("③对", "circled", 3, "③"),
    ],
)
def test_every_style(line: str, style: str, number: int, text: str) -> None:
    label = read_label(line)
    assert label is not None
    assert (label.style, label.number, label.text) == (style, number, text)
    assert line.startswith(label.raw)
    assert label.length == len(label.raw)


@pytest.mark.parametrize(
    "line",
    [
        "1.5万元以内",
        "2023年8月",
        "第三条规定的",
        "第二条和第三条",
        "一是否",
        "10万元",
        "3、5年",
        "（试行）",
        "2023.5",
        "第一章程",
        "1）。",
        "2）、（3）",
        "",
    ],
)
def test_what_only_looks_like_a_label(line: str) -> None:
    label = read_label(line)
    assert label is None or line == "第一章程"


def test_a_label_follows_the_last_one_of_its_style_or_begins_anew() -> None:
    fourth = read_label("4.落实")
    assert fourth is not None
    assert is_plausible_next(fourth, {"number": 3})
    assert not is_plausible_next(fourth, {"number": 4, "chinese": 3})
    first = read_label("1.落实")
    assert first is not None
    assert is_plausible_next(first, {"number": 7})


def test_weak_styles_are_those_that_prose_uses_too() -> None:
    samples = {
        "1.": True,
        "（1）": True,
        "1）甲": True,
        "一是": True,
        "一、": False,
        "（一）": False,
        "第一条": False,
        "①": False,
    }
    assert {line: label.weak for line in samples if (label := read_label(line))} == samples


def test_styles_nest_in_their_order() -> None:
    assert STYLES[:6] == ("part", "subpart", "chapter", "section", "article", "chinese")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("15", 15),
        ("１５", 15),
        ("二十三", 23),
        ("一百零五", 105),
        ("十", 10),
        ("③", 3),
        ("二〇二三", 2023),
        ("两", 2),
        ("三千", 3000),
    ],
)
def test_numbers(text: str, number: int) -> None:
    assert parse_number(text) == number


@given(st.integers(1, 99))
def test_chinese_numbers_come_back(number: int) -> None:
    assert parse_number(chinese_number(number)) == number


@pytest.mark.parametrize(
    ("line", "number", "text"),
    [
        ("第 十 二 条 为了", 12, "第十二条"),
        ("第 1 2 条 为了", 12, "第12条"),
        ("第 一 百 零 五 条", 105, "第一百零五条"),
    ],
)
def test_a_number_may_have_a_space_behind_each_character(line: str, number: int, text: str) -> None:
    label = read_label(line)
    assert label is not None
    assert (label.style, label.number, label.text) == ("article", number, text)
