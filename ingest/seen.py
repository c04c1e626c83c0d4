"""A text as a reader sees it: without tags, marks and characters that show nothing, in ASCII digits."""

from __future__ import annotations

import html
import re
import unicodedata

_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
# ①: not part of what is beside it
_ENCLOSED = re.compile(r"([\u2460-\u24ff\u2776-\u2793\u3220-\u3247\u3280-\u32b0])(\d)?")
_UNUSUAL = re.compile("[^\\x00-\\x7f\u3001-\u3003\u3008-\u3011“”\u4e00-\u9fff]")  # neither ASCII nor Chinese
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")  # letters that show nothing
_MARKS = str.maketrans("", "", "*`~_\\")  # Markdown's signs, which show nothing either
# 壹 to 拾, used on cheques, 廿 and 卅, and the writings of zero
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬億○贰兩", "一二三四五六七八九十百千万亿〇二两")
_THOUSANDS = re.compile(r"(?<=\d)[,'’](?=\d{3}(?!\d))")
_POINT = re.compile(r"(?<=\d)[·・‧•](?=\d)")
# 【10】万元: a bracket does not part a number from its unit
_BRACKETED = re.compile(r"(?<=\d)[\[\]【】（）()「」『』“”\"'’]+(?=[万亿元%])")
_DAY = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?![\d-])")


def as_seen(text: str) -> str:
    """A text without what a reader does not see, in ASCII digits and simple numerals; white space stays."""
    text = _ENCLOSED.sub(lambda m: f"、{m[1]}、{m[2]}" if m[2] else f"、{m[1]}", _TAG.sub("", html.unescape(text)))
    text = _UNUSUAL.sub(lambda match: _shown(match[0]), unicodedata.normalize("NFKC", text)).translate(_MARKS)
    text = text.replace("廿", "二十").replace("卅", "三十").translate(_FORMAL)
    text = _BRACKETED.sub("", _POINT.sub(".", _THOUSANDS.sub("", text)))
    return _DAY.sub(r"\1年\2月\3日", text)


def _shown(character: str) -> str:
    """A character as digit if it is one in any script; nothing if it is invisible or a mark upon another."""
    if character in _FILLERS or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return ""
    if unicodedata.category(character) in ("Nd", "Nl", "No") and character != "〇":
        value = unicodedata.numeric(character, -1)
        return str(int(value)) if value == int(value) >= 0 else character
    return character
