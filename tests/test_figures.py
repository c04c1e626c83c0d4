"""Figures read alike however they are written, and words that hold a numeral are no figures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.figures import figures, grounds, lacking

NUMERALS = "零一二三四五六七八九"


def in_chinese(number: int) -> str:
    """A number below 100,000,000 as people write it: 10500 gives 一万零五百."""
    if number >= 10000:
        rest = number % 10000
        return (
            in_chinese(number // 10000) + "万" + ("零" if 0 < rest < 1000 else "") + (in_chinese(rest) if rest else "")
        )
    text, gap = "", False
    for unit, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += ("零" if gap else "") + NUMERALS[digit] + sign
        gap = bool(text) and not digit
    return text or "零"


@pytest.mark.parametrize(
    ("writings", "figure"),
    [
        (
            "10万元 十万元 １０万元 １０　万元 100,000元 10.0万元 壹拾万元 10w元 1*0*万元 1<b>0</b>万元 𝟏𝟎万元",
            ("100000", "元"),
        ),
        ("1\u200b0万元 1️⃣0️⃣万元 ⑩万元 &#49;0万元 ١٠万元 拾万圆 十万块钱 1·00·0", None),
        ("50% ５０％ 百分之五十 百分之50 五成 5成 50个百分点 二分之一", ("50", "%")),
        ("10.5% 百分之十点五 10·5% １０．５％", ("10.5", "%")),
        ("百分之三十余 百分之三十多", ("30+", "%")),
        (
            "2025年12月31日 二〇二五年十二月三十一日 2025-12-31 2025/12/31 2025.12.31 ２０２５年１２月３１日",
            ("2025-12-31", "date"),
        ),
        ("3个月 三个月 叁个月", ("3", "个月")),
        ("2年 两年 二年 贰年 2周年", ("2", "年")),
        ("30天 三十天 30日 卅日", ("30", "日")),
        ("10个工作日 十个工作日 10工作日", ("10", "工作日")),
        ("2.5年 两年半", ("2.5", "年")),
        ("1.2亿元 1亿2千万元 一亿二千万元 12000万元", ("120000000", "元")),
        ("第15条 第十五条", ("15", "条")),
        ("15000 1.5万 一万五 一点五万", ("15000", "")),
    ],
)
def test_one_figure_in_many_writings(writings: str, figure: tuple[str, str] | None) -> None:
    for writing in writings.split(" ") if figure else writings.split(" ")[:-1]:
        assert figures(f"最高{writing}补助") == {figure or ("100000", "元")}, writing


@given(st.integers(1, 99_999_999), st.sampled_from(["元", "户", "年", "%", "个月", "倍"]))
def test_numerals_and_digits_read_alike(number: int, unit: str) -> None:
    chinese = f"百分之{in_chinese(number)}" if unit == "%" else in_chinese(number) + unit
    if number == 1 and unit == "户":
        return  # 一户 says "a household"
    assert figures(chinese) == figures(f"{number}{unit}") == figures(f"{number:,}{unit}") == {(str(number), unit)}


WORDS = """
一次性给付 第三方评估 “十四五”规划 党的二十大 一个窗口 一家店 一户一策 第一时间 千家万户
万一亏了 五个年头里的一些 三农 两会 四六级 一站式 一网通办 十分重要 百家争鸣 一般 统一
三品一标 九小场所 半成品 六稳六保
"""


@pytest.mark.parametrize("words", WORDS.split())
def test_words_with_a_numeral_are_no_figures(words: str) -> None:
    assert figures(words) <= {("5", "个")}


def test_a_range_gives_its_unit_to_both_ends() -> None:
    assert figures("3-5年") == figures("三到五年") == figures("3年至5年") == {("3", "年"), ("5", "年")}
    assert figures("5—10万元") == {("50000", "元"), ("100000", "元")}
    assert figures("2023-2025年") == {("2023", "年"), ("2025", "年")}


def test_about_so_many_is_not_so_many() -> None:
    assert figures("十余万元") == figures("10多万元") == {("100000+", "元")}


def test_a_unit_by_itself_is_no_amount() -> None:
    assert lacking(figures("1万元"), grounds("单位：万元，力争达到____万元")) == {("10000", "元")}


def test_a_date_gives_grounds_for_its_parts_and_parts_for_no_date() -> None:
    given = grounds("2025-12-31")
    for part in ("2025年", "12月", "2025年12月", "12月31日", "31日", "2025年底"):
        assert not lacking(figures(part), given), part
    assert lacking(figures("2025年12月31日"), grounds("2025年；12月；31日"))
    assert lacking(figures("2025年11月"), given)


def test_the_same_number_of_something_else_gives_no_grounds() -> None:
    for wrong in ("10%", "10年", "10元", "10万户", "10亿元", "第10条"):
        assert lacking(figures(wrong), grounds("补助10万元")), wrong


def test_cells_of_a_table_stay_apart_and_split_digits_join() -> None:
    given = grounds("序号\t乡镇\t户数\n1\t东村镇\t180\n2\t普明镇\t140")
    assert not lacking(figures("1\t东村镇\t180"), given)
    assert lacking(figures("东村镇 1 4 1"), given)


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    assert figures(text) is not None
    assert not lacking(figures(text), grounds(text))
