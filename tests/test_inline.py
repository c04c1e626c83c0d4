"""Units that stand inside a line come apart, and lists inside a sentence stay whole."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ingest.clean import clean
from ingest.inline import split_units
from ingest.lines import Paragraph
from ingest.model import ClauseKind
from ingest.outline import outline
from tests.fakes_ingest import bare, parse_text, without_artefacts
from tests.strategies_ingest import Policy, policies

NOTICE = (
    "某市人民政府关于支持企业发展的若干措施 各县（区）人民政府，市各委、办、局： 为支持企业发展，制定本措施。 "
    "一、金融支持 1．加大贷款投放。贷款余额不低于上年。（责任单位：市财政局、 市税务局） 2．降低成本。"
    "担保费按1.5%收取。 二、减轻负担 3．减免房租。包括：1.国有房；2.其他房。 三、其他 本措施自2020年2月4日起施行。   "
    "某市人民政府 2020年2月4日 （此件公开发布）"
)


def split(*lines: str) -> list[str]:
    return [one.text for one in split_units(Paragraph(text, number) for number, text in enumerate(lines, 1))]


def labels(text: str) -> list[str]:
    return ["/".join(one.labels) for one in outline(clean(text), "doc")[0]]


def test_a_whole_notice_on_one_line() -> None:
    assert labels(NOTICE) == ["标题", "主送", "导语", "一", "一/1", "一/2", "二", "二/3", "三", "落款"]
    document = parse_text(NOTICE).document
    assert document.issued_on == date(2020, 2, 4)
    assert document.title == "某市人民政府关于支持企业发展的若干措施"


def test_sentences_without_spaces_between_them() -> None:
    text = "现提出如下意见：一、加大投放。贷款余额不低于上年。二、降低成本。（责任单位：市财政局）三、减免房租。"
    assert split(text) == [
        "现提出如下意见：",
        "一、加大投放。贷款余额不低于上年。",
        "二、降低成本。（责任单位：市财政局）",
        "三、减免房租。",
    ]


def test_a_line_for_each_chapter_and_its_units_inside() -> None:
    assert labels("一、金融。1.投放。2.利率。\n二、稳岗。3.返还。\n三、减负。4.房租。") == [
        *("一", "一/1", "一/2", "二", "二/3", "三", "三/4"),
    ]


def test_a_missing_number_breaks_nothing() -> None:
    assert split("一、甲项工作。二、乙项工作。四、丁项工作。")[-1] == "四、丁项工作。"


def test_articles_have_a_space_behind_their_label() -> None:
    text = (
        "某市条例 第一章 总则 第一条 为了发展，制定本条例。 第二条 本市适用。第三条所称企业除外。 第三条 企业依法登记。"
    )
    assert split(text) == [
        "某市条例",
        "第一章 总则",
        "第一条 为了发展，制定本条例。",
        "第二条 本市适用。第三条所称企业除外。",
        "第三条 企业依法登记。",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "申请材料包括：1.身份证；2.照片；3.户口本。",
        "申请材料包括1.身份证；2.照片。",
        "一、提供以下材料：（1）身份证，（2）照片。",
        "符合下列条件之一：（一）小微企业；（二）个体工商户。",
        "一、扩大投放。一是增加额度。二是降低利率。三是延长期限。",
        "一、免收第一季度房租。二、三季度房租减半。",
        "（一）身份证，（二）照片。",
        "按1.5万元给予补助。2.5万元以上的，报市政府。",
        "2020.1.1起施行。2020年2月4日印发。",
        "按照第一条的规定执行。第二条的规定除外。",
        "见附件1. 材料清单和附件2. 申请表。",
        "本办法（一、支持企业。二、减免房租。）自发布之日起施行。",
        "支持企业发展。2.此处没有前一个数。",
        "附件：1. 分解表 2. 介绍信",
        "1\t东村镇。2.\t180",
        "新增企业    户以上，完成任务    户。",
    ],
)
def test_what_stays_whole(line: str) -> None:
    assert split(line) == [line]


@pytest.mark.parametrize(
    "entries",
    [
        ("（一）提供虚假材料的；", "（二）受过行政处罚的；", "（三）歇业的。"),
        ("（1）早餐店，包括：1.面馆；2.粥铺；", "（2）夜市。"),
    ],
)
def test_entries_that_fill_a_line_come_apart(entries: tuple[str, ...]) -> None:
    assert split("第九条 有下列情形之一的，不予扶持：", "".join(entries)) == [
        "第九条 有下列情形之一的，不予扶持：",
        *entries,
    ]


def test_a_list_inside_a_unit_does_not_stop_the_count() -> None:
    text = "1.办照。材料包括：1.身份证；2.照片。2.办税。材料包括1.执照；2.公章；3.申请表。3.办社保。"
    assert [piece[:4] for piece in split(text)] == ["1.办照", "2.办税", "3.办社"]


def test_blanks_stay_in_a_line_that_lost_its_line_ends() -> None:
    assert split("一、目标 新增企业    户以上。 二、要求 抓好落实。")[1] == "新增企业    户以上。"


def test_a_paragraph_keeps_its_line_and_only_its_beginning_is_marked() -> None:
    pieces = list(split_units([Paragraph("一、金融。二、稳岗。", 7, marked=True)]))
    assert [(piece.line, piece.marked) for piece in pieces] == [(7, True), (7, False)]


def counts_up(policy: Policy) -> bool:
    """Whether some level has two units: one label alone shows nothing."""
    siblings = Counter(path[:-1] for path, _ in policy.units if not path[-1].endswith("是"))
    return max(siblings.values(), default=0) > 1


@settings(max_examples=150)
@given(st.data())
def test_any_outline_comes_back_from_one_line(data: st.DataObject) -> None:
    policy = data.draw(policies())
    assume(counts_up(policy))
    text = " ".join(policy.paragraphs)
    clauses, warnings = outline(clean(text), "doc")
    numbered = [one for one in clauses if one.kind in (ClauseKind.CLAUSE, ClauseKind.HEADING)]
    assert [(one.labels, bare(one.text)) for one in numbered] == [
        (path, bare("".join(paragraphs))) for path, paragraphs in policy.units
    ]
    assert bare("".join(one.text for one in clauses)) == without_artefacts(text)
    assert warnings == []
    assert clauses == outline(clean("\n".join(policy.paragraphs)), "doc")[0]
