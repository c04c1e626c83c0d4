"""From when until when a whole document holds, as one of its clauses says: 本办法自2026年3月1日起施行，有效期两年.

Only what speaks of the document itself counts: a sentence with 本办法, 本通知, …, or one that opens with the
commencement or the term. 许可证有效期5年 speaks of a licence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from ingest.dates import YEAR, make_date, month_end, parse_date
from ingest.labels import parse_number, read_label
from ingest.model import Clause, ClauseKind, Period
from ingest.periods import last_day
from ingest.sentences import split_sentences

_KINDS = (
    "办法|措施|通知|方案|意见|规定|细则|条例|文件|政策(?:措施)?|规划|计划|公告|决定|规则|标准|指引|指南|通告|规范"
    "|法(?![律规定院人])"
)
_SELF = re.compile(rf"(?:本|此|该|上述|以上)(?:若干|实施|管理|暂行)?(?:{_KINDS})")
_DATE = rf"(?:{YEAR}\s*年\s*\S{{1,3}}\s*月\s*\S{{1,3}}\s*日|\d{{4}}\.\d{{1,2}}\.\d{{1,2}}(?!\d))"
_FIGURES = "一二三四五六七八九十"
_NUMBER = r"\d+|[一二两三四五六七八九十]+"
_ISSUE = r"(?:发布|印发|公布|下发|颁布|发文|签发|通过)之日"
_IN_FORCE = r"(?:试行|施行|实施|执行|生效|起施行)"
_BEGINS = re.compile(
    rf"自(?:(?P<day>{_DATE})|{_ISSUE})起?(?:满?(?P<later>{_NUMBER})\s*(?P<later_unit>日|个月)后)?(?:正式|开始)?{_IN_FORCE}"
)
_BLANK_DAY = re.compile(
    rf"自[^，。；自]*月[^，。；\d{_FIGURES}]*日起?(?:正式|开始)?{_IN_FORCE}"
)  # 自2026年 月 日起施行
_TERM = r"(?:有效期|试行期|施行期|执行期|实施期|政策期|期限)限?"
_LASTS = re.compile(
    rf"(?:{_TERM}|(?<=，)试行|暂定)(?:暂?[为是定]+)?(?:自{_ISSUE}起)?(?P<count>{_NUMBER})\s*(?P<unit>年|个月)(?![以度级期])"
)
_LAST = rf"(?:{_DATE}|{YEAR}\s*年(?:\s*\d{{1,2}}\s*月)?年?[底末])"
_ENDS = re.compile(
    rf"(?:{_TERM})(?:[为是自])?(?:(?P<first>{_DATE})(?:起)?)?(?:至|到|截至|截止到?|—|－|-)(?P<last>{_LAST})"
    rf"|{_IN_FORCE}(?:期限?)?(?:至|到)(?P<until>{_LAST})|自(?P<since>{_DATE})起?(?:{_IN_FORCE}(?:至|到)(?P<by>{_LAST})|至(?P<to>{_LAST})(?:止|有效|{_IN_FORCE}))"
)
_END_OF = re.compile(rf"(?P<year>{YEAR})\s*年(?:\s*(?P<month>\d{{1,2}})\s*月)?")
_OPENS = re.compile(r"^(?:自\S{2,20}起?(?:正式)?(?:施行|实施|执行|生效)|有效期)")
_SUBJECT = re.compile(rf"(?:^|[，,；、（(\s]|{_SELF.pattern}的?)$")


def read_stated_term(clauses: Iterable[Clause], issued_on: date | None) -> Period | None:
    """The term that a document's clauses give the whole of it; None if they give none.

    Args:
        clauses: the document's clauses.
        issued_on: the day that 自印发之日 means; None leaves a term that counts from it without an end, as does a day
            of commencement that is left blank.
    """
    begins, ends, words = None, None, list[str]()
    for text in (text for clause in clauses for one in split_sentences(clause.text) if (text := _own(one.text))):
        if match := _BEGINS.search(text):
            begins = _first_day(match, issued_on)
            words.append(match.group())
        if match := _stated(_ENDS, text):
            begins = parse_date(match["first"] or match["since"] or "") or begins
            ends = _last_day(match["last"] or match["until"] or match["by"] or match["to"])
            words = [one for one in words if one not in match.group()] + [match.group()]
        elif match := _stated(_LASTS, text):
            day = begins or (None if _BLANK_DAY.search(text) else issued_on)
            ends = last_day(day, parse_number(match["count"]), match["unit"]) if day else None
            words.append(match.group())
    return Period("，".join(words), 0, 0, begins, ends, (0, 0)) if words else None


def read_terms(clauses: Iterable[Clause], issued_on: date | None) -> dict[str | None, Period]:
    """The terms that a document states, by the id of the attachment that states each; None for its own text."""
    parts: dict[str | None, list[Clause]] = {}
    within: dict[str, str | None] = {}  # the attachment that a clause belongs to
    for clause in clauses:
        attachment = clause.id if clause.kind is ClauseKind.ATTACHMENT else None
        within[clause.id] = within[clause.parent_id] if clause.parent_id else attachment
        parts.setdefault(within[clause.id], []).append(clause)
    terms = {part: read_stated_term(held, issued_on) for part, held in parts.items()}
    return {part: term for part, term in terms.items() if term}


def term_of_all(terms: Mapping[str | None, Period]) -> Period | None:
    """The term of the whole document: its own text's, else that of the only attachment that states one."""
    return terms.get(None) or (next(iter(terms.values())) if len(terms) == 1 else None)


def _own(sentence: str) -> str:
    """A sentence without its label, if it speaks of the document itself; else ""."""
    label = read_label(sentence)
    text = sentence[label.length :].lstrip() if label else sentence
    return text if _SELF.search(text) or _OPENS.match(text) else ""


def _stated(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The term of the document in a sentence of its own: 有效期5年, and not 许可证有效期5年."""
    return next((match for match in pattern.finditer(text) if _SUBJECT.search(text[: match.start()])), None)


def _first_day(match: re.Match[str], issued_on: date | None) -> date | None:
    """The day that a text names, or that of its issue; with 30日后 the day behind these."""
    day = parse_date(match["day"]) if match["day"] else issued_on
    if day is None or not match["later"]:
        return day
    count = parse_number(match["later"])
    if match["later_unit"] == "日":
        return day + timedelta(days=count)
    return last_day(day, count, "个月") + timedelta(days=1)


def _last_day(text: str) -> date | None:
    """The last day of 2028年2月29日, 2025年底, 2025年6月底."""
    if day := parse_date(text):
        return day
    match = _END_OF.match(text)
    if match is None:
        return None
    year, month = parse_number(match["year"]), int(match["month"] or 12)
    return month_end(year, month) or make_date(year, 12, 31)
