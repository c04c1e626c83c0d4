"""Units that stand inside a line come apart: 一、…。1．…。2．…。二、….

A converter may put several units, or a whole notice, on one line. Labels of one style that count up where sentences
begin are units; where such a label stands behind a space, the line's spaces are the line ends that it lost. Labels
behind semicolons or commas number a list inside a sentence, which stays whole: 包括：1.身份证；2.照片. Those in
brackets behind semicolons, on a line that the first one begins, are entries without line ends: （一）甲；（二）乙.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ingest.labels import LONGEST_STEP, Label, read_label
from ingest.lines import ATTACHMENT_LINE, Paragraph, is_date_line, is_prose

_LABEL_START = re.compile(r"[第（(\d一二三四五六七八九十①-⑳]")
_LABEL_LENGTH = 20  # characters that show whether something is a label
_ORDINALS = re.compile(r"[一二三四五六七八九十]、[一二三四五六七八九十]+(?:季度|月|产业|级|类|线|等)")  # 二、三季度
_SENTENCES_OF_ONE_UNIT = "first"  # 一是…。二是…。
_SET_OFF = ("part", "subpart", "chapter", "section", "article")
_ENTRY_STYLES = ("chinese_bracket", "number_bracket")
_SEMICOLONS = ("；", ";")
_SENTENCE_END = re.compile(r"[。！？：…][”’）)]*$|[）)]$")
_DATE = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
_REFERENCE = re.compile(r"(?:附件|表|图)$")  # 附件 1: its number follows
_GAP = re.compile(r"\s+")
_SHORTEST_LINE = 4  # characters: 张 三 and 组 长 are words, not lines
_LINE_LENGTH = 120  # characters of a line that show whether it ends
_OPEN_RUNS = 50  # runs that may go on
_OPENING, _CLOSING = "（(《“", "）)》”"
_BRACKET_LENGTH = 200  # characters after which a bracket that was never closed is forgotten


@dataclass(frozen=True, slots=True)
class _Candidate:
    """What looks like a label."""

    position: int
    label: Label
    begins_line: bool
    listed: bool  # in mid-sentence: 1.身份证；2.照片
    parted: bool = False  # by a semicolon from what stands before


@dataclass(slots=True)
class _Run:
    """Labels of one style that count up."""

    members: list[_Candidate]
    listed: bool  # they number a list inside a sentence

    @property
    def entries(self) -> bool:
        """Whether they are entries in brackets, （一）, that fill a line from its beginning."""
        first, *others = self.members
        filled = first.position == 0 and first.label.style in _ENTRY_STYLES and bool(others)
        return filled and all(one.parted or not one.listed for one in others)

    def step_to(self, candidate: _Candidate) -> int | None:
        """How far a label counts on; None if it is none of the run's: of its members, all begin sentences or none."""
        last = self.members[-1].label
        step = candidate.label.number - last.number
        alike = candidate.listed == self.listed or (len(self.members) == 1 and candidate.listed)
        return step if alike and candidate.label.style == last.style and 0 < step <= LONGEST_STEP else None


def split_units(paragraphs: Iterable[Paragraph]) -> Iterator[Paragraph]:
    """Give every numbered unit that stands inside a line, and every line around it, a paragraph of its own."""
    seen: dict[str, int] = {}  # the last number of each style
    for paragraph in paragraphs:
        for number, text in enumerate(_split(paragraph.text, seen)):
            if label := read_label(text):
                seen[label.style] = label.number
            yield replace(paragraph, text=text, marked=paragraph.marked and number == 0)


def _split(text: str, seen: dict[str, int]) -> Iterator[str]:
    """The lines that one line was made of."""
    if "\t" in text or ATTACHMENT_LINE.match(text):
        yield text
        return
    ends = list(_line_ends(text))
    begins = {one.position for run in _runs(_candidates(text, {0, *ends}), seen) for one in run.members}
    breaks = sorted(begins.union(ends) if begins.intersection(ends) else begins)
    for start, end in zip([0, *breaks], [*breaks, len(text)], strict=True):
        if start < end:
            yield text[start:end].strip() if breaks else text


def _line_ends(text: str) -> Iterator[int]:
    """Behind each space that may stand for a line's end."""
    start = 0
    for gap in _GAP.finditer(text):
        line = text[max(start, gap.start() - _LINE_LENGTH) : gap.start()]
        rest = text[gap.end() : gap.end() + _LABEL_LENGTH]
        if line and rest and not _is_open(text, gap.start()) and _ends_line(line, gap.group(), rest):
            start = gap.end()
            yield start


def _ends_line(line: str, gap: str, rest: str) -> bool:
    """Whether a line ends at a gap: behind a sentence or a bracket, a date, or words without punctuation."""
    label = read_label(line)
    if (label and label.length >= len(line)) or _REFERENCE.search(line):
        return False
    next_label = read_label(rest)
    if line[-1] in "。！？…）)”" or is_date_line(line) or (next_label and _is_set_off(next_label, rest)):
        return True
    numbered = next_label or _DATE.match(rest)
    if not numbered and (len(gap) > 1 or rest[0].isascii()):
        return False  # a blank, 新增企业    户, or a space between two scripts
    return line[-1] in "：；" or (len(line) >= _SHORTEST_LINE and not line[-1].isascii() and not is_prose(line))


def _candidates(text: str, begins: set[int]) -> Iterator[_Candidate]:
    """What looks like a label where a line or a sentence begins, or goes on counting inside a sentence."""
    for match in _LABEL_START.finditer(text):
        position = match.start()
        label = read_label(text[position : position + _LABEL_LENGTH])
        if label is None or label.style == _SENTENCES_OF_ONE_UNIT or _ORDINALS.match(text, position):
            continue
        before = text[max(0, position - _SHORTEST_LINE) : position].rstrip()
        listed = position not in begins and (
            not _SENTENCE_END.search(before)
            or _is_open(text, position)
            or (label.style in _SET_OFF and not _is_set_off(label, text[position : position + _LABEL_LENGTH]))
        )
        if not listed or label.number == 1 or before[-1:] in "；;，,、":
            yield _Candidate(position, label, position in begins, listed, before[-1:] in _SEMICOLONS)


def _runs(candidates: Iterable[_Candidate], seen: dict[str, int]) -> Iterator[_Run]:
    """Two or more labels that count up, or one that goes on from the lines before; not lists inside a sentence."""
    found: list[_Run] = []
    growing: list[_Run] = []  # from the outermost to the innermost
    for one in candidates:
        steps = {number: step for number, run in enumerate(growing) if (step := run.step_to(one))}
        if steps:
            number = min(steps, key=lambda number: (steps[number], -number))
            del growing[number + 1 :]
            growing[number].members.append(one)
            growing[number].listed = one.listed
        elif one.begins_line or one.label.number in (1, _next_number(one, seen)):
            found.append(_Run([one], one.listed))
            growing = [*growing[1 - _OPEN_RUNS :], found[-1]]
    for run in found:
        first = run.members[0]
        several = len(run.members) > 1 or first.label.number == _next_number(first, seen) > 1
        if run.entries or (several and not run.listed):
            yield run


def _next_number(candidate: _Candidate, seen: dict[str, int]) -> int:
    return seen.get(candidate.label.style, 0) + 1


def _is_set_off(label: Label, text: str) -> bool:
    """Whether a chapter's or an article's label has a space behind it; one without is a reference."""
    return label.style in _SET_OFF and text[label.length : label.length + 1].isspace()


def _is_open(text: str, position: int) -> bool:
    """Whether the last bracket or quotation mark before a position is one that opens."""
    tail = text[max(0, position - _BRACKET_LENGTH) : position]
    return max(map(tail.rfind, _OPENING)) > max(map(tail.rfind, _CLOSING))
