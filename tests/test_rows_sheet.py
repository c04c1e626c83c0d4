"""A run as a workbook holds what the report says, whatever a system answered."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from eval.rows import Row
from eval.rows_sheet import make_rows_sheet
from prompts.eval_messages import load_eval_messages
from tests.fakes_eval import make_row


def read(rows: list[Row]) -> list[dict[str, Any]]:
    """The rows of the workbook by their columns."""
    sheet = load_workbook(BytesIO(make_rows_sheet(rows, load_eval_messages()))).worksheets[0]
    header, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, header), line, strict=True)) for line in lines]


def test_a_row_says_what_was_asked_expected_and_done() -> None:
    passed, failed = read([make_row(0, "expiry"), make_row(1, "expiry", good=False)])
    assert passed["编号"] == "t-000"
    assert (passed["题集"], passed["类别"]) == ("核心题集", "已过期的政策")
    assert (passed["应当"], passed["实际"], passed["结果"], passed["原因"]) == ("作答", "已答", "通过", None)
    assert (failed["实际"], failed["结果"], failed["原因"]) == ("没有依据", "没通过", "应当作答，却说没有依据")
    assert str(passed["引用"]).startswith("[1] 达拉特旗")


def test_a_reference_answer_stands_beside_the_answer() -> None:
    plain, worded = make_row(0, "expiry"), make_row(1, "expiry")
    worded = worded.model_copy(update={"case": worded.case | {"reference_answer": "给，十万。"}})
    assert [row["参考答复"] for row in read([plain, worded])] == [None, "给，十万。"]


def test_what_looks_like_a_formula_or_cannot_stand_in_a_cell_is_text() -> None:
    odd = make_row(0, "expiry").model_copy(update={"answer": "=1+1\x07", "why": "长" * 40_000})
    (row,) = read([odd])
    assert row["答复"] == "=1+1"
    assert len(row["原因"]) == 32_767


def test_a_case_without_an_answer_shows_its_error() -> None:
    (row,) = read([make_row(0, "expiry").model_copy(update={"answer": "", "status": "error", "error": "超时"})])
    assert row["答复"] == "超时"
