"""The term of a whole document, as its clauses state it."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.clean import clean
from ingest.outline import outline
from ingest.terms import read_stated_term
from tests.fakes_ingest import CORPUS, parse_text

ISSUED = date(2026, 2, 20)


def read(text: str) -> tuple[date | None, date | None, str] | None:
    clauses, _ = outline(clean(f"某县支持个体工商户若干措施\n一、补助\n给予补助3000元。\n{text}\n"), "some-county")
    term = read_stated_term(clauses, ISSUED)
    return (term.begins, term.ends, term.text) if term else None


@pytest.mark.parametrize(
    ("text", "begins", "ends"),
    [
        ("二、本措施自2026年3月1日起施行，有效期两年。", date(2026, 3, 1), date(2028, 2, 29)),
        ("二、附则\n本措施自2026年3月1日起施行，有效期2年。", date(2026, 3, 1), date(2028, 2, 29)),
        ("二、本办法自2026年3月1日起施行，有效期至2028年2月29日。", date(2026, 3, 1), date(2028, 2, 29)),
        ("有效期至2026年6月30日。", None, date(2026, 6, 30)),
        ("二、本通知自印发之日起施行，有效期三年。", ISSUED, date(2029, 2, 19)),
        ("二、本措施有效期限为2026年2月20日至2026年8月31日。", date(2026, 2, 20), date(2026, 8, 31)),
        ("二、本规定自2024年3月31日起执行。有效期6个月。", date(2024, 3, 31), date(2024, 9, 30)),
        ("第四条 本办法自2026年3月1日起施行。", date(2026, 3, 1), None),
        ("第四条 本法自2026年3月1日起施行。", date(2026, 3, 1), None),
        ("二、本办法由县财政局负责解释，自2026年3月1日起施行，有效期五年。", date(2026, 3, 1), date(2031, 2, 28)),
        ("二、以上政策措施自公布之日起实施，有效期至2026年12月31日。", ISSUED, date(2026, 12, 31)),
        ("二、本政策自发布之日起施行，施行期暂定为6个月。", ISSUED, date(2026, 8, 19)),
        ("二、本办法自公布之日起30日后施行，有效期2年。", date(2026, 3, 22), date(2028, 3, 21)),
        ("二、本办法自2026年3月1日起试行，试行期一年。", date(2026, 3, 1), date(2027, 2, 28)),
        ("二、本办法自2026年3月1日起施行，试行两年。", date(2026, 3, 1), date(2028, 2, 29)),
        ("二、本办法自2026年 月 日起施行，有效期2年。", None, None),
        ("二、本办法自2026年X月X日起施行，有效期2年。", None, None),
        ("二、本办法自2026年  月  日起施行，有效期至2028年底。", None, date(2028, 12, 31)),
        ("二、本措施有效期至2027年底。", None, date(2027, 12, 31)),
        ("二、本措施执行期限至2027年6月底。", None, date(2027, 6, 30)),
        ("二、本通知自2026年3月1日起执行至2026年12月31日。", date(2026, 3, 1), date(2026, 12, 31)),
        ("二、本通知自2026年3月1日起至2027年2月28日止执行。", date(2026, 3, 1), date(2027, 2, 28)),
    ],
)
def test_the_term_is_read(text: str, begins: date | None, ends: date | None) -> None:
    term = read(text)
    assert term is not None
    assert term[:2] == (begins, ends)


@pytest.mark.parametrize(
    "text",
    [
        "二、食品经营许可证有效期5年。",
        "二、政策执行期限至2024年底。",
        "二、依照本办法取得的许可证有效期5年。",
        "二、本方案的各项任务2025年底前完成。",
        "二、按照本办法发放的贷款期限3年。",
        "二、落实有效期内的后置许可，营业执照有效期至2028年2月29日。",
        "二、自领取执照之日起3年内免征。",
    ],
)
def test_what_speaks_of_something_else_is_no_term(text: str) -> None:
    assert read(text) is None


def test_the_five_documents_state_none() -> None:
    for path in sorted((CORPUS / "documents").glob("*.txt")):
        clauses, _ = outline(clean(path.read_text(encoding="utf-8")), "x")
        assert read_stated_term(clauses, None) is None, path.name


def test_each_attachment_has_the_term_that_it_states() -> None:
    notice = "关于印发两个办法的通知\n各乡镇：\n现印发给你们。\n某县人民政府\n2026年2月20日\n"
    first = "附件1\n甲办法\n第一条 补贴。\n第二条 本办法自2026年3月1日起施行，有效期2年。\n"
    second = "附件2\n乙办法\n第一条 减免。\n第二条 本办法自2026年5月1日起施行。\n"
    both = parse_text(notice + first + second)
    assert both.document.period is None
    terms = {one.path: [(p.begins, p.ends) for p in one.facts.periods] for one in both.clauses}
    assert terms["附件1 甲办法", "第一条"] == [(date(2026, 3, 1), date(2028, 2, 29))]
    assert terms["附件2 乙办法", "第一条"] == [(date(2026, 5, 1), None)]
    alone = parse_text(notice + first)
    assert alone.document.period
    assert alone.document.period.ends == date(2028, 2, 29)
    assert all(not one.facts.periods for one in alone.clauses if one.labels[-1] == "第一条")
