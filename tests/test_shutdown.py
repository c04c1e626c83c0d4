"""A service told to end while it answers: a real process, a real client, a real signal."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from ingest.settings import ROOT
from tests.corpus_fixture import Corpus
from tests.model_server import ModelServer, Script, serving

SENTENCE = "首次转成企业、稳定经营2年以上、没有不良信用记录的，一次性补助10万元。[1]"
ASKED = {"question": "把店变成公司，旗里给钱不？", "jurisdiction": "达拉特旗", "stream": True}
PATIENCE = 40  # seconds; the machine may be busy, but the model is given up only after 60


@contextmanager
def running(corpus: Corpus, model: ModelServer) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A service with a language model that writes its log as JSON, and its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    variables = {
        "PORT": str(port),
        "HUIWEN_LOG": "json",
        "HUIWEN_MODEL": "openai:scripted",
        "HUIWEN_MODEL_URL": model.url,
        "HUIWEN_MODEL_KEY": "none",
        "HUIWEN_MODEL_FIRST_TOKEN": "60",
        "HUIWEN_MODEL_GAP": "60",
        "HUIWEN_MODEL_TIMEOUT": "60",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "serve", "--json"],
        cwd=ROOT,
        env={**os.environ, **corpus.environment(), **variables},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as server:
        assert server.stdout
        assert server.stdout.readline()
        yield server, f"http://127.0.0.1:{port}"
        if server.poll() is None:
            server.kill()


def refuses(url: str) -> bool:
    """Whether nobody takes connections any more, looked at until the deadline."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            httpx.get(f"{url}/healthz", trust_env=False)
        except httpx.ConnectError:
            return True
        except httpx.TransportError:  # it was in the queue when that was closed
            continue
    return False


def test_an_answer_under_way_is_ended_and_one_that_hangs_is_cut_off(corpus: Corpus) -> None:
    ending = threading.Event()
    with (
        serving() as model,
        running(corpus, model) as (server, url),
        httpx.Client(timeout=60, trust_env=False) as client,
    ):
        model.play(Script(silent=True), Script(SENTENCE, held=ending))
        with client.stream("POST", f"{url}/api/ask", json=ASKED) as hanging:
            beginning = hanging.iter_lines()
            assert any("event: delta" in line for line in beginning)
            assert model.called.wait(
                PATIENCE
            )  # warnings are told before the model is called: the silence is for this one
            with client.stream("POST", f"{url}/api/ask", json=ASKED) as answer:
                lines = answer.iter_lines()
                assert any("event: delta" in line for line in lines)
                server.send_signal(signal.SIGTERM)
                assert refuses(url)
                ending.set()
                rest = "\n".join(lines)
            with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
                list(beginning)
        _, log = server.communicate(timeout=PATIENCE)
    assert "event: done" in rest
    told = [json.loads(line) for line in log.splitlines()]
    assert server.returncode == 0
    (under_way,) = [line["requests"] for line in told if "no new connections" in line["message"]]
    assert under_way in (2, 3)  # the one that looked whether it still takes connections may be among them
    assert [(line["cut_off"], line["level"]) for line in told if line["message"] == "stopped"] == [(1, "warning")]
    assert not any(line["message"].endswith("failed") for line in told), log  # uvicorn alone tells what it cut off
