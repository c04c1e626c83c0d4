"""Whatever way an answer goes out, it is in the log before a vote can come."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.answer_log import AnswerLog
from bot.contract import AskRequest
from bot.ports import DoneEvent, SearchQuery
from bot.recorder import Recorder
from ingest.errors import UnknownPlace
from tests.fakes import FakeAssistant, FakePlaces


@pytest.fixture
def log(tmp_path: Path) -> Iterator[AnswerLog]:
    opened = AnswerLog(f"sqlite:///{tmp_path}/answers.db", 180)
    yield opened
    opened.close()


@pytest.fixture
def recorder(log: AnswerLog) -> Recorder:
    return Recorder(FakeAssistant(), FakePlaces(), log)


@pytest.mark.parametrize(("named", "code"), [("达拉特旗", "150621"), ("150621", "150621"), (None, None), ("", None)])
def test_an_answer_is_kept_by_the_code_of_its_place(
    recorder: Recorder, log: AnswerLog, named: str | None, code: str | None
) -> None:
    response = recorder.ask(AskRequest(question="转公司有补助吗", jurisdiction=named))
    kept = log.get(response.id)
    assert kept is not None
    assert (kept.jurisdiction, kept.answer) == (code, response.answer)


def test_a_stream_is_kept_before_its_last_piece_goes_out(recorder: Recorder, log: AnswerLog) -> None:
    for event in recorder.stream(AskRequest(question="转公司有补助吗")):
        assert (log.get("a1") is not None) == isinstance(event, DoneEvent)


def test_a_stream_that_nobody_reads_to_its_end_is_not_kept(recorder: Recorder, log: AnswerLog) -> None:
    events = recorder.stream(AskRequest(question="转公司有补助吗"))
    next(events)
    del events
    assert log.get("a1") is None


def test_a_place_that_is_unknown_is_refused_as_ever(recorder: Recorder, log: AnswerLog) -> None:
    with pytest.raises(UnknownPlace):
        recorder.ask(AskRequest(question="转公司有补助吗", jurisdiction="无此县"))
    assert log.get("a1") is None


def test_a_search_is_not_kept(recorder: Recorder) -> None:
    assert recorder.search(SearchQuery("补助")).total == 1


def test_a_broken_log_costs_no_answer(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    log = AnswerLog(f"sqlite:///{tmp_path}", 180)  # a folder
    response = Recorder(FakeAssistant(), FakePlaces(), log).ask(AskRequest(question="转公司有补助吗"))
    assert response.status == "answered"
    assert "was not kept" in caplog.text
