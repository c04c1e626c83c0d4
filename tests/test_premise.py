"""A figure that a question takes for granted is told from what the asker has or wishes for, and where it stands."""

from __future__ import annotations

from datetime import date

import pytest

from bot.find import find
from bot.premise import Premise, premises, read_premises
from bot.understand import understand
from ingest.figures import Figure
from tests.corpus_fixture import Corpus


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
    ],
)
def test_what_is_granted_or_limited_is_a_premise(text: str, figure: Figure) -> None:
    assert [read for _, read in read_premises(text)] == [figure]


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
    assert read_premises(text) == []


def ask(corpus: Corpus, text: str) -> list[Premise]:
    resources = corpus.huiwen.resources()
    question = understand(text, None, [], date(2026, 11, 20), resources.gazetteer, resources.finder)
    return premises(question, find(question, resources), resources)


@pytest.mark.parametrize(
    ("text", "holds", "elsewhere"),
    [
        ("六盘水转企给10万，找谁领", False, "达拉特旗"),
        ("达拉特旗转企给10万找谁领", True, None),
        ("甘州创业补贴不是说给5000吗", False, "六盘水市"),
        ("岚县创业补贴5000元怎么申请", False, "六盘水市"),
        ("达旗房租能免半年吗", False, "岚县"),
        ("六盘水创业担保贷款最多能贷30万吧", True, None),
        ("达拉特旗创业担保贷款最高30万找谁", False, "六盘水市"),
        ("听说磴口歇业能歇三年", False, None),
        ("康巴什区转企给10万吗", False, "达拉特旗"),
        ("达拉特旗月销售15万以下都免增值税吗", False, "岚县"),
        ("达拉特旗月销售10万以下都免增值税吗", True, None),
    ],
)
def test_whether_it_holds_and_whose_it_is(corpus: Corpus, text: str, holds: bool, elsewhere: str | None) -> None:
    (premise,) = ask(corpus, text)
    assert (premise.holds, premise.elsewhere and premise.elsewhere.name) == (holds, elsewhere)


def test_the_clause_is_quoted_by_the_sentence_that_has_the_figure(corpus: Corpus) -> None:
    (premise,) = ask(corpus, "六盘水转企给10万，找谁领")
    assert premise.evidence
    assert "一次性10万元" in "".join(premise.evidence.quote.split())


def test_each_place_is_judged_for_itself_and_none_where_none_is_known(corpus: Corpus) -> None:
    both = ask(corpus, "达拉特旗和岚县转企都给10万吗")
    assert [(one.place.name, one.holds) for one in both] == [("达拉特旗", True), ("岚县", False)]
    assert ask(corpus, "转企给10万吗") == []
