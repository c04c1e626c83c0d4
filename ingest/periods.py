"""From when until when something holds, and what it governs.

A date governs what it governs (`ingest/governing.py`); 2022年…发放贷款 holds for that year. A goal (到2025年底，力争…)
ends no validity, and neither does the day that a figure was counted on (截至2023年底，全县共有…).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ingest.dates import YEAR, make_date, month_end
from ingest.governing import governed
from ingest.labels import parse_number, read_label
from ingest.model import Period
from ingest.sentences import Sentence, split_sentences

_M = r"\d{1,2}|[一二三四五六七八九十]{1,3}"
_FIVE_YEAR_PLANS = {"十二": 2011, "十三": 2016, "十四": 2021, "十五": 2026}

_Span = tuple[date | None, date | None]
_Reader = Callable[[re.Match[str], int | None], _Span]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A way of stating a period and how it is read."""

    pattern: re.Pattern[str]
    read: _Reader
    granted: bool = False  # only where the words beside it grant something or ask to apply


def _day(match: re.Match[str], name: str, *, last: bool, year: str | None = None) -> date | None:
    """A day that a rule names by its groups; without a day or a month the first or the last one is meant."""
    parts = match.groupdict()
    of_year = parts.get(f"{name}y") or year
    if of_year is None:
        return None
    months, days = parts.get(f"{name}m"), parts.get(f"{name}d")
    month = parse_number(months) if months else 12 if last else 1
    if days or not last:
        return make_date(parse_number(of_year), month, parse_number(days) if days else 1)
    return month_end(parse_number(of_year), month)


def _until(match: re.Match[str], _: int | None) -> _Span:
    return None, _day(match, "e", last=True)


def _from(match: re.Match[str], _: int | None) -> _Span:
    return _day(match, "b", last=False), None


def _from_to(match: re.Match[str], _: int | None) -> _Span:
    return _day(match, "b", last=False), _day(match, "e", last=True, year=match["by"])


def _for_term(match: re.Match[str], _: int | None) -> _Span:
    begins = _day(match, "b", last=False)
    return begins, last_day(begins, parse_number(match["count"]), match["unit"]) if begins else None


def _month_of_document(match: re.Match[str], year: int | None) -> _Span:
    return None, month_end(year, parse_number(match["em"])) if year else None


def _whole_year(match: re.Match[str], _: int | None) -> _Span:
    return _day(match, "b", last=False), make_date(parse_number(match["by"]), 12, 31)


def _five_year_plan(match: re.Match[str], _: int | None) -> _Span:
    begins = _FIVE_YEAR_PLANS[match["plan"]]
    return date(begins, 1, 1), date(begins + 4, 12, 31)


_BEGIN = rf"(?P<by>{YEAR})年(?:(?P<bm>{_M})月(?:(?P<bd>{_M})日)?)?"
_END_DAY = rf"(?P<ey>{YEAR})年(?P<em>{_M})月(?P<ed>{_M})日"
_END = rf"(?P<ey>{YEAR})年(?:(?P<em>{_M})月(?:(?P<ed>{_M})日|[底末])?|年?[底末])"
_TO = r"[至到—－–~-]+"
_LENGTH = r"(?P<count>\d{1,2}|[一二两三四五六七八九十]{1,3})(?P<unit>年|个月)(?!以上|以下|期|度|级|一|1)"
_LASTS = r"(?:有效期|期限|为期|执行期|实施期|试行期)限?[为是]?"
_TERM = r"(?:期限|有效期|规划期|执行|实施|施行|延续|延长|有效|保留)[^，。；\d]{0,4}"
_OVER = r"(?:之前|以前|前|止|为止)"
_RULES = (
    # 自2024年1月1日起施行，有效期2年; 自2024年1月1日起，3年内免征; 有效期2年，自2024年1月1日起计算
    _Rule(re.compile(rf"[自从]{_BEGIN}起(?:正式)?(?:施行|实施|执行|计算)?，?(?:{_LASTS})?{_LENGTH}"), _for_term),
    _Rule(re.compile(rf"{_LASTS}{_LENGTH}，?[自从]{_BEGIN}起(?:计算|算起|施行|实施|执行)?"), _for_term),
    # 自2023年1月1日至2027年12月31日; 2023年1月至6月
    _Rule(
        re.compile(
            rf"[自从]?(?P<by>{YEAR})年(?P<bm>{_M})月(?P<bd>{_M})日起?{_TO}(?:(?P<ey>{YEAR})年)?(?P<em>{_M})月(?P<ed>{_M})日"
        ),
        _from_to,
    ),
    _Rule(
        re.compile(rf"[自从]?(?P<by>{YEAR})年(?P<bm>{_M})月起?{_TO}(?:(?P<ey>{YEAR})年)?(?P<em>{_M})月[底末]?(?!\d)"),
        _from_to,
    ),
    # 实施期限为2023年至2025年; 2023—2025年，对企业给予补助
    _Rule(re.compile(rf"(?<=[期限为])[自从]?(?P<by>{YEAR})年?{_TO}(?P<ey>{YEAR})年"), _from_to),
    _Rule(re.compile(rf"(?:^|(?<=[，；]))[自从在]?(?P<by>{YEAR})年?{_TO}(?P<ey>{YEAR})年"), _from_to, granted=True),
    # 自2022年11月1日起施行; 自2027年1月1日起，对…免征
    _Rule(re.compile(rf"[自从]?{_BEGIN}起(?:正式)?(?:施行|实施|执行|生效)"), _from),
    _Rule(re.compile(rf"[自从]{_BEGIN}起(?!{_TO})"), _from, granted=True),
    # 2022年12月31日前; 至2024年12月31日止; 2025年6月30日到期
    _Rule(re.compile(rf"(?:截至|截止到?|[至到])?{_END_DAY}{_OVER}"), _until),
    _Rule(re.compile(rf"(?:截至|截止到?|[至到])?{_END}(?:为?止|截止|结束|到期|终止|失效|废止)"), _until),
    # 政策执行期限至2024年底; 截止时间为2025年6月30日
    _Rule(re.compile(rf"{_TERM}(?:[至到]|截[至止])到?{_END}"), _until),
    _Rule(re.compile(rf"截止(?:时间|日期|日)?(?:[为是：:至到])?{_END}"), _until, granted=True),
    # 2024年底前免征; 免征增值税至2024年底
    _Rule(re.compile(rf"{_END}{_OVER}"), _until, granted=True),
    _Rule(re.compile(rf"(?<=[\u4e00-\u9fff])[至到]{_END}(?=[，。；）)]|$)"), _until, granted=True),
    # （六月底结束）; 为期三个月至7月底结束
    _Rule(re.compile(rf"(?P<em>{_M})月底?(?:前)?(?:结束|截止|完成|为止)"), _month_of_document),
    # “十四五”期间
    _Rule(re.compile(r"[“\"]?(?P<plan>十[二三四五])五[”\"]?(?:时期|期间)"), _five_year_plan),
)
# What opens with a year speaks of that year alone: 2022年全县开展…培训2380人; also behind a comma.
_YEAR_OPENING = re.compile(
    r"(?:^|(?<=[，；]))(?:[在于])?(?P<by>\d{4})年(?:度)?(?=[\u4e00-\u9fff])"
    r"(?!底|初|末|以来|以后|以前|前|后|起|第|版|至|到|度?《|关于|印发|(?:公布|发布|颁布|制定|出台|修[订正])的|\d)"
)
_GRANT = re.compile("免|减|补|贴|返还|给予|奖励|享受|优惠|缓缴|扣除|扣减|申请|申报|办理|受理|有效|执行|实施|政策")
_AIM = re.compile(
    r"，?(?:全[县市区旗省]|我[县市区旗])?(?:要|须|应|将|努力|争取|确保|基本|全面|全部|累计|计划|预计)*"
    r"(?:力争|完成|建成|实现|达到|新增|培育|创建|打造|突破|形成|建立|出台|制定|新建|净增|清零|报送|上报|共有|共计)"
)
# Who was there by a day is a condition, and no end: 对2023年12月31日前登记的企业; 新登记 asks to register by then.
_MET = re.compile(r"(?:已经?|依法|[在于][^，。；]{0,8})?(?:登记|注册|成立|设立|毕业|退役|出生|入库)[^，。；]{0,12}的")
_TITLE_YEARS = re.compile(rf"(?P<by>{YEAR})\s*(?:年)?\s*[-—－–~至]+\s*(?P<ey>{YEAR})\s*(?:年|(?=[）)]))")
_TITLE_YEAR = re.compile(rf"(?P<by>{YEAR})\s*年度")
_TITLE_PLAN = re.compile(r"[“\"](?P<plan>十[二三四五])五[”\"](?=.*(?:规划|计划|期间|时期))")


def read_periods(text: str, year: int | None) -> list[Period]:
    """The periods that a clause states, each with the characters of the clause that it governs.

    Args:
        text: the clause's own text.
        year: the document's year, for months without one; None leaves such periods out.
    """
    periods: list[Period] = []
    before: Sentence | None = None
    for sentence in split_sentences(text):
        label = read_label(sentence.text)
        head = label.length if label else 0
        found = sorted(_matches(sentence.text[head:], year), key=lambda one: one[0].start())
        openings = [sentence.start + head + match.start() for match, _ in found if match.re is _YEAR_OPENING]
        for match, (begins, ends) in found:
            start, end = sentence.start + head + match.start(), sentence.start + head + match.end()
            governs = governed(text, sentence, before, (start, end), openings)
            periods.append(Period(match.group(), start, end, begins, ends, governs))
        before = sentence
    return periods


def read_title_period(title: str) -> Period | None:
    """The period that a title gives the whole document: 2023-2025年, 2024年度, “十四五”规划."""
    compact = re.sub(r"\s", "", title)
    for pattern, read in ((_TITLE_YEARS, _from_to), (_TITLE_YEAR, _whole_year), (_TITLE_PLAN, _five_year_plan)):
        if match := pattern.search(compact):
            begins, ends = read(match, None)
            return Period(match.group(), match.start(), match.end(), begins, ends, (0, 0))
    return None


def last_day(begins: date, count: int, unit: str) -> date:
    """The last day of a term of so many 年 or 个月: two years from 2026-03-01 end with 2028-02-29."""
    year, month = divmod(begins.year * 12 + begins.month - 1 + count * (12 if unit == "年" else 1), 12)
    following = make_date(year, month + 1, begins.day)  # none where that month is shorter: it ends with the month
    return following - timedelta(days=1) if following else month_end(year, month + 1) or begins


def _matches(sentence: str, year: int | None) -> Iterator[tuple[re.Match[str], _Span]]:
    """What the rules find, the first rule first, and each character read once."""
    taken: list[re.Match[str]] = []
    for rule in (*_RULES, _Rule(_YEAR_OPENING, _whole_year)):
        for match in rule.pattern.finditer(sentence):
            span = rule.read(match, year)
            free = not any(match.start() < other.end() and other.start() < match.end() for other in taken)
            if any(span) and free and _is_term(rule, match):
                taken.append(match)
                yield match, span


def _is_term(rule: _Rule, match: re.Match[str]) -> bool:
    """Whether a period says how long something is granted, and not by when something is to be reached."""
    text = match.string
    start, end = text.rfind("；", 0, match.start()) + 1, text.find("；", match.end())
    rest = text[match.end() : end if end >= 0 else len(text)]
    grants = bool(_GRANT.search(text[start : match.start()] + rest))
    aims = rule.pattern is not _YEAR_OPENING and bool(_AIM.match(rest)) and not _GRANT.search(rest)
    return not aims and not _MET.match(rest) and (grants or not rule.granted)
