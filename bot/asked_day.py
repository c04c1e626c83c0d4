"""The day that a question itself speaks of: 2024年6月的时候还有效吗, 明年还能领吗.

Only where a date is followed by what is asked of it; 2023年开的店 dates the shop and not the question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from ingest.dates import make_date, month_end

_RELATIVE = {"前年": -2, "去年": -1, "上一年": -1, "今年": 0, "明年": 1, "后年": 2}
# What is asked of a day: whether something holds then. 还能, 有效, 有没有, 那会儿…
_ASKED_OF_IT = (
    r"(?:的时候|那时候?|那会儿?|当时|那阵)?[，,]?(?:[我咱]们?)?(?:还|也|仍)?"
    r"(?:能|有|在不在|可以|是否|算数|作数|享受|管用|执行|过期|失效|作废)"
)
_DAY = re.compile(
    rf"(?<![\d—–\-至])(?:(?P<year>20\d\d)年|(?P<relative>{'|'.join(_RELATIVE)}))"
    rf"(?:(?P<month>1[0-2]|0?[1-9])月份?(?:(?P<day>\d{{1,2}})[日号])?|(?P<end>年?[底末])|(?P<start>年?初))?{_ASKED_OF_IT}"
)


def read_asked_day(texts: Iterable[str], as_of: date) -> date | None:
    """The day that the first of these texts speaks of; a bare year means the day of asking in that year.

    Args:
        texts: the question, then what it leans on, newest first.
        as_of: the day of asking.
    """
    return next((day for text in texts if (match := _DAY.search(text)) and (day := _day(match, as_of))), None)


def _day(match: re.Match[str], as_of: date) -> date | None:
    year = int(match["year"]) if match["year"] else as_of.year + _RELATIVE[match["relative"]]
    if match["day"]:
        return make_date(year, int(match["month"]), int(match["day"]))
    if match["month"]:
        return month_end(year, int(match["month"]))
    if match["end"] or match["start"]:
        return date(year, 12, 31) if match["end"] else date(year, 1, 1)
    return make_date(year, as_of.month, as_of.day) or date(year, 2, 28)
