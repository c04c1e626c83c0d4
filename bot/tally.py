"""What was asked, counted: by day, place, topic, status, warning and vote, and the questions that had no basis.

Personal data was blanked before the questions were kept (`bot/masking.py`); a count names nobody.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO

from bot.answer_log import AskedBriefly
from bot.corrections import fold_question
from ingest.dates import day_in_china
from prompts.desk_messages import AnswerWords, FigureWords

_WITHOUT_BASIS = ("no_basis", "partial")
_LISTED = 100  # questions without a basis that are listed
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run what begins so

Named = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that nothing covered, or not all of it."""

    question: str
    place: str
    topic: str
    count: int
    last: date


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts; each mapping has the most frequent first."""

    total: int
    by_day: Mapping[date, int]  # in the order of the days, none left out
    by_place: Mapping[str, int]
    by_topic: Mapping[str, int]
    by_status: Mapping[str, int]
    by_notice: Mapping[str, int]
    by_vote: Mapping[str, int]
    warned: int  # answers with at least one warning
    unanswered: tuple[Unanswered, ...]


def tally(
    asked: Sequence[AskedBriefly], first: date, last: date, name_place: Callable[[str | None], str], name_topic: Named
) -> Tally:
    """Count questions.

    Args:
        asked: what was asked, the latest first.
        first: the first day that is counted.
        last: the last one.
        name_place: the name of a place by its code; of none.
        name_topic: the topic of a question.
    """
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    per_day = Counter(day_in_china(one.asked_at) for one in asked)
    return Tally(
        total=len(asked),
        by_day={day: per_day[day] for day in days},
        by_place=_rank(name_place(one.jurisdiction) for one in asked),
        by_topic=_rank(name_topic(one.question) for one in asked),
        by_status=_rank(one.status for one in asked),
        by_notice=_rank(code for one in asked for code in set(one.notices)),
        by_vote=_rank(one.verdict or "" for one in asked),
        warned=sum(bool(one.notices) for one in asked),
        unanswered=tuple(_unanswered(asked, name_place, name_topic)),
    )


def write_csv(counted: Tally, words: FigureWords, answer: AnswerWords) -> bytes:
    """The counts and the list as one table, in UTF-8 with the mark that Excel needs."""
    votes = {"up": words.votes_up, "down": words.votes_down, "": words.unvoted}
    out = StringIO()
    table = csv.writer(out)
    table.writerow([words.kind, words.name, words.place, words.topic, words.count, words.last])
    kinds: Iterable[tuple[str, Mapping[str, int], Mapping[str, str]]] = (
        (words.by_place, counted.by_place, {}),
        (words.by_topic, counted.by_topic, {}),
        (words.by_status, counted.by_status, answer.statuses),
        (words.by_notice, counted.by_notice, words.notices),
        (words.by_vote, counted.by_vote, votes),
    )
    table.writerows([words.by_day, day.isoformat(), "", "", n, ""] for day, n in counted.by_day.items())
    for kind, counts, labels in kinds:
        table.writerows([kind, _safe(labels.get(name, name)), "", "", n, ""] for name, n in counts.items())
    for one in counted.unanswered:
        table.writerow(
            [words.no_basis, _safe(one.question), _safe(one.place), _safe(one.topic), one.count, one.last.isoformat()]
        )
    return out.getvalue().encode("utf-8-sig")


def _unanswered(
    asked: Sequence[AskedBriefly], name_place: Callable[[str | None], str], name_topic: Named
) -> Iterator[Unanswered]:
    """Questions without a basis, the most frequent first; one that was asked again counts as one."""
    groups: dict[tuple[str, str | None], list[AskedBriefly]] = {}
    for one in asked:
        if one.status in _WITHOUT_BASIS:
            groups.setdefault((fold_question(one.question), one.jurisdiction), []).append(one)
    ranked = sorted(groups.values(), key=lambda group: -len(group))
    for group in ranked[:_LISTED]:
        latest = group[0]
        place, topic = name_place(latest.jurisdiction), name_topic(latest.question)
        yield Unanswered(latest.question, place, topic, len(group), day_in_china(latest.asked_at))


def _rank(names: Iterable[str]) -> dict[str, int]:
    return dict(Counter(names).most_common())


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
