"""PDFs: paragraphs, columns, tables across pages, headers and footers, and the page of everything."""

from __future__ import annotations

import pytest

from ingest.errors import UnreadableFile
from ingest.loaders.pdf import load_pdf
from tests.fakes_files import PdfPage, make_pdf

WORDS = "为促进个体工商户发展给予一次性补助由市场监管部门会同财政部门办理并向社会公开每年安排专项资金"
XS = (70, 150, 350, 500)
HEADER = ["序号", "事项", "补助"]


def paragraph(start: str, indent: str = "　　") -> list[str]:
    """Lines of 36 characters, the last one short."""
    text = indent + start + WORDS * 2 + "。"
    return [text[at : at + 36] for at in range(0, len(text), 36)]


def whole(start: str) -> str:
    return start + WORDS * 2 + "。"


def lines(*pages: PdfPage) -> list[str]:
    return load_pdf(make_pdf(*pages)).text.rstrip("\n").split("\n")


@pytest.mark.parametrize("indent", ["　　", ""])
def test_wrapped_lines_become_paragraphs(indent: str) -> None:
    page = PdfPage().text(200, 60, "关于补助的通知", 18)
    page.lines(70, 100, [*paragraph("第一条 ", indent), *paragraph("第二条 ", indent)])
    assert lines(page) == ["关于补助的通知", whole("第一条 "), whole("第二条 ")]


def test_a_year_in_brackets_stays_whole_where_a_line_ends() -> None:
    first, second = f"第二条 {WORDS[:25]}某政办发", "〔2020〕41号同时废止。"
    page = PdfPage().lines(70, 60, [*paragraph("第一条 "), first, second])
    assert lines(page) == [whole("第一条 "), first + second]


def test_a_paragraph_goes_on_across_a_page_break_and_each_page_is_known() -> None:
    text = paragraph("第一条 ")
    pages = PdfPage().lines(70, 700, text[:2]), PdfPage().lines(70, 60, [*text[2:], *paragraph("第二条 ")])
    loaded = load_pdf(make_pdf(*pages))
    assert loaded.text.split("\n") == [whole("第一条 "), whole("第二条 "), ""]
    assert loaded.pages == ((0, 1), (70, 2))
    assert loaded.whole


def test_headers_footers_and_page_numbers_go_and_what_begins_a_unit_stays() -> None:
    pages = []
    for number in range(1, 5):
        page = PdfPage().text(70, 40, "某某县人民政府公报", 9).text(70, 60, f"附件{number}")
        page.lines(70, 100, paragraph(f"第{number}条 ")).text(290, 800, f"— {number} —", 9)
        pages.append(page.text(70, 820, f"2023年第8期 第{number}页", 9))
    found = lines(*pages)
    assert found == [line for n in range(1, 5) for line in (f"附件{n}", whole(f"第{n}条 "))]


def test_two_columns_are_read_one_after_the_other_below_what_runs_across() -> None:
    left = [f"左栏第{n}行这里写满十七个字到边" for n in "一二三四五"]
    right = [f"右栏第{n}行这里写满十七个字到边" for n in "一二三四五"]
    page = PdfPage().text(120, 60, "横贯两栏的大标题放在最上面写得很长很长", 18)
    page.lines(70, 120, [*left, "左完。"]).lines(310, 120, [*right, "右完。"])
    assert lines(page)[1:] == ["".join(left) + "左完。", "".join(right) + "右完。"]


def test_a_table_across_pages_is_one_with_one_header() -> None:
    first = PdfPage().lines(70, 60, paragraph("第一条 "))
    first.grid(XS, (700, 725, 750, 775), [HEADER, ["1", "个转企", "10万元"], ["2", "贴息", "5万元"]])
    second = PdfPage().grid(XS, (60, 85, 110), [["3", "稳岗", "1万元"], ["4", "", ""]]).text(70, 200, "表后的话。")
    loaded = load_pdf(make_pdf(first, second))
    rows = ["序号\t事项\t补助", "1\t个转企\t10万元", "2\t贴息\t5万元", "3\t稳岗\t1万元", "4"]
    assert loaded.text.split("\n") == [whole("第一条 "), *rows, "表后的话。", ""]
    assert [page for _, page in loaded.pages] == [1, 2]
    assert loaded.text[loaded.pages[1][0] :].startswith("3\t稳岗")


def test_merged_cells_are_told_in_each_row() -> None:
    page = PdfPage().rule(70, 100, 500, 100).rule(150, 125, 500, 125).rule(70, 150, 500, 150)
    for x in XS:
        page.rule(x, 100, x, 150)
    page.text(80, 128, "创业", 10).text(155, 116, "开办", 10).text(355, 116, "1万元", 10)
    page.text(155, 141, "租金", 10).text(355, 141, "2万元", 10)
    assert lines(page) == ["创业\t开办\t1万元", "创业\t租金\t2万元"]


@pytest.mark.parametrize(
    ("turned", "matrix"), [(0, "0 1 -1 0 200 100"), (90, "0 1 -1 0 200 100"), (0, "-1 0 0 -1 400 400")]
)
def test_a_page_whose_text_is_turned_is_read(turned: int, matrix: str) -> None:
    assert lines(PdfPage(turned=turned).draw("横放的表格说明", matrix)) == ["横放的表格说明"]


def test_a_watermark_is_no_text() -> None:
    page = PdfPage().lines(70, 100, paragraph("第一条 ")).draw("内部资料", "0.7 0.7 -0.7 0.7 200 600", 60)
    assert lines(page) == [whole("第一条 ")]


def test_an_encrypted_file_is_told() -> None:
    locked = f"/Encrypt<</Filter/Standard/V 1/R 2/O<{'00' * 32}>/U<{'00' * 32}>/P -4>>/ID[<00><00>]"
    with pytest.raises(UnreadableFile, match=r"^is encrypted; remove the password"):
        load_pdf(make_pdf(PdfPage().text(70, 70, "密"), trailer=locked))


def test_a_scan_is_told_and_one_scanned_page_too() -> None:
    scan = load_pdf(make_pdf(PdfPage().picture(), PdfPage().picture().text(10, 10, "1")))
    assert (scan.text, scan.scanned) == ("", (1, 2))
    loaded = load_pdf(make_pdf(PdfPage().lines(70, 100, paragraph("第一条 ")), PdfPage().picture()))
    assert (loaded.text, loaded.scanned) == (whole("第一条 ") + "\n", (2,))


def test_the_day_below_a_signature_has_a_line_of_its_own() -> None:
    page = PdfPage().lines(70, 60, paragraph("第一条 "))
    page.lines(396, 160, ["某某县人民政府", "二〇二四年三月五日"])
    assert lines(page) == [whole("第一条 "), "某某县人民政府", "二〇二四年三月五日"]
