"""The benchmark: build time, start, latency with one client, resident memory. `make bench` runs it.

`python -m eval.bench --many` measures instead how long an ingest of 300 documents takes, and its memory.

The service is a real process and the client a real HTTP client, on this machine alone. Targets stand beside the
figures; they are for two cores and say nothing of a busier or slower machine.
"""

from __future__ import annotations

import itertools
import json
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits

from bot.app import open_huiwen
from eval.bench_corpus import make_corpus
from ingest.build import build
from ingest.encoder import load_encoder
from ingest.places import Gazetteer
from ingest.settings import Settings, read_settings
from ingest.topics import Lexicon

QUESTIONS = tuple(
    line for line in Path(__file__).with_name("bench_questions.txt").read_text("utf-8").split("\n") if line.strip()
)
# Each question is asked once a round, each time with another end: the service remembers what it worked out for a text.
_ROUNDS = ("我姐问的", "我哥问的", "邻居问的", "同事问的", "亲戚问的")
_TYPED = 8  # characters of each question that are typed at the desk
_MANY = 300  # documents
_MORE = 100  # documents that come in while questions are answered: enough for hundreds of answers
_PATIENCE = 120.0  # seconds until a service that does not answer counts as failed


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table."""

    name: str
    value: float
    unit: str
    target: float

    @property
    def met(self) -> bool:
        """Whether the target is reached: all are upper bounds."""
        return self.value <= self.target


def main() -> None:
    """Measure everything and print one table; exit 1 if a target is missed."""
    settings = read_settings()
    with tempfile.TemporaryDirectory() as folder:
        settings = settings.model_copy(update={"index": Path(folder)})
        many = "--many" in sys.argv[1:]
        figures = list(_measure_many(settings)) if many else list(_measure_all(settings))
    if "--json" in sys.argv[1:]:
        print(json.dumps([{"name": f.name, "value": f.value, "unit": f.unit, "target": f.target} for f in figures]))
    else:
        _print(figures)
    raise SystemExit(0 if all(figure.met for figure in figures) else 1)


def _measure_all(settings: Settings) -> Iterator[Figure]:
    yield _measure_build(settings)
    yield _measure_retrieval(settings)
    yield from _measure_service(settings)


def _measure_build(settings: Settings) -> Figure:
    """The whole corpus from files to a generation that serves, imports aside."""
    encoder, gazetteer = load_encoder(settings.encoder), Gazetteer.load()
    started = time.perf_counter()
    build(settings, encoder, gazetteer, Lexicon.load(settings.corpus / "topics"), lambda *_: None)
    return Figure("build of the corpus, imports aside", time.perf_counter() - started, "s", 5.0)


def _measure_retrieval(settings: Settings) -> Figure:
    """Finding clauses alone: no HTTP, no JSON; with one thread for matrices, as the service has it."""
    finder = open_huiwen(settings).resources().finder

    def find(question: str) -> float:
        started = time.perf_counter()
        finder.find(question, place_codes=None, limit=10, topics=finder.topics_of(question))
        return (time.perf_counter() - started) * 1000

    with threadpool_limits(1, user_api="blas"):
        for question in QUESTIONS:
            find(question)  # not counted, as for answers
        times = sorted(find(f"{end}，{question}") for end in _ROUNDS for question in QUESTIONS)
    return Figure("retrieval p95", times[int(len(times) * 0.95)], "ms", 15.0)


def _measure_many(settings: Settings) -> Iterator[Figure]:
    """An ingest of many documents as people run it, imports included, and the most memory that it held."""
    corpus = settings.index / "corpus"
    make_corpus(settings.corpus, corpus, _MANY)
    own = {"HUIWEN_CORPUS": str(corpus), "HUIWEN_INDEX": str(settings.index / "many")}
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "bot", "ingest", "--json"], env=os.environ | own, stdout=subprocess.DEVNULL, check=True
    )
    yield Figure(f"ingest of {_MANY} documents", time.perf_counter() - started, "s", 60.0)
    kilobytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss  # on Linux
    yield Figure(f"memory of an ingest of {_MANY} documents", kilobytes / 1024, "MB", 1200.0)


def _measure_service(settings: Settings) -> Iterator[Figure]:
    questions = list(QUESTIONS)
    started = time.perf_counter()
    with serving(settings) as (url, process), httpx.Client(base_url=url, timeout=_PATIENCE) as client:
        _ask(client, questions[0])
        yield Figure("start of the service to its first answer", time.perf_counter() - started, "s", 10.0)
        for question in questions:
            _ask(client, question)  # not counted: the first ones find caches of files empty
        times = sorted(_ask(client, f"{question}，{end}") for end in _ROUNDS for question in questions)
        yield Figure("/api/ask p50, one client", statistics.median(times), "ms", 30.0)
        yield Figure("/api/ask p95, one client", times[int(len(times) * 0.95)], "ms", 60.0)
        searches = sorted(_search(client, f"{end}，{question}") for end in _ROUNDS for question in questions)
        yield Figure("/api/search p95, one client", searches[int(len(searches) * 0.95)], "ms", 20.0)
        typed = sorted(_type(client, text) for question in questions for text in _keys(question))
        yield Figure("the desk's list p95, key by key", typed[int(len(typed) * 0.95)], "ms", 60.0)
        yield Figure("resident memory of the service", _resident_memory(process.pid), "MB", 1200.0)
        beside = statistics.median(_ask_during_ingest(client, settings, questions))
        yield Figure(
            f"/api/ask p50 while {_MORE} files come in", 100 * beside / statistics.median(times), "% of alone", 150.0
        )


@contextmanager
def serving(settings: Settings) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A service of its own on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {"HUIWEN_INDEX": str(settings.index), "HUIWEN_ANSWER_LOG": f"sqlite:///{settings.index}/answers.db"}
    environment = os.environ | own | {"HOST": "127.0.0.1", "PORT": str(port)}
    process = subprocess.Popen([sys.executable, "-m", "bot", "serve"], env=environment, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(url, process)
        yield url, process
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{url}/readyz", timeout=1).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise SystemExit(f"the service on {url} did not come up within {_PATIENCE:.0f} s; run `huiwen serve` to see why")


def _ask(client: httpx.Client, question: str) -> float:
    """Milliseconds that one question takes."""
    started = time.perf_counter()
    client.post("/api/ask", json={"question": question}).raise_for_status()
    return (time.perf_counter() - started) * 1000


def _ask_during_ingest(client: httpx.Client, settings: Settings, questions: list[str]) -> Iterator[float]:
    """Milliseconds of each question, each text a new one, from the start of an ingest into the index to its end."""
    corpus = settings.index / "corpus"
    make_corpus(settings.corpus, corpus, _MORE)
    environment = os.environ | {"HUIWEN_CORPUS": str(corpus), "HUIWEN_INDEX": str(settings.index)}
    command = [sys.executable, "-m", "bot", "ingest"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as ingest:
        for number in itertools.count(1):
            if (code := ingest.poll()) is not None:
                if code:
                    raise SystemExit(f"the ingest ended with {code}; run `huiwen ingest` to see why")
                return
            yield _ask(client, f"{questions[number % len(questions)]}，第{number}次问")


def _search(client: httpx.Client, question: str) -> float:
    """Milliseconds that one search takes."""
    started = time.perf_counter()
    client.get("/api/search", params={"q": question}).raise_for_status()
    return (time.perf_counter() - started) * 1000


def _keys(question: str) -> list[str]:
    """What stands in the desk's box after each key, for the first two or three words of a question."""
    return [question[:end] for end in range(1, _TYPED + 1)]


def _type(client: httpx.Client, text: str) -> float:
    """Milliseconds that the desk's list takes after one key."""
    started = time.perf_counter()
    client.get("/desk/hits", params={"q": text}).raise_for_status()
    return (time.perf_counter() - started) * 1000


def _resident_memory(pid: int) -> float:
    """Resident megabytes of a process, as ps tells them."""
    listed = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return int(listed.stdout) / 1024


def _print(figures: list[Figure]) -> None:
    table = Table("figure", "measured", "target", "", box=None, header_style="bold")
    for figure in figures:
        table.add_row(
            figure.name,
            f"{figure.value:.1f} {figure.unit}",
            f"≤ {figure.target:.0f} {figure.unit}",
            "met" if figure.met else "MISSED",
        )
    Console().print(table)


if __name__ == "__main__":
    main()
