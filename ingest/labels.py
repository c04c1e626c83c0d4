"""The labels that number the units of an official document: 第一章, 第一条, 一、, （一）, 1., （1）, 1）, ①, 一是."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_CN = "[零〇一二三四五六七八九十百千]+"

# style, pattern, whether it may only be told from prose by its number following the last (weak)
_PATTERNS: tuple[tuple[str, re.Pattern[str], bool], ...] = (
    ("part", re.compile(rf"第({_CN}|\d+)编(?=\s|$)"), False),
    ("chapter", re.compile(rf"第({_CN}|\d+)章(?=\s|$|[\u4e00-\u9fff])"), False),
    ("section", re.compile(rf"第({_CN}|\d+)节(?=\s|$|[\u4e00-\u9fff])"), False),
    ("article", re.compile(rf"第({_CN}|\d+)条(?![款项例规之约件、，和至或及的])"), False),
    ("chinese", re.compile(rf"({_CN})\s*[、．]"), False),
    ("chinese_bracket", re.compile(rf"[（(]\s*({_CN})\s*[）)][、.．]?"), False),
    ("first", re.compile(r"([一二三四五六七八九十])是(?!否)"), True),
    ("number", re.compile(r"(\d{1,3})\s*[.．、](?:(?!\d)|(?=\d{4}年))"), True),
    ("number_bracket", re.compile(r"[（(]\s*(\d{1,2})\s*[）)]"), True),
    ("number_half_bracket", re.compile(r"(\d{1,2})[）)](?=\s*[^\s。，；：、）)])"), True),
    ("circled", re.compile(r"([①-⑳])"), False),
)
_NORMAL_FORMS = {
    "part": "第{}编",
    "chapter": "第{}章",
    "section": "第{}节",
    "article": "第{}条",
    "chinese_bracket": "（{}）",
    "first": "{}是",
    "number_bracket": "（{}）",
    "number_half_bracket": "{}）",
}
LONGEST_STEP = 3  # from one number to the next: up to two may be missing
STYLES = tuple(style for style, _, _ in _PATTERNS)  # in the order in which they are looked for


@dataclass(frozen=True, slots=True)
class Label:
    """A unit's number as it stands at the beginning of its first line."""

    style: str
    number: int
    text: str  # the normal form: （一）, 一, 15, 一是, 第三条
    raw: str  # as it stands
    weak: bool

    @property
    def length(self) -> int:
        """How many characters of the line it takes."""
        return len(self.raw)


def read_label(line: str) -> Label | None:
    """The label at the beginning of a line, if there is one."""
    for style, pattern, weak in _PATTERNS:
        if match := pattern.match(line):
            number = parse_number(match.group(1))
            return Label(style, number, _normal_form(style, match.group(1)), match.group(), weak)
    return None


def is_plausible_next(label: Label, seen: dict[str, int]) -> bool:
    """Whether a label goes on from the last of its style, or begins a new run."""
    return label.number == 1 or label.number == seen.get(label.style, -1) + 1


def parse_number(text: str) -> int:
    """A whole number in Arabic or Chinese figures, or circled: 15, 二十三, 一百零五, ③."""
    if text.isdecimal():
        return int(text)
    if len(text) == 1 and "①" <= text <= "⑳":
        return ord(text) - ord("①") + 1
    if all(c in _DIGITS for c in text) and len(text) > 1:
        return int("".join(str(_DIGITS[c]) for c in text))
    total, digit = 0, 0
    for character in text:
        if character in _UNITS:
            total += (digit or 1) * _UNITS[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit


def _normal_form(style: str, number: str) -> str:
    number = str(int(number)) if number.isdecimal() else number  # full width
    return _NORMAL_FORMS.get(style, "{}").format(number)
