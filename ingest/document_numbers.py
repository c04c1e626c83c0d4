"""The number of a document (文号): 岚政办发〔2022〕20号, 国务院令第755号; of joint issuers each one's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile
from pathlib import Path

from ingest.lines import is_number_line
from ingest.model import Clause, ClauseKind
from ingest.units import NOTES

_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{1,12}[〔\[【（(]\s*(?:19|20)\d{2}\s*[〕\]】）)]\s*第?\s*\d+\s*号"
    r"|(?:(?![关的])[\u4e00-\u9fff、]){2,40}(?:令\s*第?\s*\d+\s*号|第\s*\d+\s*号令|公告\s*(?:19|20)\d{2}\s*年第\s*\d+\s*号)"
)
_IN_BRACKETS = re.compile(r"令[（(](第\d+号)[）)]")  # 国务院令（第999号）
_DAY = re.compile(r"\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日")
_NUMBER_OF_FILE = re.compile(r"[（(]([\u4e00-\u9fff]{1,12}[〔\[【]\d{4}[〕\]】]第?\d+号)[）)]$")


def normal_number(number: str) -> str:
    """A document number without spaces and with its own brackets: 岚政办发〔2022〕20号."""
    return re.sub(r"[（(\[【]", "〔", re.sub(r"[）)\]】]", "〕", re.sub(r"\s", "", number)))


def read_number(clauses: Sequence[Clause], head: Iterable[Clause]) -> str | None:
    """That on a line of its own, else that in a title or a note among the clauses of the head."""
    if numbers := _joint_numbers(clauses):
        return numbers
    for clause in head:
        if clause.kind in (ClauseKind.NUMBER, ClauseKind.TITLE) or clause.labels[-1].startswith(NOTES):
            for text in (*clause.text.split("\n"), clause.text):
                if match := _NUMBER.search(_IN_BRACKETS.sub(r"令\1", _compact(_DAY.sub(" | ", text)))):
                    return normal_number(match.group())
    return None


def _joint_numbers(clauses: Sequence[Clause]) -> str | None:
    """Those of several issuers, on one line or on lines below each other, with 、 between them."""
    first = next((n for n, one in enumerate(clauses) if one.kind is ClauseKind.NUMBER), len(clauses))
    lines = takewhile(lambda one: one.kind is ClauseKind.NUMBER, clauses[first:])
    found = [normal_number(match.group()) for one in lines for match in _NUMBER.finditer(_compact(one.text))]
    return "、".join(dict.fromkeys(found)) or None


def number_beside(clauses: Sequence[Clause], file: str) -> str | None:
    """The only number in a cell of the table above the title, else the one in brackets behind the file's name."""
    above = takewhile(lambda one: one.kind is not ClauseKind.TITLE, clauses)
    tables = [cell for one in above if one.kind is ClauseKind.TABLE for cell in re.split(r"[\t\n]", one.text)]
    numbers = [cell for cell in tables if is_number_line(cell)]
    named = _NUMBER_OF_FILE.search(_compact(Path(file).stem))
    number = numbers[0] if len(numbers) == 1 else named[1] if named else None
    return normal_number(number) if number else None


def _compact(text: str) -> str:
    return re.sub(r"\s", "", text)
