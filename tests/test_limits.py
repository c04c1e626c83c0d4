"""Too large, too often, too many at once: what is refused, how it is told, and who is never hindered."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from starlette.middleware.base import RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient

from bot.api import create_api
from bot.contract import AskRequest, AskResponse
from bot.limits import Limits, client_of, read_limits
from bot.serve import make_config
from ingest.settings import Settings
from tests.browsing import serve
from tests.fakes import FakeAssistant, FakeLibrary, FakePlaces
from tests.test_api import refusal

QUESTION = {"question": "转公司有补助吗"}
WIDE = read_limits(Settings())
VISITOR = ("203.0.113.5", 4711)


def service(limits: Limits, assistant: FakeAssistant | None = None) -> FastAPI:
    return create_api(
        assistant or FakeAssistant(), FakeLibrary(), FakePlaces(), ready=lambda: True, page=None, limits=limits
    )


def visit(limits: Limits, client: tuple[str, int] = VISITOR) -> TestClient:
    return TestClient(service(limits), client=client)


class TestSize:
    def test_what_is_too_large_is_refused_before_it_is_read_and_while_it_comes(self) -> None:
        client = visit(replace(WIDE, body=100))
        for body in (b"x" * 101, iter([b"x" * 60, b"x" * 60])):  # the latter tells no length
            code, message = refusal(client.post("/api/ask", content=body), 413)
            assert (code, "MB" in message) == ("request_too_large", True)
        assert client.post("/api/ask", json=QUESTION).status_code == 200

    def test_the_longest_request_of_the_contract_is_taken(self) -> None:
        history = [{"role": "user", "content": "补" * 5000}] * 20
        body = {"question": "补" * 500, "history": history}  # the client writes six bytes for each of these characters
        assert visit(WIDE).post("/api/ask", json=body).status_code == 200


class TestRate:
    def test_the_next_one_is_told_when_to_come_again(self) -> None:
        client = visit(replace(WIDE, per_client=3))
        assert [client.get("/api/jurisdictions").status_code for _ in range(3)] == [200] * 3
        refused = client.get("/api/jurisdictions")
        code, message = refusal(refused, 429)
        assert code == "too_often"
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert refused.headers["retry-after"] in message

    def test_one_address_does_not_use_up_what_others_have(self) -> None:
        app = service(replace(WIDE, per_client=1, in_all=3))
        greedy, other = TestClient(app, client=VISITOR), TestClient(app, client=("203.0.113.6", 1))
        assert [greedy.get("/api/jurisdictions").status_code for _ in range(5)] == [200, 429, 429, 429, 429]
        assert other.get("/api/jurisdictions").status_code == 200

    def test_all_together_have_a_limit_too(self) -> None:
        app = service(replace(WIDE, in_all=2))
        codes = [TestClient(app, client=(f"203.0.113.{n}", 1)).get("/api/jurisdictions").status_code for n in range(3)]
        assert codes == [200, 200, 503]

    def test_this_machine_and_who_watches_the_service_are_not_hindered(self) -> None:
        local = visit(replace(WIDE, per_client=1), ("127.0.0.1", 4711))
        assert {local.get("/api/jurisdictions").status_code for _ in range(5)} == {200}
        watcher = visit(replace(WIDE, per_client=1, in_all=1))
        assert {watcher.get("/healthz").status_code for _ in range(5)} == {200}

    def test_ten_seats_of_a_desk_behind_one_address_may_all_type(self) -> None:
        assert WIDE.per_client >= 10 * 10 * 60  # ten keys a second each


class Gate(FakeAssistant):
    """Answers when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.entered = threading.Semaphore(0)
        self.open = threading.Event()

    def ask(self, request: AskRequest) -> AskResponse:
        """Wait, then answer."""
        self.entered.release()
        assert self.open.wait(60)
        return super().ask(request)


class TestAnswers:
    @pytest.fixture
    def pool(self) -> Iterator[ThreadPoolExecutor]:
        with ThreadPoolExecutor(8) as pool:
            yield pool

    def test_one_more_waits_and_the_next_is_told_to_come_again(self, pool: ThreadPoolExecutor) -> None:
        gate = Gate()
        with (
            serve(service(replace(WIDE, at_once=1, waiting=1), gate)) as address,
            httpx.Client(base_url=address, trust_env=False) as client,
        ):
            first = pool.submit(client.post, "/api/ask", json=QUESTION)
            assert gate.entered.acquire(timeout=60)
            rest = [pool.submit(client.post, "/v1/chat/completions", json=chat()) for _ in range(2)]
            refused = next(as_completed(rest, timeout=60)).result()
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "10")
            assert refused.json()["error"] | {"message": ""} == {
                "code": "busy", "message": "", "type": "server_error", "param": None
            }  # fmt: skip
            assert client.get("/api/search", params={"q": "补助"}).status_code == 200
            assert client.get("/healthz").status_code == 200
            gate.open.set()
            assert first.result().status_code == 200
            assert sorted(one.result().status_code for one in rest) == [200, 503]
            assert client.post("/api/ask", json=QUESTION).status_code == 200

    def test_who_waits_too_long_is_told(self, pool: ThreadPoolExecutor) -> None:
        gate = Gate()
        with (
            serve(service(replace(WIDE, at_once=1, patience=0.05), gate)) as address,
            httpx.Client(base_url=address, trust_env=False) as client,
        ):
            asked = pool.submit(client.post, "/api/ask", json=QUESTION)
            assert gate.entered.acquire(timeout=60)
            assert refusal(client.post("/api/ask", json=QUESTION), 503)[0] == "busy"
            gate.open.set()
            assert asked.result().status_code == 200

    def test_one_address_gets_half_of_the_places(self) -> None:
        gate = Gate()
        app = service(replace(WIDE, at_once=2, waiting=0), gate)

        async def race() -> list[int]:
            greedy, other = caller(app, VISITOR[0]), caller(app, "203.0.113.6")
            first = asyncio.create_task(greedy())
            await asyncio.to_thread(gate.entered.acquire, True, 10)
            second = await greedy()
            third = asyncio.create_task(other())
            await asyncio.to_thread(gate.entered.acquire, True, 10)
            gate.open.set()
            return [await first, second, await third]

        assert asyncio.run(race()) == [200, 503, 200]

    def test_a_failed_answer_gives_its_place_back(self) -> None:
        client = visit(replace(WIDE, at_once=1, waiting=0))
        for _ in range(3):
            assert client.post("/api/ask", json={}).status_code == 422
        assert client.post("/api/ask", json=QUESTION).status_code == 200


def caller(app: FastAPI, address: str) -> Callable[[], Coroutine[Any, Any, int]]:
    """Asks from an address, and gives the status."""

    async def call() -> int:
        transport = httpx.ASGITransport(app, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            return (await client.post("/api/ask", json=QUESTION)).status_code

    return call


def chat() -> dict[str, object]:
    return {"model": "huiwen", "messages": [{"role": "user", "content": "补助"}]}

    @given(st.integers(1, 40), st.integers(0, 100), st.integers(1, 64))
    def test_workers_share_what_may_be_at_work_and_wait(self, at_once: int, waiting: int, workers: int) -> None:
        settings = Settings(answers_at_once=at_once, answers_waiting=waiting, workers=workers)
        limits = read_limits(settings)
        assert at_once <= limits.at_once * workers < at_once + workers  # rounded up: each has one at least
        assert waiting <= limits.waiting * workers < waiting + workers


class TestAddress:
    @pytest.mark.parametrize(
        ("trusted", "expected"), [("", "10.0.0.1"), ("10.0.0.1", "203.0.113.9"), ("10.0.0.0/8, ::1", "203.0.113.9"),
                                  ("192.0.2.1", "10.0.0.1")]
    )  # fmt: skip
    def test_a_proxy_is_believed_only_if_it_is_named(self, trusted: str, expected: str) -> None:
        """A visitor may send the header too: what a trusted proxy added itself stands last."""
        seen: list[str | None] = []
        app = FastAPI()

        @app.middleware("http")
        async def look(request: Request, call_next: RequestResponseEndpoint) -> Response:
            seen.append(client_of(request.scope))
            return await call_next(request)

        config = make_config(app, Settings(trusted_proxies=trusted))
        config.load()
        TestClient(config.loaded_app, client=("10.0.0.1", 1)).get(
            "/", headers={"X-Forwarded-For": "198.51.100.7, 203.0.113.9"}
        )
        assert seen == [expected]

    @pytest.mark.parametrize("setting", ["proxy.example", "10.0.0.1;", "*"])
    def test_anything_but_addresses_is_refused(self, setting: str) -> None:
        with pytest.raises(ValidationError):
            Settings(trusted_proxies=setting)

    @given(st.ip_addresses(v=6, network="2001:db8::/64"))
    def test_a_network_of_one_customer_is_one_client(self, address: object) -> None:
        assert client_of({"client": (str(address), 1)}) == client_of({"client": ("2001:db8::1", 1)})

    @given(st.ip_addresses(v=4))
    def test_an_address_is_itself_however_it_is_written(self, address: object) -> None:
        assert client_of({"client": (f"::ffff:{address}", 1)}) == client_of({"client": (str(address), 1)})

    @given(st.ip_addresses(network="127.0.0.0/8"))
    def test_this_machine_is_nobody_in_particular(self, address: object) -> None:
        assert client_of({"client": (str(address), 1)}) is None
        assert client_of({"client": ("::1", 1)}) is None
