"""What staff put right: the right clauses and a better wording for a question, with who and when.

Corrections are shown to other staff on the same question and exported as cases of the evaluation. Nothing that answers
reads them: they never change what owners get. They stay until they are withdrawn.
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sql

from bot.database import Database
from bot.masking import mask_personal_data

_TABLE = sql.Table(
    "corrections",
    sql.MetaData(),
    sql.Column("id", sql.String(32), primary_key=True),
    sql.Column("made_at", sql.DateTime, nullable=False),  # UTC, without its zone: SQLite keeps none
    sql.Column("staff", sql.String(40), nullable=False),
    sql.Column("question", sql.Text, nullable=False),
    sql.Column("sameness", sql.String(500), nullable=False),  # what two spellings of one question share
    sql.Column("jurisdiction", sql.String(6)),
    sql.Column("as_of", sql.Date, nullable=False),
    sql.Column("clauses", sql.JSON, nullable=False),
    sql.Column("wording", sql.Text),
    sql.Index("corrections_of_question", "sameness"),
    sql.Index("corrections_by_age", "made_at"),
)
_KEPT = [column for column in _TABLE.columns if column.name != "sameness"]
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Correction:
    """A question with what staff hold to be the right answer."""

    id: str
    made_at: datetime  # UTC
    staff: str
    question: str
    jurisdiction: str | None  # code of the place
    as_of: date
    clauses: tuple[str, ...]  # ids of the clauses that a right answer rests on; none: nothing covers it
    wording: str | None


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Corrections:
    """Corrections in the answer log's database. All methods raise AnswerLogError where it cannot be used."""

    def __init__(self, url: str, now: Callable[[], datetime] = _utc_now) -> None:
        self._database = Database(url, _TABLE)
        self._now = now

    def add(
        self,
        staff: str,
        question: str,
        jurisdiction: str | None,
        as_of: date,
        clauses: tuple[str, ...],
        wording: str | None,
    ) -> None:
        """Keep one, personal data blanked."""
        masked = mask_personal_data(question)
        row = {
            "id": uuid.uuid4().hex,
            "made_at": self._now().astimezone(UTC).replace(tzinfo=None),
            "staff": staff,
            "question": masked,
            "sameness": fold_question(masked),
            "jurisdiction": jurisdiction,
            "as_of": as_of,
            "clauses": list(clauses),
            "wording": mask_personal_data(wording) if wording else None,
        }
        with self._database.begin() as connection:
            connection.execute(sql.insert(_TABLE).values(row))

    def on(self, question: str, jurisdiction: str | None) -> list[Correction]:
        """Those of the same question for the same place, the latest first; spacing and punctuation aside."""
        same = _TABLE.c.sameness == fold_question(mask_personal_data(question))
        return self._select(same & _TABLE.c.jurisdiction.is_not_distinct_from(jurisdiction))

    def all(self) -> list[Correction]:
        """Every one, the latest first."""
        return self._select(sql.true())

    def drop(self, correction_id: str, staff: str) -> bool:
        """Withdraw one of one's own; False if there is no such one."""
        own = (_TABLE.c.id == correction_id) & (_TABLE.c.staff == staff)
        with self._database.begin() as connection:
            return connection.execute(sql.delete(_TABLE).where(own)).rowcount == 1

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def _select(self, condition: sql.ColumnElement[bool]) -> list[Correction]:
        wanted = sql.select(*_KEPT).where(condition).order_by(_TABLE.c.made_at.desc(), _TABLE.c.id)
        with self._database.begin() as connection:
            return [_read(row) for row in connection.execute(wanted)]


def fold_question(text: str) -> str:
    """What two spellings of one question share: letters and digits alone, full and half width alike."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", text)).lower()[:500]


def _read(row: sql.Row[Any]) -> Correction:
    fields = {"made_at": row.made_at.replace(tzinfo=UTC), "clauses": tuple(row.clauses)}
    return Correction(**row._asdict() | fields)
