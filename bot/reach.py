"""Whether the answer log and the model's interface are where the settings say, for `huiwen doctor`."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

import sqlalchemy as sql
from sqlalchemy.exc import SQLAlchemyError

from bot.database import make_engine
from ingest.errors import AnswerLogError, SettingsError
from ingest.settings import hide_password, sqlite_file

_PORTS = {"http": 80, "https": 443}


def count_tables(url: str) -> int:
    """How many tables the answer log has, after a look whether it is whole and can be written.

    Raises:
        AnswerLogError: it cannot be reached or written, or is damaged.
    """
    shown = hide_password(url)
    try:
        engine = make_engine(url)
        with engine.connect() as connection:
            tables = sql.inspect(connection).get_table_names()
            if sqlite_file(url):
                found = connection.execute(sql.text("PRAGMA quick_check(1)")).scalar()
                connection.execute(sql.text("BEGIN IMMEDIATE"))  # fails where the file cannot be written
            else:
                found = "ok"
        engine.dispose()
    except (SQLAlchemyError, ImportError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
        raise AnswerLogError(
            f"HUIWEN_ANSWER_LOG={shown}: {reason}; see that it can be reached and written to by this account"
        ) from error
    if found != "ok":  # SQLite tells of a fault in a row, and raises nothing
        raise AnswerLogError(f"HUIWEN_ANSWER_LOG={shown}: is damaged ({found}); put a backup back, see docs/operate.md")
    return len(tables)


def read_address(url: str) -> tuple[str, int]:
    """Host and port of the model's interface; raises SettingsError where the URL has none that can be used."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 443)
    except ValueError as error:
        raise SettingsError(f"HUIWEN_MODEL_URL={hide_password(url)}: {error}; write https://HOST:PORT/PATH") from error
    if not parts.hostname:
        raise SettingsError(f"HUIWEN_MODEL_URL={hide_password(url)}: names no host; write https://HOST:PORT/PATH")
    return parts.hostname, port


def can_make(file: Path) -> bool:
    """Whether this account may make a file, with the folders above it that are not there yet."""
    above = next(path for path in file.absolute().parents if path.exists())
    return above.is_dir() and os.access(above, os.W_OK | os.X_OK)
