"""By settings alone: vectors on a Chroma server, answers in PostgreSQL; and what happens while they are gone."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.app import open_huiwen
from bot.corrections import Corrections
from bot.serve import make_service, open_answer_log
from ingest.build import build
from ingest.errors import IndexUnavailable
from ingest.settings import Settings
from tests.corpus_fixture import Corpus

QUESTION = {"question": "达拉特旗 个转企 补助多少"}
OTHER = {"question": "达拉特旗 创业担保贷款 额度多少"}  # what was asked before is remembered for a while
USER = "postgres" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root


def find_postgres() -> Path | None:
    """The folder of PostgreSQL's programs, which Debian keeps off the path."""
    on_path = shutil.which("initdb")
    known = [Path(on_path).resolve().parent] if on_path else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return known[-1] if known else None


POSTGRES = find_postgres()


@dataclass(slots=True)
class Server:
    """A server on a port of its own, to be started, killed and started again."""

    command: list[str]
    port: int
    user: str | None = None
    probe: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        nowhere = subprocess.DEVNULL
        self.process = subprocess.Popen(
            self.command, stdout=nowhere, stderr=nowhere, user=self.user, group=self.user, cwd="/"
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.command
            if self.answers():
                return
            time.sleep(0.02)
        raise AssertionError(f"{self.command} takes no connections")

    def answers(self) -> bool:
        """Whether it takes connections, by its own word where a program can ask it."""
        if self.probe:
            return subprocess.run(self.probe, stdout=subprocess.DEVNULL).returncode == 0
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def stop(self, number: int = signal.SIGKILL) -> None:
        """End it by a signal."""
        if self.process:
            self.process.send_signal(number)
            self.process.wait(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    port, program = free_port(), Path(sys.executable).with_name("chroma")
    folder = tmp_path_factory.mktemp("chroma")
    server = Server([str(program), "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)], port)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def postgres() -> Iterator[Server]:
    if POSTGRES is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt install postgresql)")
    reason = "psycopg is not installed, or finds no libpq (pip install 'psycopg[binary]')"
    pytest.importorskip("psycopg", reason=reason, exc_type=ImportError)
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="huiwen-postgres-", ignore_cleanup_errors=True) as folder:
        if USER:
            shutil.chown(folder, USER, USER)
        data = ["-D", f"{folder}/data"]
        make = [str(POSTGRES / "initdb"), *data, "-U", "huiwen", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(make, check=True, user=USER, group=USER, cwd="/", stdout=subprocess.DEVNULL)
        options = ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
        ready = (str(POSTGRES / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port))
        server = Server([str(POSTGRES / "postgres"), *data, "-p", str(port), *options], port, USER, ready)
        try:
            server.start()
            yield server
        finally:
            server.stop(signal.SIGQUIT)


@pytest.fixture(scope="module")
def settings(corpus: Corpus, chroma: Server, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The corpus, indexed on the Chroma server."""
    index = tmp_path_factory.mktemp("index")
    own = corpus.settings.model_copy(update={"index": index, "chroma_url": f"http://127.0.0.1:{chroma.port}"})
    assert not build(own, *corpus.tools, lambda *_: None).failed
    return own


def test_vectors_on_a_server_answer_and_what_is_wrong_is_told_while_it_is_gone(
    corpus: Corpus, settings: Settings, chroma: Server
) -> None:
    service = TestClient(make_service(open_huiwen(settings)))
    answer = service.post("/api/ask", json=QUESTION).json()
    assert answer["answer"] == corpus.ask(QUESTION["question"]).answer
    assert service.get("/readyz").status_code == 200
    chroma.stop()
    assert service.get("/readyz").status_code == 503
    refused = service.post("/api/ask", json=OTHER)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "10")
    assert refused.json()["error"]["code"] == "not_ready"
    with pytest.raises(IndexUnavailable, match="HUIWEN_CHROMA_URL"):
        open_huiwen(settings)
    chroma.start()
    assert service.get("/readyz").status_code == 200
    assert service.post("/api/ask", json=OTHER).json()["status"] == "answered"


def test_answers_votes_and_corrections_in_postgresql_outlast_its_fall(corpus: Corpus, postgres: Server) -> None:
    url = f"postgresql+psycopg://huiwen@127.0.0.1:{postgres.port}/postgres"
    log = open_answer_log(Settings(answer_log=url))
    assert log is not None
    service = TestClient(make_service(corpus.huiwen, log))

    def vote(answer: dict[str, str], verdict: str) -> int:
        return service.post("/api/feedback", json={"answer_id": answer["id"], "verdict": verdict}).status_code

    kept = service.post("/api/ask", json=QUESTION).json()
    assert vote(kept, "down") == 204
    corrections = Corrections(url)
    corrections.add("wang", QUESTION["question"], "150621", date(2026, 11, 20), ("a#1",), "给10万元")
    postgres.stop(signal.SIGQUIT)  # its own word for: as in a crash
    assert "10万元" in service.post("/api/ask", json=QUESTION).json()["answer"]
    assert vote(kept, "up") == 503
    postgres.start()
    found = log.get(kept["id"])
    assert found is not None
    assert (found.verdict, found.question) == ("down", QUESTION["question"])
    assert vote(kept, "up") == 204
    assert vote(service.post("/api/ask", json=QUESTION).json(), "up") == 204
    assert [one.wording for one in corrections.on(QUESTION["question"], "150621")] == ["给10万元"]
    for opened in (log, corrections):
        opened.close()
