"""From when until when something holds, and what it governs.

A date governs what it governs: 执行期限至2024年底 ends the measure of its own sentence; 为期三个月至7月底结束 alone in
a sentence ends the whole clause; 2022年…发放贷款 holds for that year. A goal (到2025年底，力争…) ends no validity.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from ingest.dates import YEAR, make_date, month_end
from ingest.labels import parse_number
from ingest.model import Period
from ingest.sentences import split_sentences

_M = r"(\d{1,2}|[一二三四五六七八九十]{1,3})"
_Y = rf"({YEAR})"
_FIVE_YEAR_PLANS = {"十二": 2011, "十三": 2016, "十四": 2021, "十五": 2026}

_Span = tuple[date | None, date | None]
_Reader = Callable[[re.Match[str], int | None], _Span]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A way of stating a period and how it is read."""

    pattern: re.Pattern[str]
    read: _Reader


def _number(match: re.Match[str], group: int) -> int:
    return parse_number(match.group(group))


def _from_to(match: re.Match[str], _: int | None) -> _Span:
    begins = make_date(_number(match, 1), _number(match, 2), _number(match, 3))
    year = _number(match, 4) if match.group(4) else _number(match, 1)
    return begins, make_date(year, _number(match, 5), _number(match, 6))


def _to_day(match: re.Match[str], _: int | None) -> _Span:
    return None, make_date(_number(match, 1), _number(match, 2), _number(match, 3))


def _to_month(match: re.Match[str], _: int | None) -> _Span:
    return None, month_end(_number(match, 1), _number(match, 2))


def _to_year(match: re.Match[str], _: int | None) -> _Span:
    return None, make_date(_number(match, 1), 12, 31)


def _month_of_document(match: re.Match[str], year: int | None) -> _Span:
    return None, month_end(year, _number(match, 1)) if year else None


def _whole_year(match: re.Match[str], _: int | None) -> _Span:
    year = _number(match, 1)
    return make_date(year, 1, 1), make_date(year, 12, 31)


def _whole_years(match: re.Match[str], _: int | None) -> _Span:
    return make_date(_number(match, 1), 1, 1), make_date(_number(match, 2), 12, 31)


def _five_year_plan(match: re.Match[str], _: int | None) -> _Span:
    begins = _FIVE_YEAR_PLANS[match.group(1)]
    return date(begins, 1, 1), date(begins + 4, 12, 31)


def _commencement(match: re.Match[str], _: int | None) -> _Span:
    return make_date(_number(match, 1), _number(match, 2), _number(match, 3)), None


_UNTIL = r"(?:至|到|截至|截止到?|延续至|延长至|实施至|执行至)"
_TERM = r"(?:期限|有效期|执行|实施|延续|延长|截止|截至|有效)[^，。；]{0,4}"
_RULES = (
    # 自2023年1月1日至2027年12月31日
    _Rule(re.compile(rf"自?{_Y}年{_M}月{_M}日起?(?:至|到|—|－|-|~)(?:{_Y}年)?{_M}月{_M}日"), _from_to),
    # 自2022年11月1日起施行
    _Rule(re.compile(rf"自{_Y}年{_M}月{_M}日起(?:施行|实施|执行|生效)"), _commencement),
    # 2022年12月31日前; 至2024年12月31日
    _Rule(re.compile(rf"{_UNTIL}?{_Y}年{_M}月{_M}日(?:之前|以前|前|止|为止)"), _to_day),
    _Rule(re.compile(rf"{_TERM}至{_Y}年{_M}月{_M}日"), _to_day),
    _Rule(re.compile(rf"(?:至|截至){_Y}年{_M}月底?(?:前|止|结束|为止)"), _to_month),
    # 政策执行期限至2024年底; 2024年底前
    _Rule(re.compile(rf"{_TERM}[至到]{_Y}年(?:年?底|末)"), _to_year),
    # （六月底结束）; 为期三个月至7月底结束
    _Rule(re.compile(rf"{_M}月底?(?:前)?(?:结束|截止|完成|为止)"), _month_of_document),
    # “十四五”期间
    _Rule(re.compile(r"[“\"]?(十[二三四五])五[”\"]?(?:时期|期间)"), _five_year_plan),
)
# A sentence that opens with a year speaks of that year alone: 2022年全县开展…培训2380人; also behind a comma.
_YEAR_OPENING = re.compile(
    r"(?:^|(?<=[，；]))(\d{4})年(?:度)?(?=[\u4e00-\u9fff])"
    r"(?!底|初|末|以来|以后|以前|前|后|起|第|版|至|到|度?《|关于|印发|\d)"
)
# A period that stands without a subject of its own: it governs the whole clause.
_NO_SUBJECT = re.compile(r"^(?:政策)?(?:为期|有效期|执行期限|实施期限|期限)")
_TITLE_YEARS = re.compile(rf"{_Y}\s*(?:年)?\s*[-—－–~至]+\s*{_Y}\s*年")
_TITLE_YEAR = re.compile(rf"{_Y}\s*年度")


def read_periods(text: str, year: int | None) -> list[Period]:
    """The periods that a clause states, each with the characters of the clause that it governs.

    Args:
        text: the clause's own text.
        year: the document's year, for months without one; None leaves such periods out.
    """
    periods: list[Period] = []
    for sentence in split_sentences(text):
        whole = bool(_NO_SUBJECT.search(sentence.text))
        for match, (begins, ends) in _matches(sentence.text, year):
            start = sentence.start + match.start()
            opens = sentence.start if match.re is not _YEAR_OPENING else start
            governs = (0, len(text)) if whole else (opens, sentence.end)
            periods.append(Period(match.group(), start, start + len(match.group()), begins, ends, governs))
    return sorted(periods, key=lambda period: period.start)


def read_title_period(title: str) -> Period | None:
    """The period that a title gives the whole document: 2023-2025年, 2024年度."""
    compact = re.sub(r"\s", "", title)
    for pattern, read in ((_TITLE_YEARS, _whole_years), (_TITLE_YEAR, _whole_year)):
        if match := pattern.search(compact):
            begins, ends = read(match, None)
            return Period(match.group(), match.start(), match.end(), begins, ends, (0, 0))
    return None


def _matches(sentence: str, year: int | None) -> Iterator[tuple[re.Match[str], _Span]]:
    """What the rules find, the first rule first, and each character read once."""
    taken: list[re.Match[str]] = []
    for rule in (*_RULES, _Rule(_YEAR_OPENING, _whole_year)):
        for match in rule.pattern.finditer(sentence):
            span = rule.read(match, year)
            if any(span) and not any(match.start() < other.end() and other.start() < match.end() for other in taken):
                taken.append(match)
                yield match, span
