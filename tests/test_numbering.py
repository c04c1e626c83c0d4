"""Numbers as Word writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.labels import parse_number
from ingest.loaders.docx import load_docx
from ingest.loaders.numbering import write_number
from tests.fakes_files import make_docx, numbered, p


@pytest.mark.parametrize(
    ("number", "style", "text"),
    [
        (10, "chineseCountingThousand", "十"), (12, "chineseCounting", "十二"), (105, "chineseCounting", "一百零五"),
        (110, "chineseCounting", "一百一十"),
        (1010, "chineseCounting", "一千零一十"), (3, "ideographTraditional", "丙"),
        (12, "chineseLegalSimplified", "壹拾贰"), (7, "decimalEnclosedCircleChinese", "⑦"), (4, "upperRoman", "IV"),
        (27, "lowerLetter", "aa"), (5, "decimalFullWidth", "５"), (5, "decimalZero", "05"), (5, "unheardOf", "5"),
        (20, "ideographDigital", "二〇"), (0, "upperRoman", "0"), (99999, "chineseCounting", "99999"),
    ],
)  # fmt: skip
def test_formats(number: int, style: str, text: str) -> None:
    assert write_number(number, style).replace("拾", "拾") == text


@given(st.integers(1, 9999))
def test_chinese_numbers_are_read_back(number: int) -> None:
    assert parse_number(write_number(number, "chineseCounting")) == number


def level(depth: int, style: str, text: str, more: str = "") -> str:
    start = '<w:start w:val="1"/>'
    return f'<w:lvl w:ilvl="{depth}">{start}<w:numFmt w:val="{style}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


ARTICLES = level(0, "chineseCountingThousand", "第%1条", '<w:suff w:val="space"/>') + level(
    1, "chineseCountingThousand", "（%2）"
)
LISTS = (
    f'<w:abstractNum w:abstractNumId="0">{ARTICLES}</w:abstractNum>'
    f'<w:abstractNum w:abstractNumId="1">{level(0, "decimal", "%1.") + level(1, "decimal", "%1.%2")}</w:abstractNum>'
    f'<w:abstractNum w:abstractNumId="2">{level(0, "bullet", "•")}</w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num><w:num w:numId="4"><w:abstractNumId w:val="0"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
)


def lines(*paragraphs: str, **parts: str) -> list[str]:
    return load_docx(make_docx("".join(paragraphs), numbering=LISTS, **parts)).text.split("\n")


def test_levels_count_begin_again_and_show_those_above() -> None:
    told = lines(
        numbered("支持对象", 1), numbered("农户", 1, 1), numbered("商户", 1, 1), p("说明。"), numbered("支持标准", 1),
        numbered("贷款", 1, 1), numbered("总则", 2), numbered("目的", 2, 1), numbered("要点", 3),
    )  # fmt: skip
    assert told == [
        "第一条 支持对象", "（一）农户", "（二）商户", "说明。", "第二条 支持标准", "（一）贷款", "1. 总则",
        "1.1 目的", "要点",
    ]  # fmt: skip


def test_a_list_that_starts_anew_does_so_once() -> None:
    told = lines(numbered("甲", 1), numbered("乙", 4), numbered("丙", 4), numbered("丁", 1))
    assert told == ["第一条 甲", "第一条 乙", "第二条 丙", "第三条 丁"]


def test_a_style_numbers_its_paragraphs_and_one_may_be_exempt() -> None:
    styles = (
        '<w:style w:styleId="base"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr>'
        "</w:style>"
        '<w:style w:styleId="article"><w:basedOn w:val="base"/></w:style>'
    )
    exempt = '<w:pStyle w:val="article"/><w:numPr><w:numId w:val="0"/></w:numPr>'
    told = lines(p("对象", '<w:pStyle w:val="article"/>'), p("前言", exempt), styles=styles)
    assert told == ["# 第一条 对象", "# 前言"]


def test_an_empty_paragraph_takes_no_number() -> None:
    assert lines(numbered("", 1), numbered("甲", 1)) == ["", "第一条 甲"]
