"""Units of an outline become clauses: each with its id, its path, its heading and its parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from ingest.joints import TITLE_END
from ingest.labels import read_label
from ingest.lines import ATTACHMENT_TITLED, ROLE, SENTENCE_MARK, is_member_line, is_prose
from ingest.model import Clause, ClauseKind, Part

ATTACHMENTS = "附件清单"  # the label of the list of attachments
CONTINUATION = "续"  # the label of text that goes on behind a table or behind all units
LETTERHEAD = "版头"  # the label of the line above the title: 某某人民政府办公室文件
NOTES = "题注"  # the label of what stands below a title about it: who passed it and when
CONTENTS = "目录"  # the label of the table of contents
IMPRINT = "版记"  # the label of what stands below the signature: who printed it, who gets a copy
ARTICLE = "article"  # the style of 第十二条
KUAN = "款"  # the style of a paragraph of an article, which has no number of its own

_NAMES = {
    ClauseKind.TITLE: "标题",
    ClauseKind.NUMBER: "文号",
    ClauseKind.ADDRESSEE: "主送",
    ClauseKind.PREAMBLE: "导语",
    ClauseKind.SIGNATURE: "落款",
    ClauseKind.TABLE: "表",
}
_ENTRIES = ("项", "目")  # of an article, from the outermost inwards
_JOINTS = {"chinese": "、", "number": ".", "circled": ".", "first": ""}  # between a label of a style and its heading
_HEADING_LENGTH = 30  # characters; a longer first sentence is text, not a heading
_COMMA_HEADING_LENGTH = 25  # characters, with a comma in it
_LINE_HEADING_LENGTH = 60  # characters, where it has a line of its own
_TITLE_LINES = 3  # of an attachment, at most
_DUTIES = "主要职责"  # duties: a role's line that lists no member


@dataclass(slots=True, eq=False)
class Unit:
    """A clause while it grows."""

    kind: ClauseKind
    label: str
    style: str = ""  # of its label; "" for a unit without a number
    lines: list[str] = field(default_factory=list)
    parent: Unit | None = None
    section: int = 1

    @staticmethod
    def name_of(kind: ClauseKind) -> str:
        """The label of a unit without a number."""
        return _NAMES.get(kind, "")


def to_clauses(units: list[Unit], document_id: str) -> list[Clause]:
    """Turn units, in the order of the text, into clauses."""
    parents = {unit.parent for unit in units}
    of_several = {unit.parent for unit in units if unit.style == KUAN}
    taken: dict[str, int] = {}
    clauses: dict[Unit | None, Clause] = {}
    for order, unit in enumerate(units):
        parent = clauses.get(unit.parent)
        heading, body = _split_heading(unit)
        labels = (*(parent.labels if parent else ()), unit.label)
        section = parent.section if parent else unit.section
        text = "\n".join(unit.lines)
        clauses[unit] = Clause(
            id=_free(_base_id(document_id, labels, section), taken),
            document_id=document_id,
            parent_id=parent.id if parent else None,
            kind=ClauseKind.HEADING if unit.style and not body and unit in parents else unit.kind,
            section=section,
            labels=labels,
            path=_path(unit, heading, parent, unit.parent in of_several),
            text=text,
            order=order,
            heading=heading,
            parts=tuple(_parts(unit)),
        )
    return list(clauses.values())


def _base_id(document_id: str, labels: tuple[str, ...], section: int) -> str:
    """A clause is named by its labels: dalate-2023#四-五-15."""
    names = [re.sub(r"[（）()\s]", "", label) for label in labels]
    if section > 1:
        names[0] = f"{names[0]}~{section}"
    return f"{document_id}#{'-'.join(names)}"


def _free(name: str, taken: dict[str, int]) -> str:
    """The name, or the first of name~2, name~3, … that is not taken; it is from now on."""
    number = taken.get(name, 0)
    free = name
    while number and free in taken:
        number += 1
        free = f"{name}~{number}"
    taken[name] = max(number, 1)
    taken.setdefault(free, 1)
    return free


def _split_heading(unit: Unit) -> tuple[str, str]:
    """A unit's heading (without its label) and the rest of its text."""
    text = "\n".join(unit.lines)
    if unit.kind is ClauseKind.ATTACHMENT:
        return ("" if unit.label == ATTACHMENTS else _attachment_title(unit.lines)), text
    if unit.style in ("", KUAN):
        return "", text
    label = read_label(unit.lines[0])
    first = unit.lines[0][label.length :].strip() if label else unit.lines[0]
    ended = SENTENCE_MARK.search(first)
    if len(unit.lines) > 1 and not ended and len(first) <= _LINE_HEADING_LENGTH and not first.endswith(("，", "、")):
        return first.rstrip("：:"), "\n".join(unit.lines[1:])
    head = first[: ended.start()].strip() if ended else first
    rest = "\n".join(filter(None, [first[ended.end() :].strip() if ended else "", *unit.lines[1:]]))
    if not rest and _form_in_article(unit):
        return "", text
    return (head.rstrip("：:"), rest) if _is_heading(unit, head, bool(ended and not rest)) else ("", text)


def _attachment_title(lines: list[str]) -> str:
    """What stands behind an attachment's number, or below it on one line or several that end as titles do."""
    if titled := ATTACHMENT_TITLED.match(lines[0]):
        return titled[2].strip()
    below = list(takewhile(lambda line: not is_prose(line), lines[1 : 1 + _TITLE_LINES]))
    ends = next((count for count in range(1, len(below) + 1) if TITLE_END.search("".join(below[:count]))), 1)
    return "".join(below[:ends])


def _is_heading(unit: Unit, head: str, is_whole: bool) -> bool:
    """Whether a unit's first sentence is its heading; one that is all of 3., 第三条 is its text."""
    if unit.style == "article" or len(head) > _HEADING_LENGTH or ("，" in head and len(head) > _COMMA_HEADING_LENGTH):
        return False
    return not is_whole or unit.style in ("chinese", "chinese_bracket")


def _path(unit: Unit, heading: str, parent: Clause | None, of_several: bool) -> tuple[str, ...]:
    """The way to a unit; in an article as it is cited: 第十二条第二款第（三）项.

    Args:
        unit: the unit.
        heading: its heading.
        parent: the clause above it.
        of_several: whether that is an article of several 款; what stands right below it belongs to the first.
    """
    above = parent.path if parent else ()
    form = _form_in_article(unit)
    if not form or parent is None:
        return (*above, _path_label(unit, heading))
    shown = ("第一款" if of_several and unit.style != KUAN else "") + form + (f" {heading}" if heading else "")
    return (*above, shown) if parent.heading else (*above[:-1], above[-1] + shown)


def _form_in_article(unit: Unit) -> str:
    """How a unit is cited in its article: 第二款, 第（三）项, 第1目; "" outside of articles and deeper down."""
    if unit.style == KUAN:
        return unit.label
    depth, above = 1, unit.parent
    while above and above.style not in (ARTICLE, KUAN):
        depth, above = depth + 1, above.parent
    named = _ENTRIES[depth - 1 : depth] if unit.style and unit.style != "first" and above else ()
    return f"第{unit.label}{named[0]}" if named else ""


def _path_label(unit: Unit, heading: str) -> str:
    """How a unit is shown in a path: 四、工作举措; （五）开展…行动; 15."""
    if not heading:
        return unit.label
    joint = _JOINTS.get(unit.style, "" if unit.label.endswith("）") else " ")
    return f"{unit.label}{joint}{heading}"


def _parts(unit: Unit) -> Iterator[Part]:
    """Table rows with their header, or members of a list, each where it stands in the text."""
    return _rows(unit) if unit.kind is ClauseKind.TABLE else _members(unit)


def _rows(unit: Unit) -> Iterator[Part]:
    header = unit.lines[0] if len(unit.lines) > 1 else ""
    taken: dict[str, int] = {}
    for number, (start, line) in enumerate(_placed_lines(unit)):
        if line != header:  # which may stand again at the top of every page
            key = _free(line.split("\t")[0].strip() or f"第{number}行", taken)
            yield Part(key, "row", line, start, start + len(line), header)


def _members(unit: Unit) -> Iterator[Part]:
    role = ""
    counts: dict[str, int] = {}
    for start, line in _placed_lines(unit):
        if not is_member_line(line):
            continue
        if match := ROLE.match(line):
            role = re.sub(r"\s", "", match.group(1))
        if role and role != _DUTIES:
            counts[role] = counts.get(role, 0) + 1
            yield Part(f"{role}{counts[role]}", "member", line, start, start + len(line), role)


def _placed_lines(unit: Unit) -> Iterator[tuple[int, str]]:
    position = 0
    for line in unit.lines:
        yield position, line
        position += len(line) + 1
