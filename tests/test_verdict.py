"""Yes or no, only where the words of a clause plainly say so."""

from __future__ import annotations

import pytest

from bot.verdict import Verdict, hedge, judge_yes_no

GRANT = "对首次“个转企”的企业给予一次性10万元补助。"
ENCOURAGED = "鼓励有条件的地方出台奖励和补贴政策，支持个体工商户转型。"
LEAVE = "经营困难的，可以向登记机关办理歇业。"
BAN = "不得收取押金，确需收取的给予减免50%。"


@pytest.mark.parametrize(
    "question", ["转企业给钱不", "转企业有没有补助", "有补贴吗？", "转成公司，能给奖励么", "县里补不补钱"]
)
def test_a_grant_with_its_figure_is_a_yes(question: str) -> None:
    assert judge_yes_no(question, "市级财政给予一次性1000元补助。") == (Verdict.GIVEN, "给予")


@pytest.mark.parametrize("question", ["转企业给钱不", "有失信记录的转企能拿补助吗", "没有营业执照能拿补助吗"])
def test_a_grant_for_some_is_a_yes_to_these_alone(question: str) -> None:
    assert judge_yes_no(question, GRANT) == (Verdict.CONDITIONAL, "给予")


@pytest.mark.parametrize("question", ["有没有奖励", "转企业给钱不"])
def test_mere_encouragement_is_told_as_that(question: str) -> None:
    assert judge_yes_no(question, ENCOURAGED) == (Verdict.ONLY_MENTIONED, "鼓励")


@pytest.mark.parametrize("question", ["能不能先歇一阵", "可以先停业吗"])
def test_leave_is_a_yes(question: str) -> None:
    assert judge_yes_no(question, LEAVE) == (Verdict.ALLOWED, "可以")


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("转企业给钱不", BAN),  # forbidden things are not a yes
        ("是不是不给补贴了", GRANT),  # a yes would be read the wrong way round
        ("补助会不会取消", GRANT),
        ("真的给20万补助吗", GRANT),  # another figure than the clause has
        ("怎么申请补助", GRANT),  # no yes or no was asked for
        ("补助多少钱", GRANT),
        ("能不能先歇一阵", ENCOURAGED),  # nothing is allowed there
        ("给补贴吗", "各部门要加强宣传。"),
        ("能不能给我把欠的税免了", "符合条件的，可以按规定享受免征增值税优惠政策。"),  # nothing owed is let off there
    ],
)
def test_where_it_is_not_plain_nothing_is_said(question: str, quote: str) -> None:
    assert judge_yes_no(question, quote) is None


@pytest.mark.parametrize(
    ("quote", "word"), [("按规定享受优惠。", "按规定"), ("按照有关规定给予贴息。", "按照有关规定"), ("给予奖励。", "")]
)
def test_the_word_that_leaves_it_open(quote: str, word: str) -> None:
    assert hedge(quote) == word
