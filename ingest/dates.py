"""Dates and periods as official Chinese writes them."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta, timezone

from ingest.labels import parse_number

_CN = "〇○零一二三四五六七八九十"
YEAR = r"(?:\d{4}|[〇○零一二三四五六七八九]{4})"
_DATE = re.compile(rf"({YEAR})\s*年\s*(\d{{1,2}}|[{_CN}]{{1,3}})\s*月\s*(\d{{1,2}}|[{_CN}]{{1,3}})\s*日")
_CHINA = timezone(timedelta(hours=8))  # one zone, no summer time
_IN_FIGURES = re.compile(r"(?<!\d)(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?!\d)")


def today() -> date:
    """The day that it is in China, wherever the machine's clock thinks it is."""
    return day_in_china(datetime.now(_CHINA))


def day_in_china(moment: datetime) -> date:
    """The day that it was in China at a moment, which knows its zone."""
    return moment.astimezone(_CHINA).date()


def parse_date(text: str) -> date | None:
    """The first full date in a text: 2023年8月9日, 二〇二三年八月九日, 2023-08-09, 2023.8.9, 2023/8/9."""
    for pattern in (_DATE, _IN_FIGURES):
        if match := pattern.search(text):
            return make_date(*(parse_number(group) for group in match.groups()))
    return None


def make_date(year: int, month: int, day: int) -> date | None:
    """A date, or None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_end(year: int, month: int) -> date | None:
    """The last day of a month, or None where the calendar has no such month."""
    first = make_date(year, month, 1)
    return first and first.replace(day=calendar.monthrange(year, month)[1])


def format_moment(moment: datetime) -> str:
    """A moment as a clock in China showed it: 2025-12-31 09:05."""
    return moment.astimezone(_CHINA).strftime("%Y-%m-%d %H:%M")


def format_date(day: date) -> str:
    """A date as an owner reads it: 2025年12月31日."""
    return f"{day.year}年{day.month}月{day.day}日"
