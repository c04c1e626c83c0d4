"""Where in a file's text a clause begins."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.original import locate
from ingest.model import Clause, ClauseKind


def make(texts: list[str]) -> list[Clause]:
    return [Clause(f"d#{n}", "d", None, ClauseKind.CLAUSE, 1, (), (), text, n) for n, text in enumerate(texts)]


def test_spacing_and_width_do_not_hide_a_line_and_order_parts_twins() -> None:
    lines = ["标　题", "", "一、总 则", "内容", "一、总则", "（1）再来"]
    found = locate(make(["标题", "一、总则", "一、总则", "(１)再来", "没有的话"]), lines)
    assert found == {"d#0": 1, "d#1": 3, "d#2": 5, "d#3": 6}


@given(st.lists(st.text("一二三四五六七八九十甲乙丙丁", min_size=1, max_size=40), max_size=12))
def test_lines_that_are_clauses_are_found_in_their_order(lines: list[str]) -> None:
    found = locate(make(lines), lines)
    assert list(found.values()) == sorted(found.values())
    for clause in make(lines):
        if clause.id in found:
            assert clause.text[:1] in lines[found[clause.id] - 1]
