"""Personal data is blanked wherever it stands and however it is written; what an answer needs is left alone."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.masking import MASK, mask_personal_data

CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
PARTS = st.sampled_from(["", " ", "-", " - ", "—", "－", "\u3000", "\u200b"])
FULL_WIDTH = {number: number + 0xFEE0 for number in range(0x21, 0x7F)}


def identity_check(digits: str) -> str:
    """The check digit of an identity card by GB 11643: what makes the weighted sum 1 modulo 11."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(digits))
    rest = (1 - total) % 11
    return "X" if rest == 10 else str(rest)


def credit_check(characters: str) -> str:
    """The check character of a 统一社会信用代码 by GB 32100: with it, the weighted sum is 0 modulo 31."""
    total = sum(CREDIT.index(character) * pow(3, place, 31) for place, character in enumerate(characters))
    return next(last for last in CREDIT if (total + CREDIT.index(last)) % 31 == 0)


def luhn_check(digits: str) -> str:
    """The check digit of a bank card."""
    doubled = (int("0246813579"[int(digit)]) for digit in digits[::-2])
    return str(-(sum(doubled) + sum(int(digit) for digit in digits[-2::-2])) % 10)


def number(text: str, length: int) -> st.SearchStrategy[str]:
    """Digits behind a beginning."""
    return st.text("0123456789", min_size=length, max_size=length).map(lambda rest: text + rest)


MOBILES = st.sampled_from("3456789").flatmap(lambda second: number(f"1{second}", 9))
IDENTITIES = st.builds(
    lambda place, born, rest: f"{place}{born:%Y%m%d}{rest}" + identity_check(f"{place}{born:%Y%m%d}{rest}"),
    st.sampled_from(["150621", "110101", "340200", "520201"]),
    st.dates(date(1920, 1, 1), date(2025, 12, 31)),
    number("", 3),
)
CARDS = st.builds(
    lambda begins, rest, length: (card := f"{begins}{rest}"[: length - 1]) + luhn_check(card),
    st.sampled_from(["6222", "6217", "4367", "5187"]),
    number("", 15),
    st.integers(16, 19),
)
FIRMS = st.builds(
    lambda kind, place, rest: f"{kind}{place}{rest}" + credit_check(f"{kind}{place}{rest}"),
    st.sampled_from(["91", "92", "93", "52", "12"]),
    st.sampled_from(["150621", "340200"]),
    st.text(CREDIT, min_size=9, max_size=9),
)
LANDLINES = st.builds(
    lambda area, rest: f"{area}-{rest}", st.sampled_from(["010", "021", "0477", "0553"]), number("", 8)
)
PLATES = st.builds(lambda place, rest: f"{place}{rest}", st.sampled_from(["蒙K", "皖B", "京A"]), number("", 5))
EMAILS = st.sampled_from(["zhang.san@example.com", "a_b-c+d@mail.example.com.cn", "138@x.cn"])

# What may stand around a number: words, punctuation, figures with their units.
WORDS = st.sampled_from(
    [
        "电话",
        "，",
        "。",
        "我想问",
        "个转企补助10万元",
        "自2023年8月9日",
        "（",
        "）",
        "：",
        "、",
        "\n",
        "打12345热线",
        "“",
        "谢谢",
    ]
)
AROUND = st.lists(WORDS, max_size=4).map("".join)


@st.composite
def parted(draw: st.DrawFn, numbers: st.SearchStrategy[str]) -> str:
    """A number with its digits parted as people do, or in full width."""
    digits, part = draw(numbers), draw(PARTS)
    every = draw(st.sampled_from([1, 3, 4, 6, len(digits)]))
    written = part.join(digits[at : at + every] for at in range(0, len(digits), every))
    assume(not re.match(r"19\d\d\D+(19|20)\d\d\D", written))  # a span of years, for all that anybody can tell
    return written.translate(FULL_WIDTH) if draw(st.booleans()) else written


@given(
    AROUND,
    parted(MOBILES) | parted(IDENTITIES) | parted(CARDS) | parted(FIRMS) | LANDLINES | PLATES | EMAILS,
    AROUND,
)
def test_numbers_are_blanked_in_any_surroundings(before: str, private: str, behind: str) -> None:
    assert mask_personal_data(before + private + behind) == before + MASK + behind


@given(
    st.lists(parted(MOBILES) | IDENTITIES | CARDS | LANDLINES | EMAILS, min_size=2, max_size=4),
    st.sampled_from("，、；\n/"),
)
def test_numbers_beside_each_other_are_all_blanked(private: list[str], between: str) -> None:
    assert mask_personal_data(between.join(private)) == between.join([MASK] * len(private))


@given(IDENTITIES | CARDS | FIRMS, st.integers(1, 9))
def test_a_wrong_check_digit_is_no_such_number(right: str, step: int) -> None:
    last = right[-1]
    wrong = right[:-1] + str((int(last) + step) % 10 if last.isdigit() else step)
    if wrong != right and not any(good(wrong) for good in (is_card, is_firm)):
        assert mask_personal_data(f"编号{wrong}。") == f"编号{wrong}。"


def is_card(digits: str) -> bool:
    return digits.isdigit() and 16 <= len(digits) <= 19 and luhn_check(digits[:-1]) == digits[-1]


def is_firm(characters: str) -> bool:
    return len(characters) == 18 and set(characters) <= set(CREDIT) and credit_check(characters[:-1]) == characters[-1]


AMOUNTS = st.builds(
    lambda sign, value, unit: sign + value + unit,
    st.sampled_from(["", "￥", "补"]),
    st.integers(0, 10**13).map(str)
    | st.integers(0, 10**13).map(lambda n: f"{n:,}")
    | st.decimals(0, 10**9, places=2).map(str),
    st.sampled_from(["元", "万元", "亿元", " 元", "块", "%", "亿", "万亿元"]),
)
DAYS = st.dates(date(1980, 1, 1), date(2035, 12, 31)).flatmap(
    lambda day: st.sampled_from(
        [
            f"{day:%Y-%m-%d}",
            f"{day:%Y%m%d}",
            f"{day.year}年{day.month}月{day.day}日",
            f"{day:%Y/%m/%d}",
            f"{day:%Y.%m.%d}",
        ]
    )
)
PUBLIC = st.sampled_from(
    [
        "12345",
        "12366",
        "110",
        "内政办发〔2023〕88号",
        "150621",
        "2023-2025年",
        "GB/T 2260",
        "第三十二条",
        "100001-500000元",
    ]
)


@given(st.lists(AMOUNTS | DAYS | PUBLIC, min_size=1, max_size=5), st.sampled_from(["，", "至", "、", "和", "；"]))
def test_amounts_dates_and_public_numbers_stay(kept: list[str], between: str) -> None:
    text = between.join(kept)
    assert mask_personal_data(text) == text


@given(DAYS, DAYS, st.sampled_from([" ", "-", "—", " - "]))
def test_a_span_of_days_is_no_number(first: str, last: str, between: str) -> None:
    text = f"期限{first}{between}{last}"
    assert mask_personal_data(text) == text


@given(st.text(max_size=60) | st.text("0123456789X- 元年@.a姓名我叫王本人：＊", max_size=60))
def test_what_is_blanked_stays_as_it_is(text: str) -> None:
    once = mask_personal_data(text)
    assert mask_personal_data(once) == once


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("我叫王小明，想问补助", "我叫＊＊＊，想问补助"),
        ("我叫王小明想问补助", "我叫＊＊＊想问补助"),
        ("我叫巴特尔。", "我叫＊＊＊。"),
        ("本人张三在达拉特旗开店", "本人＊＊＊在达拉特旗开店"),
        ("本人叫于谦，开店", "本人叫＊＊＊，开店"),
        ("联系人：乌云其其格 13812345678", "联系人：＊＊＊ ＊＊＊"),
        ("姓名 欧阳小明 男", "姓名 ＊＊＊ 男"),
        ("微信号abc_12345，QQ 1234567", "微信号＊＊＊，QQ ＊＊＊"),
        ("微信13812345678", "微信＊＊＊"),
        ("电话8123456", "电话＊＊＊"),
        ("（0477）8123456转801", "＊＊＊"),
        ("+86 138 1234 5678", "＊＊＊"),
        ("身份证150621850612123", "身份证＊＊＊"),
        ("身份证号是11010519491231002", "身份证号是＊＊＊"),
        ("账号：15001234 5678901234", "账号：＊＊＊"),
        ("蒙K·D12345来办事", "＊＊＊来办事"),
    ],
)
def test_what_a_word_introduces_is_blanked(text: str, kept: str) -> None:
    assert mask_personal_data(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "本人是退役军人，在达旗开店",
        "本人高校毕业生，想创业",
        "本人周末要上班，能代办吗",
        "我叫外卖，平台不给开发票",
        "要填姓名、身份证号和联系人吗？",
        "使用自己的姓名，任何组织不得干涉",
        "打12345或者12366都没人接",
        "微信支付12345元，QQ音乐",
        "银行卡里有10000000元",
        "1985-06-12 800",
        "1998-2003 138家",
        "20230101 20240101",
        "办事大厅电话12345",
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert mask_personal_data(text) == text
