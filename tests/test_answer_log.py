"""What is kept of an answer, for how long, and that keeping it never costs the asker anything."""

from __future__ import annotations

import multiprocessing
import sqlite3
import stat
import threading
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.answer_log import AnswerLog, LoggedAnswer
from bot.contract import AskRequest, AskResponse, Turn
from ingest.dates import today
from ingest.errors import AnswerLogError
from tests.fakes import GRANT_QUOTE, FakeAssistant

START = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


class Clock:
    """Tells the time that a test has set."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        """Now."""
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def log(tmp_path: Path, clock: Clock) -> Iterator[AnswerLog]:
    opened = AnswerLog(url_of(tmp_path), 180, clock)
    yield opened
    opened.close()


def url_of(folder: Path) -> str:
    """A database in a folder that is not there yet."""
    return f"sqlite:///{folder}/data/answers.db"


def answer(request: AskRequest, answer_id: str = "a1") -> AskResponse:
    """The answer to a question, by an id of one's own."""
    return FakeAssistant().ask(request).model_copy(update={"id": answer_id})


def keep(log: AnswerLog, *answer_ids: str) -> None:
    """Log an answer by each of these ids."""
    request = AskRequest(question="转公司有补助吗")
    for answer_id in answer_ids:
        log.add(request, answer(request, answer_id))


def test_an_answer_is_kept_as_it_was(log: AnswerLog) -> None:
    history = [Turn(role="user", content="您好"), Turn(role="assistant", content="您好，请问")]
    request = AskRequest(question="转公司有补助吗", jurisdiction="150621", history=history, as_of=date(2024, 5, 1))
    response = answer(request)
    log.add(request, response)
    assert log.get("a1") == LoggedAnswer(
        id="a1",
        asked_at=START,
        question="转公司有补助吗",
        history=("您好", "您好，请问"),
        jurisdiction="150621",
        as_of=date(2024, 5, 1),
        status="answered",
        answer=response.answer,
        citations=(("dalate-2023", GRANT_QUOTE),),
        notices=("expired",),
        verdict=None,
        comment=None,
    )
    assert log.get("a2") is None


def test_the_day_of_asking_is_today_unless_told(log: AnswerLog) -> None:
    keep(log, "a1")
    kept = log.get("a1")
    assert kept is not None
    assert (kept.as_of, kept.asked_at.tzinfo) == (today(), UTC)


def test_personal_data_is_blanked_wherever_it_was_written(log: AnswerLog, tmp_path: Path) -> None:
    history = [Turn(role="user", content="我电话13812345678"), Turn(role="assistant", content="记下了13812345678")]
    request = AskRequest(question="我叫王小明，13812345678，有补助吗", history=history)
    response = answer(request).model_copy(update={"answer": "王先生（13812345678）：有。[1]"})
    log.add(request, response)
    log.vote("a1", "down", "打我13812345678")
    log.close()
    kept = b"".join(file.read_bytes() for file in (tmp_path / "data").iterdir())
    assert "有补助吗".encode() in kept
    assert b"13812345678" not in kept
    assert "王小明".encode() not in kept


@pytest.mark.parametrize(
    ("roles", "told"),
    [
        ("", ()),
        ("ua", ("0", "1")),
        ("uua", ("0\n1", "2")),
        ("au", ("", "0", "1")),
        ("uaau", ("0", "1\n2", "3")),
    ],
)
def test_turns_alternate_however_a_program_sent_them(log: AnswerLog, roles: str, told: tuple[str, ...]) -> None:
    history = [
        Turn(role="user" if role == "u" else "assistant", content=str(number)) for number, role in enumerate(roles)
    ]
    request = AskRequest(question="有补助吗", history=history)
    log.add(request, answer(request))
    kept = log.get("a1")
    assert kept is not None
    assert kept.history == told


def test_the_latest_vote_counts_and_comes_first(log: AnswerLog, clock: Clock) -> None:
    keep(log, "a1", "a2", "a3", "a4")
    votes = [("a1", "down"), ("a2", "up"), ("a3", "down"), ("a4", "down"), ("a1", "down"), ("a4", "up")]
    for number, (answer_id, verdict) in enumerate(votes):
        clock.time += timedelta(seconds=1)
        assert log.vote(answer_id, "down" if verdict == "down" else "up", f"第{number}次")
    found = log.down_voted()
    assert [(one.id, one.verdict, one.comment) for one in found] == [("a1", "down", "第4次"), ("a3", "down", "第2次")]
    assert [one.id for one in log.down_voted(limit=1, offset=1)] == ["a3"]
    assert log.vote("a1", "up", None)
    again = log.get("a1")
    assert again is not None
    assert (again.verdict, again.comment) == ("up", None)


def test_a_vote_on_no_answer_is_told(log: AnswerLog) -> None:
    assert log.vote("none", "up", None) is False
    assert log.down_voted() == []


def test_what_is_too_old_is_deleted_at_most_once_a_day(log: AnswerLog, clock: Clock) -> None:
    keep(log, "a1")
    clock.time += timedelta(days=100)
    keep(log, "a2")
    clock.time += timedelta(days=80)
    keep(log, "a3")
    assert log.get("a1") is not None  # not older than 180 days, but as old
    clock.time += timedelta(hours=1)
    keep(log, "a4")
    assert log.get("a1") is not None  # looked at today already
    clock.time += timedelta(days=1)
    keep(log, "a5")
    assert [one for one in ("a1", "a2", "a3", "a4", "a5") if log.get(one)] == ["a2", "a3", "a4", "a5"]
    clock.time += timedelta(days=100)
    assert (log.prune(), log.prune()) == (1, 0)


def test_it_is_there_again_after_a_restart(tmp_path: Path) -> None:
    first, second = (AnswerLog(url_of(tmp_path), 180) for _ in range(2))
    keep(first, "a1")
    first.vote("a1", "down", None)
    first.close()
    assert [one.id for one in second.down_voted()] == ["a1"]
    second.close()


def test_what_people_asked_is_for_the_service_alone(log: AnswerLog, tmp_path: Path) -> None:
    keep(log, "a1")
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def vote_on_many(url: str, process: int, count: int) -> None:
    """Answers and votes of several threads of one process."""
    log = AnswerLog(url, 180)

    def run(thread: int) -> None:
        for number in range(count):
            answer_id = f"{process}-{thread}-{number}"
            keep(log, answer_id)
            log.vote(answer_id, "down", None)
            log.vote("shared", "down", answer_id)

    threads = [threading.Thread(target=run, args=(thread,)) for thread in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log.close()


def test_threads_and_processes_lose_nothing_of_each_other(log: AnswerLog, tmp_path: Path) -> None:
    url = url_of(tmp_path)
    keep(log, "shared")
    context = multiprocessing.get_context("spawn")
    others = [context.Process(target=vote_on_many, args=(url, process, 10)) for process in (1, 2)]
    for other in others:
        other.start()
    vote_on_many(url, 3, 10)
    for other in others:
        other.join(timeout=240)
        assert other.exitcode == 0
    expected = {f"{process}-{thread}-{number}" for process in (1, 2, 3) for thread in range(4) for number in range(10)}
    assert {one.id for one in log.down_voted(limit=1000)} == expected | {"shared"}


def test_a_locked_file_costs_the_record_and_not_the_answer(
    log: AnswerLog, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keep(log, "a1")
    other = sqlite3.connect(tmp_path / "data" / "answers.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    keep(log, "a2")
    other.execute("ROLLBACK")
    other.close()
    assert "answer a2 was not kept" in caplog.text
    assert "locked" in caplog.text
    assert "转公司" not in caplog.text
    keep(log, "a3")
    assert [one for one in ("a1", "a2", "a3") if log.get(one)] == ["a1", "a3"]


def test_a_folder_that_cannot_be_made_costs_the_record_until_it_can(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    obstacle = tmp_path / "data"
    obstacle.write_text("a file where the folder should be", encoding="utf-8")
    log = AnswerLog(url_of(tmp_path), 180)
    keep(log, "a1")
    assert "answer a1 was not kept" in caplog.text
    with pytest.raises(AnswerLogError, match="HUIWEN_ANSWER_LOG"):
        log.down_voted()
    obstacle.unlink()
    keep(log, "a2")
    assert log.get("a2") is not None
    log.close()


def test_one_answer_is_kept_once(log: AnswerLog, caplog: pytest.LogCaptureFixture) -> None:
    keep(log, "a1", "a1")
    assert "answer a1 was not kept" in caplog.text


def test_every_field_is_a_column_and_votes_are_dated(log: AnswerLog, tmp_path: Path) -> None:
    """Read as any tool would, without the code that wrote it."""
    keep(log, "a1")
    log.vote("a1", "up", None)
    with sqlite3.connect(tmp_path / "data" / "answers.db") as connection:
        names = [row[1] for row in connection.execute("PRAGMA table_info(answers)")]
        (kept,) = connection.execute("SELECT question, voted_at FROM answers").fetchall()
        (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    connection.close()
    assert names == [*(field.name for field in fields(LoggedAnswer)), "voted_at"]
    assert (kept, mode) == (("转公司有补助吗", "2026-11-20 08:30:00.000000"), "wal")
