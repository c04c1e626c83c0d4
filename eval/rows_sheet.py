"""A run's cases as a workbook: a row a case, in the evaluators' words."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from eval.rows import Row
from eval.sheets import CELL_LENGTH, make_sheet
from prompts.eval_messages import EvalMessages

_WIDTHS = (18, 12, 18, 48, 24, 12, 14, 16, 60, 48, 48, 10, 40)


def make_rows_sheet(rows: Sequence[Row], messages: EvalMessages) -> bytes:
    """The workbook; its columns are `rows_columns` of the messages."""
    columns = dict(zip(messages.rows_columns, _WIDTHS, strict=True))
    return make_sheet(columns, ([_clean(text) for text in _describe(row, messages)] for row in rows))


def _describe(row: Row, messages: EvalMessages) -> tuple[str, ...]:
    case, words = row.case, messages.report
    return (
        row.id,
        messages.sets.get(row.set, row.set),
        messages.types.get(row.type, row.type),
        str(case["question"]),
        str(case["jurisdiction"] or ""),
        str(case["as_of"]),
        messages.behaviours.get(row.expected, row.expected),
        messages.statuses.get(row.status, row.status),
        row.answer or row.error or "",
        str(case.get("reference_answer") or ""),
        "\n".join(f"[{one.n}] {one.document_title} {one.quote}" for one in row.citations),
        words.passed if row.scores.success else words.failed,
        row.why or "",
    )


def _clean(text: str) -> str:
    """A text that a cell can hold, whatever the system under evaluation said."""
    return ILLEGAL_CHARACTERS_RE.sub("", text)[:CELL_LENGTH]
