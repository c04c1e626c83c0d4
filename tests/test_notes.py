"""What stands around a title: who passed a law and when, a site's facts, who gets a copy."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.issuers import is_national, join_issuers, split_issuers
from ingest.loaders.loaded import Loaded
from ingest.manifest import ManifestRow
from ingest.model import NATION, Document, LegalStatus
from ingest.notes import is_note_line
from ingest.parse import parse
from tests.fakes_ingest import gazetteer, lexicon, parse_text

BODY = "第一章 总则\n第一条 为了规范登记，制定本条例。\n第二条 本条例自2020年1月1日起施行。"


def document(head: str, foot: str = "") -> Document:
    return parse_text(f"{head}\n{BODY}\n{foot}").document


@pytest.mark.parametrize(
    ("head", "title", "issuer", "number", "issued_on", "code"),
    [
        (
            "中华人民共和国登记条例\n（2021年7月27日中华人民共和国国务院令第746号公布）",
            "中华人民共和国登记条例", "国务院", "中华人民共和国国务院令第746号", date(2021, 7, 27), NATION,
        ),
        (
            "中华人民共和国某法\n（1994年7月5日第八届全国人民代表大会常务委员会第八次会议通过　根据2009年8月27日第十"
            "一届全国人民代表大会常务委员会第十次会议《关于修改部分法律的决定》第一次修正\n根据2018年12月29日第十三届全国人民"
            "代表大会常务委员会第七次会议《关于修改某法的决定》第二次修正）",
            "中华人民共和国某法", "全国人民代表大会常务委员会", None, date(2018, 12, 29), NATION,
        ),
        (
            "北京市某条例\n2001年8月3日 北京市第十一届人民代表大会常务委员会第二十八次会议通过\n\n2016年11月25日 北京"
            "市第十四届人民代表大会常务委员会第三十一次会议通过的《关于修改部分地方性法规的决定》修正",
            "北京市某条例", "北京市人民代表大会常务委员会", None, date(2016, 11, 25), "110000",
        ),
        (
            "中华人民共和国国务院令\n第755号\n《中华人民共和国某条例》已经2024年2月23日国务院第26次常务会议通过，现予公布，"
            "自2024年7月1日起施行。\n总理 某某\n2024年3月15日\n中华人民共和国某条例",
            "中华人民共和国某条例", "国务院", "中华人民共和国国务院令第755号", date(2024, 3, 15), NATION,
        ),
        (
            "财政部 税务总局关于支持小微企业的公告\n财政部 税务总局公告2023年第12号",
            "财政部税务总局关于支持小微企业的公告", "财政部、税务总局", "财政部税务总局公告2023年第12号", None, NATION,
        ),
        (
            "鄂尔多斯市财政局\n鄂尔多斯市人力资源\n和社会保障局关于印发《某办法》的通知\n鄂财规〔2023〕1号",
            "鄂尔多斯市财政局鄂尔多斯市人力资源和社会保障局关于印发《某办法》的通知",
            "鄂尔多斯市财政局、鄂尔多斯市人力资源和社会保障局", "鄂财规〔2023〕1号", None, "150600",
        ),
        (
            "发布机构：岚县人民政府办公室\n发文字号：岚政办发〔2022〕20号\n成文日期：2022年5月7日\n发布日期：2022-05-09\n某登记办法",
            "某登记办法", "岚县人民政府办公室", "岚政办发〔2022〕20号", date(2022, 5, 7), "141127",
        ),
        (
            "索引号\t1234\t发布机构\t岚县人民政府办公室\n成文日期\t2022-05-07\t文号\t岚政办发〔2022〕20号\n某登记办法",
            "某登记办法", "岚县人民政府办公室", "岚政办发〔2022〕20号", date(2022, 5, 7), "141127",
        ),
        (
            "小店办法\n（2021年5月10日成都高新区管委会第8次会议通过　根据2025年8月20日成都高新区管委会第15次会议修订）",
            "小店办法", "成都高新区管委会", None, date(2025, 8, 20), "510102",
        ),
        (
            "中华人民共和国国务院令（第999号）\n《小店条例》已经2024年2月2日国务院第26次常务会议通过，现予公布。\n小店条例",
            "小店条例", "国务院", "中华人民共和国国务院令第999号", None, NATION,
        ),
    ],
)  # fmt: skip
def test_what_a_head_tells(
    head: str, title: str, issuer: str, number: str | None, issued_on: date | None, code: str
) -> None:
    one = document(head)
    assert (one.title, one.issuer, one.number, one.issued_on) == (title, issuer, number, issued_on)
    assert one.place is not None
    assert one.place.code == code


def test_issuers_sign_together() -> None:
    one = document("某办法", "岚县财政局 岚县税务局\n岚县人民银行\n2022年5月7日")
    assert (one.issuer, one.issued_on) == ("岚县财政局、岚县税务局、岚县人民银行", date(2022, 5, 7))


def test_whom_to_ask_below_a_signature_keeps_the_title_behind_it() -> None:
    notice = (
        "关于印发岚县某办法的通知\n各乡镇：\n现印发给你们。\n岚县财政局\n2022年5月7日\n（联系人：某科；联系电话：0000）"
    )
    clauses = parse_text(f"{notice}\n岚县某办法\n{BODY}").clauses
    told = [(one.labels[-1], one.text.split("\n")[-1]) for one in clauses if one.kind in ("signature", "title")]
    assert told[1:] == [("落款", "（联系人：某科；联系电话：0000）"), ("标题", "岚县某办法")]


def test_a_line_that_opens_a_decision_addresses_nobody() -> None:
    clauses = parse_text("岚县人民政府关于清理文件的决定\n经2023年11月3日会议研究，决定：\n一、废止两件。").clauses
    assert [one.labels[-1] for one in clauses] == ["标题", "导语", "一"]


def test_an_imprint_is_neither_text_nor_date() -> None:
    foot = "岚县财政局\n2022年5月7日\n抄送：县委办公室。\n岚县财政局办公室\n2022年5月9日印发"
    parsed = parse_text(f"某办法\n{BODY}\n{foot}")
    assert parsed.document.issued_on == date(2022, 5, 7)
    assert [one.labels[-1] for one in parsed.clauses][-2:] == ["落款", "版记"]
    assert parsed.clauses[-1].text.endswith("印发")


def test_a_site_says_that_a_document_is_over() -> None:
    assert document("有效性：已废止\n某办法").status is LegalStatus.REPEALED
    assert document("有效性：有效\n某办法").status is LegalStatus.ISSUED


def test_a_title_that_only_the_file_has() -> None:
    text = f"（2007年6月29日第十届全国人民代表大会常务委员会第二十八次会议通过）\n{BODY}"
    assert titled("中华人民共和国某法(2007-06-29).docx", text) == "中华人民共和国某法"
    table = "序号\t事项\t标准\n1\t创业补贴\t5000元"
    assert titled("岚县惠企政策清单（2025年版）.csv", table) == "岚县惠企政策清单（2025年版）"


def titled(file: str, text: str) -> str:
    row = ManifestRow(file=file, id="doc")
    return parse(Loaded(text), row, "digest", gazetteer(), lexicon()).document.title


def test_a_document_of_national_scope_is_the_nations() -> None:
    one = parse_text("某机构管理指引\n第一条 为了管理。\n第二条 本指引适用于在中华人民共和国境内设立的机构。").document
    assert one.place is not None
    assert one.place.code == NATION


@pytest.mark.parametrize(
    ("name", "national"),
    [
        ("国务院办公厅", True),
        ("财政部", True),
        ("税务总局", True),
        ("国家税务总局", True),
        ("国家税务总局内蒙古自治区税务局", False),
        ("中国人民银行", True),
        ("全国人民代表大会常务委员会", True),
        ("旗财政局", False),
        ("国家级开发区管委会", False),
        ("商务局", False),
    ],
)
def test_who_speaks_for_the_country(name: str, national: bool) -> None:
    assert is_national(name) is national


def test_names_that_run_together_and_names_in_two_lines() -> None:
    assert split_issuers("财政部税务总局海关总署") == ["财政部", "税务总局", "海关总署"]
    assert split_issuers("某市人力资源\n和社会保障局") == ["某市人力资源和社会保障局"]
    assert split_issuers("某市若干措施") == []
    assert join_issuers(["中华人民共和国财政部", "财政部", "税务总局"]) == "财政部、税务总局"


@pytest.mark.parametrize(
    ("line", "noted"),
    [
        ("（2022年12月6日某市人民代表大会常务委员会通过）", True),
        ("发布日期：2023-08-09", True),
        ("2022年5月7日，县政府印发了通知。现补充如下：", False),
        ("责任单位：县财政局", False),
        ("一、2022年印发方案", False),
    ],
)
def test_notes_by_their_form(line: str, noted: bool) -> None:
    assert is_note_line(line) is noted
