"""The day that a question itself speaks of."""

from __future__ import annotations

from datetime import date

import pytest

from bot.asked_day import read_asked_day

DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024年6月的时候还有效吗", date(2024, 6, 30)),
        ("2024年底那会儿还能减吗", date(2024, 12, 31)),
        ("2025年3月1日还能申请吗", date(2025, 3, 1)),
        ("2027年能领吗", date(2027, 11, 20)),
        ("去年还有吗", date(2025, 11, 20)),
        ("明年还能领吗", date(2027, 11, 20)),
        ("2023年开的店能补吗", None),
        ("去年转的企业能补吗", None),
        ("2023-2025年还能申请吗", None),
        ("到2025年底要新增多少户", None),
        ("2024年2月30日还有效吗", None),
        ("补多少", None),
    ],
)
def test_read_asked_day(text: str, expected: date | None) -> None:
    assert read_asked_day([text], DAY) == expected


def test_the_newest_day_counts() -> None:
    assert read_asked_day(["找谁", "2024年6月的时候还有效吗", "去年还有吗"], DAY) == date(2024, 6, 30)


def test_a_leap_day_has_no_like_in_other_years() -> None:
    assert read_asked_day(["去年还有吗"], date(2024, 2, 29)) == date(2023, 2, 28)
