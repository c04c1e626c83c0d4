"""An address that can never be opened is told at once, without its password and with what to do."""

from __future__ import annotations

import pytest
import sqlalchemy as sql

from bot.database import Database
from ingest.errors import AnswerLogError

TABLE = sql.Table("notes", sql.MetaData(), sql.Column("id", sql.Integer, primary_key=True))


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("no address", "Could not parse"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("unheardof://owner:geheim@db.example/answers", "unheardof://owner:***@db.example/answers"),
        ("mysql+pymysql://owner:geheim@db.example/answers?password=geheim", "No module named 'pymysql'"),
    ],
)
def test_an_address_that_cannot_be_used_is_told(url: str, told: str) -> None:
    with pytest.raises(AnswerLogError, match="HUIWEN_ANSWER_LOG") as raised:
        Database(url, TABLE)
    assert told in str(raised.value)
    assert "geheim" not in str(raised.value)
