"""A clause's conditions are told from each other by their figure, bound and subject."""

from __future__ import annotations

import pytest

from bot.conditions import set_instead, sets
from bot.taken import Taken, read_taken

CLAUSE = "对正常经营1年以上的离校5年内高校毕业生，给予一次性补贴；缴纳失业保险费12个月以上的，返还60%。"


def condition(text: str) -> Taken:
    (one,) = (one for one in read_taken(text) if one.condition)
    return one


@pytest.mark.parametrize("text", ["开店满一年才给吗", "毕业五年之内都给吗", "失业保险缴满12个月就能返还吗"])
def test_what_it_sets(text: str) -> None:
    assert sets(CLAUSE, condition(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("开店满五年才给吗", "对正常经营1年以上的离校5年内高校毕业生"),  # five years are of graduation
        ("毕业一年之内都给吗", "对正常经营1年以上的离校5年内高校毕业生"),
        ("失业保险缴满6个月就能返还吗", "缴纳失业保险费12个月以上的"),
        ("年满45岁才给吗", ""),  # it says nothing of ages
        ("退伍满两年才给吗", ""),  # nor of service
    ],
)
def test_what_it_sets_instead(text: str, words: str) -> None:
    assert not sets(CLAUSE, condition(text))
    assert set_instead(CLAUSE, condition(text)) == words
