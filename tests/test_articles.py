"""Articles, what nests in them, and what only names one: every 第N条 once, each cited as lawyers cite it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.clean import clean
from ingest.labels import write_number
from ingest.model import Clause, ClauseKind
from ingest.outline import outline
from tests.fakes_ingest import bare, without_artefacts

LAW = """某市个体工商户登记办法
目  录
第一章  总则
第二章  登记
第一章  总则
第一条  为了规范登记，制定本办法。
第二条  本市适用本办法。
第三条所称企业除外。
第二章  登记
第三条  登记事项包括：
（一）名称；
（二）经营范围：
1.一般项目；
2.许可项目。
第十二条规定的材料，应当齐全。
除前款规定外，还应当登记：
（一）经营者姓名；
（二）住所。
第三条之一  依照第十二条规定可以歇业。
第四条  本办法自2026年3月1日起施行。
"""


def read(text: str) -> list[Clause]:
    return outline(clean(text), "doc")[0]


def paths(text: str) -> list[str]:
    return [" › ".join(one.path) for one in read(text) if one.kind is not ClauseKind.TITLE]


def articles(text: str) -> dict[str, str]:
    """The whole text of each article, with all that is below it."""
    found: dict[str, str] = {}
    for one in read(text):
        for label in one.labels:
            if re.fullmatch(r"第\S+条(?:之.)?", label):
                found[label] = found.get(label, "") + bare(one.text)
    return found


def test_a_law_is_cited_as_lawyers_cite_it() -> None:
    assert paths(LAW) == [
        "目录",
        "第一章 总则",
        "第一章 总则 › 第一条",
        "第一章 总则 › 第二条",
        "第一章 总则 › 第二条第二款",
        "第二章 登记",
        "第二章 登记 › 第三条",
        "第二章 登记 › 第三条第一款第（一）项",
        "第二章 登记 › 第三条第一款第（二）项",
        "第二章 登记 › 第三条第一款第（二）项第1目",
        "第二章 登记 › 第三条第一款第（二）项第2目",
        "第二章 登记 › 第三条第二款",
        "第二章 登记 › 第三条第三款",
        "第二章 登记 › 第三条第三款第（一）项",
        "第二章 登记 › 第三条第三款第（二）项",
        "第二章 登记 › 第三条之一",
        "第二章 登记 › 第四条",
    ]
    assert bare("".join(one.text for one in read(LAW))) == without_artefacts(LAW)


def test_an_article_of_one_paragraph_has_no_first() -> None:
    assert paths("第一条 登记下列事项：\n（一）名称；\n（二）住所。")[1] == "第一条第（一）项"


def test_headings_of_articles_and_entries_stay_in_the_path() -> None:
    text = "第一条 支持对象\n本市企业。\n本市个体工商户。\n（一）落户补贴。给予10万元。\n（二）租金补贴。给予5万元。"
    assert paths(text) == [
        "第一条 支持对象",
        "第一条 支持对象 › 第二款",
        "第一条 支持对象 › 第二款第（一）项 落户补贴",
        "第一条 支持对象 › 第二款第（二）项 租金补贴",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "第三条规定的材料齐全。",
        "第三条第二款规定的材料齐全。",
        "第三条所称企业除外。",
        "第三条、第五条另有规定的除外。",
        "第三条中的期限按工作日计算。",
        "第三条企业除外。",
        "第五条企业除外。",
    ],
)
def test_what_only_names_an_article_begins_none(line: str) -> None:
    text = f"第一条 甲。\n第二条 乙。\n{line}\n第三条 丙。\n第四条 丁。\n第五条 戊。"
    assert articles(text) == {
        "第一条": "第一条甲。",
        "第二条": "第二条乙。" + line,
        "第三条": "第三条丙。",
        "第四条": "第四条丁。",
        "第五条": "第五条戊。",
    }


def test_articles_without_space_behind_their_number() -> None:
    text = "第一条规模较大的企业应当登记。\n第二条项目应当备案。\n第三条约定的除外。\n第四条文化企业适用本办法。"
    assert list(articles(text)) == ["第一条", "第二条", "第三条", "第四条"]


def test_a_missing_article_is_told_and_breaks_nothing() -> None:
    clauses, warnings = outline(clean("第一条 甲。\n第二条 乙。\n第四条 丁。\n第五条 戊。"), "doc")
    assert [one.labels[-1] for one in clauses] == ["第一条", "第二条", "第四条", "第五条"]
    assert warnings == ["line 3: number 第四条 follows 2; see whether a number is missing or twice"]


def test_inserted_articles_leave_no_gap() -> None:
    clauses, warnings = outline(clean("第一条 甲。\n第一条之一 乙。\n第一条之二 丙。\n第二条 丁。"), "doc")
    assert [one.id for one in clauses] == ["doc#第一条", "doc#第一条之一", "doc#第一条之二", "doc#第二条"]
    assert warnings == []


def test_an_attached_document_numbers_its_articles_anew() -> None:
    found = read("甲办法\n第一条 甲。\n第二条 乙。\n附件1\n乙细则\n第一条 丙。\n第二条 丁。")
    assert [one.id for one in found if "条" in one.labels[-1]] == [
        "doc#第一条",
        "doc#第二条",
        "doc#附件1-第一条",
        "doc#附件1-第二条",
    ]


def test_parts_of_a_code_nest() -> None:
    text = "第一编 总则\n第一分编 通则\n第一章 范围\n第一节 一般\n第一条 甲。\n第二编 物权\n第二章 登记\n第二条 乙。"
    assert paths(text)[4] == "第一编 总则 › 第一分编 通则 › 第一章 范围 › 第一节 一般 › 第一条"
    assert paths(text)[-1] == "第二编 物权 › 第二章 登记 › 第二条"


def test_contents_with_pages_and_contents_that_never_come_again() -> None:
    listed = "某办法\n目 录\n第一章 总则……1\n第二章 登记……3\n第一章 总则\n第一条 甲。\n第二章 登记\n第二条 乙。"
    assert paths(listed) == ["目录", "第一章 总则", "第一章 总则 › 第一条", "第二章 登记", "第二章 登记 › 第二条"]
    assert paths("某办法\n目录\n第一条 甲。\n第二条 乙。") == ["目录", "第一条", "第二条"]


def test_a_list_with_paragraphs_in_its_entries_stays_whole() -> None:
    text = "第一条 按下列标准：\n（一）个人。给予1万元。\n分两次拨付。\n（二）企业。给予2万元。\n前款标准逐年调整。"
    assert paths(text) == ["第一条", "第一条第一款第（一）项 个人", "第一条第一款第（二）项 企业", "第一条第二款"]


_SENTENCES = st.sampled_from(
    [
        "企业应当依法登记。",
        "依照第二条规定办理。",
        "第一条所称企业，包括个体工商户。",
        "有下列情形之一的，依照第三条、第四条处理。",
        "本条规定自发布之日起执行。",
    ]
)


@settings(max_examples=150)
@given(
    bodies=st.lists(st.lists(_SENTENCES, min_size=1, max_size=4), min_size=2, max_size=14),
    space=st.sampled_from([" ", "　", "\t", "\n"]),
    chapters=st.booleans(),
)
def test_every_article_is_found_once_with_its_text(bodies: list[list[str]], space: str, chapters: bool) -> None:
    lines, wanted = ["某市登记办法"], {}
    for number, body in enumerate(bodies, 1):
        if chapters and number % 5 == 1:
            lines.append(f"第{write_number(number // 5 + 1)}章 一般规定")
        label = f"第{write_number(number)}条"
        lines += [f"{label}{space}{body[0]}", *body[1:]]
        wanted[label] = label + "".join(body)
    assert articles("\n".join(lines)) == wanted
    kuan = [one for one in read("\n".join(lines)) if one.labels[-1].endswith("款")]
    assert len(kuan) == sum(len(body) - 1 for body in bodies)
