"""The answer log: every answer that went out and what its asker thought of it, for a limited time.

Personal data is blanked before anything is stored (`bot/masking.py`). Each operation is a single statement in a
transaction of its own, so threads and processes share one database without losing each other's.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sql

from bot.contract import AskRequest, AskResponse, Turn
from bot.database import Database
from bot.masking import mask_personal_data
from ingest.dates import today
from ingest.errors import AnswerLogError

logger = logging.getLogger(__name__)

Verdict = Literal["up", "down"]

_ANSWERS = sql.Table(
    "answers",
    sql.MetaData(),
    sql.Column("id", sql.String(64), primary_key=True),
    sql.Column("asked_at", sql.DateTime, nullable=False),  # UTC, without its zone: SQLite keeps none
    sql.Column("question", sql.Text, nullable=False),
    sql.Column("history", sql.JSON, nullable=False),
    sql.Column("jurisdiction", sql.String(6)),
    sql.Column("as_of", sql.Date, nullable=False),
    sql.Column("status", sql.String(16), nullable=False),
    sql.Column("answer", sql.Text, nullable=False),
    sql.Column("citations", sql.JSON, nullable=False),
    sql.Column("notices", sql.JSON, nullable=False),
    sql.Column("verdict", sql.String(4)),
    sql.Column("comment", sql.Text),
    sql.Column("voted_at", sql.DateTime),
    sql.Index("answers_by_age", "asked_at"),
    sql.Index("answers_by_vote", "verdict", "voted_at"),
)
_KEPT = [column for column in _ANSWERS.columns if column.name != "voted_at"]  # the fields of LoggedAnswer


@dataclass(frozen=True, slots=True)
class LoggedAnswer:
    """A question, its answer and its vote, as they were kept."""

    id: str
    asked_at: datetime  # UTC
    question: str
    history: tuple[str, ...]  # earlier turns, oldest first: the asker's and the assistant's by turns
    jurisdiction: str | None  # code of the place that the request named, not of one read out of the question
    as_of: date
    status: str
    answer: str
    citations: tuple[tuple[str, str], ...]  # document_id, quote
    notices: tuple[str, ...]  # codes
    verdict: str | None  # up or down: the latest vote
    comment: str | None


@dataclass(frozen=True, slots=True)
class AskedBriefly:
    """What is counted of a question; its fields are columns."""

    asked_at: datetime  # UTC
    question: str
    jurisdiction: str | None
    status: str
    notices: Sequence[str]
    verdict: str | None


def _utc_now() -> datetime:
    return datetime.now(UTC)


class AnswerLog:
    """Answers and votes in a database, opened at first use.

    All methods but `add` and `close` raise AnswerLogError where the database cannot be used.

    Args:
        url: its address, as SQLAlchemy writes it; the folder of an SQLite file is made.
        keep_days: after how many days an answer is deleted.
        now: tells the time.

    Raises:
        AnswerLogError: the address cannot be read, or its driver is not installed.
    """

    def __init__(self, url: str, keep_days: int, now: Callable[[], datetime] = _utc_now) -> None:
        self._database = Database(url, _ANSWERS)
        self.url = url
        self.keep_days = keep_days
        self._now = now
        self._pruned_on: date | None = None

    def add(self, request: AskRequest, response: AskResponse) -> None:
        """Keep an answer; a fault is told in the service's own log and never reaches the asker.

        Args:
            request: what was asked; its jurisdiction is a code.
            response: what went out.
        """
        try:
            row = _row(request, response)
            with self._database.begin() as connection:
                connection.execute(sql.insert(_ANSWERS).values(asked_at=self._time(), **row))
            if self._pruned_on != self._time().date():
                self.prune()
        except Exception as error:  # whatever it is: the answer is worth more than its record
            unforeseen = not isinstance(error, AnswerLogError)
            logger.warning("answer %s was not kept: %s", response.id, error, exc_info=unforeseen)

    def vote(self, answer_id: str, verdict: Verdict, comment: str | None) -> bool:
        """Keep what the asker thinks of an answer, in place of an earlier vote; False if there is no such answer."""
        said = mask_personal_data(comment) if comment else None
        voted = sql.update(_ANSWERS).where(_ANSWERS.c.id == answer_id)
        with self._database.begin() as connection:
            result = connection.execute(voted.values(verdict=verdict, comment=said, voted_at=self._time()))
        return result.rowcount == 1

    def down_voted(self, limit: int = 100, offset: int = 0) -> list[LoggedAnswer]:
        """Answers that were found useless, the latest vote first."""
        wanted = sql.select(*_KEPT).where(_ANSWERS.c.verdict == "down")
        wanted = wanted.order_by(_ANSWERS.c.voted_at.desc(), _ANSWERS.c.id).limit(limit).offset(offset)
        with self._database.begin() as connection:
            return [_read(row) for row in connection.execute(wanted)]

    def get(self, answer_id: str) -> LoggedAnswer | None:
        """One answer."""
        with self._database.begin() as connection:
            row = connection.execute(sql.select(*_KEPT).where(_ANSWERS.c.id == answer_id)).one_or_none()
        return _read(row) if row else None

    def asked_since(self, moment: datetime, limit: int = 10_000) -> list[AskedBriefly]:
        """What was asked since a moment, the latest first, without answers."""
        columns = [_ANSWERS.c[name] for name in AskedBriefly.__dataclass_fields__]
        since = _ANSWERS.c.asked_at >= moment.astimezone(UTC).replace(tzinfo=None)
        wanted = sql.select(*columns).where(since).order_by(_ANSWERS.c.asked_at.desc()).limit(limit)
        with self._database.begin() as connection:
            rows = [row._asdict() for row in connection.execute(wanted)]
        return [AskedBriefly(**row | {"asked_at": row["asked_at"].replace(tzinfo=UTC)}) for row in rows]

    def prune(self) -> int:
        """Delete what is older than it may be kept; how many answers that were."""
        now = self._time()
        old = sql.delete(_ANSWERS).where(_ANSWERS.c.asked_at < now - timedelta(days=self.keep_days))
        with self._database.begin() as connection:
            result = connection.execute(old)
        self._pruned_on = now.date()
        return result.rowcount

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def _time(self) -> datetime:
        """Now in UTC, without the zone."""
        return self._now().astimezone(UTC).replace(tzinfo=None)


def _row(request: AskRequest, response: AskResponse) -> dict[str, Any]:
    return {
        "id": response.id,
        "question": mask_personal_data(request.question),
        "history": [mask_personal_data(turn) for turn in _take_turns(request.history)],
        "jurisdiction": request.jurisdiction,
        "as_of": request.as_of or today(),
        "status": response.status,
        "answer": mask_personal_data(response.answer),  # it may echo the question
        "citations": [(citation.document_id, citation.quote) for citation in response.citations],
        "notices": [notice.code for notice in response.notices],
    }


def _take_turns(history: Sequence[Turn]) -> list[str]:
    """Turns as texts, the asker's first and then by turns, in whatever order a program sent them."""
    told: list[str] = []
    for turn in history:
        if (turn.role == "user") == (len(told) % 2 == 0):
            told.append(turn.content)
        elif told:
            told[-1] += f"\n{turn.content}"
        else:
            told += ["", turn.content]
    return told


def _read(row: sql.Row[Any]) -> LoggedAnswer:
    lists = {
        "history": tuple(row.history),
        "citations": tuple((document_id, quote) for document_id, quote in row.citations),
        "notices": tuple(row.notices),
    }
    return LoggedAnswer(**row._asdict() | lists | {"asked_at": row.asked_at.replace(tzinfo=UTC)})
