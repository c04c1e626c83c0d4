from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pydantic import ValidationError

from eval.cases import Case, CaseError, check_evidence, read_cases, write_cases
from ingest.model import Clause, ClauseKind
from ingest.settings import ROOT
from tests.corpus_fixture import Corpus

FOLDER = ROOT / "eval" / "cases"
FILES = tuple(FOLDER / f"{name}.jsonl" for name in ("core", "hard", "fresh"))
HARD_TYPES = {
    "wrong_place", "sibling_place", "place_level", "expiry", "draft_as_law", "number_precision", "false_premise",
    "blank", "two_clauses", "two_places", "followup", "everyday", "department", "not_covered", "looks_odd", "attack",
    "off_topic",
}  # fmt: skip

ANSWER: dict[str, Any] = {
    "id": "a-1",
    "type": "amount",
    "asker": "owner",
    "question": "开店补多少",
    "history": ["我在县里", "刚办了照"],
    "jurisdiction": "六盘水市",
    "as_of": "2025-06-30",
    "expect": "answer",
    "evidence": [{"doc": "one", "quote": "补助 500 元"}, {"doc": "two", "quote": "个    |空"}],
    "answer_must": [["500元", "五百元"], ["一次"]],
    "answer_must_not": ["1500元"],
    "flags": ["draft"],
}
ABSTAIN = ANSWER | {
    "id": "a-2",
    "expect": "abstain",
    "jurisdiction": None,
    "history": [],
    "evidence": [],
    "answer_must": [],
    "answer_must_not": [],
    "flags": [],
}

lines = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=12).map(
    lambda text: "".join(text.split()) or "空"
)
alternatives = lines.map(lambda text: text.replace("|", "／"))
written: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict,
    id=lines,
    type=st.just("amount"),
    asker=st.sampled_from(["owner", "hotline"]),
    question=st.one_of(lines, st.sampled_from(["=1+1", "#N/A", "'开店", "两行\n问题", "_x000D_", "2025-01-01", "007"])),
    history=st.lists(lines, max_size=2),
    jurisdiction=st.none() | lines,
    as_of=st.dates(),
    expect=st.just("answer"),
    evidence=st.lists(st.builds(dict, doc=alternatives, quote=lines), min_size=1, max_size=2),
    answer_must=st.lists(st.lists(alternatives, min_size=1, max_size=2), max_size=2),
    answer_must_not=st.just([]),
    flags=st.lists(st.sampled_from(["draft", "expired", "blank"]), max_size=2),
    reference_answer=st.none() | lines | st.sampled_from(["=1+1", "给。\n找旗财政局。", "_x000D_", "10"]),
)


def write_lines(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def edit_sheet(path: Path, change: Callable[[Any], None]) -> Path:
    write_cases(path, [Case.model_validate(ANSWER)])
    book = load_workbook(path)
    change(book.active)
    book.save(path)
    return path


def read_strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from read_strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from read_strings(one)


def clause(text: str) -> Clause:
    return Clause("one#1", "one", None, ClauseKind.CLAUSE, 1, ("1",), ("1",), text, 0)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(written, min_size=1, max_size=3, unique_by=lambda one: one["id"]))
def test_both_formats_give_back_what_was_written(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    cases = [Case.model_validate(row) for row in rows]
    for name in ("cases.jsonl", "cases.xlsx"):
        write_cases(tmp_path / name, cases)
        assert read_cases(tmp_path / name) == cases


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_shipped_file_goes_to_a_sheet_and_back(tmp_path: Path, file: Path) -> None:
    cases = read_cases(file)
    write_cases(tmp_path / "cases.xlsx", cases)
    write_cases(tmp_path / "cases.jsonl", read_cases(tmp_path / "cases.xlsx"))
    assert read_cases(tmp_path / "cases.jsonl") == cases


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_quote_stands_once_in_its_document(corpus: Corpus, file: Path) -> None:
    check_evidence(read_cases(file), corpus.huiwen.clauses)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_place_is_in_the_gazetteer(corpus: Corpus, file: Path) -> None:
    for case in read_cases(file):
        if case.jurisdiction:
            corpus.huiwen.gazetteer.resolve(case.jurisdiction)  # raises where there is none


def test_every_hard_type_has_fifteen_cases() -> None:
    counts = Counter(case.type for case in read_cases(FOLDER / "hard.jsonl"))
    assert counts.keys() == HARD_TYPES
    assert {kind: count for kind, count in counts.items() if count < 15} == {}


def test_ids_are_unique_over_both_files() -> None:
    counts = Counter(case.id for file in FILES for case in read_cases(file))
    assert [name for name, count in counts.items() if count > 1] == []


def test_lexicon_holds_no_question_of_the_evaluation() -> None:
    files = list((ROOT / "corpus" / "topics").glob("*.yaml")) + list((ROOT / "corpus").glob("*.yaml"))
    values = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in files]
    phrases = {re.sub(r"[\W_]", "", phrase) for value in values for phrase in read_strings(value)}
    questions = [re.sub(r"[\W_]", "", case.question) for file in FILES for case in read_cases(file)]
    assert len(phrases) > 1000
    assert [question for question in questions if len(question) > 8 and question in phrases] == []


def test_readme_describes_every_field() -> None:
    table = re.findall(r"^\| `(\w+)` \|", (FOLDER / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert table == list(Case.model_fields)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"asker": "boss"}, "asker='boss': Input should be 'owner' or 'hotline'; mend"),
        ({"expect": "maybe"}, "expect='maybe': Input should be 'answer', 'abstain' or 'refuse'"),
        ({"as_of": "2025-13-01"}, "as_of='2025-13-01': "),
        ({"as_of": 20250601}, "as_of=20250601: must be a day such as 2025-06-30"),
        ({"question": " "}, "question=' ': "),
        ({"question": "长" * 501}, "should have at most 500 characters"),
        ({"flags": ["draught"]}, "flags.0='draught': Input should be 'draft', "),
        ({"answer_must": [[]]}, "answer_must.0=[]: "),
        ({"answer_must": [["1|2"]]}, "answer_must.0.0='1|2': must not hold |"),
        ({"history": ["一\n二"]}, "history.0='一\\n二': must be one line"),
        ({"jurisdiction": "岚县\ufffe"}, "holds a character that no sheet can hold; remove it"),
        ({"reference_answer": " "}, "reference_answer=' ': "),
        ({"reference_answer": "长" * 5001}, "should have at most 5000 characters"),
        ({"evidence": [{"doc": "one"}]}, "evidence.0.quote: is missing; add it"),
        ({"evidence": []}, "an answer is expected but no evidence given; quote the clause"),
        ({"expect": "refuse"}, "evidence and answer_must go with expect=answer, not refuse; remove them"),
        ({"answer_must_not": ["500", "五百"]}, "forbids all of ['500元', '五百元'] in answer_must; loosen"),
        ({"note": "x"}, "note='x': no such field; remove it or mend its name"),
    ],
)
def test_bad_line_is_named_with_field_value_and_advice(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    path = write_lines(tmp_path / "cases.jsonl", ABSTAIN, ANSWER | change)
    with pytest.raises(CaseError) as raised:
        read_cases(path)
    assert str(raised.value).startswith(f"{path}: line 2: ")
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\n{]\n", "line 2: is not JSON at column 2"),
        (b'{"id": "\xff"}', "line 1: is not UTF-8; save the file in UTF-8"),
        (b"[1]", "line 1: case=[1]: Input should be"),
        (b"\n", "holds no case; add one"),
    ],
)
def test_bytes_that_are_no_cases_are_named(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_bytes(data)
    with pytest.raises(CaseError, match=re.escape(f"{path}: {message}")):
        read_cases(path)


def test_all_bad_lines_are_named_at_once(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "cases.jsonl", ANSWER | {"asker": 1}, ABSTAIN, ABSTAIN, ABSTAIN | {"type": "A b"})
    with pytest.raises(CaseError) as raised:
        read_cases(path)
    first, second, third = str(raised.value).splitlines()
    assert first.startswith(f"{path}: line 1: asker=1: ")
    assert second == f"{path}: line 3: id='a-2': stands on line 2 too; give each case its own id"
    assert third.startswith(f"{path}: line 4: type='A b': ")


def test_abstention_carries_no_warning_but_other_place() -> None:
    Case.model_validate(ABSTAIN | {"flags": ["other_jurisdiction"]})
    with pytest.raises(ValidationError, match="cannot go with expect=abstain"):
        Case.model_validate(ABSTAIN | {"flags": ["draft"]})


@pytest.mark.parametrize("name", ["cases.csv", "cases"])
def test_other_formats_are_refused_both_ways(tmp_path: Path, name: str) -> None:
    with pytest.raises(CaseError, match=r"neither \.jsonl nor \.xlsx; save it as one of them"):
        read_cases(tmp_path / name)
    with pytest.raises(CaseError, match=r"neither \.jsonl nor \.xlsx; name it so"):
        write_cases(tmp_path / name, [])


def test_file_that_cannot_be_read_or_written_is_named(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "cases.jsonl"
    with pytest.raises(CaseError, match=re.escape(f"{path}: cannot be read")):
        read_cases(path)
    with pytest.raises(CaseError, match=re.escape(f"{path}: cannot be written")):
        write_cases(path, [])


def test_sheet_takes_days_and_numbers_as_excel_makes_them(tmp_path: Path) -> None:
    columns = list(Case.model_fields)

    def change(sheet: Any) -> None:
        sheet.cell(2, columns.index("as_of") + 1).value = datetime(2025, 7, 1)
        sheet.cell(2, columns.index("answer_must") + 1).value = 500
        sheet.cell(2, columns.index("answer_must_not") + 1).value = 7.0
        sheet.cell(2, columns.index("jurisdiction") + 1).value = 520201

    case = read_cases(edit_sheet(tmp_path / "cases.xlsx", change))[0]
    assert (case.as_of, case.answer_must, case.answer_must_not) == (date(2025, 7, 1), (("500",),), ("7",))
    assert case.jurisdiction == "520201"


def set_cell(row: int, column: str, value: object) -> Callable[[Any], None]:
    def change(sheet: Any) -> None:
        sheet.cell(row, list(Case.model_fields).index(column) + 1).value = value

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (set_cell(2, "expect", "yes"), "row 2: expect='yes': Input should be 'answer'"),
        (set_cell(2, "question", None), "row 2: question='': "),
        (set_cell(2, "evidence", "one 补助"), "row 2: evidence.0.quote='': "),
        (set_cell(1, "flags", "flag"), "row 1: column flags: is missing; add it"),
        (set_cell(1, "flags", "id"), "row 1: column id: is there twice; keep one"),
        (lambda sheet: sheet.append([ANSWER["id"]] + [None] * 12), "row 3: type='': "),
        (lambda sheet: setattr(sheet.cell(2, 14), "value", "stray"), "row 2: column 14='stray': no such field; remove"),
    ],
)
def test_bad_row_is_named_with_field_value_and_advice(
    tmp_path: Path, change: Callable[[Any], None], message: str
) -> None:
    path = edit_sheet(tmp_path / "cases.xlsx", change)
    with pytest.raises(CaseError) as raised:
        read_cases(path)
    assert f"{path}: {message}" in str(raised.value)


def test_a_case_without_reference_answer_is_read_and_written_as_before_there_was_one(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "cases.jsonl", ANSWER)
    write_cases(tmp_path / "again.jsonl", read_cases(path))
    assert (tmp_path / "again.jsonl").read_bytes() == path.read_bytes()
    column = list(Case.model_fields).index("reference_answer") + 1
    sheet = edit_sheet(tmp_path / "cases.xlsx", lambda sheet: sheet.delete_cols(column))
    assert read_cases(sheet) == read_cases(path)


def test_empty_rows_of_a_sheet_count_but_are_no_cases(tmp_path: Path) -> None:
    path = edit_sheet(tmp_path / "cases.xlsx", lambda sheet: sheet.insert_rows(2, 3))
    assert [case.id for case in read_cases(path)] == ["a-1"]


def test_sheet_of_other_bytes_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cases.xlsx"
    path.write_bytes(b"no sheet")
    with pytest.raises(CaseError, match="is not a readable sheet"):
        read_cases(path)


def test_text_too_long_for_a_cell_is_not_cut_off(tmp_path: Path) -> None:
    case = Case.model_validate(ANSWER | {"history": ["长" * 5000] * 7})
    with pytest.raises(CaseError, match=r"a-1: history: 35006 characters are too many for a cell; write \.jsonl"):
        write_cases(tmp_path / "cases.xlsx", [case])


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (["补助\n50 0元", "补助 500 元，再补助500元"], "quote='补助 500 元': stands 3 times in one; lengthen it"),
        (["补助 5000 元"], "quote='补助 500 元': stands 0 times in one; copy it from one clause"),
        (["补助", "500元"], "quote='补助 500 元': stands 0 times in one; copy it"),
        ([], "doc='one': no such document in the corpus"),
    ],
)
def test_quote_that_does_not_stand_once_is_named(texts: list[str], message: str) -> None:
    case = Case.model_validate(ANSWER | {"evidence": [{"doc": "one", "quote": "补助 500 元"}]})
    with pytest.raises(CaseError, match=re.escape(f"a-1: evidence.0: {message}")):
        check_evidence([case], lambda document: [clause(text) for text in texts])


def test_quote_that_stands_once_passes_whatever_its_white_space() -> None:
    case = Case.model_validate(ANSWER | {"evidence": [{"doc": "one", "quote": "补助 500 元"}]})
    check_evidence([case], lambda document: [clause("一次性补\n助500元。"), clause("补助 50 元")])
