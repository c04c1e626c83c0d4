"""Tables become lines: a row a line, merged cells told in each row that they cover."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.loaders.grid import Cell, numbered_lines, table_lines


def row(*texts: str) -> list[Cell]:
    return [Cell((text,) if text else ()) for text in texts]


def test_a_row_is_a_line_and_text_around_the_table_stays_text() -> None:
    rows = [row("补助标准表", "", ""), row("事项", "金额", ""), row("个转企", "10万元", ""), row("注：一次性", "", "")]
    assert list(table_lines(rows)) == ["补助标准表", "事项\t金额", "个转企\t10万元", "注：一次性"]


def test_fields_above_a_table_are_text_and_its_header_is_below_them() -> None:
    fields = row("填报单位：县财政局", "", "填报日期：2025年2月10日")
    header = [Cell(("事项",), down=2), Cell(("标准",), across=2)]
    rows = [row("奖补清单"), fields, header, row("首年", "次年"), row("升规", "3万元", "2万元")]
    told = [
        "奖补清单",
        "填报单位：县财政局",
        "填报日期：2025年2月10日",
        "事项\t标准 首年\t标准 次年",
        "升规\t3万元\t2万元",
    ]
    assert list(table_lines(rows)) == told


def test_a_table_that_holds_fields_alone_stays_one() -> None:
    rows = [row("问：谁可以申请？", "答：商户。"), row("问：多少？", "答：3万元。")]
    assert list(table_lines(rows)) == ["问：谁可以申请？\t答：商户。", "问：多少？\t答：3万元。"]


def test_a_row_with_one_cell_inside_a_table_stays_a_row() -> None:
    rows = [row("事项", "金额"), row("一、贷款", ""), row("贴息", "5万元")]
    assert list(table_lines(rows)) == ["事项\t金额", "\t一、贷款", "贴息\t5万元"]


def test_a_merged_cell_is_told_in_each_row_and_once_in_each() -> None:
    rows = [
        row("类别", "事项", "金额"),
        [Cell(("创业",), down=2), *row("开办", "1万元")],
        row("租金", "6000元"),
        [Cell(("合计",), across=2), *row("16000元")],
    ]
    assert list(table_lines(rows)) == ["类别\t事项\t金额", "创业\t开办\t1万元", "创业\t租金\t6000元", "合计\t\t16000元"]


def test_a_cell_that_covers_rows_and_columns_keeps_those_beside_it_in_place() -> None:
    rows = [[Cell(("甲",), across=2, down=2), *row("1")], row("2"), row("乙", "丙", "3")]
    assert list(table_lines(rows)) == ["甲\t\t1", "甲\t\t2", "乙\t丙\t3"]


cells = st.builds(
    Cell, st.lists(st.text("文a\t", max_size=3), max_size=2).map(tuple), st.integers(1, 4), st.integers(1, 4)
)


@given(st.lists(st.lists(cells, max_size=5), max_size=6))
def test_every_text_of_every_cell_is_told(rows: list[list[Cell]]) -> None:
    told = "".join(table_lines(rows)).replace("\t", "").replace(" ", "")
    for cell in (cell for line in rows for cell in line):
        assert "".join(cell.lines).replace("\t", "") in told


def test_a_header_of_two_rows_is_told_as_one() -> None:
    rows = [
        row("补贴标准表", "", ""),
        [Cell(("行业",), down=2), Cell(("标准",), across=2)],
        row("首年", "次年"),
        row("餐饮", "1000", "800"),
        row("零售", "900", "700"),
    ]
    told = ["补贴标准表", "行业\t标准 首年\t标准 次年", "餐饮\t1000\t800", "零售\t900\t700"]
    assert list(table_lines(rows)) == told
    assert [number for number, _ in numbered_lines(rows)] == [0, 1, 3, 4]
