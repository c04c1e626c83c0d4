"""From when until when a whole document holds, as one of its clauses says: 本办法自2026年3月1日起施行，有效期两年.

Only what speaks of the document itself counts: a sentence with 本办法, 本通知, …, or one that opens with the
commencement or the term. 许可证有效期5年 speaks of a licence.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date, timedelta

from ingest.dates import YEAR, parse_date
from ingest.labels import parse_number, read_label
from ingest.model import Clause, Period
from ingest.sentences import Sentence, split_sentences

_KINDS = "办法|措施|通知|方案|意见|规定|细则|条例|文件|政策|规划|计划|公告|决定|规则|标准|指引|通告"
_SELF = re.compile(rf"(?:本|此|该|上述)(?:若干|实施|管理|暂行)?(?:{_KINDS})")
_DATE = rf"{YEAR}\s*年\s*\S{{1,3}}\s*月\s*\S{{1,3}}\s*日"
_BEGINS = re.compile(
    rf"自(?:(?P<day>{_DATE})|(?:发布|印发|公布|下发|颁布)之日)起?(?:正式)?(?:施行|实施|执行|生效|起施行)"
)
_LASTS = re.compile(r"有效期(?:限)?(?:为|是|暂定)?(?P<count>\d+|[一二两三四五六七八九十]+)\s*(?P<unit>年|个月)")
_ENDS = re.compile(
    rf"有效期(?:限)?(?:为|是|自)?(?:(?P<first>{_DATE})(?:起)?)?(?:至|到|截至|—|－|-)(?P<last>{_DATE})"
    rf"|(?:施行|实施|执行)(?:期限?)?(?:至|到)(?P<until>{_DATE})"
)
_OPENS = re.compile(r"^(?:自\S{2,16}起?(?:正式)?(?:施行|实施|执行|生效)|有效期)")


def read_stated_term(clauses: Iterable[Clause], issued_on: date | None) -> Period | None:
    """The term that a document's clauses give the whole of it; None if they give none.

    Args:
        clauses: the document's clauses.
        issued_on: the day that 自印发之日 means; None leaves a term that counts from it without an end.
    """
    begins, ends, words = None, None, list[str]()
    for sentence in (sentence for clause in clauses for sentence in split_sentences(clause.text) if _is_own(sentence)):
        if match := _BEGINS.search(sentence.text):
            begins = parse_date(match["day"]) if match["day"] else issued_on
            words.append(match.group())
        if match := _ENDS.search(sentence.text):
            begins = parse_date(match["first"] or "") or begins
            ends = parse_date(match["last"] or match["until"])
            words.append(match.group())
        elif match := _LASTS.search(sentence.text):
            ends = _end_of(begins or issued_on, parse_number(match["count"]), match["unit"])
            words.append(match.group())
    return Period("，".join(words), 0, 0, begins, ends, (0, 0)) if words else None


def _is_own(sentence: Sentence) -> bool:
    label = read_label(sentence.text)
    text = sentence.text[label.length :].lstrip() if label else sentence.text
    return bool(_SELF.search(text) or _OPENS.match(text))


def _end_of(begins: date | None, count: int, unit: str) -> date | None:
    """The last day of a term that begins on a day: two years from 2026-03-01 end with 2028-02-29."""
    if begins is None:
        return None
    months = begins.year * 12 + begins.month - 1 + count * (12 if unit == "年" else 1)
    year, month = divmod(months, 12)
    day = min(begins.day, calendar.monthrange(year, month + 1)[1])
    return date(year, month + 1, day) - timedelta(days=1)
