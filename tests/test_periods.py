"""From when until when something holds, and what it governs (rule 4)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model import Period
from ingest.periods import read_periods, read_title_period
from ingest.sentences import split_sentences
from tests.fakes_ingest import clause
from tests.strategies_ingest import sentences

STATED = {
    "政策执行期限至2024年底": (None, date(2024, 12, 31)),
    "2022年12月31日前免征增值税": (None, date(2022, 12, 31)),
    "自2023年1月1日至2027年12月31日减征": (date(2023, 1, 1), date(2027, 12, 31)),
    "自2023年3月1日起至6月30日减征": (date(2023, 3, 1), date(2023, 6, 30)),
    "自2022年11月1日起施行": (date(2022, 11, 1), None),
    "有效期至2025年6月30日": (None, date(2025, 6, 30)),
    "开展清零行动（六月底结束）": (None, date(2022, 6, 30)),
    "截至2024年2月底止": (None, date(2024, 2, 29)),
    "“十四五”期间按规定补贴": (date(2021, 1, 1), date(2025, 12, 31)),
    "2022年向个体工商户发放贷款1000万元": (date(2022, 1, 1), date(2022, 12, 31)),
    "在2024年度内申请的给予补助": (date(2024, 1, 1), date(2024, 12, 31)),
    "免征增值税至2024年底": (None, date(2024, 12, 31)),
    "2024年底前免征增值税": (None, date(2024, 12, 31)),
    "2025年6月底前申请的给予补助": (None, date(2025, 6, 30)),
    "到2025年6月30日截止": (None, date(2025, 6, 30)),
    "申报截止时间为二〇二五年六月三十日": (None, date(2025, 6, 30)),
    "政策执行到2027年12月31日": (None, date(2027, 12, 31)),
    "实施期限截止2025年底": (None, date(2025, 12, 31)),
    "自2024年1月1日起施行，有效期2年": (date(2024, 1, 1), date(2025, 12, 31)),
    "有效期为六个月，自2024年8月31日起计算": (date(2024, 8, 31), date(2025, 2, 28)),
    "自2024年1月1日起，3年内免征": (date(2024, 1, 1), date(2026, 12, 31)),
    "2023年1月至2025年12月，按50%减征": (date(2023, 1, 1), date(2025, 12, 31)),
    "2023—2025年，对企业给予补助": (date(2023, 1, 1), date(2025, 12, 31)),
    "规划期为2023年至2025年": (date(2023, 1, 1), date(2025, 12, 31)),
    "自2027年1月1日起，对小微企业免征增值税": (date(2027, 1, 1), None),
    "2027年1月起执行": (date(2027, 1, 1), None),
    "对2025年12月31日前新登记的企业给予补助": (None, date(2025, 12, 31)),
}
GOALS = (
    "到2025年底，力争新设小微企业1万户",
    "到2025年，质量全面提升",
    "每月30日前报送情况",
    "离校2年内的毕业生",
    "2023年以来成效显著",
    "2025年12月31日前，力争新增1万户",
    "2025年底前全面完成整治",
    "截至2023年12月31日，全县共有个体工商户1万户",
    "截止2023年底，全县共有个体工商户1万户",
    "对2023年12月31日前登记的企业给予补助",
    "落实《三年成长计划（2023—2025年）》，给予补助",
    "许可证有效期5年",
    "自办理登记当月起，3年内免征",
)


def span(period: Period) -> tuple[date | None, date | None]:
    return period.begins, period.ends


def governed(identity: str, text: str) -> str:
    one = clause(identity)
    (period,) = [period for period in one.facts.periods if period.text == text]
    assert one.text[period.start : period.end] == text or period.start == period.end == 0
    return one.text[slice(*period.governs)]


@pytest.mark.parametrize(("text", "expected"), STATED.items())
def test_every_way_of_stating_a_period(text: str, expected: tuple[date | None, date | None]) -> None:
    assert [span(period) for period in read_periods(f"{text}。", 2022)] == [expected]


@pytest.mark.parametrize("text", GOALS)
def test_a_goal_ends_no_validity(text: str) -> None:
    assert read_periods(text, 2023) == []


@pytest.mark.parametrize("text", ["执行至0000年底", "自2023年13月40日起施行", "至2023年13月底结束", "十三月底结束"])
def test_days_that_do_not_exist_are_left_out(text: str) -> None:
    assert read_periods(text, 2023) == []


def test_a_month_without_a_year_needs_the_documents() -> None:
    assert read_periods("六月底结束", None) == []
    assert [span(period) for period in read_periods("为期三个月至7月底结束。", 2022)] == [(None, date(2022, 7, 31))]


def test_each_of_several_years_is_read() -> None:
    periods = read_periods("2022年培训70人，2023年培训80人。", None)
    assert [period.begins for period in periods] == [date(2022, 1, 1), date(2023, 1, 1)]


def test_an_end_of_validity_governs_its_own_sentence() -> None:
    text = governed("dalate-2023#四-一-2", "执行期限至2024年底")
    assert "六税两费" in text
    assert "14400元" not in text
    assert "14400元" in clause("dalate-2023#四-一-2").text


def test_a_day_before_which_governs_its_sentence() -> None:
    text = governed("lanxian-2022#四-三-一是", "2022年12月31日前")
    assert all(figure in text for figure in ("15万元", "100万元", "50%"))
    assert "电子税务局" not in text


def test_from_day_to_day() -> None:
    text = governed("liupanshui-2025#一-四", "自2023年1月1日至2027年12月31日")
    assert "24000元" in text
    assert "200万元" not in text


def test_a_month_takes_the_documents_year() -> None:
    (period,) = clause("lanxian-2022#四-五-1").facts.periods
    assert span(period) == (None, date(2022, 6, 30))


def test_a_period_without_a_subject_governs_the_clause() -> None:
    one = clause("lanxian-2022#四-五-2")
    (period,) = one.facts.periods
    assert period.governs == (0, len(one.text))
    assert period.ends == date(2022, 7, 31)


def test_the_table_of_tasks_inherits_the_period_of_the_clause_that_refers_to_it() -> None:
    table = clause("lanxian-2022#附件1-表")
    (period,) = table.facts.periods
    assert span(period) == (date(2022, 1, 1), date(2022, 12, 31))
    assert period.governs == (0, len(table.text))
    assert clause("lanxian-2022#附件2").facts.periods == ()


@pytest.mark.parametrize(
    ("title", "begins", "ends"),
    [
        ("三年成长计划（2023-2025 年）实施方案", date(2023, 1, 1), date(2025, 12, 31)),
        ("三年成长计划（2023—2025年）", date(2023, 1, 1), date(2025, 12, 31)),
        ("行动方案（2022年至2024年）", date(2022, 1, 1), date(2024, 12, 31)),
        ("关于做好2024年度扶持工作的通知", date(2024, 1, 1), date(2024, 12, 31)),
        ("三年成长计划（2023-2025）实施方案", date(2023, 1, 1), date(2025, 12, 31)),
        ("某旗“十四五”小微企业发展规划", date(2021, 1, 1), date(2025, 12, 31)),
    ],
)
def test_the_period_in_a_title(title: str, begins: date, ends: date) -> None:
    period = read_title_period(title)
    assert period is not None
    assert span(period) == (begins, ends)


def test_a_title_without_a_period() -> None:
    assert read_title_period("若干措施（征求意见稿）") is None
    assert read_title_period("2024年重点工作") is None
    assert read_title_period("关于学习“十四五”典型的通知") is None


@pytest.mark.parametrize(
    ("text", "period", "governs"),
    [
        ("甲减半，执行期限至2024年底；乙给予补助。", "执行期限至2024年底", "甲减半，执行期限至2024年底；"),
        ("甲减半；乙免征，政策执行期限至2024年底。", "执行期限至2024年底", "甲减半；乙免征，政策执行期限至2024年底。"),
        ("1.2024年12月31日前，甲减半；乙免征。", "2024年12月31日前", "1.2024年12月31日前，甲减半；乙免征。"),
        ("甲减半；2024年底前乙免征；丙补助。", "2024年底前", "2024年底前乙免征；"),
        ("2022年补贴70人，2023年补贴80人。", "2022年", "2022年补贴70人，"),
        ("甲减半。乙免征。（执行期限至2024年底）丙补助。", "执行期限至2024年底", "乙免征。（执行期限至2024年底）"),
        (
            "甲减半。乙免征。以上政策执行至2024年底。丙补助。",
            "执行至2024年底",
            "甲减半。乙免征。以上政策执行至2024年底。",
        ),
        ("甲减半。乙免征。该政策执行至2024年底。", "执行至2024年底", "乙免征。该政策执行至2024年底。"),
        ("甲减半。执行期限至2024年底。乙免征。", "执行期限至2024年底", "甲减半。执行期限至2024年底。乙免征。"),
    ],
)
def test_what_a_period_governs(text: str, period: str, governs: str) -> None:
    stated = next(one for one in read_periods(text, 2022) if one.text == period)
    assert text[slice(*stated.governs)] == governs


@given(sentences(), st.sampled_from(sorted(STATED)), sentences())
def test_a_period_governs_no_other_sentence(before: str, stated: str, after: str) -> None:
    text = f"{before}减半征收，{stated}。{after}"
    (period,) = read_periods(text, 2022)
    own = next(s for s in split_sentences(text) if s.start <= period.start < s.end)
    assert own.start <= period.governs[0] <= period.start
    assert period.governs[1] == own.end
    assert text[period.start : period.end] == period.text


@given(sentences(), st.sampled_from(GOALS), sentences())
def test_no_text_without_a_period_gets_one(before: str, goal: str, after: str) -> None:
    assert read_periods(f"{before}{goal}。{after}", 2022) == []


def test_the_year_of_another_document_is_no_period() -> None:
    assert read_periods("2016年公布的《年报暂行办法》同时废止。", 2024) == []
    assert read_periods("2016年制定的补贴标准停止执行，按本办法补贴。", 2024) == []
