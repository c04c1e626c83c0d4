"""Whether a figure is told as the most or as the least."""

from __future__ import annotations

import pytest

from bot.bounds import Bound, bounds


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("不超过30万元", Bound.MOST),
        ("30万元以内", Bound.MOST),
        ("未满18岁", Bound.MOST),
        ("未达到3人", Bound.MOST),
        ("经营满2年", Bound.LEAST),
        ("达到500万元", Bound.LEAST),
        ("2年以上", Bound.LEAST),
        ("高达10万元", None),
        ("期满3年", None),
        ("补助10万元", None),
    ],
)
def test_how_a_figure_is_told(text: str, bound: Bound | None) -> None:
    assert {one for _, one in bounds(text)} == ({bound} if bound else set())
