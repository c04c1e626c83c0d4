"""Numbers as Chinese texts write them become values: 3千, 1亿2千万, 一百零五, 二〇二五, 三点五万, 十余万."""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_SCALES = {"万": 10**4, "亿": 10**8, "w": 10**4, "k": 10**3}
_DIGIT, _SCALE = "零〇一二两三四五六七八九", "十百千万亿"
_ABOUT = "余多几来"  # 十余万: about so many
ARABIC = rf"\d+(?:\.\d+)?(?:[{_ABOUT}]?[{_SCALE}]+(?:\d+[{_SCALE}]+)*|[wWkK](?![A-Za-z])|[{_ABOUT}])?"
CHINESE = rf"[{_DIGIT}{_SCALE}]+(?:点[{_DIGIT}]+)?[{_ABOUT}]?[万亿]*|半"


def read_number(number: str, *, half: bool = False, plain: bool = False) -> str:
    """A number in its shortest form; 万 by itself, as in 单位：万元, is no number and stays what it is."""
    if not plain and len(number) == 1 and number in "百千万亿":
        return number
    about = any(character in _ABOUT for character in number)
    digits = number.translate(str.maketrans("", "", _ABOUT))
    value = Decimal("0.5") if digits == "半" else _evaluate(digits.lower())
    return shortest(value + (Decimal("0.5") if half else 0)) + ("+" if about else "")


def shortest(value: Decimal) -> str:
    """A value without needless zeros: 10, 0.5, 100000."""
    return f"{value.normalize():f}"


def _evaluate(number: str) -> Decimal:
    """The value of figures, numerals and both mixed: 3千, 1亿2千万, 一百零五, 二〇二五, 三点五万."""
    total, section, current, last = Decimal(0), Decimal(0), None, 1
    pieces = re.findall(rf"\d+(?:\.\d+)?|点?[{_DIGIT}]+|[{_SCALE}wk]", number)
    for position, piece in enumerate(pieces, 1):
        if piece in _UNITS:
            last = _UNITS[piece]
            section, current = section + (1 if current is None else current) * last, None
        elif piece in _SCALES:
            last, amount = _SCALES[piece], section + (current or 0)
            whole = amount if amount or current is not None or total else Decimal(1)
            total = (total + whole) * last if piece == "亿" else total + whole * last
            section, current = Decimal(0), None
        elif piece[0] == "点":
            current = (current or 0) + _digits(f"零{piece}")
        else:
            current = _digits(piece)
            if last > 10 and piece in _DIGITS and position == len(pieces):
                current *= Decimal(last) / 10  # 一万五: 15000
    return total + section + (current or 0)


def _digits(piece: str) -> Decimal:
    if piece[0].isdigit():
        return Decimal(piece)
    return Decimal("".join("." if character == "点" else str(_DIGITS[character]) for character in piece))
