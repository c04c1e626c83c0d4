"""Blank personal data before a text is kept.

Blanked are numbers of telephones, identity cards, bank cards and firms (统一社会信用代码), e-mail addresses and vehicle
plates; and, where a word introduces them, accounts, WeChat, QQ and names. A number with a check digit is blanked only
if the digit is right, so that amounts, dates and document numbers stay; the public hotlines stay too. A full-width
character counts as its half-width one, and digits may be parted by spaces or hyphens.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

MASK = "＊＊＊"  # full width: half-width asterisks would be Markdown

_HALF_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}  # one for one: places stay

_PARTING = r"[ \t\u00a0\u2000-\u200f\u2060\ufeff\-\u2010-\u2015\u2212]"  # what may stand between two digits
_GAP = _PARTING + "{0,3}"
_BEFORE = r"(?<![\d$¥￥])(?<!\d\.)"  # neither inside a number nor behind a sign of money
# Neither inside a number nor before a unit of money or shares; 元旦 is a day.
_BEHIND = r"(?!\d|\.\d| ?(?:元(?!旦)|块|[十百千万亿]+(?:元|块)|亿|美元|%|‰))"
_ALONE = _BEFORE + "".join(rf"(?<!\d{_PARTING * width})" for width in (1, 2, 3))  # no digit before it, whatever the gap
_NO_MORE = rf"(?!{_GAP}\d){_BEHIND}"
_SAID = r"(?:号码?|是|为|:|,|\.| |-)*"  # between a word and the number that it introduces

# What a run of parted digits must not begin with: a day, two years, a day without hyphens.
_DATE = re.compile(
    rf"(?:19|20)\d\d(?:{_PARTING}{{1,3}}(?:(?:19|20)\d\d|0?[1-9]|1[0-2])(?!\d)"
    r"|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d))"
)
_HOTLINES = frozenset({"110", "119", "120", "12123", "12315", "12333", "12345", "12366", "12388"})

_ID_WEIGHTS, _ID_CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"  # GB 11643
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100: no I, O, S, V, Z
_PROVINCE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"
_PLATES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使"

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱郭罗梁宋郑谢韩唐冯董萧程曹袁邓傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎闫潘杜戴钟汪姜范"
    "姚谭廖邹熊陆郝孔崔邱秦顾侯邵孟段雷汤尹黎贺赖龚庞樊殷翟倪严牛俞章鲁葛韦邢岳齐梅庄辛管祝霍涂蓝冉臧敖邬娄郎詹"
)
_WORDLY_SURNAMES = "高林何马金于任田石余夏方白江史龙陶毛钱万武常康温向柴甘乔路裴骆阮纪项欧焦柳童"  # words too
_DOUBLE_SURNAMES = "欧阳|司马|上官|诸葛|皇甫|慕容|令狐|尉迟|公孙|夏侯|端木"
_HAN = r"[\u3400-\u9fff]"
_WORD_ENDS = r"(?![\u3400-\u9fff·*])"  # * is a mask
_GOES_ON = r"(?=[想是在要有来今现住开做的和与电手身咨请打从去也刚已男女户家经能可])"
_GIVEN = rf"{_HAN}{{1,2}}{_WORD_ENDS}|{_HAN}{{1,2}}?{_GOES_ON}"
_NO_NAME = (  # words that begin like a name behind 本人: 本人周末要上班
    r"(?!周[一二三四五六日末年]|孙[子女]|董事|许可|陈述|陆续|范围|谢谢|严[重格]|郑重|管理|程序|梅雨|辛苦|童年|章程|蓝领"
    rf"|{_HAN}{{1,2}}[人员户]{_WORD_ENDS})"
)


@dataclass(frozen=True, slots=True)
class _Rule:
    """What is blanked: the pattern's group, or all of it where it has none; `holds` has the last word on it."""

    pattern: re.Pattern[str]
    holds: Callable[[str], bool]

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """From where to where it stands in a text of half-width characters."""
        at = 0
        while match := self.pattern.search(text, at):
            span = match.span(match.lastindex or 0)
            if good := self.holds(text[slice(*span)]):
                yield span
            at = span[1] if good else match.start() + 1  # the right number may begin inside a wrong one


def mask_personal_data(text: str) -> str:
    """The text with personal data blanked; a text already blanked stays as it is."""
    while (masked := _mask_once(text)) != text:  # what is blanked may leave a number beside it standing alone
        text = masked
    return text


def _mask_once(text: str) -> str:
    folded = text.translate(_HALF_WIDTH)
    for rule in _RULES:
        if found := list(rule.find(folded)):
            text = _blank(text, found)
            folded = text.translate(_HALF_WIDTH)
    return text


def _blank(text: str, found: list[tuple[int, int]]) -> str:
    for start, end in reversed(found):
        text = f"{text[:start]}{MASK}{text[end:]}"
    return text


def _digits(text: str) -> str:
    return "".join(character for character in text.upper() if character.isalnum())


def _is_identity(text: str) -> bool:
    digits = _digits(text)
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, digits[:-1], strict=True))
    return _ID_CHECKS[total % 11] == digits[-1]


def _is_credit_code(text: str) -> bool:
    values = [_CREDIT.index(character) for character in _digits(text)]
    total = sum(value * pow(3, place, 31) for place, value in enumerate(values[:-1]))
    return (31 - total % 31) % 31 == values[-1] and _is_no_date(text)


def _is_card(text: str) -> bool:
    """Luhn's check."""
    digits = [int(digit) for digit in reversed(_digits(text))]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0 and _is_no_date(text)


def _is_no_date(text: str) -> bool:
    return _DATE.match(text) is None


def _is_account(text: str) -> bool:
    return _is_no_date(text) and _digits(text) not in _HOTLINES


def _always(_: str) -> bool:
    return True


def _rule(pattern: str, holds: Callable[[str], bool] = _always) -> _Rule:
    return _Rule(re.compile(pattern, re.IGNORECASE), holds)


_AREA = r"(?:10|2\d|[3-9]\d\d)"
_LAND = rf"\d{{3,4}}{_GAP}\d{{4}}(?:{_GAP}(?:转|ext){_GAP}\d{{1,6}}|-\d{{1,5}}(?!\d))?{_BEHIND}"
_BIRTHDAY = rf"(?:0{_GAP}[1-9]|1{_GAP}[0-2]){_GAP}(?:0{_GAP}[1-9]|[12]{_GAP}\d|3{_GAP}[01])"
_CHAT = r"(?:微信|[v薇威]信|(?<![a-z])(?:wechat|weixin|vx))(?:同|id)*"
_NO_LETTER = rf"(?![a-z]|{_GAP}[a-z](?![a-z0-9]))"  # as credit codes end
_LOCAL, _HOST = r"[a-z0-9_.%+\-]", r"[a-z0-9\-]{1,63}"
_SURNAME = rf"(?:{_DOUBLE_SURNAMES}|[{_SURNAMES}])"
_ANY_SURNAME = rf"(?:{_DOUBLE_SURNAMES}|[{_SURNAMES}{_WORDLY_SURNAMES}])"

_RULES = (
    # Names come first: they end where anything but a Chinese character stands, a mask apart.
    _rule(rf"(?:我叫|本人|联系人|姓名) *: *({_HAN}[\u3400-\u9fff·]{{1,9}}){_WORD_ENDS}"),
    _rule(rf"(?:我叫|本人叫|联系人|姓名)[是为叫: ]*({_ANY_SURNAME}(?:{_GIVEN}|{_HAN}{{1,2}}))"),
    _rule(rf"本人[是为: ]*{_NO_NAME}({_SURNAME}(?:{_GIVEN}))"),
    _rule(rf"我叫 *(?!外卖|车|什么|啥|[我他她它你不了过人做])({_HAN}[\u3400-\u9fff·]{{1,9}}){_WORD_ENDS}"),
    _rule(rf"(?<!{_LOCAL}){_LOCAL}{{1,64}}@{_HOST}(?:\.{_HOST}){{1,6}}"),
    _rule(
        rf"(?<!\d)[1-9](?:{_GAP}\d){{5}}{_GAP}(?:1{_GAP}[89]|2{_GAP}0)(?:{_GAP}\d){{2}}{_GAP}{_BIRTHDAY}"
        rf"(?:{_GAP}\d){{3}}{_GAP}[\dx](?!\d)",
        _is_identity,
    ),
    # Cards come before credit codes, one of which may by chance stand within a card's digits.
    _rule(rf"{_BEFORE}(?<![a-z])\d{{4}}(?:{_GAP}\d{{4}}){{3}}(?:{_GAP}\d{{1,3}})?{_NO_LETTER}{_BEHIND}", _is_card),
    _rule(rf"{_ALONE}(?<![a-z])\d(?:{_GAP}\d){{15,18}}{_NO_LETTER}{_NO_MORE}", _is_card),
    _rule(rf"(?<![a-z0-9])[{_CREDIT}](?:{_GAP}[{_CREDIT}]){{17}}(?![a-z0-9])", _is_credit_code),
    _rule(rf"{_BEFORE}{_PROVINCE}\d{{4}}{_GAP}\d\d{_BIRTHDAY}{_GAP}\d{{3}}{_BEHIND}"),  # identity cards before 1999
    _rule(rf"{_BEFORE}(?:(?:\+|00)?86{_GAP})?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}{_BEHIND}"),
    _rule(rf"{_ALONE}(?:(?:\+|00)?86{_GAP})?1{_GAP}[3-9](?:{_GAP}\d){{9}}{_NO_MORE}", _is_no_date),
    _rule(rf"{_BEFORE}(?:0{_AREA}|\(0{_AREA}\)){_GAP}{_LAND}"),
    _rule(rf"{_BEFORE}(?:\+|00)86{_GAP}(?:0|\(0\))?{_AREA}{_GAP}{_LAND}"),
    _rule(rf"(?:电话|座机|固话|tel|phone){_SAID}({_LAND})", _is_no_date),
    _rule(
        rf"(?:身份证|证件|护照|银行卡|卡号|[账帐][号户]){_SAID}([a-z]?\d(?:{_GAP}[\dx]){{7,24}}){_BEHIND}", _is_account
    ),
    _rule(rf"{_CHAT}{_SAID}([a-z][a-z0-9_\-]{{5,19}})(?![a-z0-9])"),
    _rule(rf"(?:{_CHAT}|(?<![a-z])qq|扣扣)群?{_SAID}([1-9](?:{_GAP}\d){{4,11}}){_BEHIND}", _is_account),
    _rule(
        rf"[{_PLATES}][a-hj-np-z][ ·•.\-]?"
        r"(?:[a-hj-np-z0-9]{4}[a-hj-np-z0-9挂学警港澳]|[a-hj-np-z0-9]{6})(?![a-z0-9])"
    ),
)
