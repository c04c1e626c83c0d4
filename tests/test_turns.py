"""Visitors of the page and callers of the routes take turns: a real server, Gradio's protocol, a model that waits."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from uuid import uuid4

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.limits import read_limits
from bot.serve import make_service
from bot.turns import Turns
from ingest.errors import TooBusy
from ingest.settings import Settings
from prompts.messages import load_messages
from tests.browsing import serve
from tests.corpus_fixture import Corpus
from tests.model_server import ModelServer, Script, open_with_model, serving

SENTENCE = "首次转成企业、稳定经营2年以上、没有不良信用记录的，一次性补助10万元。[1]"
QUESTION, PLACE = "把店变成公司，旗里给钱不？", "150621"
BUSY = load_messages().errors.busy
LIMITS = replace(read_limits(Settings()), at_once=2, waiting=1)
DEADLINE = 20  # seconds

pytestmark = pytest.mark.enable_socket


class Gate:
    """What the model says, once it is let; counts the calls that wait for that."""

    def __init__(self) -> None:
        self.calls = threading.Semaphore(0)
        self.opened = threading.Event()

    def __call__(self, prompt: str) -> str:
        """Wait."""
        self.calls.release()
        assert self.opened.wait(DEADLINE)
        return SENTENCE


@dataclass(frozen=True, slots=True)
class Service:
    """The service's address, and its model."""

    url: str
    model: ModelServer

    def close(self) -> Gate:
        """Have the model wait from now on."""
        gate = Gate()
        self.model.play(Script(gate))
        return gate

    def visit(self, question: str = QUESTION) -> Iterator[str]:
        """Ask at the page, and give each message that it gets."""
        with httpx.Client(base_url=self.url, timeout=DEADLINE, trust_env=False) as client:
            (asking, *_) = (one for one in client.get("/config").json()["dependencies"] if len(one["inputs"]) == 3)
            session = uuid4().hex
            asked = {"data": [question, PLACE, None], "fn_index": asking["id"], "session_hash": session}
            joined = client.post("/gradio_api/queue/join", json=asked)
            assert joined.status_code == 200, joined.text
            with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as messages:
                for line in messages.iter_lines():
                    yield line
                    if '"process_completed"' in line:
                        return

    def read(self) -> str:
        """Ask at the page, and give all that it showed."""
        told = [json.loads(line.removeprefix("data: ")) for line in self.visit() if line]
        assert told[-1]["success"], told[-1]
        return json.dumps(told, ensure_ascii=False)

    def ask(self) -> httpx.Response:
        """Ask by the route."""
        body = {"question": QUESTION, "jurisdiction": PLACE}
        return httpx.post(f"{self.url}/api/ask", json=body, timeout=DEADLINE, trust_env=False)


@pytest.fixture(scope="module")
def service(corpus: Corpus) -> Iterator[Service]:
    with serving() as model:
        patient = {"model_first_token": 60.0, "model_gap": 60.0, "model_timeout": 60.0}
        huiwen = open_with_model(corpus, model, **patient)
        with serve(make_service(huiwen, limits=LIMITS)) as url:
            yield Service(url, model)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


def until_waiting(visit: Iterator[str]) -> None:
    """Read until the page has begun to wait: what it shows before it has a turn has come."""
    assert any("process_generating" in line for line in visit)


def test_who_is_too_many_at_the_page_reads_so_and_is_answered_later(service: Service, pool: ThreadPoolExecutor) -> None:
    gate = service.close()
    at_page, at_route = pool.submit(service.read), pool.submit(service.ask)
    assert all(gate.calls.acquire(timeout=DEADLINE) for _ in range(2))
    third = service.visit()
    until_waiting(third)
    assert BUSY in service.read()
    assert BUSY in service.ask().json()["error"]["message"]
    assert httpx.get(f"{service.url}/readyz", trust_env=False).status_code == 200
    gate.opened.set()
    assert "10万元" in at_page.result()
    assert at_route.result().json()["engine"]["composer"] == "model"
    assert any("10万元" in line for line in third)
    assert service.ask().status_code == 200


def test_who_leaves_the_page_gives_the_turn_back(service: Service) -> None:
    service.model.play(Script(SENTENCE * 200, pause=0.01))
    leaving = [service.visit() for _ in range(2)]
    for visit in leaving:
        assert any("一次性" in line for line in visit)
        visit.close()  # type: ignore[attr-defined]
    service.model.play(Script(SENTENCE))
    assert "10万元" in service.read()


def test_a_queue_of_gradio_that_is_full_is_told_in_our_words(corpus: Corpus) -> None:
    """Nothing fills the real one within a test: its bound is set to none at all."""
    app = make_service(corpus.huiwen, limits=LIMITS)
    with serve(app) as url, httpx.Client(base_url=url, trust_env=False) as client:
        app.router.default.gradio_app.get_blocks()._queue.max_size = 0  # type: ignore[attr-defined]
        refused = client.post("/gradio_api/queue/join", json={"fn_index": 0, "data": [], "session_hash": "a"})
        assert (refused.status_code, refused.json()["detail"]) == (429, BUSY)


def test_a_page_s_visitor_who_asks_too_often_is_told_in_the_shape_that_the_page_shows(corpus: Corpus) -> None:
    app = make_service(corpus.huiwen, limits=replace(LIMITS, in_all=1))
    with serve(app) as url, httpx.Client(base_url=url, trust_env=False) as client:
        assert client.get("/api/jurisdictions").status_code == 200
        refused = client.post("/gradio_api/queue/join", json={})
        assert (refused.status_code, refused.json()["detail"]) == (429, BUSY)


@given(
    at_once=st.integers(1, 4),
    waiting=st.integers(0, 4),
    clients=st.lists(st.sampled_from([None, "a", "b"]), max_size=20),
)
def test_never_more_are_at_work_or_waiting_than_may_be_and_all_places_come_back(
    at_once: int, waiting: int, clients: list[str | None]
) -> None:
    turns = Turns(at_once, waiting, patience=DEADLINE)
    places, share = at_once + waiting, -(-(at_once + waiting) // 2)
    at_work, most, refused = 0, 0, 0

    async def visit(client: str | None, gate: asyncio.Event) -> None:
        nonlocal at_work, most, refused
        try:
            async with turns.take(client):
                at_work += 1
                most = max(most, at_work)
                await gate.wait()
                at_work -= 1
        except TooBusy:
            refused += 1

    async def crowd(visitors: list[str | None]) -> None:
        gate = asyncio.Event()
        visits = [asyncio.create_task(visit(client, gate)) for client in visitors]
        await asyncio.sleep(0)  # all of them have come
        gate.set()
        await asyncio.gather(*visits)

    async def scene() -> None:
        await crowd(clients)
        told = refused
        assert most <= at_once
        assert told >= max(0, len(clients) - places, *(clients.count(one) - share for one in ("a", "b")))
        await crowd([None] * places)
        assert refused == told

    asyncio.run(scene())
