"""A figure that a question takes for granted is told from what the asker has or wishes for."""

from __future__ import annotations

import pytest

from bot.bounds import Bound
from bot.taken import read_taken
from ingest.figures import Figure


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("六盘水转企给10万，找谁领", ("100000", "元")),
        ("不是说甘州补5万吗", ("50000", "元")),
        ("听说歇业能歇三年", ("36", "个月")),
        ("是不是十万块", ("100000", "元")),
        ("说好的10万呢", ("100000", "元")),
        ("创业补贴5000找谁领", ("5000", "元")),
        ("10万块的补助找谁领", ("100000", "元")),
        ("最长3年够吗", ("36", "个月")),
        ("能免半年房租吗", ("6", "个月")),
        ("稳岗返还60%怎么领", ("60", "%")),
        ("最多能贷30万对吧", ("300000", "元")),
        ("贷款贴息3次吗", ("3", "次")),
        ("转企业满1年就给补助吗", ("12", "个月")),
        ("转公司经营满三年才有补助吧", ("36", "个月")),
        ("是不是经营满半年就能申请", ("6", "个月")),
        ("月销售15万以下都免税吗", ("150000", "元")),
        ("开张满六个月才发，先登记行不行", ("6", "个月")),
        ("非得凑够5个正式党员才行", ("5", "人")),
        ("只要撑过半年就能领", ("6", "个月")),
        ("卖到十五万以内增值税也是免的", ("150000", "元")),
        ("转公司补一千五", ("1500", "元")),
        ("说好的返百分之六十怎么还没影", ("60", "%")),
        ("半年房租都给免", ("6", "个月")),
        ("个转企奖励十万，带照去还是网上报", ("100000", "元")),
    ],
)
def test_what_is_granted_or_limited_is_a_premise(text: str, figure: Figure) -> None:
    assert [one.figure for one in read_taken(text)] == [figure]


@pytest.mark.parametrize(
    "text",
    [
        "雇了5个人有补贴吗",
        "年营收500万能减税吗",
        "我35岁能贷款吗",
        "开了3年还能领吗",
        "想贷20万利息多少",
        "贷50万利息补多少",
        "我毕业3年给补贴吗",
        "补5万还是10万",
        "给2年以上的企业补吗",
        "我交了12个月社保能返还吗",
        "营业满1年给多少",
        "减半征收到2027年",
        "听说2024年还有",
        "开店满3年了有补助吗",
        "15万以下的贷款怎么办",
    ],
)
def test_what_the_asker_has_or_wishes_for_is_none(text: str) -> None:
    assert read_taken(text) == []


@pytest.mark.parametrize(
    ("text", "typed", "figure"),
    [
        ("每年能抵一万四千四百的税对吧", "一万四千四百", ("14400", "元")),
        ("每年能抵1万4千4对吧", "1万4千4", ("14400", "元")),
        ("财务账户补1千2", "1千2", ("1200", "元")),
        ("补一万五千对吗", "一万五千", ("15000", "元")),
        ("转企补 5 万吗", "5万", ("50000", "元")),
        ("听说检验打六折", "六折", ("60", "%")),
    ],
)
def test_a_number_is_read_whole_however_it_is_spoken(text: str, typed: str, figure: Figure) -> None:
    assert [(one.text, one.figure) for one in read_taken(text)] == [(typed, figure)]


@pytest.mark.parametrize(
    ("text", "subject", "bound", "of_grant"),
    [
        ("转企干满一年就发钱吗", "operation", Bound.LEAST, True),
        ("毕业三年之内才有补贴吗", "graduation", Bound.MOST, True),
        ("月销售15万以下都免税吗", "turnover", Bound.MOST, True),
        ("失业险只要缴够半年就给返还吗", "insurance", Bound.LEAST, True),
        ("登记满一年才能进培育库", "operation", Bound.LEAST, False),
    ],
)
def test_a_condition_has_a_subject_a_bound_and_what_it_leads_to(
    text: str, subject: str, bound: Bound, of_grant: bool
) -> None:
    (one,) = read_taken(text)
    assert (one.condition, one.subject, one.bound, one.of_grant) == (True, subject, bound, of_grant)


@pytest.mark.parametrize(
    "text",
    [
        "税能抵到2027年吗",
        "拨12345管用吗",
        "开了三年才回本，转企能领补助吗",
        "失业保险交了10个月就断了，还能返还吗",
        "我爸给20万让我开奶茶店",
        "每月给员工发4500工资",
        "听说当兵的能少交税一年能少交多少",
    ],
)
def test_years_telephones_histories_and_wages_are_none(text: str) -> None:
    assert read_taken(text) == []
