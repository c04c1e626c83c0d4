"""Corrections: kept masked, found again on the same question, made cases only where they can be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.correction_cases import export_cases
from bot.corrections import Corrections, fold_question
from eval.cases import Case
from tests.fakes import FakeLibrary

DAY = date(2026, 11, 20)
GRANT = "dalate-2023#四-五-15"


@pytest.fixture
def corrections(tmp_path: Path) -> Iterator[Corrections]:
    opened = Corrections(f"sqlite:///{tmp_path}/answers.db")
    yield opened
    opened.close()


def test_spacing_and_punctuation_do_not_part_two_spellings() -> None:
    assert fold_question("个转企，补助 多少？") == fold_question("个转企补助多少") == "个转企补助多少"
    assert fold_question("ＡＢ１") == "ab1"


def test_personal_data_is_blanked(corrections: Corrections) -> None:
    corrections.add("wang", "我电话13812345678，有补助吗", "150621", DAY, (GRANT,), "请打13812345678")
    (kept,) = corrections.on("我电话13812345678，有补助吗", "150621")
    assert "138" not in kept.question
    assert "138" not in (kept.wording or "")


def test_two_at_once_lose_nothing_and_places_are_kept_apart(corrections: Corrections) -> None:
    def add(number: int) -> None:
        corrections.add(f"staff{number}", "补助多少", "150621" if number % 2 else None, DAY, (GRANT,), None)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(20)))
    assert len(corrections.all()) == 20
    assert {one.staff for one in corrections.on("补助多少？", None)} == {f"staff{n}" for n in range(0, 20, 2)}
    assert len(corrections.on("补助多少", "150621")) == 10


def test_a_case_is_left_out_whose_clause_is_gone_or_not_the_only_one(corrections: Corrections) -> None:
    corrections.add("wang", "补助多少", "150621", DAY, (GRANT,), None)
    (right,) = corrections.all()
    gone = replace(right, clauses=(GRANT, "dalate-2023#没有"))
    part = replace(right, clauses=("dalate-2023#四",))  # its words stand in no other clause
    twice = replace(right, clauses=("dalate-2023#文号",))
    export = export_cases([right, gone, part, twice], FakeLibrary())
    cases = [json.loads(line) for line in export.lines.splitlines()]
    assert len(cases) + export.left_out == 4
    assert export.left_out == 1
    assert cases[0]["flags"] == ["expired"]
    assert cases[0]["jurisdiction"] == "150621"


def test_the_better_wording_is_the_reference_answer_of_the_case(corrections: Corrections) -> None:
    corrections.add("wang", "补助多少", "150621", DAY, (GRANT,), "一次性10万元。\r\n找旗财政局。")
    corrections.add("wang", "补助多少钱", "150621", DAY, (GRANT,), None)
    corrections.add("wang", "养狗要办证吗", "150621", DAY, (), "文件里没有，请问社区。")
    corrections.add("wang", "补助几年", "150621", DAY, (GRANT,), "\x07两年")  # which no sheet could hold
    export = export_cases(corrections.all(), FakeLibrary())
    cases = [Case.model_validate_json(line) for line in export.lines.splitlines()]
    assert {case.question: case.reference_answer for case in cases} == {
        "补助多少": "一次性10万元。\n找旗财政局。",
        "补助多少钱": None,
        "养狗要办证吗": "文件里没有，请问社区。",
    }
    assert export.left_out == 1
