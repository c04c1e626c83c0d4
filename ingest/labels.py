"""The labels that number the units of an official document: 第一章, 第一条, 一、, （一）, 1., （1）, 1）, ①, 一是.

第十二条规定的, 第二章和第三章 and the like name a unit that stands elsewhere and number none. 第十二条之一 is an
article that an amendment put in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_FIGURES = "零一二三四五六七八九"
_DIGITS = {digit: value for value, digit in enumerate(_FIGURES)} | {"〇": 0, "○": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_CN = "[零〇一二三四五六七八九十百千]+"
# 第十二条, and with a space behind each character as printers set it: 第 十 二 条.
_NTH = r"第\s?([零〇一二三四五六七八九十百千](?:\s?[零〇一二三四五六七八九十百千])*|\d(?:\s?\d)*)\s?"
# What follows the number of a unit that is only spoken of: 第十二条规定的, 第二条第一款, 第三条所称, 第五条中的.
_SPOKEN_OF = (
    r"(?!\s?(?:[的、，,；;。）)》”]|规定[的，]|[和及与至或](?:者|本.{0,4})?第))"
    rf"(?!第(?:{_CN}|\d+)[款项条章节编]|款(?!项)|项(?!目)|规定|以外|除外(?!国)|要求的|列举|之(?:规定|{_CN})|所(?:称|列|述|规|指|涉)"
    rf"|中(?:的|规定|所|，)|等(?:规定|条)|关于.{{1,20}}的规定|前款|(?:修)?改为|增加{_CN}[款项条]|删[除去])"
)
_NO_WORD = r"(?!例(?![外行如])|约(?![定束谈])|件)"  # 条例, 条约, 条件

# style, pattern, whether it may only be told from prose by its number following the last (weak)
_PATTERNS: tuple[tuple[str, re.Pattern[str], bool], ...] = (
    ("part", re.compile(rf"{_NTH}编(?=\s|$|[\u4e00-\u9fff]){_SPOKEN_OF}(?![制号码辑])"), False),
    ("subpart", re.compile(rf"{_NTH}分编(?=\s|$|[\u4e00-\u9fff]){_SPOKEN_OF}"), False),
    ("chapter", re.compile(rf"{_NTH}章(?=\s|$|[\u4e00-\u9fff]){_SPOKEN_OF}"), False),
    ("section", re.compile(rf"{_NTH}节(?=\s|$|[\u4e00-\u9fff]){_SPOKEN_OF}"), False),
    ("article", re.compile(rf"{_NTH}条(?:之({_CN}))?{_NO_WORD}{_SPOKEN_OF}"), False),
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
    "subpart": "第{}分编",
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
    inserted: int = 0  # 第十二条之一: 1

    @property
    def length(self) -> int:
        """How many characters of the line it takes."""
        return len(self.raw)


def read_label(line: str) -> Label | None:
    """The label at the beginning of a line, if there is one."""
    for style, pattern, weak in _PATTERNS:
        if match := pattern.match(line):
            number, behind = re.sub(r"\s", "", match.group(1)), match.group(2) if pattern.groups > 1 else None
            text = _normal_form(style, number) + (f"之{behind}" if behind else "")
            return Label(style, parse_number(number), text, match.group(), weak, parse_number(behind) if behind else 0)
    return None


def is_plausible_next(label: Label, seen: dict[str, int]) -> bool:
    """Whether a label goes on from the last of its style, or begins a new run."""
    last = seen.get(label.style, -1)
    return label.number in (1, last + 1) or (label.inserted > 0 and label.number == last)


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


def write_number(number: int) -> str:
    """A whole number up to 99 in Chinese figures: 二十三; a larger one in Arabic ones."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_FIGURES[tens]}十"
    return head + (_FIGURES[ones] if ones else "")


def _normal_form(style: str, number: str) -> str:
    return _NORMAL_FORMS.get(style, "{}").format(normal_figures(number))


def normal_figures(number: str) -> str:
    """A number whose Arabic figures, full width or not, are plain ones."""
    return str(int(number)) if number.isdecimal() else number
