"""Lines become paragraphs: what a converter did is undone, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.clean import clean
from tests.fakes_ingest import IDS, bare, texts, without_artefacts
from tests.strategies_ingest import Policy, layouts, plain_layouts, policies, wrapped_layouts

WRAPPED = """为贯彻落实上级关于促进个体工商户发展的决策部署，结合我县
实际，制定本方案。为贯彻落实上级关于促进个体工商户发展的决
策部署，支持小微企业和个体工商户持续健康发展，经县人民政府

研究同意，现就有关事项通知如下，请各部门认真抓好贯彻落实，
确保取得实效。
一、落实创业担保贷款政策，对符合条件的个体工商户提供不超过
30 万元的贷款，由县财政局按规定给予贴息，期限最长不超过 3
年。各部门要加强宣传，简化手续，提高办理效率。（责任单位：
县财政局、县人社局）
二、落实场地补贴政策，对租用经营场地创业的高校毕业生给予每
月 500 元补贴，最长不超过三年。
"""


def paragraphs(text: str) -> list[str]:
    return [paragraph.text for paragraph in clean(text)]


def test_hard_wraps_are_undone_and_blank_lines_between_them_too() -> None:
    joined = paragraphs(WRAPPED)
    assert [text[:4] for text in joined] == ["为贯彻落", "一、落实", "二、落实"]
    assert "（责任单位：县财政局、县人社局）" in joined[1]


def test_spaces_that_pdf_extraction_puts_around_figures_go() -> None:
    assert "不超过30万元的贷款" in paragraphs(WRAPPED)[1]
    assert "每月500元补贴" in paragraphs(WRAPPED)[2]


def test_blanks_stay() -> None:
    assert paragraphs("新增高新技术企业    家以上，示范家庭农牧场_____个。") == [
        "新增高新技术企业    家以上，示范家庭农牧场_____个。"
    ]


def test_a_page_break_in_mid_sentence_is_undone() -> None:
    lines = WRAPPED.split("\n")
    lines[2] = f"\f{lines[2]}"
    assert paragraphs("\n".join(lines)) == paragraphs(WRAPPED)


def test_lines_that_are_whole_paragraphs_stay_apart() -> None:
    assert paragraphs("一、总体要求\n（一）指导思想\n坚持发展。\n（二）目标\n") == [
        "一、总体要求",
        "（一）指导思想",
        "坚持发展。",
        "（二）目标",
    ]


def test_a_title_with_a_list_in_it_stays_apart_from_the_preamble() -> None:
    assert len(paragraphs("关于支持小店、小摊发展的若干措施\n为促进发展，制定本措施。")) == 2


def test_list_of_departments_on_the_next_line_stays_whole() -> None:
    assert (
        paragraphs("支持创业。\n（责任单位：县发改局、\n县人社局、各镇人民政府)")[-1]
        == "（责任单位：县发改局、县人社局、各镇人民政府)"
    )


def test_a_bracket_that_goes_on_with_a_number_begins_no_unit() -> None:
    lines = [
        *(["支持小店发展支持小店发展支持小店发展支持小店发展支持小店"] * 12),
        f"{'使用' * 11}材料（见附件",
        "1）的要求。",
    ]
    assert paragraphs("\n".join(lines))[0].endswith("材料（见附件1）的要求。")


def test_the_number_of_a_document_goes_on_with_its_year() -> None:
    lines = [
        *(["支持小店发展支持小店发展支持小店发展支持小店发展支持小店"] * 12),
        "《小店办法》（某政办发",
        "〔2020〕41号）同时废止。",
    ]
    assert paragraphs("\n".join(lines))[-1].endswith("（某政办发〔2020〕41号）同时废止。")


def test_lost_line_ends_come_back_before_spaces_at_figures_go() -> None:
    assert paragraphs("一、金融支持 1．加大投放。 2．降低成本。") == ["一、金融支持", "1．加大投放。", "2．降低成本。"]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("## **（二）机构设置**", "（二）机构设置"),
        ("[bookmark: _GoBack]2.提高水平", "2.提高水平"),
        ("[bookmark: _Toc]## 一、总则", "一、总则"),
        ("- 附件：1. 分解表", "附件：1. 分解表"),
        (r"\_\_\_年\_月", "___年_月"),
        ("　　全角空格\u3000\r", "全角空格"),
        ("\ufeff标\u200b题", "标题"),
        ("1.\t落实政策", "1. 落实政策"),
        ("1\t东村镇\t180", "1\t东村镇\t180"),
    ],
)
def test_debris_goes(raw: str, text: str) -> None:
    assert paragraphs(raw) == [text]


def test_markdown_headings_are_never_joined() -> None:
    assert paragraphs("## 关于印发，\n## 方案的通知") == ["关于印发，", "方案的通知"]


def test_a_paragraph_knows_its_first_line() -> None:
    assert [paragraph.line for paragraph in clean("\n\n标题\n\n一、目标\n")] == [3, 5]


def test_latin_words_keep_a_space_between_them() -> None:
    lines = [*(["支持小店发展支持小店发展支持小店发展支持小店发展支持小店"] * 12), f"{'使用' * 12}open", "source软件。"]
    assert paragraphs("\n".join(lines))[0].endswith("使用open source软件。")


def test_a_role_begins_a_line_of_its_own_even_where_a_bracket_was_left_open() -> None:
    assert paragraphs("为推进《三年计划落实，人员如下：\n组 长：张 三 县长")[1] == "组 长：张 三 县长"


@pytest.mark.parametrize("document", IDS)
def test_nothing_is_lost_or_invented_in_the_five_documents(document: str) -> None:
    assert bare("".join(paragraphs(texts()[document]))) == without_artefacts(texts()[document])


@settings(max_examples=60)
@given(st.data())
def test_nothing_is_lost_or_invented_in_any_layout(data: st.DataObject) -> None:
    text = data.draw(layouts(data.draw(policies())))
    assert bare("".join(paragraphs(text))) == without_artefacts(text)


@settings(max_examples=60)
@given(st.data())
def test_paragraphs_come_back_from_wrapped_lines(data: st.DataObject) -> None:
    policy: Policy = data.draw(policies())
    text = data.draw(wrapped_layouts(policy))
    assert paragraphs(text)[0] == policy.paragraphs[0]
    # A line may be full and end in a full stop as well: then a paragraph comes back in two.
    assert {bare(p) for p in policy.paragraphs if p.count("。") <= 1} <= {bare(p) for p in paragraphs(text)}


@settings(max_examples=60)
@given(st.data())
def test_paragraphs_come_back_from_marked_lines(data: st.DataObject) -> None:
    policy: Policy = data.draw(policies())
    text = data.draw(plain_layouts(policy))
    assert [bare(p) for p in paragraphs(text)] == [bare(p) for p in policy.paragraphs]


def test_page_numbers_between_dashes_and_comments_go() -> None:
    text = "第一条 甲应当登记。\n- 1 -\n<!-- INFO END -->\n— 12 —\n第二条 乙应当登记。"
    assert [one.text for one in clean(text)] == ["第一条 甲应当登记。", "第二条 乙应当登记。"]
