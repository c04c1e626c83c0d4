"""What the five documents say about themselves, and what small invented ones do."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.document_numbers import normal_number
from ingest.metadata import read_metadata
from ingest.model import NATION, LegalStatus, Reference
from tests.fakes_ingest import IDS, gazetteer, parse_text, parsed

NOTICE = """{head}某县人民政府办公室关于{title}

各乡镇人民政府：
为促进发展，制定本方案。
一、支持达拉特旗的个体工商户。
二、支持达拉特旗、岚县、达拉特旗的企业。
{foot}"""


def notice(title: str = "做好歇业备案的通知", head: str = "", foot: str = "") -> str:
    return NOTICE.format(title=title, head=head, foot=foot)


@pytest.mark.parametrize(
    ("document", "title", "issuer", "number", "issued_on", "status", "code", "path"),
    [
        (
            "dalate-2023",
            "达拉特旗人民政府办公室关于印发《小微企业和个体工商户三年成长计划（2023-2025年）实施方案》的通知",
            "达拉特旗人民政府办公室", None, date(2023, 8, 9), LegalStatus.ISSUED, "150621",
            ("内蒙古自治区", "鄂尔多斯市", "达拉特旗"),
        ),
        (
            "dengkou-2023",
            "磴口县贯彻落实内蒙古自治区小微企业个体工商户三年成长计划（2023—2025年）实施方案（征求意见稿）",
            None, None, None, LegalStatus.DRAFT, "150822", ("内蒙古自治区", "巴彦淖尔市", "磴口县"),
        ),
        (
            "ganzhou-2024",
            "甘州区扶持个体工商户发展联席会议办公室关于做好2024年度扶持个体工商户发展的通知（征求意见稿）",
            "甘州区扶持个体工商户发展联席会议办公室", None, None, LegalStatus.DRAFT, "620702",
            ("甘肃省", "张掖市", "甘州区"),
        ),
        (
            "lanxian-2022",
            "岚县人民政府办公室关于印发《岚县优化营商环境实施个体工商户培育及完善信用监管机制工作实施方案》的通知",
            "岚县人民政府办公室", "岚政办发〔2022〕20号", date(2022, 5, 7), LegalStatus.ISSUED, "141127",
            ("山西省", "吕梁市", "岚县"),
        ),
        (
            "liupanshui-2025", "关于促进个体工商户高质量发展的若干措施（征求意见稿）", None, None, date(2025, 5, 21),
            LegalStatus.DRAFT, "520200", ("贵州省", "六盘水市"),
        ),
    ],
)  # fmt: skip
def test_the_five_documents(
    document: str,
    title: str,
    issuer: str | None,
    number: str | None,
    issued_on: date | None,
    status: LegalStatus,
    code: str,
    path: tuple[str, ...],
) -> None:
    one = parsed(document).document
    assert (one.title, one.issuer, one.number, one.issued_on, one.status) == (title, issuer, number, issued_on, status)
    assert one.place is not None
    assert (one.place.code, one.place.path) == (code, path)
    assert one.place.chain[0] == code
    assert one.place.chain[-1] == NATION
    assert len(one.place.chain) == len(path) + 1


def test_periods_in_titles() -> None:
    periods = {document: parsed(document).document.period for document in IDS}
    assert {document: period and (period.begins, period.ends) for document, period in periods.items()} == {
        "dalate-2023": (date(2023, 1, 1), date(2025, 12, 31)),
        "dengkou-2023": (date(2023, 1, 1), date(2025, 12, 31)),
        "ganzhou-2024": (date(2024, 1, 1), date(2024, 12, 31)),
        "lanxian-2022": None,
        "liupanshui-2025": None,
    }


def test_attachments() -> None:
    attachments = {document: parsed(document).document.attachments for document in IDS}
    assert attachments.pop("lanxian-2022") == ("岚县个体工商户培育行动工作任务分解表", "介绍信（模板）")
    assert set(attachments.values()) == {()}


def test_references() -> None:
    references = {document: parsed(document).document.references for document in IDS}
    assert references["dalate-2023"] == (
        Reference(
            "内蒙古自治区人民政府办公厅关于印发<小微企业个体工商户三年成长计划（2023-2025）>的通知",
            "内政办发〔2023〕30号",
        ),
        Reference(
            "鄂尔多斯市观察窗落实自治区小微企业和个体工商户是是是三年成长计划（2023-2025年）实施方案",
            "鄂府办发〔2023〕72号",
        ),
    )
    assert references["dengkou-2023"][0].number == "内政办发〔2023〕30号"
    assert [one.title for one in references["dengkou-2023"]][1] == "促进个体工商户发展条例"
    assert references["ganzhou-2024"][0] == Reference(
        "关于开展个体工商户分型分类精准帮扶提升发展质量的指导意见", "国市监注发〔2024〕10号"
    )
    assert [one.title for one in references["ganzhou-2024"]][1:] == [
        "中共中央国务院关于促进民营经济发展壮大的意见",
        "促进个体工商户发展条例",
        "甘肃省市场主体住所（经营场所）登记管理办法",
        "政府采购促进中小企业发展管理办法",
    ]
    assert references["lanxian-2022"] == ()
    assert [one.title for one in references["liupanshui-2025"]] == ["民营经济促进法", "促进个体工商户发展条例"]


def test_what_is_in_doubt_is_told() -> None:
    warnings = {document: parsed(document).document.warnings for document in IDS}
    no_date = "no date: no signature with a full date; give issued_on in the manifest if there is one"
    assert warnings["dengkou-2023"] == warnings["ganzhou-2024"] == (no_date,)
    assert warnings["dalate-2023"] == warnings["liupanshui-2025"] == ()


@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("印发方案的通知", LegalStatus.ISSUED),
        ("印发方案的通知（征求意见稿）", LegalStatus.DRAFT),
        ("公开征求意见的公告", LegalStatus.DRAFT),
        ("印发方案的通知（已废止）", LegalStatus.REPEALED),
    ],
)
def test_status(title: str, status: LegalStatus) -> None:
    assert parse_text(notice(title)).document.status is status


def test_the_place_of_the_issuer_comes_first_then_that_of_the_text() -> None:
    issued = notice().replace("某县", "磴口县")
    assert parse_text(issued).document.place == parsed("dengkou-2023").document.place
    nameless = notice().replace("某县人民政府办公室", "")
    assert parse_text(nameless).document.place == parsed("dalate-2023").document.place


def test_an_ambiguous_place_is_left_open_and_told() -> None:
    document = parse_text(notice().replace("某县", "朝阳区")).document
    assert document.place is None
    (doubt,) = [warning for warning in document.warnings if "place" in warning]
    assert "北京市朝阳区" in doubt
    assert doubt.endswith("name the place in the manifest")


def test_an_unknown_place_is_told_and_the_manifest_settles_it() -> None:
    text = "关于促进发展的措施\n一、支持发展。"
    document = parse_text(text).document
    assert document.place is None
    assert any(warning.startswith("unknown place") for warning in document.warnings)
    settled = parse_text(text, place="甘州区").document
    assert settled.place == parsed("ganzhou-2024").document.place
    assert not any("place" in warning for warning in settled.warnings)


def test_number_and_date_of_the_document_not_of_its_attachment() -> None:
    text = notice(head="某政办发[2023] 8 号\n", foot="某县人民政府办公室\n2023年8月9日\n附件1\n承诺书\n2020年1月1日\n")
    document = parse_text(text).document
    assert (document.number, document.issued_on) == ("某政办发〔2023〕8号", date(2023, 8, 9))


def test_a_law_has_the_number_of_its_order() -> None:
    text = "中华人民共和国国务院令\n第746号\n市场主体登记管理条例\n第一条 为了规范。"
    assert parse_text(text).document.number == "中华人民共和国国务院令第746号"


def test_attachments_without_a_list_are_named_by_their_headings() -> None:
    text = notice(foot="附件1\n任务分解表\n乡镇\t任务\n附件2\n介绍信\n")
    assert parse_text(text).document.attachments == ("任务分解表", "介绍信")


def test_attachments_on_a_page_are_named_without_the_type_of_their_files() -> None:
    text = notice(foot="附件下载：1.申请表.docx\n2.名单.XLS\n某县人民政府\n2024年3月5日\n")
    assert parse_text(text).document.attachments == ("申请表", "名单")


def test_a_text_without_a_title_goes_by_its_first_words() -> None:
    assert parse_text("一、支持个体工商户发展。").document.title == "一、支持个体工商户发展。"
    text = "某县政策解读：《扶持办法》\n日期：2025-02-11　来源：办公室\n问：谁可以申请？\n答：商户。"
    assert parse_text(text).document.title == "某县政策解读：《扶持办法》"


def test_a_number_has_one_form() -> None:
    assert (
        normal_number("国市监注发 [2024] 10 号") == normal_number("国市监注发（2024）10号") == "国市监注发〔2024〕10号"
    )


def test_joint_issuers_with_two_numbers_and_a_date_in_figures() -> None:
    text = (
        "霍山县财政局 霍山县人力资源和社会保障局\n关于做好贴息工作的通知\n霍财〔2024〕15号　霍人社〔2024〕22号\n"
        "各乡镇：\n一、本通知自2024.4.1起执行。\n霍山县财政局　　霍山县人力资源和社会保障局\n2024.3.5\n"
    )
    document = parse_text(text).document
    assert document.title == "霍山县财政局霍山县人力资源和社会保障局关于做好贴息工作的通知"
    assert document.issuer == "霍山县财政局、霍山县人力资源和社会保障局"
    assert (document.number, document.issued_on) == ("霍财〔2024〕15号、霍人社〔2024〕22号", date(2024, 3, 5))
    assert document.period
    assert document.period.begins == date(2024, 4, 1)


def test_the_letterhead_tells_the_place_that_an_office_does_not() -> None:
    text = "岚县人民政府文件\n{}关于用工补贴的通知\n各企业：\n一、给予补贴。\n{}2024年3月5日\n"
    office = "县人力资源和社会保障局办公室\n"
    document = parse_text(text.format(office, office)).document
    assert (document.title, document.issuer) == (
        "县人力资源和社会保障局办公室关于用工补贴的通知",
        "县人力资源和社会保障局办公室",
    )
    assert document.place
    assert document.place.name == "岚县"
    assert parse_text(text.format("", "")).document.issuer == "岚县人民政府"


def test_regions_that_are_only_spoken_of_are_no_place() -> None:
    text = "登记申请书\n1.台湾省居民、香港特别行政区居民和澳门特别行政区居民另填一表。\n2.在厦门市经营的，填写地址。\n"
    place = parse_text(text).document.place
    assert place
    assert place.name == "厦门市"


@pytest.mark.parametrize("mark", ["（已失效）", "（失效）", "【已废止】", "（现已废止）"])
def test_a_title_tells_that_a_document_is_over(mark: str) -> None:
    assert parse_text(f"岚县补贴办法{mark}\n第一条 给予补贴。\n").document.status is LegalStatus.REPEALED


def test_the_name_of_the_file_and_the_table_above_the_title_tell_what_the_text_does_not() -> None:
    text = "岚县开业办法\n第一条 给予补贴。\n"
    clauses = list(parse_text(text).clauses)
    assert read_metadata(clauses, gazetteer(), "岚县开业办法(2021-07-27).txt").issued_on == date(2021, 7, 27)
    assert read_metadata(clauses, gazetteer(), "办法（岚政发〔2021〕6号）.txt").number == "岚政发〔2021〕6号"
    assert read_metadata(clauses, gazetteer(), "执行岚政发〔2021〕6号文件的办法.txt").number is None
    table = "等级 平急\t岚政发〔2021〕7号\t页数5\n"
    assert parse_text(table + text).document.number == "岚政发〔2021〕7号"


def test_the_title_of_a_page_above_that_of_the_text_is_the_title() -> None:
    text = (
        "# 岚县财政局等两部门关于印发岚县奖补办法的通知\n岚县财政局　岚县税务局\n关于印发《岚县奖补办法》的通知\n"
        "岚财发〔2024〕1号\n各企业：\n一、给予奖补。\n"
    )
    document = parse_text(text).document
    assert document.title == "岚县财政局等两部门关于印发岚县奖补办法的通知"
    assert document.issuer == "岚县财政局、岚县税务局"


def test_the_organ_of_a_zone_that_is_no_division_speaks_for_no_wider_place() -> None:
    text = "河北{}关于补贴的通知\n各企业：\n一、给予补贴。\n河北{}\n2024年1月18日\n"
    document = parse_text(text.replace("{}", "雄安新区管理委员会公共服务局")).document
    assert document.place is None
    assert document.warnings == (
        "unknown place: 河北雄安新区 is none of the divisions; name the place in the manifest",
    )
    for name in ("省开发区管理委员会", "省商务厅"):
        place = parse_text(text.replace("{}", name)).document.place
        assert place
        assert place.name == "河北省"


def test_issuers_that_sign_in_a_table_sign() -> None:
    foot = "岚县财政局\t岚县税务局\n岚县商务局\n2024年4月15日\n"
    assert parse_text(notice("做好补贴的通知", foot=foot).replace("某县人民政府办公室", "")).document.issuer == (
        "岚县财政局、岚县税务局、岚县商务局"
    )
