"""The service as a process: started by its command, asked over HTTP, ended by a signal."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

from bot.serve import make_service, open_answer_log
from ingest.errors import AnswerLogError
from ingest.settings import ROOT, Settings
from tests.corpus_fixture import Corpus
from tests.fakes_ingest import full_disk
from tests.test_staff import CONSOLE_SCRIPT

GRANT = "dalate-2023#四-五-15"
QUESTION = {"question": "达拉特旗 个转企 补助多少"}


@pytest.fixture(scope="module")
def process(corpus: Corpus) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server on a free port, and its address; started as the console script starts it, without staff accounts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, **corpus.environment(), "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    command = [*CONSOLE_SCRIPT, "serve", "--json"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as server:
        assert server.stdout
        line = server.stdout.readline()
        assert line, server.stderr.read() if server.stderr else ""
        yield server, json.loads(line)["url"]
        if server.poll() is None:
            server.kill()


@pytest.fixture(scope="module")
def client(process: tuple[subprocess.Popen[str], str]) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=process[1], timeout=30, trust_env=False) as client:
        yield client


def test_answers_are_kept_by_the_service_and_not_by_the_assistant_itself(corpus: Corpus, tmp_path: Path) -> None:
    log = open_answer_log(Settings(answer_log=f"sqlite:///{tmp_path}/answers.db"))
    assert log is not None
    service = TestClient(make_service(corpus.huiwen, log))
    asked = service.post("/api/ask", json=QUESTION).json()
    assert log.get(asked["id"]) is not None
    assert log.get(corpus.ask(QUESTION["question"]).id) is None  # as evaluation asks
    log.close()


def test_a_log_that_cannot_be_reached_now_is_told_and_does_not_stop_the_service(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert open_answer_log(Settings(answer_log=f"sqlite:///{tmp_path}")) is not None  # a folder
    assert "HUIWEN_ANSWER_LOG" in caplog.text


def test_a_full_disk_costs_the_record_and_not_the_answer(corpus: Corpus, tmp_path: Path) -> None:
    log = open_answer_log(Settings(answer_log=f"sqlite:///{tmp_path}/answers.db"))
    assert log is not None
    service = TestClient(make_service(corpus.huiwen, log))

    def vote(answer: dict[str, str]) -> int:
        return service.post("/api/feedback", json={"answer_id": answer["id"], "verdict": "up"}).status_code

    before = service.post("/api/ask", json=QUESTION).json()
    with full_disk(4096):
        during = service.post("/api/ask", json=QUESTION)
        assert "10万元" in during.json()["answer"]
        assert vote(before) == 503
    assert [vote(before), vote(during.json())] == [204, 404]
    assert vote(service.post("/api/ask", json=QUESTION).json()) == 204
    log.close()


def test_a_log_is_off_where_none_is_named_and_refused_where_it_can_never_be_opened() -> None:
    assert open_answer_log(Settings(answer_log="")) is None
    with pytest.raises(AnswerLogError, match="HUIWEN_ANSWER_LOG"):
        open_answer_log(Settings(answer_log="answers.db"))


def test_it_is_alive_and_ready(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").status_code == 200


def test_it_does_not_tell_what_serves_it(client: httpx.Client) -> None:
    assert "server" not in client.get("/healthz").headers


def test_a_question_is_answered_from_its_clause(client: httpx.Client) -> None:
    response = client.post("/api/ask", json=QUESTION)
    body = response.json()
    assert (response.status_code, body["status"]) == (200, "answered")
    assert "10万元" in body["answer"]
    assert GRANT in [citation["clause_id"] for citation in body["citations"]]
    assert body["jurisdiction"]["source"] == "question"
    assert body["engine"]["composer"] == "extractive"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"question": ""}, "question_empty"),
        ({"question": " \n "}, "question_empty"),
        ({}, "question_empty"),
        ({"question": "问" * 501}, "question_too_long"),
        ({"question": "个转企\x00补助"}, "control_characters"),
        ({**QUESTION, "jurisdiction": "没有这个县"}, "place_unknown"),
        ({**QUESTION, "jurisdiction": "没有这个县", "stream": True}, "place_unknown"),
        ({**QUESTION, "jurisdiction": "鼓楼区"}, "place_ambiguous"),
        ({**QUESTION, "as_of": "2026-02-30"}, "date_malformed"),
        ({**QUESTION, "history": [{"role": "user", "content": "x"}] * 21}, "history_too_long"),
        ({**QUESTION, "surplus": 1}, "field_unknown"),
    ],
)
def test_what_the_contract_refuses_is_told_in_chinese(client: httpx.Client, body: dict[str, object], code: str) -> None:
    response = client.post("/api/ask", json=body)
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (422, code)
    assert any("一" <= character <= "鿿" for character in error["message"])


def test_500_characters_and_20_turns_are_taken(client: httpx.Client) -> None:
    history = [{"role": "user", "content": "你好"}, {"role": "assistant", "content": "您好"}] * 10
    assert client.post("/api/ask", json={"question": "补" * 500, "history": history}).status_code == 200


def test_a_stream_tells_status_citations_text_and_the_whole(client: httpx.Client) -> None:
    events: list[tuple[str, dict[str, object]]] = []
    with client.stream("POST", "/api/ask", json={**QUESTION, "stream": True}) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        for frame in "".join(response.iter_text()).strip().split("\n\n"):
            fields = dict(line.split(": ", 1) for line in frame.splitlines())
            events.append((fields["event"], json.loads(fields["data"])))
    kinds = [kind for kind, _ in events]
    assert kinds == sorted(kinds, key=["status", "citation", "delta", "done"].index)
    assert kinds.count("done") == 1
    assert "".join(str(data["text"]) for kind, data in events if kind == "delta") == events[-1][1]["answer"]
    assert [data for kind, data in events if kind == "citation"] == events[-1][1]["citations"]


def test_an_answer_streamed_or_whole_can_be_voted_on_at_once(client: httpx.Client) -> None:
    with client.stream("POST", "/api/ask", json={**QUESTION, "stream": True}) as response:
        streamed = json.loads("".join(response.iter_text()).strip().rpartition("data: ")[2])
    for answer in (client.post("/api/ask", json=QUESTION).json(), streamed):
        vote = {"answer_id": answer["id"], "verdict": "down", "comment": "数字不对"}
        assert client.post("/api/feedback", json=vote).status_code == 204
    vote = {"answer_id": "none", "verdict": "down"}
    assert client.post("/api/feedback", json=vote).json()["error"]["code"] == "answer_not_found"


def test_search_and_clauses(client: httpx.Client) -> None:
    found = client.get("/api/search", params={"q": "达拉特旗 个转企", "limit": 5}).json()
    assert len(found["results"]) == 5
    clause = found["results"][0]["clause_id"]
    assert client.get(f"/api/clauses/{clause.replace('#', '%23')}").status_code == 200
    assert client.get("/api/search", params={"q": "贷款", "jurisdiction": "没有这个县"}).status_code == 422
    assert client.get(f"/documents/{clause.split('#')[0]}").status_code == 200


def test_the_page_is_there(client: httpx.Client) -> None:
    assert "惠问" in client.get("/").text


def test_without_accounts_there_is_no_page_for_evaluators(client: httpx.Client) -> None:
    assert "惠问评测" not in client.get("/eval/").text


def test_a_signal_ends_it_cleanly(process: tuple[subprocess.Popen[str], str], client: httpx.Client) -> None:
    """Last: nothing is served behind it."""
    server, _ = process
    with client.stream("GET", "/gradio_api/heartbeat/visitor") as page:  # stays as long as a page is open
        beats = page.iter_lines()
        assert "ALIVE" in next(beats)
        server.send_signal(signal.SIGTERM)
        assert not any("ALIVE" in line for line in beats)
    client.close()
    _, complaints = server.communicate(timeout=60)
    assert server.returncode == 0
    assert "timeout" not in complaints  # nothing had to be cut off
    assert "Traceback" not in complaints
