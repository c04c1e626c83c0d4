"""What clauses state: figures, audiences, blanks, each where it stands."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from ingest.facts import read_audiences, read_facts, read_quantities
from tests.fakes_ingest import IDS, bare, clause, parsed
from tests.strategies_ingest import sentences


def quantities(text: str) -> list[tuple[str, float, str]]:
    return [(one.kind, one.value, one.unit) for one in read_quantities(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("给予一次性10万元补助", [("amount", 100_000, "元")]),
        ("每户每年24000元", [("amount", 24_000, "元")]),
        ("不超过1,500.5元", [("amount", 1500.5, "元")]),
        ("奖励三千元", [("amount", 3000, "元")]),
        ("贷款1000万元、2亿元", [("amount", 1e7, "元"), ("amount", 2e8, "元")]),
        ("按50%减征，占百分之十五", [("percentage", 50, "%"), ("percentage", 15, "%")]),
        (
            "经营2年以上，在7个工作日内，免收6个月租金",
            [("term", 2, "年"), ("term", 7, "个工作日"), ("term", 6, "个月")],
        ),
        ("新设企业1万户以上，培训2380人", [("count", 10_000, "户"), ("count", 2380, "人")]),
        ("2023年8月9日，到2025年底，每月30日，9月1日", []),
        ("2023年新增30户", [("count", 30, "户")]),
    ],
)
def test_quantities(text: str, expected: list[tuple[str, float, str]]) -> None:
    assert quantities(text) == expected


@pytest.mark.parametrize(
    ("identity", "stated"),
    [
        ("dalate-2023#四-五-15", {("amount", 100_000.0), ("term", 2.0)}),
        ("dalate-2023#四-一-2", {("amount", 14_400.0), ("percentage", 50.0), ("term", 3.0)}),
        ("lanxian-2022#四-三-一是", {("amount", 150_000.0), ("amount", 1_000_000.0), ("percentage", 50.0)}),
        ("lanxian-2022#四-三-四是", {("amount", 500.0), ("amount", 1500.0), ("term", 6.0)}),
        ("lanxian-2022#四-七-一是", {("amount", 1200.0), ("amount", 3000.0)}),
        ("liupanshui-2025#一-一", {("amount", 300_000.0), ("term", 12.0), ("percentage", 60.0)}),
        ("liupanshui-2025#一-五", {("amount", 5000.0), ("amount", 10_000.0), ("amount", 500.0)}),
    ],
)
def test_figures_that_owners_ask_for(identity: str, stated: set[tuple[str, float]]) -> None:
    assert stated <= {(one.kind, one.value) for one in clause(identity).facts.quantities}


def test_eleven_blanks_of_four_clauses() -> None:
    blanks = {one.id: one.facts.blanks for one in parsed("dengkou-2023").clauses if one.facts.blanks}
    assert {identity: len(found) for identity, found in blanks.items()} == {
        "dengkou-2023#一-二": 7,
        "dengkou-2023#二-九-24": 1,
        "dengkou-2023#二-九-25": 2,
        "dengkou-2023#二-十二-33": 1,
    }
    assert [(blank.subject, blank.unit) for blank in blanks["dengkou-2023#一-二"]][2:4] == [
        ("高新技术企业", "家"),
        ("“专精特新”中小企业", "户"),
    ]
    assert [(blank.subject, blank.unit) for blank in blanks["dengkou-2023#二-十二-33"]] == [
        ("小微企业首席质量官", "名")
    ]


@pytest.mark.parametrize(
    ("text", "subject", "unit"),
    [
        ("高新技术企业达到    家以上", "高新技术企业", "家"),
        ("给予____万元补助", "给予", "万元"),
        ("创建示范社××个", "示范社", "个"),
        ("打造    个非遗工坊", "非遗工坊", "个"),
    ],
)
def test_a_blank_says_what_is_missing(text: str, subject: str, unit: str) -> None:
    (blank,) = read_facts(text, None).blanks
    assert (blank.subject, blank.unit) == (subject, unit)


@pytest.mark.parametrize("text", ["张  三    县长", "____\n元", "新增 5 户", "组 长：X X X"])
def test_what_is_no_blank(text: str) -> None:
    assert read_facts(text, None).blanks == ()


def test_audiences_have_one_name_each() -> None:
    text = "对离校2年内高校毕业生、退役士兵、返乡农民工、就业困难人员首次创业的"
    assert [one.name for one in read_audiences(text)] == ["高校毕业生", "退役军人", "农民工", "就业困难人员"]
    names = {one.name for one in clause("liupanshui-2025#一-五").facts.audiences}
    assert {"高校毕业生", "就业困难人员", "农民工", "退役军人"} <= names


@pytest.mark.parametrize("document", IDS)
def test_every_fact_stands_where_it_says(document: str) -> None:
    for one in parsed(document).clauses:
        facts = one.facts
        assert all(one.text[fact.start : fact.end] == fact.text for fact in facts.quantities)
        assert all(one.text[fact.start : fact.end] == fact.text for fact in facts.audiences)
        for blank in facts.blanks:
            assert one.text[blank.start : blank.end].strip(" _") == ""
            assert one.text[blank.end :].startswith(blank.unit)
        assert all(department.name in bare(one.text) for department in facts.departments)


@settings(max_examples=50)
@given(sentences())
def test_no_fact_is_invented(text: str) -> None:
    facts = read_facts(text, 2023)
    assert all(text[one.start : one.end] == one.text for one in facts.quantities)
    assert len(facts.blanks) == text.count("    户")
    assert sum(one.text == "10万元" for one in facts.quantities) == text.count("10万元")


def test_a_deadline_that_recurs_is_read() -> None:
    (deadline,) = read_quantities("于每月30日前将开展情况及典型案例报送")
    assert (deadline.kind, deadline.text, deadline.value, deadline.unit) == ("deadline", "每月30日前", 30, "日")
