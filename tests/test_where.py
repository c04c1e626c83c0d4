"""The places that a question asks about."""

from __future__ import annotations

import pytest

from bot.where import locate
from tests.corpus_fixture import Corpus


@pytest.mark.parametrize(
    ("text", "earlier", "page", "expected"),
    [
        ("两个地方哪个多", ("达拉特旗补多少", "磴口呢"), None, ["达拉特旗", "磴口县"]),
        ("三个地方比一比", ("达拉特旗补多少", "磴口呢", "岚县呢"), None, ["达拉特旗", "磴口县", "岚县"]),
        ("两边一样吗", ("磴口呢",), "岚县", ["岚县", "磴口县"]),
        ("三个地方比一比", ("磴口呢",), "岚县", ["磴口县"]),  # there are not three
        ("跟岚县比哪个好", ("转企补多少",), "六盘水市", ["六盘水市", "岚县"]),
        ("和六盘水比呢", ("岚县补多少",), None, ["岚县", "六盘水市"]),
        ("转企补助比岚县多吗", (), "达拉特旗", ["达拉特旗", "岚县"]),
        ("跟岚县比哪个多", (), None, ["岚县"]),  # nothing to set it against
        ("跟岚县人合伙开店哪个部门登记", (), "达拉特旗", ["岚县"]),
        ("别的地方有没有", ("达拉特旗补多少",), "岚县", []),
        ("那我们这儿呢", ("达拉特旗补多少",), "岚县", ["岚县"]),
        ("那找谁", ("不是岚县，达拉特旗的补助",), None, ["达拉特旗"]),
        ("南京的", ("鼓楼区开店有补贴吗",), None, ["鼓楼区"]),
        ("人在广东，我们县有补贴吗", ("岚县补多少",), None, ["岚县"]),
        ("羊肉卖到北京去，有补贴吗", ("岚县补多少",), None, ["岚县"]),
        ("专精特新和山西精品怎么评", (), "达拉特旗", ["达拉特旗"]),
    ],
)
def test_where(corpus: Corpus, text: str, earlier: tuple[str, ...], page: str | None, expected: list[str]) -> None:
    gazetteer = corpus.huiwen.gazetteer
    places, _, _ = locate(text, earlier, gazetteer.resolve(page) if page else None, gazetteer, leans=True)
    assert [place.name for place in places] == expected


def test_pointing_needs_something_to_point_at(corpus: Corpus) -> None:
    gazetteer = corpus.huiwen.gazetteer
    page = gazetteer.resolve("岚县")
    assert locate("别的地方的人能来办吗", (), page, gazetteer, leans=False)[0] == (page,)
