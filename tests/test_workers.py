"""Two workers as processes: they share what they keep, follow the index, and one that is killed is started anew."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import httpx
import psutil
import pytest
from fastapi import FastAPI

from bot.answer_log import AnswerLog
from bot.serve import serve
from bot.staff import StaffAccounts
from ingest.errors import SettingsError
from ingest.settings import ROOT, Settings
from tests.browsing import CHROMIUM, Visit, launch, open_profile
from tests.corpus_fixture import Corpus, copy_of
from tests.fakes import CHEAP
from tests.test_app import NOTICE

QUESTION = {"question": "达拉特旗 个转企 补助多少"}
NEW = {"question": "夜市摊位补贴多少钱", "jurisdiction": "康巴什区"}
PASSWORD = "correct horse battery"


@dataclass(frozen=True, slots=True)
class Service:
    """A service of two workers on a corpus of its own."""

    process: subprocess.Popen[str]
    url: str
    corpus: Corpus
    log: str

    def workers(self) -> list[psutil.Process]:
        """Its workers, the one with the pages first where none has died."""
        return sorted(psutil.Process(self.process.pid).children(), key=lambda one: one.create_time())

    @contextmanager
    def each(self) -> Iterator[list[httpx.Client]]:
        """A connection to each worker: that of the pages, then the other."""
        with ExitStack() as opened:
            clients = []
            for other in reversed(self.workers()):
                client = opened.enter_context(httpx.Client(base_url=self.url, timeout=30, trust_env=False))
                other.suspend()  # so that it is not the one which takes the connection
                try:
                    assert client.get("/healthz").status_code == 200
                finally:
                    other.resume()
                clients.append(client)
            yield clients


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(corpus: Corpus, **variables: str) -> subprocess.Popen[str]:
    """The command `huiwen serve` with two workers."""
    own = {"PORT": str(free_port()), "HUIWEN_WORKERS": "2", "PYTHONUNBUFFERED": "1"}
    environment = os.environ | corpus.environment() | own | variables
    command = [sys.executable, "-m", "bot", "serve", "--json"]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


@pytest.fixture(scope="module")
def service(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("workers")
    StaffAccounts(folder / "staff", CHEAP).set_password("wang", PASSWORD)
    own, log = copy_of(corpus, folder), f"sqlite:///{folder}/answers.db"
    with start(own, HUIWEN_STAFF=str(folder / "staff"), HUIWEN_ANSWER_LOG=log) as process:
        assert process.stdout
        line = process.stdout.readline()
        assert line, process.stderr.read() if process.stderr else ""
        yield Service(process, json.loads(line)["url"], own, log)
        process.kill()


def test_what_one_answers_the_other_takes_votes_on(service: Service) -> None:
    with service.each() as clients:
        for one, other in (clients, reversed(clients)):
            answer = one.post("/api/ask", json=QUESTION).json()
            assert "10万元" in answer["answer"]
            assert other.post("/api/feedback", json={"answer_id": answer["id"], "verdict": "up"}).status_code == 204


def test_who_logs_in_at_one_is_logged_in_at_the_other_and_out_at_both(service: Service) -> None:
    with service.each() as clients:
        for one, other in (clients, reversed(clients)):
            entered = one.post("/desk/login", data={"name": "wang", "password": PASSWORD})
            cookie = {"Cookie": entered.headers["set-cookie"].partition(";")[0]}
            assert [client.get("/desk", headers=cookie).status_code for client in clients] == [200, 200]
            assert other.get("/desk").status_code == 303


def test_wrong_passwords_at_both_lock_out_at_both(service: Service) -> None:
    wrong = {"name": "nobody", "password": "wrong password"}
    with service.each() as clients:
        told = [client.post("/desk/login", data=wrong).status_code for _ in range(6) for client in clients]
    assert told[0] == 401
    assert told[-2:] == [429, 429]


def test_figures_are_those_of_both(service: Service) -> None:
    with service.each() as clients:
        for client in clients:
            client.post("/api/ask", json=QUESTION)
        counted = [
            [line for line in client.get("/metrics").text.splitlines() if line.startswith("huiwen_answers_total")]
            for client in clients
        ]
    assert counted[0]
    assert counted[0] == counted[1]


def test_both_follow_the_index(service: Service) -> None:
    (service.corpus.settings.corpus / "documents" / "kangbashi.txt").write_text(NOTICE, encoding="utf-8")
    assert service.corpus.rebuild().changed
    with service.each() as clients:
        assert all("731元" in client.post("/api/ask", json=NEW).json()["answer"] for client in clients)


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")
def test_the_chat_page_works_whoever_takes_its_requests(service: Service) -> None:
    with launch() as browser:
        visit = Visit(open_profile(browser), service.url)
        visit.ask(QUESTION["question"])
        assert "10万元" in visit.page.locator(".turn").last.inner_text()
        visit.check()


def test_one_that_is_killed_is_started_anew_and_nothing_acknowledged_is_lost(service: Service) -> None:
    acknowledged: list[str] = []
    done = threading.Event()

    def keep_asking() -> None:
        while not done.is_set():
            try:
                answer = httpx.post(f"{service.url}/api/ask", json=QUESTION, timeout=30, trust_env=False)
                vote = {"answer_id": answer.json()["id"], "verdict": "down"}
                if httpx.post(f"{service.url}/api/feedback", json=vote, trust_env=False).status_code == 204:
                    acknowledged.append(vote["answer_id"])
            except httpx.TransportError:  # it was with the one that died
                continue

    threads = [threading.Thread(target=keep_asking) for _ in range(2)]
    for thread in threads:
        thread.start()
    pages, other = service.workers()
    try:
        pages.kill()
        pages.wait(20)  # or it takes one more connection
        with httpx.Client(base_url=service.url, timeout=30, trust_env=False) as client:
            assert client.post("/api/ask", json=QUESTION).status_code == 200
            assert client.get("/").status_code == 200  # waits for the new one
    finally:
        done.set()
        for thread in threads:
            thread.join()
    workers = service.workers()
    assert len(workers) == 2
    assert other in workers
    assert pages not in workers
    log = AnswerLog(service.log, 180)
    assert acknowledged
    assert [one for one in acknowledged if (kept := log.get(one)) is None or kept.verdict != "down"] == []
    log.close()


def test_a_signal_ends_them_all(service: Service) -> None:
    """Last: nothing is served behind it."""
    workers = service.workers()
    service.process.send_signal(signal.SIGTERM)
    _, complaints = service.process.communicate(timeout=20)
    assert service.process.returncode == 0
    assert "Traceback" not in complaints
    assert psutil.wait_procs(workers, timeout=10)[1] == []


BROKEN = """
from bot.workers import serve_with_workers
from ingest.errors import IndexMissing, WorkerFailed
from ingest.settings import Settings

def cannot(pages):
    raise IndexMissing("there is no index; run `huiwen ingest` first")

try:
    serve_with_workers(cannot, None, Settings(port=0, workers=2), lambda: print("ready"))
except WorkerFailed as error:
    print(error)
"""


def test_why_none_can_start_is_told() -> None:
    told = subprocess.run([sys.executable, "-c", BROKEN], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert re.fullmatch(r"worker [12] of 2 \(process \d+\) did not start: there is no index; run .*\n", told.stdout)
    assert told.stderr == ""


DYING = BROKEN.replace("raise IndexMissing", "import os; os._exit(7)  #")


def test_which_died_is_told_and_where_to_look() -> None:
    told = subprocess.run([sys.executable, "-c", DYING], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert re.match(r"worker [12] of 2 \(process \d+\) did not start: it ended with status 7; .*WORKERS=1", told.stdout)


@pytest.mark.parametrize("workers", [1, 2])
def test_an_address_that_is_taken_is_told_before_anything_is_opened(workers: int) -> None:
    def never() -> FastAPI:
        raise AssertionError("opened")

    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(SettingsError, match=rf"PORT={port}: cannot be listened on .*; name another"):
            serve(never, Settings(port=port, workers=workers), lambda: None)


@pytest.mark.parametrize("proxies", ["10.0.0.0/33", "10.0.0.1/8"])
def test_what_is_no_network_is_told_before_anything_is_opened(proxies: str) -> None:
    def never() -> FastAPI:
        raise AssertionError("opened")

    with pytest.raises(SettingsError, match="HUIWEN_TRUSTED_PROXIES"):
        serve(never, Settings(workers=2, trusted_proxies=proxies), lambda: None)
