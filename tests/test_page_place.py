"""What follows from a place that was chosen, typed or remembered."""

from __future__ import annotations

import pytest

from bot.page_place import PlaceChooser
from prompts.messages import load_messages
from tests.fakes import FakeLibrary, FakePlaces

CHOOSER = PlaceChooser(FakeLibrary(), FakePlaces(), load_messages().page)


@pytest.mark.parametrize(
    ("wanted", "code", "label", "told"),
    [
        (" 达拉特旗 ", "150621", "达拉特旗（鄂尔多斯市）", "当地文件 1 份，连同上级共 2 份"),
        ("150622", "150622", "准格尔旗（鄂尔多斯市）", "还没有收录"),
        ("朝阳区", None, "", "有 2 个"),
        ("<b>无此县", None, "", "找不到“&lt;b&gt;无此县”"),
        ("", None, "", "不选也能问"),
        (None, None, "", "不选也能问"),
    ],
)
def test_a_place_is_settled_or_it_is_told_why_not(wanted: str | None, code: str | None, label: str, told: str) -> None:
    chosen = CHOOSER.choose(wanted)
    assert (chosen.code, chosen.label) == (code, label)
    assert told in chosen.line
