"""Excel files: a row a line, with its figures as the sheet shows them."""

from __future__ import annotations

import io
from datetime import date

import openpyxl

from ingest.loaders.sheet import load_sheet


def make_book() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["补助标准表"],
        ["类别", "事项", "比例", "起始"],
        ["创业", "贴息", 0.035, date(2023, 8, 9)],
        [None, "租金", 6000.0, None],
    ):
        sheet.append(row)
    sheet["C3"].number_format = "0.0%"
    sheet.merge_cells("A1:D1")
    sheet.merge_cells("A3:A4")
    return book


def load(book: openpyxl.Workbook) -> list[str]:
    held = io.BytesIO()
    book.save(held)
    return load_sheet(held.getvalue()).text.split("\n")


def test_rows_with_merged_cells_percentages_and_dates() -> None:
    assert load(make_book()) == [
        "补助标准表",
        "类别\t事项\t比例\t起始",
        "创业\t贴息\t3.5%\t2023-08-09",
        "创业\t租金\t6000",
    ]


def test_several_sheets_have_their_names_and_hidden_ones_are_told() -> None:
    book = make_book()
    book.create_sheet("贷款").append(["银行", "利率"])
    book.create_sheet("草稿").append(["内部", "数据"])
    book["草稿"].sheet_state = "hidden"
    held = io.BytesIO()
    book.save(held)
    loaded = load_sheet(held.getvalue())
    assert loaded.text.split("\n")[-2:] == ["# 贷款", "银行\t利率"]
    assert loaded.warnings == ("hidden sheets left out: 草稿",)


def test_a_sheet_with_a_title_of_its_own_needs_no_name() -> None:
    book = make_book()
    book.active.title = "标准"  # type: ignore[union-attr]
    book.create_sheet("贷款").append(["银行", "利率"])
    assert load(book)[0] == "补助标准表"
    assert load(book)[-2:] == ["# 贷款", "银行\t利率"]


def test_the_title_of_a_later_sheet_is_no_note_of_the_one_before() -> None:
    book = make_book()
    later = book.create_sheet("取消")
    for row in (["取消事项清单"], ["事项", "日期"], ["上云补贴", "2025-01-01"]):
        later.append(row)
    assert load(book)[0] == "补助标准表"
    assert load(book)[-3:] == ["# 取消事项清单", "事项\t日期", "上云补贴\t2025-01-01"]
