"""Visitors by the dozen, on a service of its own on this machine alone: `make load`.

They behave like people: a question, a search, a page, now and then a vote, and seconds of thought in between. It fails
where one request fails, where the 95th percentile is beyond 300 ms, or where the service's memory grows by more than a
twentieth after everybody has come.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from locust import HttpUser, between, task  # first: it puts gevent's sockets in place of Python's
from locust.env import Environment

# isort: split
import psutil
import typer
from rich.console import Console
from rich.table import Table

from eval.bench import QUESTIONS, serving
from ingest.settings import Settings, read_settings

_P95 = 300  # milliseconds
_GROWTH = 5.0  # percent
_WARM_UP = 30.0  # seconds until everybody is there and what the service remembers is filled; at most a quarter of all
_VOTES = 0.3  # share of answers that are voted on
_ASKERS = ("我姐", "我哥", "邻居", "同事", "亲戚", "朋友", "老板", "同学")  # with a number: each text is asked once
_PLACES = ("达拉特旗", "磴口县", "甘州区", "岚县", "六盘水市", "")


class Visitor(HttpUser):
    """Somebody who asks, looks up, votes and reads."""

    wait_time = between(2, 6)

    @task(6)
    def ask(self) -> None:
        """Ask, and say now and then what the answer was worth."""
        body = {"question": _word(), "jurisdiction": random.choice(_PLACES) or None}
        answer = self.client.post("/api/ask", json=body)
        if answer.status_code == 200 and random.random() < _VOTES:
            vote = {"answer_id": answer.json()["id"], "verdict": random.choice(("up", "down"))}
            self.client.post("/api/feedback", json=vote)

    @task(3)
    def search(self) -> None:
        """Look something up."""
        self.client.get("/api/search", params={"q": _word()}, name="/api/search")

    @task(1)
    def open_page(self) -> None:
        """Open the chat, and the document that an answer leads to."""
        self.client.get("/")
        self.client.get("/config")

    @task(1)
    def read_document(self) -> None:
        """Open a document."""
        documents = self.client.get("/api/documents").json()["documents"]
        self.client.get(f"/documents/{random.choice(documents)['id']}", name="/documents/{id}")


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident megabytes of the service's processes at two moments."""

    before: float
    after: float

    @property
    def growth(self) -> float:
        """Percent."""
        return 100 * (self.after / self.before - 1)


def load(
    clients: Annotated[int, typer.Option(min=1, max=500, help="visitors at once")] = 50,
    minutes: Annotated[float, typer.Option(min=0.1, max=120, help="how long they stay")] = 10,
) -> None:
    """Let visitors come, and print what it took; exit 1 if a target is missed."""
    settings = read_settings()
    with tempfile.TemporaryDirectory() as folder:
        settings = settings.model_copy(update={"index": Path(folder)})
        own = os.environ | {"HUIWEN_INDEX": folder}
        subprocess.run([sys.executable, "-m", "bot", "ingest"], env=own, stdout=subprocess.DEVNULL, check=True)
        environment, memory = _visit(settings, clients, minutes * 60)
    raise typer.Exit(0 if _print(environment, memory) else 1)


def _visit(settings: Settings, clients: int, seconds: float) -> tuple[Environment, Memory]:
    with serving(settings) as (url, process):
        environment = Environment(user_classes=[Visitor], host=url)
        runner = environment.create_local_runner()
        runner.start(clients, spawn_rate=max(1, clients / 5))
        warm_up = min(_WARM_UP, seconds / 4)
        time.sleep(warm_up)
        before = _resident(process.pid)
        time.sleep(seconds - warm_up)
        memory = Memory(before, _resident(process.pid))
        runner.quit()
    return environment, memory


def _word() -> str:
    """A question as nobody has asked it yet: the service remembers what it worked out for a text."""
    return f"{random.choice(QUESTIONS)}，{random.choice(_ASKERS)}{random.randrange(10**6)}问的"


def _resident(pid: int) -> float:
    """Megabytes of a process and its children; what workers share is counted for each."""
    service = psutil.Process(pid)
    return sum(float(one.memory_info().rss) for one in (service, *service.children(recursive=True))) / 2**20


def _print(environment: Environment, memory: Memory) -> bool:
    """Print the table; whether every target is met."""
    table = Table("request", "number", "errors", "p50 ms", "p95 ms", box=None, header_style="bold")
    total = environment.stats.total
    for entry in (*environment.stats.entries.values(), total):
        times = (entry.get_response_time_percentile(share) for share in (0.5, 0.95))
        table.add_row(entry.name, str(entry.num_requests), str(entry.num_failures), *(f"{one:.0f}" for one in times))
    console = Console()
    console.print(table)
    for error in environment.stats.errors.values():
        console.print(f"{error.occurrences} x {error.method} {error.name}: {error.error}", markup=False)
    console.print(f"memory {memory.before:.0f} MB, at the end {memory.after:.0f} MB ({memory.growth:+.1f}%)")
    p95 = total.get_response_time_percentile(0.95)
    return total.num_requests > 0 and not total.num_failures and p95 <= _P95 and memory.growth <= _GROWTH


if __name__ == "__main__":
    typer.run(load)
