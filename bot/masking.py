"""Blank personal data before a text is kept.

Blanked are numbers of telephones, identity cards, bank accounts and firms (统一社会信用代码), e-mail addresses, vehicle
plates, and, where a word introduces them, names, WeChat and QQ. A figure that has a check digit is blanked only if
it is right, so that amounts, dates and document numbers stay; so do the public hotlines.

Full-width characters count as their half-width ones, and digits may be parted by spaces or hyphens.
"""

from __future__ import annotations

import re

MASK = "＊＊＊"  # full width: a half-width one would be Markdown

_HALF_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}

_GAP = r"[ \t\u00a0\u200b-\u200f\u2060\ufeff\-\u2010-\u2015\u2212]{0,3}"  # what may part two digits
_START = r"(?<![\d$¥￥])(?<!\d\.)"  # not inside a number, not an amount behind its sign
# Not inside a number, nor an amount or a share of one; 元旦 and 万一 are words.
_END = r"(?!\d|\.\d| ?(?:元(?!旦)|块|[万亿千百]+(?:元|块)|亿|美元|%|‰))"
_ALONE = rf"(?<!\d{_GAP[:-5]})(?<!\d{_GAP[:-5]}{{2}})(?<!\d{_GAP[:-5]}{{3}})"  # no digit before it, gap or no gap
_NO_MORE = rf"(?!{_GAP}\d)"

_IDENTITY_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643
_IDENTITY_CHECKS = "10X98765432"
_CREDIT_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100: no I, O, S, V, Z
_PROVINCES = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"
_DATED = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")  # a year stands by itself in it
_PUBLIC = re.compile(r"\D*(?:12345|12366|12333|12315|110|119|120)")
"""Hotlines of the government, and of emergencies."""
