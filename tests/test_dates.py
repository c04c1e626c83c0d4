"""Dates as official Chinese writes them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dates import format_date, make_date, month_end, parse_date


@pytest.mark.parametrize(
    "text",
    [
        "2023年8月9日",
        "2023 年 8 月 9 日",
        "二〇二三年八月九日",
        "二○二三年八月九日",
        "2023-08-09",
        "印发于2023年8月9日。",
        "２０２３年８月９日",
    ],
)
def test_every_way_of_writing_a_date(text: str) -> None:
    assert parse_date(text) == date(2023, 8, 9)


@pytest.mark.parametrize("text", ["2023年8月", "2023年13月1日", "2023年2月30日", "0000年1月1日", "8月9日", ""])
def test_what_is_no_full_date(text: str) -> None:
    assert parse_date(text) is None


def test_days_that_the_calendar_does_not_have() -> None:
    assert make_date(2023, 2, 29) is None
    assert month_end(2024, 2) == date(2024, 2, 29)
    assert month_end(2024, 13) is None
    assert month_end(0, 1) is None


@given(st.dates())
def test_a_date_comes_back(day: date) -> None:
    written = f"{day.year:04}年{day.month}月{day.day}日"
    assert parse_date(written) == day
    assert format_date(date(2025, 12, 31)) == "2025年12月31日"


def test_a_date_in_figures_alone() -> None:
    assert parse_date("2024.3.5") == parse_date("2024/03/05") == parse_date("2024-3-5") == date(2024, 3, 5)
    assert parse_date("12024.3.5") is parse_date("2024.3.500") is None
