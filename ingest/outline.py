"""Paragraphs become a tree of clauses: what is cited, with its path from the section down.

The tree grows from the labels at the beginnings of paragraphs. A style of label that is open already closes back to its
level; a new one opens a level below. A weak label (1., （1）) counts only where its number follows, so that a line that
happens to begin with a figure stays text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest.clean import Paragraph, is_date_line, is_member_line, is_number_line
from ingest.labels import Label, read_label
from ingest.model import Clause, ClauseKind, Part

_ATTACHMENT = re.compile(r"^附\s*件\s*([0-9一二三四五六七八九十]*)\s*[：:]?\s*$")
_ATTACHMENT_LIST = re.compile(r"^附\s*件\s*[：:]\s*\S")
_ADDRESSEE = re.compile(r"^[^。；《》]{2,80}[：:]$")
_ORGANISATION = re.compile(r"^[^，。；：！？]{2,30}(?:政府|办公室|委员会|局|厅|部|院|中心|办|会|署|联席会议)(?:\s+[^，。；：！？]{2,30})?$")
_PUBLICITY = re.compile(r"^[（(]此件.{2,12}[）)]$")  # (此件公开发布)
_LETTERHEAD = re.compile(r"文件$")
_PROSE = re.compile(r"[。；]|，.*，|[:：]$")
_SENTENCE_END = re.compile(r"[。！？；]")
_HEADING_LENGTH = 30  # characters; a longer first sentence is text, not a heading
_LINE_HEADING_LENGTH = 60  # characters, where it has a line of its own
_ROLE = re.compile(r"^([组副成主][组\s]*[长员任]|主要职责)\s*[：:]\s*")
_STYLE_DEPTH = ("part", "chapter", "section", "article", "chinese")  # these nest in this order, whatever came first
_TOP = 1000  # a depth below which no labelled unit lies

_NAMES = {
    ClauseKind.TITLE: "标题", ClauseKind.NUMBER: "文号", ClauseKind.ADDRESSEE: "主送", ClauseKind.PREAMBLE: "导语",
    ClauseKind.SIGNATURE: "落款", ClauseKind.TABLE: "表",
}  # fmt: skip


@dataclass(slots=True)
class _Unit:
    """A clause while it grows."""

    kind: ClauseKind
    label: str
    style: str = ""
    number: int = 0
    lines: list[str] = field(default_factory=list)
    parent: _Unit | None = None
    section: int = 1


class _Tree:
    """The units so far and the path of open ones."""

    def __init__(self) -> None:
        self.units: list[_Unit] = []
        self.open: list[_Unit] = []  # from the outermost labelled unit to the innermost
        self.last_number: dict[str, int] = {}
        self.attachment: _Unit | None = None
        self.warnings: list[str] = []

    @property
    def current(self) -> _Unit | None:
        return self.units[-1] if self.units else None

    def add(self, kind: ClauseKind, line: str, label: str = "") -> _Unit:
        """A unit without a number of its own."""
        unit = _Unit(kind, label or _NAMES.get(kind, ""), lines=[line], parent=self.attachment)
        self.units.append(unit)
        return unit

    def add_labelled(self, label: Label, paragraph: Paragraph) -> None:
        """A numbered unit, at the level that its style has among the open ones."""
        self._close_to(label)
        self._check_number(label, paragraph)
        parent = self.open[-1] if self.open else self.attachment
        unit = _Unit(ClauseKind.CLAUSE, label.text, label.style, label.number, [paragraph.text], parent)
        if not self.open:
            same = [u for u in self.units if u.parent is parent and u.label == label.text and u.style == label.style]
            unit.section = len(same) + 1
        self.open.append(unit)
        self.units.append(unit)
        self.last_number[label.style] = label.number

    def begin_attachment(self, line: str, number: str) -> None:
        """Everything that follows belongs to this attachment."""
        self.open, self.attachment = [], None
        self.last_number = {}
        self.attachment = self.add(ClauseKind.ATTACHMENT, line, f"附件{number}")

    def is_next(self, label: Label) -> bool:
        """Whether a label's number follows from what is open."""
        return label.number == 1 or label.number == self.last_number.get(label.style, 0) + 1

    def _close_to(self, label: Label) -> None:
        styles = [unit.style for unit in self.open]
        if label.style in styles:
            del self.open[styles.index(label.style) :]
            return
        if label.style in _STYLE_DEPTH:
            rank = _STYLE_DEPTH.index(label.style)
            depths = [_STYLE_DEPTH.index(s) if s in _STYLE_DEPTH else _TOP for s in styles]
            keep = next((i for i, depth in enumerate(depths) if depth > rank), len(depths))
            del self.open[keep:]

    def _check_number(self, label: Label, paragraph: Paragraph) -> None:
        if not self.is_next(label):
            last = self.last_number.get(label.style, 0)
            self.warnings.append(f"line {paragraph.line}: number {label.text} follows {last}; is something missing or twice?")


def outline(paragraphs: list[Paragraph], document_id: str) -> tuple[list[Clause], list[str]]:
    """Build a document's clauses in the order of its text, and what looked odd on the way.

    Args:
        paragraphs: the cleaned document.
        document_id: what the clauses' ids begin with.
    """
    tree = _Tree()
    for index, paragraph in enumerate(paragraphs):
        _place(tree, paragraph, paragraphs[index + 1] if index + 1 < len(paragraphs) else None)
    return _to_clauses(tree.units, document_id), tree.warnings


def _place(tree: _Tree, paragraph: Paragraph, following: Paragraph | None) -> None:
    """Give one paragraph its place in the tree."""
    text, current = paragraph.text, tree.current
    label = read_label(text)
    if match := _ATTACHMENT.match(text):
        tree.begin_attachment(text, match.group(1))
    elif _ATTACHMENT_LIST.match(text):
        tree.open, tree.attachment = [], None
        tree.add(ClauseKind.ATTACHMENT, text, "附件清单")
    elif current and current.label == "附件清单" and label and label.weak and not _SENTENCE_END.search(text):
        current.lines.append(text)
    elif "\t" in text:
        _place_row(tree, text)
    elif _begins_signature(tree, text, following):
        tree.open, tree.attachment = [], tree.attachment if tree.attachment and tree.attachment.lines else None
        tree.add(ClauseKind.SIGNATURE, text)
    elif current and current.kind is ClauseKind.SIGNATURE and (is_date_line(text) or _PUBLICITY.match(text)):
        current.lines.append(text)
    elif label and _counts(tree, label, paragraph):
        tree.add_labelled(label, paragraph)
    elif tree.open:
        tree.open[-1].lines.append(text)
    else:
        _place_unlabelled(tree, paragraph)


def _counts(tree: _Tree, label: Label, paragraph: Paragraph) -> bool:
    """Whether a label numbers a unit here, or only looks like one."""
    if not label.weak or paragraph.marked or tree.is_next(label):
        return True
    gap = label.number - tree.last_number.get(label.style, 0)
    return 1 < gap <= 3 and label.style in tree.last_number


def _place_row(tree: _Tree, text: str) -> None:
    current = tree.current
    if current and current.kind is ClauseKind.TABLE:
        current.lines.append(text)
        return
    table = tree.add(ClauseKind.TABLE, text)
    if tree.open:
        table.parent = tree.open[-1]


def _begins_signature(tree: _Tree, text: str, following: Paragraph | None) -> bool:
    """An issuer's line above a date line, or a date line alone; not the lines of a title."""
    if tree.current is None or tree.current.kind is ClauseKind.SIGNATURE:
        return False
    if is_date_line(text):
        return True
    return bool(_ORGANISATION.match(text) and following and is_date_line(following.text) and not is_member_line(text))


def _place_unlabelled(tree: _Tree, paragraph: Paragraph) -> None:
    """Head, preamble and attachments: whatever stands outside the numbered units."""
    text, current = paragraph.text, tree.current
    kind = current.kind if current else None
    if tree.attachment and (kind is not ClauseKind.ATTACHMENT or tree.attachment.label != "附件清单") and _has_body(tree):
        if kind is ClauseKind.TABLE or current is None:
            tree.add(ClauseKind.PREAMBLE, text)
        else:
            current.lines.append(text)
    elif is_number_line(text):
        tree.add(ClauseKind.NUMBER, text)
    elif kind in (None, ClauseKind.NUMBER, ClauseKind.SIGNATURE, ClauseKind.ATTACHMENT) and not _PROSE.search(text):
        tree.attachment = None  # 附件1 above a title marks the whole file
        tree.add(ClauseKind.TITLE, text, "版头" if kind is None and _LETTERHEAD.search(text) else "")
    elif kind is ClauseKind.TITLE and current and not _PROSE.search(text):
        current.lines.append(text)
    elif kind in (ClauseKind.TITLE, ClauseKind.NUMBER) and _ADDRESSEE.match(text):
        tree.add(ClauseKind.ADDRESSEE, text)
    elif kind is ClauseKind.PREAMBLE and current:
        current.lines.append(text)
    else:
        tree.add(ClauseKind.PREAMBLE, text)


def _has_body(tree: _Tree) -> bool:
    """Whether a numbered unit came before: an attachment behind the text, not a marker above the title."""
    return any(unit.style for unit in tree.units)


def _to_clauses(units: list[_Unit], document_id: str) -> list[Clause]:
    taken: dict[str, int] = {}
    ids: dict[int, str] = {}
    paths: dict[int, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    sections: dict[int, int] = {}
    parents = {id(unit.parent) for unit in units if unit.parent}
    clauses = []
    for order, unit in enumerate(units):
        key = id(unit)
        heading, body = _split_heading(unit)
        labels, path = paths.get(id(unit.parent), ((), ()))
        labels, path = (*labels, unit.label), (*path, _path_label(unit, heading))
        paths[key] = labels, path
        sections[key] = sections.get(id(unit.parent), unit.section) if unit.parent else unit.section
        ids[key] = _unique_id(document_id, labels, sections[key], taken)
        kind = unit.kind
        if kind is ClauseKind.CLAUSE and not body and key in parents:
            kind = ClauseKind.HEADING
        text = "\n".join(unit.lines)
        clauses.append(
            Clause(
                id=ids[key], document_id=document_id, parent_id=ids.get(id(unit.parent)), kind=kind,
                section=sections[key], labels=labels, path=path, text=text, order=order, heading=heading,
                parts=_parts(unit, text),
            )  # fmt: skip
        )
    return clauses


def _unique_id(document_id: str, labels: tuple[str, ...], section: int, taken: dict[str, int]) -> str:
    """Name a clause by its labels; a second unit of the same labels gets ~2."""
    names = [re.sub(r"[（）()\s]", "", label) for label in labels]
    if section > 1:
        names[0] = f"{names[0]}~{section}"
    base = f"{document_id}#{'-'.join(names)}"
    taken[base] = taken.get(base, 0) + 1
    return base if taken[base] == 1 else f"{base}~{taken[base]}"


def _split_heading(unit: _Unit) -> tuple[str, str]:
    """A unit's heading (without its label) and the rest of its text."""
    text = "\n".join(unit.lines)
    if unit.kind is ClauseKind.ATTACHMENT:
        return (unit.lines[1] if len(unit.lines) > 1 and not _PROSE.search(unit.lines[1]) else ""), text
    if not unit.style:
        return "", text
    label = read_label(unit.lines[0])
    first = unit.lines[0][label.length :].strip() if label else unit.lines[0]
    sentence = _SENTENCE_END.split(first, maxsplit=1)
    head, rest = sentence[0].strip(), (sentence[1] if len(sentence) > 1 else "").strip()
    rest = "\n".join(filter(None, [rest, *unit.lines[1:]]))
    if len(unit.lines) > 1 and not _SENTENCE_END.search(first) and len(first) <= _LINE_HEADING_LENGTH:
        return first.rstrip("：:"), "\n".join(unit.lines[1:])
    if unit.style == "article" or len(head) > _HEADING_LENGTH or ("，" in head and len(head) > 25):
        return "", text
    if not rest and _SENTENCE_END.search(first) and unit.style not in ("chinese", "chinese_bracket"):
        return "", text
    return head.rstrip("：:"), rest


def _path_label(unit: _Unit, heading: str) -> str:
    """How a unit is shown in a path: 四、工作举措; （五）开展…行动; 15."""
    if not unit.style:
        return f"{unit.label} {heading}".strip()
    separator = "、" if unit.style == "chinese" else "" if unit.label.endswith("）") else " "
    if unit.style == "first":
        return f"{unit.label}{heading}" if heading else unit.label
    if unit.style in ("number", "circled"):
        separator = "."
    return f"{unit.label}{separator}{heading}" if heading else unit.label


def _parts(unit: _Unit, text: str) -> tuple[Part, ...]:
    """Table rows with their header, or members of a list, each where it stands in the text."""
    parts: list[Part] = []
    header = unit.lines[0] if unit.kind is ClauseKind.TABLE and len(unit.lines) > 1 else ""
    position, role = 0, ""
    counts: dict[str, int] = {}
    for line in unit.lines:
        start, position = position, position + len(line) + 1
        if unit.kind is ClauseKind.TABLE:
            if line is not header or not header:
                parts.append(Part(line.split("\t")[0].strip() or str(len(parts) + 1), "row", line, start, start + len(line), header))
        elif is_member_line(line):
            if match := _ROLE.match(line):
                role = re.sub(r"\s", "", match.group(1))
            if role and role != "主要职责":
                counts[role] = counts.get(role, 0) + 1
                parts.append(Part(f"{role}{counts[role]}", "member", line, start, start + len(line), role))
    return tuple(parts)
