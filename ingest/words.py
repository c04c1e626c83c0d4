"""Text becomes what the lexical index counts: words, and pairs of neighbouring Chinese characters."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import rjieba

from ingest.figures import figures

if TYPE_CHECKING:
    from collections.abc import Iterator

# Enclosed numbers: ①, ⑴, ⒈, ❶, ㈠, ㊀. NFKC makes plain digits of them, and ①2024年 would read 12024年.
_ENCLOSED = re.compile(r"[\u2460-\u24ff\u2776-\u2793\u3220-\u3247\u3280-\u32b0]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")  # half a character, as JSON can spell it: no encoder takes it
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")  # 1,000,000
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_JOINED_NUMBERS = re.compile(r"[\d.%-]+")  # one word to jieba: 2023-2025, 10.5%
# Chinese characters with 々, 〆, 〇 and the rare ones beyond the basic plane: 𠮷
_CHINESE = r"\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_LARGE_NUMBER = re.compile(r"\d{4}")  # so large a number says something without its unit
_GAP = re.compile(rf"(?<=[{_CHINESE}]) +(?=[{_CHINESE}])")
_NUMBER_OR_CHINESE = re.compile(rf"{_NUMBER.pattern}|[{_CHINESE}]+")


def search_words(text: str) -> list[str]:
    """Words in reading order, long ones with the shorter words in them: 达拉特旗 gives 达拉, 拉特, 达拉特, 达拉特旗.

    Full width becomes half width, upper case lower case; punctuation and white space are dropped, numbers kept whole.
    """
    return [word for token in rjieba.cut_for_search(_normalise(text)) for word in _words_of(token)]


def bigrams(text: str) -> list[str]:
    """Pairs of neighbouring Chinese characters, and numbers whole: 补助10万元 gives 补助, 10, 万元.

    A character without a Chinese neighbour stands for itself.
    """
    return [gram for run in _NUMBER_OR_CHINESE.findall(_normalise(text)) for gram in _grams_of(run)]


def search_figures(text: str) -> list[str]:
    """The figures of a text, each the same however it is written: 十万元 and 100,000元 give =100000元 and =100000.

    No word begins with the sign in front, so that a figure is never taken for one.
    """
    found = sorted(figures(text))
    large = [value for value, unit in found if unit != "date" and _LARGE_NUMBER.match(value)]
    return [f"={token}" for token in dict.fromkeys([*(f"{value}{unit}" for value, unit in found if unit), *large])]


def close_gaps(text: str) -> str:
    """A text without the spaces that stand between Chinese characters to fill a line: 组 长, 张 华."""
    return _GAP.sub("", text)


def _normalise(text: str) -> str:
    whole = _ENCLOSED.sub(r" \g<0> ", _SURROGATES.sub("", text))
    return _THOUSANDS.sub("", unicodedata.normalize("NFKC", whole).lower())


def _words_of(token: str) -> list[str]:
    if _JOINED_NUMBERS.fullmatch(token):
        return _NUMBER.findall(token)
    return [token] if any(character.isalnum() for character in token) else []


def _grams_of(run: str) -> Iterator[str]:
    if len(run) == 1 or run[0].isdigit():
        yield run
        return
    for start in range(len(run) - 1):
        yield run[start : start + 2]
