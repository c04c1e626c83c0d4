"""The chat model against a real local server: what it says, and every way in which it may fail to."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from bot.chat_model import ChatModel, Limits, Usage, open_chat_model
from bot.metrics import Metrics
from ingest.errors import ModelFailed, SettingsError
from ingest.settings import Settings
from tests.model_server import KEY, ModelServer, Script, serving

MESSAGES = [("system", "规矩"), ("human", "问题")]
PATIENT = Limits(first=5, gap=5, whole=10)
HASTY = Limits(first=0.2, gap=0.2, whole=5)


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with serving() as server:
        yield server


def open_to(server: ModelServer, **settings: object) -> ChatModel:
    own = {"model": "openai:local", "model_url": server.url, "model_key": SecretStr(KEY), "breaker_failures": 100}
    chat = open_chat_model(Settings.model_validate({**own, **settings}), Metrics())
    assert chat is not None
    return chat


@pytest.fixture(scope="module")
def chat(server: ModelServer) -> ChatModel:
    return open_to(server)


def say(chat: ChatModel, limits: Limits = PATIENT) -> tuple[str, Usage]:
    pieces = list(chat.stream(MESSAGES, limits))
    usage = sum((piece for piece in pieces if isinstance(piece, Usage)), Usage())
    return "".join(piece for piece in pieces if isinstance(piece, str)), usage


def fail(chat: ChatModel, limits: Limits = PATIENT) -> str:
    with pytest.raises(ModelFailed) as failure:
        say(chat, limits)
    return failure.value.code


def test_text_comes_in_pieces_and_tokens_are_told(chat: ChatModel, server: ModelServer) -> None:
    server.play(Script("首次转成公司的，补助10万元。[1]"))
    pieces = [piece for piece in chat.stream(MESSAGES, PATIENT) if piece]
    assert pieces[:2] == ["首次转成", "公司的，"]
    assert pieces[-1] == Usage(700, 50)
    (request,) = server.requests
    assert request["key"] == f"Bearer {KEY}"
    assert (request["model"], request["stream"], request["temperature"]) == ("local", True, 0)
    assert [message["content"] for message in request["messages"]] == ["规矩", "问题"]


@pytest.mark.parametrize(
    ("script", "limits", "code"),
    [
        (Script(silent=True), HASTY, "timeout"),
        (Script("一二三四五六七八", pause=0.5), HASTY, "timeout"),
        (Script("一二三四五六七八" * 9, pause=0.1), Limits(5, 5, 0.4), "timeout"),
        (Script(status=429), PATIENT, "unavailable"),
        (Script(status=500), PATIENT, "unavailable"),
        (Script(status=401), PATIENT, "unavailable"),
        (Script("一二三四", cut=True), PATIENT, "unavailable"),
        (Script("一二三四", ends=False), PATIENT, "unavailable"),
        (Script(raw=b"data: {not json\n\n"), PATIENT, "malformed"),
        (Script(raw=b"<html>gateway</html>"), PATIENT, "malformed"),
        (Script(""), PATIENT, "malformed"),
    ],
    ids=["silence", "gap", "whole", "429", "500", "401", "cut", "no end", "no json", "html", "empty"],
)
def test_each_failure_has_its_code(
    chat: ChatModel, server: ModelServer, script: Script, limits: Limits, code: str
) -> None:
    server.play(script)
    assert fail(chat, limits) == code


def test_a_server_that_nobody_runs_is_unavailable(server: ModelServer) -> None:
    with serving() as gone:
        url = gone.url
    chat = open_to(server, model_url=url)
    assert fail(chat) == "unavailable"


@pytest.mark.parametrize("status", [429, 503])
def test_what_may_pass_is_tried_again(chat: ChatModel, server: ModelServer, status: int) -> None:
    server.play(Script(status=status), Script(status=status), Script("好。"))
    assert say(chat, Limits(5, 5, 10, attempts=3))[0] == "好。"
    assert len(server.requests) == 3


@pytest.mark.parametrize("script", [Script(status=400), Script(status=401), Script("一二三四", cut=True)])
def test_what_will_not_pass_or_has_begun_is_not_tried_again(
    chat: ChatModel, server: ModelServer, script: Script
) -> None:
    server.play(script)
    fail(chat, Limits(5, 5, 10, attempts=3))
    assert len(server.requests) == 1


def test_tries_stay_within_the_time_for_the_first_piece(chat: ChatModel, server: ModelServer) -> None:
    server.play(Script(status=503), Script(silent=True))
    started = time.monotonic()
    assert fail(chat, Limits(0.5, 5, 60, attempts=6)) == "timeout"
    assert time.monotonic() - started < 30  # one call has 60 seconds


def test_who_waits_hears_that_nothing_comes(chat: ChatModel, server: ModelServer) -> None:
    server.play(Script(silent=True))
    pieces = chat.stream(MESSAGES, PATIENT)
    assert next(pieces) == ""
    pieces.close()


def test_closing_hangs_up(chat: ChatModel, server: ModelServer) -> None:
    server.play(Script("一二三四五六七八" * 100, pause=0.05))
    pieces = chat.stream(MESSAGES, PATIENT)
    next(pieces)
    pieces.close()
    assert server.left.wait(15)


def test_time_limits_hang_up(chat: ChatModel, server: ModelServer) -> None:
    server.play(Script(silent=True))
    fail(chat, HASTY)
    assert server.left.wait(15)


def test_no_more_patience_counts_as_a_time_out(server: ModelServer) -> None:
    chat = open_to(server, breaker_failures=1)
    server.play(Script("一" * 1000, pause=0.05))
    pieces = chat.stream(MESSAGES, PATIENT)
    next(pieces)
    with pytest.raises(ModelFailed) as failure:
        pieces.throw(TimeoutError())
    assert failure.value.code == "timeout"
    assert fail(chat) == "breaker_open"


def test_after_failures_in_a_row_it_is_left_alone(server: ModelServer) -> None:
    chat = open_to(server, breaker_failures=2, breaker_pause=1.0)
    server.play(Script(status=500))
    assert [fail(chat) for _ in range(4)] == ["unavailable", "unavailable", "breaker_open", "breaker_open"]
    assert len(server.requests) == 2
    server.play(Script("好。"))
    time.sleep(1.05)
    assert say(chat)[0] == "好。"


def test_no_more_calls_are_under_way_than_allowed(server: ModelServer) -> None:
    chat = open_to(server, model_at_once=2)
    server.play(Script("一二三四五六七八", pause=0.05))
    server.most_together = 0
    threads = [threading.Thread(target=say, args=(chat,)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.requests) == 5
    assert server.most_together == 2


def test_waiting_for_a_line_in_vain_is_not_the_models_fault(server: ModelServer) -> None:
    chat = open_to(server, model_at_once=1, breaker_failures=1)
    server.play(Script(silent=True))
    first = chat.stream(MESSAGES, PATIENT)
    next(first)
    assert fail(chat, HASTY) == "unavailable"
    first.close()
    server.play(Script("好。"))
    assert say(chat)[0] == "好。"


def test_calls_and_tokens_are_counted(server: ModelServer) -> None:
    metrics = Metrics(price_in=1, price_out=2)
    chat = open_chat_model(Settings(model="openai:local", model_url=server.url), metrics)
    assert chat is not None
    server.play(Script("好。"), Script(status=400), Script("一" * 400, pause=0.05))
    say(chat)
    fail(chat)
    pieces = chat.stream(MESSAGES, PATIENT)
    next(pieces)
    pieces.close()

    def value(name: str, **labels: str) -> float | None:
        return metrics.registry.get_sample_value(name, labels)

    calls = {
        outcome: value("huiwen_model_calls_total", outcome=outcome) for outcome in ("ok", "unavailable", "cancelled")
    }
    assert calls == {"ok": 1, "unavailable": 1, "cancelled": 1}
    assert value("huiwen_model_tokens_total", direction="in") == 700
    assert value("huiwen_model_cost_total") == pytest.approx(0.0008)


def test_the_key_is_told_to_nobody(chat: ChatModel, server: ModelServer, caplog: pytest.LogCaptureFixture) -> None:
    server.play(Script(status=401))  # its message repeats the key
    with caplog.at_level(logging.DEBUG, logger="bot"), pytest.raises(ModelFailed) as failure:
        say(chat)
    assert "unavailable" in caplog.text
    assert "401" in caplog.text
    assert KEY not in caplog.text + str(failure.value) + repr(failure.value.__cause__) + repr(failure.value.__context__)
    settings = Settings(model_key=SecretStr(KEY), model_url="http://user:pass-word@127.0.0.1/v1")
    assert KEY not in repr(settings) + str(settings.model_dump())
    assert "pass-word" not in str(settings.model_dump())


def test_a_key_of_the_environment_is_not_sent_elsewhere(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-for-the-provider-alone")
    chat = open_to(server, model_key=None)
    server.play(Script("好。"))
    say(chat)
    assert server.requests[0]["key"] == "Bearer none"


def test_without_a_name_there_is_no_model() -> None:
    assert open_chat_model(Settings(), Metrics()) is None


@pytest.mark.parametrize("name", ["nobody:model", "a-name-that-no-provider-has"])
def test_a_model_that_cannot_be_made_is_told(name: str) -> None:
    with pytest.raises(SettingsError, match=f"HUIWEN_MODEL='{name}'") as error:
        open_chat_model(Settings(model=name, model_key=SecretStr(KEY)), Metrics())
    assert KEY not in str(error.value)
