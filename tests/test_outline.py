"""Paragraphs become a tree of clauses: the five documents to the letter, and every style of numbering."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.clean import clean
from ingest.model import Clause, ClauseKind
from ingest.outline import outline
from tests.fakes_ingest import DATA, IDS, bare, clause, parsed, texts, without_artefacts
from tests.strategies_ingest import layouts, policies

TOKENS = (
    *(
        "第一章",
        "第一条",
        "第二条",
        "一、",
        "二、",
        "（一）",
        "(二)",
        "1.",
        "2、",
        "（1）",
        "（2）",
        "①",
        "②",
        "一是",
        "二是",
    ),
    *(
        "附件1",
        "附件：",
        "附件2：",
        "\n",
        "\n",
        "\n",
        "\n",
        "\t",
        "\t",
        "  ",
        "\u3000",
        "。",
        "，",
        "；",
        "：",
        "《",
        "》",
        "（",
        "）",
    ),
    *(
        "2023年8月9日",
        "某县财政局",
        "组 长：",
        "副主任：",
        "张 三 县长",
        "成 员：",
        "XXX 局长",
        "责任单位：",
        "通知",
        "文件",
    ),
    *(
        "岚政办发〔2022〕20号",
        "合计",
        "**",
        "## ",
        "- ",
        "[bookmark: x]",
        "\\",
        "工作目标",
        "web",
        "(此件公开发布)",
        "____",
        "元",
    ),
)


@cache
def gold() -> list[dict[str, object]]:
    lines = (DATA / "outline.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def read(text: str) -> list[Clause]:
    return outline(clean(text), "doc")[0]


def labels(text: str) -> list[str]:
    return ["/".join(clause.labels) for clause in read(text)]


def test_the_gold_outline_has_243_units() -> None:
    assert len(gold()) == 243


@pytest.mark.parametrize("document", IDS)
def test_every_numbered_unit_of_the_five_documents_is_exact(document: str) -> None:
    found = [
        {
            "doc": document,
            "section": one.section,
            "path": list(one.labels),
            "starts": bare(one.text)[:16],
            "ends": bare(one.text)[-16:],
            "chars": len(bare(one.text)),
        }
        for one in parsed(document).clauses
        if one.kind in (ClauseKind.CLAUSE, ClauseKind.HEADING)
    ]
    assert found == [unit for unit in gold() if unit["doc"] == document]


@pytest.mark.parametrize("document", IDS)
def test_units_in_order_are_the_document(document: str) -> None:
    text = without_artefacts(texts()[document])
    clauses = parsed(document).clauses
    assert bare("".join(one.text for one in clauses)) == text
    assert all(bare(one.text) in text for one in clauses)
    assert [one.order for one in clauses] == list(range(len(clauses)))


@pytest.mark.parametrize("document", IDS)
def test_ids_are_unique_and_parents_come_first(document: str) -> None:
    seen: set[str] = set()
    for one in parsed(document).clauses:
        assert one.id not in seen
        assert one.parent_id is None or one.parent_id in seen
        seen.add(one.id)


def test_what_stands_outside_the_numbered_units() -> None:
    kinds = {
        document: Counter(one.kind for one in parsed(document).clauses if one.parent_id is None) for document in IDS
    }
    assert kinds["dalate-2023"][ClauseKind.SIGNATURE] == 1
    assert kinds["lanxian-2022"][ClauseKind.TITLE] == 3  # the letterhead, the notice's, the plan's
    assert kinds["lanxian-2022"][ClauseKind.ATTACHMENT] == 3  # their list and the two
    assert all(count[ClauseKind.TITLE] >= 1 and count[ClauseKind.PREAMBLE] >= 1 for count in kinds.values())
    assert clause("lanxian-2022#文号").text == "岚政办发〔2022〕20号"
    assert clause("lanxian-2022#落款").text == "岚县人民政府办公室\n2022年5月7日\n(此件公开发布)"
    assert clause("dalate-2023#落款").text == "达拉特旗人民政府办公室\n2023年8月9日"
    assert clause("dalate-2023#主送").text == "旗直各相关单位："
    assert clause("ganzhou-2024#标题").text.endswith("（征求意见稿）")
    assert clause("dengkou-2023#导语").text.startswith("为深入贯彻落实《内蒙古自治区人民政府办公厅")
    assert clause("liupanshui-2025#落款").text == "2025年5月21日"


def test_a_path_reads_as_people_read_it() -> None:
    assert clause("dalate-2023#四-五-15").path == ("四、工作举措", "（五）开展“个转企”培育行动", "15")
    assert clause("lanxian-2022#四-三-一是").path[-1] == "一是加大税收优惠和扶持力度"
    assert clause("ganzhou-2024#二-二-5").path[-1] == "5.落实一次性创业补贴"


def test_two_sections_of_one_number_are_told_apart() -> None:
    assert clause("lanxian-2022#四").heading == "工作措施"
    assert clause("lanxian-2022#四~2").heading == "工作要求"
    assert clause("lanxian-2022#四~2-三").path == ("四、工作要求", "（三）精准培育，精准识别")
    _, warnings = outline(clean(texts()["lanxian-2022"]), "doc")
    assert warnings == ["line 230: number 四 follows 4; see whether a number is missing or twice"]


def test_the_table_of_tasks_is_26_rows_and_a_total_each_with_its_header() -> None:
    table = clause("lanxian-2022#附件1-表")
    assert [part.key for part in table.parts] == [*map(str, range(1, 27)), "合计"]
    assert {part.header for part in table.parts} == {"序号\t单位名称\t任务数/户\t备注"}
    assert table.parts[4].text.split("\t")[:3] == ["5", "上明乡", "100"]
    assert table.parts[-1].text.split() == ["合计", "2300"]
    assert all(table.text[part.start : part.end] == part.text for part in table.parts)
    assert table.parent_id == "lanxian-2022#附件1"


def test_the_letter_template_keeps_its_blanks() -> None:
    letter = clause("lanxian-2022#附件2")
    assert letter.heading == "介绍信（模板）"
    assert "（存根）" in letter.text
    assert letter.text.count("_____") > 5


@pytest.mark.parametrize(
    ("identity", "members", "first"),
    [
        ("dalate-2023#二", 26, ("组长1", "阿木尔布拉格")),
        ("dengkou-2023#三", 27, ("组长1", "张俊平")),
        ("lanxian-2022#二-一", 9, ("组长1", "雷海云")),
        ("lanxian-2022#二-二-1", 2, ("组长1", "刘俊杰")),
    ],
)
def test_lists_of_members(identity: str, members: int, first: tuple[str, str]) -> None:
    one = clause(identity)
    assert len(one.parts) == members
    assert one.parts[0].key == first[0]
    assert first[1] in one.parts[0].text
    assert all(one.text[part.start : part.end] == part.text for part in one.parts)
    assert len({part.key for part in one.parts}) == members


def test_rows_with_the_same_first_cell_have_keys_of_their_own() -> None:
    rows = "一、任务\n乡镇\t任务\n东村镇\t1\n东村镇\t2\n\t3\n乡镇\t任务\n合计\t6"
    table = read(rows)[-1]
    assert [part.key for part in table.parts] == ["东村镇", "东村镇~2", "第3行", "合计"]


def test_text_behind_a_table_stays_behind_it() -> None:
    text = "一、任务如下：\n乡镇\t任务\n东村镇\t1\n以上任务年底前完成。\n按月通报。\n二、要求"
    clauses = read(text)
    assert [one.id for one in clauses] == ["doc#一", "doc#一-表", "doc#一-续", "doc#二"]
    assert clauses[2].text == "以上任务年底前完成。\n按月通报。"


def test_sites_put_a_table_above_the_title() -> None:
    clauses = read("索引号\t1234\n发布机构\t县政府办\n某县促进发展的若干措施\n一、目标\n发展。")
    assert [one.kind for one in clauses][:2] == [ClauseKind.TABLE, ClauseKind.TITLE]


def test_dates_and_names_below_a_title_are_not_the_title() -> None:
    title, *_ = read(
        "某市优化营商环境条例\n（2022年12月6日某市人民代表大会常务委员会通过）\n发布机关：某市人大\n第一条 为了发展。"
    )
    assert title.text == "某市优化营商环境条例"


def test_several_issuers_sign_together() -> None:
    clauses = read("一、目标\n发展。\n某县财政局\n某县税务局\n2023年8月9日\n某县办公室\n关于印发方案的通知")
    assert clauses[1].text == "某县财政局\n某县税务局\n2023年8月9日"
    assert clauses[2].kind is ClauseKind.TITLE


def test_a_figure_at_the_beginning_of_a_line_is_no_label_out_of_turn() -> None:
    assert labels("一、目标\n12.此处不是编号。\n三是也不是编号。\n二、要求") == ["一", "二"]


def test_a_gap_in_the_numbers_is_told() -> None:
    clauses, warnings = outline(clean("1.甲项工作。\n2.乙项工作。\n4.丁项工作。"), "doc")
    assert [one.labels[-1] for one in clauses] == ["1", "2", "4"]
    assert warnings == ["line 3: number 4 follows 2; see whether a number is missing or twice"]


def test_a_text_without_numbers_is_told() -> None:
    assert "no numbered units" in outline(clean("某县通知\n请各单位抓紧落实。"), "doc")[1][0]


def test_ids_stay_unique_where_styles_share_their_numbers() -> None:
    clauses = read("一、甲\n（一）乙\n附件1\n一、丙\n一、丁\n附件2\n")
    again = read("（一）甲。\n一、乙。\n一、丙。\n（一）丁。")
    for found in (clauses, again):
        assert len({one.id for one in found}) == len(found)


@settings(max_examples=150)
@given(st.data())
def test_every_style_of_numbering_in_every_layout(data: st.DataObject) -> None:
    policy = data.draw(policies())
    text = data.draw(layouts(policy))
    clauses, warnings = outline(clean(text), "doc")
    numbered = [one for one in clauses if one.kind in (ClauseKind.CLAUSE, ClauseKind.HEADING)]
    assert [(one.labels, bare(one.text)) for one in numbered] == [
        (path, bare("".join(paragraphs))) for path, paragraphs in policy.units
    ]
    assert bare("".join(one.text for one in clauses)) == without_artefacts(text)
    assert warnings == []


@settings(max_examples=300)
@given(st.lists(st.sampled_from(TOKENS), max_size=40).map("".join))
def test_no_text_loses_a_character_or_shares_an_id(text: str) -> None:
    clauses = read(text)
    assert bare("".join(one.text for one in clauses)) == without_artefacts(text)
    assert len({one.id for one in clauses}) == len(clauses)
    for one in clauses:
        assert len({part.key for part in one.parts}) == len(one.parts)
        assert all(one.text[part.start : part.end] == part.text for part in one.parts)


def test_attachments_of_a_notice_without_numbers_have_articles_of_their_own() -> None:
    notice = "关于印发两个办法的通知\n各乡镇人民政府：\n现印发给你们，请执行。\n某县人民政府\n2024年3月5日\n"
    clauses = read(f"{notice}附件1\n补贴办法\n第一条 甲。\n第二条 乙。\n附件2\n减免办法\n第一条 丙。\n")
    assert [(one.path, one.text) for one in clauses if one.labels[-1].endswith("条")] == [
        (("附件1 补贴办法", "第一条"), "第一条 甲。"),
        (("附件1 补贴办法", "第二条"), "第二条 乙。"),
        (("附件2 减免办法", "第一条"), "第一条 丙。"),
    ]


def test_a_mark_of_the_end_closes_the_last_article() -> None:
    clauses = read("某指引\n第一条 甲。\n第二条 自公布之日起施行。（完）\n有关负责人答记者问。\n一、背景是什么？\n")
    assert [one.text for one in clauses if "第二条" in one.labels] == ["第二条 自公布之日起施行。"]
    assert [one.labels for one in clauses[-3:]] == [("版记",), ("导语",), ("一",)]


def test_a_title_is_no_part_of_the_letterhead_above_it() -> None:
    clauses = read("某县财政局\n某县税务局文件\n关于减税的通知\n各乡镇：\n一、减税。\n")
    assert [(one.labels[-1], one.text) for one in clauses[:3]] == [
        ("版头", "某县财政局\n某县税务局文件"),
        ("标题", "关于减税的通知"),
        ("主送", "各乡镇："),
    ]


def test_a_line_that_breaks_off_is_no_heading() -> None:
    clauses, _ = outline(clean("某办法\n第一条 按年利率2%贴息，\n最高2万元。\n", whole=True), "doc")
    assert (clauses[-1].path, clauses[-1].heading) == (("第一条",), "")


def test_tables_alone_are_nothing_odd_and_each_sheet_has_its_name() -> None:
    table = "补贴目录\n项目\t标准\n创业\t5000\n注：一次性。\n# 联系方式\n单位\t电话\n县人社局\t1\n"
    clauses, warnings = outline(clean(table, whole=True), "doc")
    assert warnings == []
    assert [(one.kind, one.text.split("\n")[0]) for one in clauses if one.kind is ClauseKind.TITLE] == [
        (ClauseKind.TITLE, "补贴目录"),
        (ClauseKind.TITLE, "联系方式"),
    ]


@pytest.mark.parametrize("head", ["附件1：补贴办法", "附件１\n补贴办法", "附件 1 补贴办法", "附 件 1：\n补贴\n办法"])
def test_heads_of_attachments_behind_the_signature(head: str) -> None:
    clauses = read(f"关于印发办法的通知\n各乡镇：\n附件1：补贴办法\n某县人民政府\n2024年3月5日\n{head}\n第一条 甲。\n")
    assert [one.path for one in clauses[-2:]] == [("附件1 补贴办法",), ("附件1 补贴办法", "第一条")]


def test_the_commencement_below_the_last_entry_belongs_to_no_entry() -> None:
    text = "岚县决定\n一、修改：\n（一）增加一条。\n（二）删去一款。\n{}"
    clauses, _ = outline(clean(text.format("本决定自公布之日起施行。")), "doc")
    assert [one.labels for one in clauses][-2:] == [("一", "（二）"), ("续",)]
    clauses, _ = outline(clean(text.format("本决定所称条，是指条文。")), "doc")
    assert clauses[-1].labels == ("一", "（二）")
