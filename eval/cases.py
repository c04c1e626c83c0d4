"""The cases of the evaluation: what is asked, and what a right answer cites, states and warns of.

People write them, as JSON Lines or as a sheet; `eval/cases/README.md` says how. In a sheet a case is a row, the members
of a list are the lines of a cell, and `|` parts the alternatives of a fact, and a document from its quote.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from bot.contract import HISTORY_LENGTH, QUESTION_LENGTH, TURN_LENGTH, NoticeCode, check_readable
from eval.sheets import CELL_LENGTH, make_sheet
from ingest.errors import HuiwenError
from ingest.model import Clause

SEPARATOR = "|"
FLAGS_OF: Mapping[str, frozenset[str]] = {  # the warnings that can be asked for, by what is expected
    "answer": frozenset(get_args(NoticeCode)),
    "abstain": frozenset({"other_jurisdiction"}),
    "refuse": frozenset(),
}
WIDE_COLUMNS = ("question", "history", "evidence", "answer_must", "answer_must_not", "reference_answer")

_NO_XML = re.compile("[\ud800-\udfff\ufffe\uffff\r]")  # what a sheet cannot hold


class CaseError(HuiwenError):
    """A file of cases cannot be read or written, or a case in it cannot be right."""


def _check_text(text: str) -> str:
    if _NO_XML.search(text):
        raise ValueError("holds a character that no sheet can hold; remove it")
    return check_readable(text)


def _check_line(text: str) -> str:
    if text != text.strip() or "\n" in text:
        raise ValueError("must be one line without white space around it")
    return _check_text(text)


def _check_alternative(text: str) -> str:
    if SEPARATOR in text:
        raise ValueError(f"must not hold {SEPARATOR}, which parts alternatives in a sheet; make it two alternatives")
    return _check_line(text)


def _is_none(value: object) -> bool:
    return value is None


def _check_day(value: object) -> object:
    if not isinstance(value, str | date):  # pydantic would take a number for seconds since 1970
        raise ValueError("must be a day such as 2025-06-30")
    return value


Line = Annotated[str, AfterValidator(_check_line)]
Alternative = Annotated[str, AfterValidator(_check_alternative)]


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Evidence(_Written):
    """A clause that a right answer cites, by a quote that stands once in its document."""

    doc: Alternative
    quote: Line


class Case(_Written):
    """One question with what is expected of the answer."""

    id: Annotated[str, Field(pattern=r"^[^\s\x00-\x1f]+$"), AfterValidator(_check_line)]
    type: Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]
    asker: Literal["owner", "hotline"]
    question: Annotated[str, Field(max_length=QUESTION_LENGTH), AfterValidator(_check_text)]
    history: Annotated[tuple[Annotated[Line, Field(max_length=5000)], ...], Field(max_length=HISTORY_LENGTH)]
    jurisdiction: Annotated[Line, Field(max_length=50)] | None
    as_of: Annotated[date, BeforeValidator(_check_day)]
    expect: Literal["answer", "abstain", "refuse"]
    evidence: tuple[Evidence, ...]
    answer_must: tuple[Annotated[tuple[Alternative, ...], Field(min_length=1)], ...]
    answer_must_not: tuple[Line, ...]
    flags: tuple[NoticeCode, ...]
    # Left out where there is none: sets and runs from before it are written, and compared, as they were.
    reference_answer: Annotated[
        Annotated[str, Field(max_length=TURN_LENGTH), AfterValidator(_check_text)] | None, Field(exclude_if=_is_none)
    ] = None

    @model_validator(mode="after")
    def _check_sense(self) -> Self:
        if self.expect == "answer" and not self.evidence:
            raise ValueError("an answer is expected but no evidence given; quote the clause that it rests on")
        if self.expect != "answer" and (self.evidence or self.answer_must):
            raise ValueError(f"evidence and answer_must go with expect=answer, not {self.expect}; remove them")
        if set(self.flags) - FLAGS_OF[self.expect]:
            raise ValueError(f"flags={list(self.flags)} cannot go with expect={self.expect}; remove them")
        for group in self.answer_must:
            if all(any(_fold(bad) in _fold(good) for bad in self.answer_must_not) for good in group):
                raise ValueError(f"answer_must_not forbids all of {list(group)} in answer_must; loosen one of the two")
        return self


def read_cases(path: Path) -> list[Case]:
    """Read a file of cases, `.jsonl` or `.xlsx`.

    Raises:
        CaseError: names every bad line or row with its field, its value and what to do.
    """
    readers = {".jsonl": _read_lines, ".xlsx": _read_rows}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise CaseError(f"{path}: is neither .jsonl nor .xlsx; save it as one of them")
    problems: list[str] = []
    cases: dict[str, tuple[str, Case]] = {}
    for where, raw in reader(_read_bytes(path), problems):
        case = _validate(raw, where, problems)
        if case and cases.setdefault(case.id, (where, case))[0] != where:
            problems.append(f"{where}: id={case.id!r}: stands on {cases[case.id][0]} too; give each case its own id")
    if problems:
        raise CaseError("\n".join(f"{path}: {problem}" for problem in problems))
    if not cases:
        raise CaseError(f"{path}: holds no case; add one, see eval/cases/README.md")
    return [case for _, case in cases.values()]


def write_cases(path: Path, cases: Sequence[Case]) -> None:
    """Write cases as `.jsonl` or `.xlsx`, whichever the name says; CaseError if that cannot be."""
    if path.suffix.lower() == ".jsonl":
        lines = [json.dumps(case.model_dump(mode="json"), ensure_ascii=False) + "\n" for case in cases]
        data = "".join(lines).encode()
    elif path.suffix.lower() == ".xlsx":
        data = make_case_sheet(cases)
    else:
        raise CaseError(f"{path}: is neither .jsonl nor .xlsx; name it so")
    try:
        path.write_bytes(data)
    except OSError as error:
        raise CaseError(f"{path}: cannot be written ({error.strerror}); check the folder") from error


def check_evidence(cases: Iterable[Case], clauses_of: Callable[[str], Sequence[Clause]]) -> None:
    """Check that every quote stands, white space aside, in exactly one place of one clause of its document.

    Raises:
        CaseError: names every piece of evidence that does not, and what to do.
    """
    texts = lru_cache(maxsize=None)(lambda document: [squeeze(clause.text) for clause in clauses_of(document)])
    problems = []
    for case in cases:
        for number, evidence in enumerate(case.evidence):
            times = sum(text.count(squeeze(evidence.quote)) for text in texts(evidence.doc))
            if times != 1:
                problems.append(f"{case.id}: evidence.{number}: {_explain(evidence, times, bool(texts(evidence.doc)))}")
    if problems:
        raise CaseError("\n".join(problems))


def _explain(evidence: Evidence, times: int, known: bool) -> str:
    if not known:
        return f"doc={evidence.doc!r}: no such document in the corpus; mend the id or add the document"
    advice = "lengthen it until it is the only one" if times else "copy it from one clause, letter by letter"
    return f"quote={evidence.quote!r}: stands {times} times in {evidence.doc}; {advice}"


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CaseError(f"{path}: cannot be read ({error.strerror}); check the name and its permissions") from error


Raw = Iterator[tuple[str, object]]  # where it stands, and what stands there


def _read_lines(data: bytes, problems: list[str]) -> Raw:
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            yield f"line {number}", json.loads(line)
        except UnicodeDecodeError:
            problems.append(f"line {number}: is not UTF-8; save the file in UTF-8")
        except json.JSONDecodeError as error:
            problems.append(f"line {number}: is not JSON at column {error.colno} ({error.msg}); mend that line")


def _read_rows(data: bytes, problems: list[str]) -> Raw:
    try:
        sheet = load_workbook(BytesIO(data)).worksheets[0]
    except (BadZipFile, InvalidFileException, KeyError, IndexError) as error:
        problems.append(f"is not a readable sheet ({error}); save it as .xlsx again")
        return
    rows = sheet.iter_rows(values_only=True)
    header = [_text_of(cell) or f"column {number}" for number, cell in enumerate(next(rows, ()), 1)]
    problems.extend(_check_header(header))
    for number, row in enumerate(() if problems else rows, 2):
        cells = [_text_of(cell) for cell in row]
        if any(cells):
            named = zip(header, cells, strict=True)
            yield f"row {number}", {n: _parse_cell(n, text) for n, text in named if n in Case.model_fields or text}


def _check_header(header: Sequence[str]) -> list[str]:
    required = [name for name, field in Case.model_fields.items() if field.is_required()]
    missing = [f"row 1: column {name}: is missing; add it" for name in required if name not in header]
    twice = {name for name in header if header.count(name) > 1}
    return missing + [f"row 1: column {name}: is there twice; keep one" for name in sorted(twice)]


def _text_of(cell: object) -> str:
    """A cell as text: Excel makes days and numbers of what looks like them."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def _parse_cell(name: str, text: str) -> object:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    match name:
        case "evidence":
            parts = [line.partition(SEPARATOR) for line in lines]
            return [{"doc": doc.strip(), "quote": quote.strip()} for doc, _, quote in parts]
        case "answer_must":
            return [[one.strip() for one in line.split(SEPARATOR)] for line in lines]
        case "history" | "answer_must_not" | "flags":
            return lines
        case "jurisdiction" | "reference_answer":
            return text or None
        case _:
            return text


def make_case_sheet(cases: Sequence[Case]) -> bytes:
    """Cases as a workbook; CaseError where a text is too long for a cell."""
    columns = {name: 48 if name in WIDE_COLUMNS else 16 for name in Case.model_fields}
    written = [case.model_dump(mode="json") for case in cases]
    rows = [[_format_cell(one["id"], name, one.get(name)) for name in Case.model_fields] for one in written]
    return make_sheet(columns, rows)


def _format_cell(case_id: str, name: str, value: Any) -> str:
    match name:
        case "evidence":
            lines = [f"{one['doc']} {SEPARATOR} {one['quote']}" for one in value]
        case "answer_must":
            lines = [f" {SEPARATOR} ".join(group) for group in value]
        case _:
            lines = value if isinstance(value, list) else [value or ""]
    text = "\n".join(lines)
    if len(text) > CELL_LENGTH:
        raise CaseError(f"{case_id}: {name}: {len(text)} characters are too many for a cell; write .jsonl instead")
    return text


def _validate(raw: object, where: str, problems: list[str]) -> Case | None:
    try:
        return Case.model_validate(raw)
    except ValidationError as error:
        problems.extend(f"{where}: {_name_fault(fault)}" for fault in error.errors(include_url=False))
        return None


def _name_fault(fault: Mapping[str, Any]) -> str:
    field = ".".join(str(part) for part in fault["loc"])
    message = str(fault["msg"]).removeprefix("Value error, ")
    advice = "mend it as eval/cases/README.md says"
    match fault["type"]:
        case "missing":
            return f"{field}: is missing; add it"
        case "extra_forbidden":
            return f"{field}={fault['input']!r}: no such field; remove it or mend its name"
        case "value_error" if not field:  # about the case as a whole: names its fields itself
            return message
        case _:
            return f"{field or 'case'}={fault['input']!r}: {message}; {advice}"


def squeeze(text: str) -> str:
    """A text without white space: how quotes are looked up."""
    return re.sub(r"\s+", "", text)


def _fold(text: str) -> str:
    """How answers are compared: without white space, full and half width alike."""
    return squeeze(unicodedata.normalize("NFKC", text)).lower()
