"""The numbers that Word writes before paragraphs and does not keep in their text, from numbering.xml and styles.xml."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.loaders.archive import attribute, child, children, value_of

if TYPE_CHECKING:
    from lxml import etree

_DIGITS = "〇一二三四五六七八九"
_FORMAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
          (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip
_HIGHEST = 9999  # a number beyond is written in Arabic figures
_LEVELS = 9
_DEEPEST_STYLE = 20  # styles based on styles; a longer chain is a ring


def _chinese(number: int) -> str:
    """十二, 一百零五."""
    text = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        text += _DIGITS[digit] + name if digit else "零" if text and number else ""
    return re.sub("零+", "零", text).replace("一十", "十", 1) if text.startswith("一十") else re.sub("零+", "零", text)


def _formal(number: int) -> str:
    """壹拾贰, as on cheques."""
    text = _chinese(number)
    return (f"一{text}" if text.startswith("十") else text).translate(_FORMAL)


def _letters(number: int) -> str:
    """A, B, …, Z, AA, BB, as Word counts."""
    return chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1) if number <= 26 * 10 else str(number)


def _roman(number: int) -> str:
    text = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        text += sign * count
    return text


def _circled(number: int) -> str:
    return chr(ord("①") + number - 1) if number <= 20 else str(number)


def _wide(number: int) -> str:
    return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))


def _cyclic(signs: str) -> Callable[[int], str]:
    return lambda number: signs[(number - 1) % len(signs)]


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": _wide,
    "decimalFullWidth2": _wide,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedFullstop": lambda number: f"{number}.",
    "decimalEnclosedParen": lambda number: f"({number})",
    "ideographEnclosedCircle": lambda number: f"({_chinese(number)})",
    "upperLetter": _letters,
    "lowerLetter": lambda number: _letters(number).lower(),
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "taiwaneseCounting": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "ideographDigital": lambda number: "".join(_DIGITS[int(digit)] for digit in str(number)),
    "japaneseDigitalTenThousand": lambda number: "".join(_DIGITS[int(digit)] for digit in str(number)),
    "taiwaneseDigital": lambda number: "".join(_DIGITS[int(digit)] for digit in str(number)),
    "chineseLegalSimplified": _formal,
    "ideographLegalTraditional": _formal,
    "japaneseLegal": _formal,
    "ideographTraditional": _cyclic("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _cyclic("子丑寅卯辰巳午未申酉戌亥"),
}


def write_number(number: int, style: str) -> str:
    """A number as Word writes it in one of its formats (w:numFmt); in Arabic figures if the format is not known."""
    return _FORMATS[style](number) if style in _FORMATS and 0 < number <= _HIGHEST else str(number)


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is numbered."""

    start: int
    style: str
    text: str  # 第%1条, %1.%2
    restarts: bool
    legal: bool  # all its numbers in Arabic figures
    gap: str  # between number and text

    @classmethod
    def read(cls, element: etree._Element) -> _Level:
        gap = {"nothing": "", "space": " "}.get(value_of(element, "suff") or "tab", " ")
        return cls(
            start=_number(value_of(element, "start"), 1),
            style=value_of(element, "numFmt") or "decimal",
            text=value_of(element, "lvlText") or "",
            restarts=value_of(element, "lvlRestart") != "0",
            legal=child(element, "isLgl") is not None and value_of(element, "isLgl") not in ("0", "false"),
            gap=gap,
        )


@dataclass(slots=True)
class _List:
    """A list definition: its levels and how far each has counted."""

    levels: dict[int, _Level]
    styles: dict[str, int]  # the level that a paragraph style stands for
    counts: dict[int, int] = field(default_factory=dict)


class Styles:
    """What paragraphs inherit from their styles: numbering and the level of a heading."""

    def __init__(self, root: etree._Element | None) -> None:
        self._styles = {attribute(style, "styleId"): style for style in children(root, "style")}

    def properties(self, style: str | None) -> list[etree._Element]:
        """The paragraph properties of a style and of those that it is based on, the nearest first."""
        found = []
        for _ in range(_DEEPEST_STYLE):
            element = self._styles.get(style)
            if element is None:
                break
            if (properties := child(element, "pPr")) is not None:
                found.append(properties)
            style = value_of(element, "basedOn")
        return found


class Numbering:
    """The lists of a document; asked for its paragraphs in their order, since each number depends on those before."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._style_sheet = styles
        abstract = {attribute(one, "abstractNumId"): one for one in children(root, "abstractNum")}
        by_style_link = {value_of(one, "styleLink"): one for one in abstract.values() if value_of(one, "styleLink")}
        self._lists: dict[str | None, _List] = {}  # by the definition
        self._numbers: dict[str | None, tuple[_List, dict[int, _Level], dict[int, int]]] = {}
        for number in children(root, "num"):
            identity = value_of(number, "abstractNumId")
            definition = abstract.get(identity)
            definition = by_style_link.get(value_of(definition, "numStyleLink"), definition)
            if definition is None:
                continue
            shared = self._lists.setdefault(attribute(definition, "abstractNumId"), _read_list(definition))
            self._numbers[attribute(number, "numId")] = (shared, *_read_overrides(number))

    def label(self, properties: etree._Element | None) -> str:
        """The number of the next paragraph, with the gap behind it; "" if it has none."""
        style = value_of(properties, "pStyle")
        chain = [*([properties] if properties is not None else []), *self._style_sheet.properties(style)]
        identity = next((found for one in chain if (found := value_of(one, "numPr", "numId")) is not None), None)
        if identity not in self._numbers:
            return ""
        shared, replaced, starts = self._numbers[identity]
        given = next((found for one in chain if (found := value_of(one, "numPr", "ilvl")) is not None), None)
        depth = _number(given, shared.styles.get(style or "", 0))
        levels = shared.levels | replaced
        if depth not in levels:
            return ""
        _count(shared, levels, depth, starts)
        return _write(levels, shared.counts, depth)


def _read_list(definition: etree._Element) -> _List:
    levels, styles = {}, {}
    for element in children(definition, "lvl"):
        depth = _number(attribute(element, "ilvl"), 0)
        levels[depth] = _Level.read(element)
        if style := value_of(element, "pStyle"):
            styles[style] = depth
    return _List(levels, styles)


def _read_overrides(number: etree._Element) -> tuple[dict[int, _Level], dict[int, int]]:
    """The levels that a list changes of its definition, and the numbers at which it starts anew."""
    levels, starts = {}, {}
    for override in children(number, "lvlOverride"):
        depth = _number(attribute(override, "ilvl"), 0)
        if (element := child(override, "lvl")) is not None:
            levels[depth] = _Level.read(element)
        if (start := value_of(override, "startOverride")) is not None:
            starts[depth] = _number(start, 1)
    return levels, starts


def _count(shared: _List, levels: dict[int, _Level], depth: int, starts: dict[int, int]) -> None:
    """Count one on at a level; levels below begin again, levels above have begun."""
    counts = shared.counts
    if depth in starts:
        counts[depth] = starts.pop(depth)  # once: the list's later paragraphs count on
    else:
        counts[depth] = counts[depth] + 1 if depth in counts else levels[depth].start
    for above in range(depth):
        if above in levels:
            counts.setdefault(above, levels[above].start)
    for below in [one for one in counts if one > depth and (one not in levels or levels[one].restarts)]:
        del counts[below]


def _write(levels: dict[int, _Level], counts: dict[int, int], depth: int) -> str:
    level = levels[depth]
    if level.style in ("bullet", "none") and "%" not in level.text:
        return ""

    def number_of(match: re.Match[str]) -> str:
        other = int(match[1]) - 1
        style = "decimal" if level.legal or other not in levels else levels[other].style
        return "" if style in ("bullet", "none") else write_number(counts.get(other, 1), style)

    text = re.sub(rf"%([1-{_LEVELS}])", number_of, level.text)
    return text + ("" if text.endswith(("、", "）")) else level.gap) if text else ""


def _number(text: str | None, default: int) -> int:
    """A whole number of an attribute; the default where there is none."""
    return int(text) if text is not None and re.fullmatch(r"-?\d{1,9}", text) else default
