"""The judge against a real local server that speaks the OpenAI protocol."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from eval.cases import write_cases
from eval.cli import app
from eval.errors import EvaluationError
from eval.judge import Judge, Verdict, judge_run
from eval.run import run
from eval.saved import Run, read_run
from ingest.settings import Settings
from tests.corpus_fixture import Corpus
from tests.fakes_systems import ANSWER, FakeSystem, make_abstention, make_case, make_set

GOOD = '{"score": 5, "reason": "全部有依据"}'


class ModelServer(ThreadingHTTPServer):
    """Says the same to every prompt, and keeps the prompts."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.says = GOOD
        self.status = 200
        self.requests: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: ModelServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append({"path": self.path, "key": self.headers["Authorization"], **body})
        message = {"role": "assistant", "content": self.server.says}
        reply = json.dumps(
            {
                "id": "1", "object": "chat.completion", "created": 1, "model": body["model"],
                "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
            }
        ).encode()  # fmt: skip
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    monkeypatch.setenv("OPENAI_API_KEY", "a-key")
    with ModelServer() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def judge(server: ModelServer, tmp_path: Path) -> Judge:
    return Judge.open("openai:local", tmp_path / "judged", base_url=server.url)


@pytest.fixture
def finished(tmp_path: Path) -> Run:
    return read_run(run([make_set(2)], FakeSystem(), Settings(), tmp_path / "runs", "first"))


def test_each_answer_is_judged_on_both_counts(judge: Judge, server: ModelServer, finished: Run) -> None:
    report = judge_run(finished, judge)
    assert report["means"] == {"faithfulness": 5, "correctness": 5}
    assert report["verdicts"][0] == {
        "set": "core", "id": "t-0", "kind": "faithfulness", "score": 5, "reason": "全部有依据",
    }  # fmt: skip
    assert json.loads((finished.folder / "judge.json").read_text(encoding="utf-8")) == report
    assert {request["path"] for request in server.requests} == {"/v1/chat/completions"}
    assert {request["key"] for request in server.requests} == {"Bearer a-key"}
    assert {request["temperature"] for request in server.requests} == {0}


def test_a_prompt_holds_the_question_the_answer_and_the_sources(
    judge: Judge, server: ModelServer, finished: Run
) -> None:
    row = finished.rows[0]
    judge.judge(row, "faithfulness")
    judge.judge(row, "correctness")
    faithfulness, correctness = (request["messages"][0]["content"] for request in server.requests)
    assert all(ANSWER in prompt and row.case["question"] in prompt for prompt in (faithfulness, correctness))
    assert row.citations[0].text in faithfulness
    assert "须说到：10万 或 十万" in correctness
    assert "须说到" not in faithfulness
    assert "参考答复" not in correctness


def test_a_reference_answer_helps_to_judge_and_scores_nothing(
    judge: Judge, server: ModelServer, tmp_path: Path
) -> None:
    worded = replace(make_set(1), cases=(make_case(id="t-0", reference_answer="一次性给十万。"),))
    rows = [
        read_run(run([one], FakeSystem(), Settings(), tmp_path / "runs", name)).rows[0]
        for name, one in (("plain", make_set(1)), ("worded", worded))
    ]
    assert rows[0].scores == rows[1].scores
    judge.judge(rows[1], "correctness")
    assert "参考答复（不必照着说，意思对就行）：一次性给十万。" in server.requests[-1]["messages"][0]["content"]


def test_nothing_is_asked_twice(judge: Judge, server: ModelServer, finished: Run) -> None:
    first = judge_run(finished, judge)
    asked = len(server.requests)
    server.says = '{"score": 1, "reason": "变了"}'
    assert judge_run(finished, judge) == first
    assert len(server.requests) == asked


def test_the_command_shows_it_in_the_report(
    server: ModelServer, corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in corpus.environment().items():
        monkeypatch.setenv(name, value)
    write_cases(tmp_path / "own.jsonl", [make_abstention()])
    words = ["--cases", str(tmp_path / "own.jsonl"), "--runs", str(tmp_path / "runs"), "--name", "judged"]
    told = CliRunner().invoke(app, ["eval", *words, "--judge", "openai:local", "--judge-url", server.url])
    assert told.exit_code == 0, told.output
    assert "judged judged: " in told.stdout
    report = (tmp_path / "runs" / "judged" / "report.html").read_text(encoding="utf-8")
    assert "模型打分" in report
    assert "全部有依据" in report  # at the case that failed
    assert server.requests


def test_a_figure_of_the_run_is_not_touched(judge: Judge, finished: Run) -> None:
    before = (finished.folder / "summary.json").read_bytes()
    judge_run(finished, judge)
    assert (finished.folder / "summary.json").read_bytes() == before


@pytest.mark.parametrize("says", [f"```json\n{GOOD}\n```", f"好的，我的判断是：{GOOD}"])
def test_words_around_the_verdict_are_skipped(judge: Judge, server: ModelServer, finished: Run, says: str) -> None:
    server.says = says
    assert judge.judge(finished.rows[0], "correctness") == Verdict(score=5, reason="全部有依据")


@pytest.mark.parametrize("says", ["挺好的", '{"score": 9, "reason": "x"}', '{"score": 5}'])
def test_a_reply_that_is_no_verdict_is_told(judge: Judge, server: ModelServer, finished: Run, says: str) -> None:
    server.says = says
    with pytest.raises(EvaluationError, match="t-0: no verdict"):
        judge.judge(finished.rows[0], "correctness")


def test_a_service_that_refuses_is_told(judge: Judge, server: ModelServer, finished: Run) -> None:
    server.status = 401
    with pytest.raises(EvaluationError, match="--judge openai:local"):
        judge.judge(finished.rows[0], "correctness")


@pytest.mark.parametrize("name", ["nobody:model", "a-name-that-no-provider-has"])
def test_a_model_that_cannot_be_made_is_told(name: str, tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=f"--judge {name}"):
        Judge.open(name, tmp_path)
