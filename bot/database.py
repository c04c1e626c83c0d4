"""Open a database by its address, and say in one kind of error why it cannot be used."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sql
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.schema import CreateIndex, CreateTable

from ingest.errors import AnswerLogError
from ingest.settings import hide_password

_PATIENCE = 2  # seconds that an asker may have to wait for a locked file or a silent server
_PATIENCE_OPTION = {"pysqlite": "timeout", "psycopg": "connect_timeout", "psycopg2": "connect_timeout"}  # by driver


class Database:
    """One table's database: SQLite by default, whatever SQLAlchemy has a driver for by its address.

    It is opened at first use, and again after a fault.

    Args:
        url: the address, as SQLAlchemy writes it; the folder of an SQLite file is made.
        table: made where there is none.

    Raises:
        AnswerLogError: the address cannot be read, or its driver is not installed.
    """

    def __init__(self, url: str, table: sql.Table) -> None:
        self._shown = hide_password(url)
        self._table = table
        self._lock = threading.Lock()
        self._prepared = False
        try:
            self._engine = make_engine(url)
        except (SQLAlchemyError, ImportError) as error:
            raise self._fault(error, "mend the address, or install its driver") from error

    @contextmanager
    def begin(self) -> Iterator[sql.Connection]:
        """A transaction; raises AnswerLogError where the database cannot be reached, read or written."""
        try:
            self._prepare()
            with self._engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, OSError) as error:
            raise self._fault(error, "see that it can be reached and written to") from error

    def close(self) -> None:
        """Let go of it."""
        self._engine.dispose()

    def _prepare(self) -> None:
        with self._lock:
            if self._prepared:
                return
            if self._engine.dialect.name == "sqlite":
                # What people asked is nobody else's business on this machine.
                Path(str(self._engine.url.database)).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                self._make_table()
            except IntegrityError:  # PostgreSQL, if another process makes it at the same moment: by now it is there
                self._make_table()
            self._prepared = True

    def _make_table(self) -> None:
        with self._engine.begin() as connection:
            connection.execute(CreateTable(self._table, if_not_exists=True))
            for index in self._table.indexes:
                connection.execute(CreateIndex(index, if_not_exists=True))

    def _fault(self, error: Exception, advice: str) -> AnswerLogError:
        # The driver's own words without SQLAlchemy's around them; PostgreSQL's further lines may hold what was stored.
        reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
        return AnswerLogError(
            f"answer log {self._shown}: {reason}; {advice}, or name another by HUIWEN_ANSWER_LOG (empty: keep nothing)"
        )


def make_engine(address: str) -> sql.Engine:
    """An engine with our patience; raises what SQLAlchemy and the driver raise."""
    url = sql.make_url(address)
    dialect = url.get_dialect()
    is_sqlite = dialect.name == "sqlite"
    if is_sqlite and (not url.database or ":memory:" in url.database):
        raise sql.exc.ArgumentError("it names no file, as sqlite:///folder/answers.db does")
    option = _PATIENCE_OPTION.get(dialect.driver)
    engine = sql.create_engine(
        url,
        connect_args={option: _PATIENCE} if option else {},
        pool_timeout=_PATIENCE,
        pool_pre_ping=True,  # a server may have closed the connection since
        hide_parameters=True,  # else an error would tell the question
        json_serializer=partial(json.dumps, ensure_ascii=False),
    )
    if is_sqlite:
        sql.event.listen(engine, "connect", _configure_sqlite)
    return engine


def _configure_sqlite(connection: Any, _: object) -> None:
    # Readers do not wait for a writer. It holds for the file: where it is locked, another process is setting it now.
    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")  # a power cut may cost the last answers, never the file
    connection.execute("PRAGMA secure_delete=ON")  # what is deleted is overwritten
