"""Who added and removed which file of the corpus, and when; kept in the answer log's database for good."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import sqlalchemy as sql

from bot.database import Database

Act = Literal["added", "replaced", "removed"]

_TABLE = sql.Table(
    "corpus_changes",
    sql.MetaData(),
    sql.Column("id", sql.String(32), primary_key=True),
    sql.Column("made_at", sql.DateTime, nullable=False),  # UTC, without its zone: SQLite keeps none
    sql.Column("staff", sql.String(40), nullable=False),
    sql.Column("act", sql.String(10), nullable=False),
    sql.Column("file", sql.Text, nullable=False),
    sql.Column("digest", sql.String(64), nullable=False),
    sql.Index("corpus_changes_by_age", "made_at"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """One file that was added, replaced or removed."""

    made_at: datetime  # UTC
    staff: str
    act: Act
    file: str  # its name in documents/
    digest: str  # SHA-256 of its bytes: of the new ones, or of those that went


def _utc_now() -> datetime:
    return datetime.now(UTC)


class CorpusAudit:
    """The record. All methods raise AnswerLogError where the database cannot be used."""

    def __init__(self, url: str, now: Callable[[], datetime] = _utc_now) -> None:
        self._database = Database(url, _TABLE)
        self._now = now

    @contextmanager
    def recording(self, staff: str, act: Act, file: str, digest: str) -> Iterator[None]:
        """Record a change that is made within: nothing changes without a record, nothing is recorded that failed."""
        made_at = self._now().astimezone(UTC).replace(tzinfo=None)
        row = {"made_at": made_at, "staff": staff, "act": act, "file": file, "digest": digest}
        with self._database.begin() as connection:
            connection.execute(sql.insert(_TABLE).values(id=uuid.uuid4().hex, **row))
            yield

    def latest(self, most: int) -> list[Change]:
        """The latest changes, the very last first."""
        columns = [column for column in _TABLE.columns if column.name != "id"]
        wanted = sql.select(*columns).order_by(_TABLE.c.made_at.desc(), _TABLE.c.id).limit(most)
        with self._database.begin() as connection:
            rows = connection.execute(wanted).all()
        return [Change(**row._asdict() | {"made_at": row.made_at.replace(tzinfo=UTC)}) for row in rows]

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()
