"""The HTTP contract: every route, every refusal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from bot.answer_log import AnswerLog
from bot.api import create_api
from bot.contract import AskRequest, AskResponse
from bot.describe import Node, plant_tree
from bot.ports import DeltaEvent, Event, SearchQuery
from ingest.errors import IndexMissing
from ingest.model import Clause
from tests.fakes import CLAUSES, GRANT, GRANT_QUOTE, FakeAssistant, FakeLibrary, FakePlaces

GRANT_ID = "dalate-2023#四-五-15"


class Answered(Protocol):
    """A response of whichever client the test client is made of."""

    @property
    def status_code(self) -> int:
        """The status."""
        ...

    @property
    def text(self) -> str:
        """The body, unread."""
        ...

    def json(self) -> Any:
        """The body, read."""
        ...


class BrokenAssistant(FakeAssistant):
    """Fails as a bug would, with something in its message that callers must not see."""

    def ask(self, request: AskRequest) -> AskResponse:
        """Fail."""
        raise RuntimeError("secret path /etc/huiwen")

    def stream(self, request: AskRequest) -> Iterator[Event]:
        """Fail on the way."""
        yield DeltaEvent("可以")
        raise RuntimeError("secret path /etc/huiwen")


class EmptyAssistant(FakeAssistant):
    """Has no index yet."""

    def ask(self, request: AskRequest) -> AskResponse:
        """Refuse."""
        raise IndexMissing("no index at .index: run python -m ingest")


def client_of(assistant: FakeAssistant, ready: bool = True, log: AnswerLog | None = None) -> TestClient:
    """A client of a service without a page."""
    app = create_api(assistant, FakeLibrary(), FakePlaces(), ready=lambda: ready, page=None, log=log)
    return TestClient(app, raise_server_exceptions=False)


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
def client(assistant: FakeAssistant) -> TestClient:
    return client_of(assistant)


def refusal(response: Answered, status: int) -> tuple[str, str]:
    """The code and message of an error that has the contract's shape and nothing else."""
    assert response.status_code == status, response.text
    body = response.json()
    assert list(body) == ["error"]
    assert list(body["error"]) == ["code", "message"]
    assert any("\u4e00" <= character <= "\u9fff" for character in body["error"]["message"])
    return body["error"]["code"], body["error"]["message"]


def test_ask_returns_the_contract(client: TestClient, assistant: FakeAssistant) -> None:
    body = {"question": "转公司有补助吗", "jurisdiction": "达拉特旗", "history": [{"role": "user", "content": "您好"}]}
    answer = client.post("/api/ask", json=body).json()
    assert answer["status"] == "answered"
    citation = answer["citations"][0]
    assert citation["quote"] == GRANT_QUOTE
    assert citation["quote"] in citation["text"]
    assert citation["validity"] == {"state": "expired", "from": "2023-08-09", "to": "2025-12-31", "basis": None}
    assert citation["url"] == "/documents/dalate-2023#四-五-15"
    assert answer["jurisdiction"]["source"] == "request"
    assert assistant.asked[0].history[0].content == "您好"


def test_ask_streams_the_same_answer(client: TestClient) -> None:
    body = {"question": "转公司有补助吗", "jurisdiction": "达拉特旗"}
    whole = client.post("/api/ask", json=body).json()
    response = client.post("/api/ask", json=body | {"stream": True})
    assert response.headers["content-type"].startswith("text/event-stream")
    events = read_events(response.text)
    names = [name for name, _ in events]
    assert names[:2] == ["status", "citation"]
    assert names[-1] == "done"
    assert events[-1][1] == whole
    assert events[1][1] == whole["citations"][0]
    assert "".join(data["text"] for name, data in events if name == "delta") == whole["answer"]


def read_events(text: str) -> list[tuple[str, dict[str, Any]]]:
    """Server-sent events as name and data."""
    blocks = [block.split("\n") for block in text.strip().split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("body", "status", "code", "hint"),
    [
        ({}, 422, "question_empty", "写下您的问题"),
        ({"question": ""}, 422, "question_empty", "写下您的问题"),
        ({"question": " \n "}, 422, "question_empty", "写下您的问题"),
        ({"question": "贷" * 501}, 422, "question_too_long", "500"),
        ({"question": "贷款\x07"}, 422, "control_characters", "控制字符"),
        ({"question": "贷款", "jurisdiction": "无此县"}, 422, "place_unknown", "无此县"),
        ({"question": "贷款", "jurisdiction": "朝阳区"}, 422, "place_ambiguous", "北京市朝阳区、吉林省长春市朝阳区"),
        ({"question": "贷款", "as_of": "2026年1月"}, 422, "date_malformed", "as_of"),
        ({"question": "贷款", "as_of": 0}, 422, "date_malformed", "as_of"),
        ({"question": "贷款", "history": [{"role": "user", "content": "一"}] * 21}, 422, "history_too_long", "20"),
        ({"question": "贷款", "history": [{"role": "system", "content": "一"}]}, 422, "field_malformed", "history"),
        ({"question": "贷款", "place": "达拉特旗"}, 422, "field_unknown", "place"),
        ({"question": 7}, 422, "field_malformed", "question"),
        ([], 400, "body_malformed", "JSON"),
    ],
)
def test_ask_refuses(client: TestClient, body: object, status: int, code: str, hint: str, stream: bool) -> None:
    sent = body | {"stream": stream} if isinstance(body, dict) else body
    found, message = refusal(client.post("/api/ask", json=sent), status)
    assert (found, hint in message) == (code, True), message


@pytest.mark.parametrize("content", [b"{", b"", b"\xff\xfe", b"question=a"])
def test_ask_refuses_what_is_no_json(client: TestClient, content: bytes) -> None:
    response = client.post("/api/ask", content=content, headers={"Content-Type": "application/json"})
    assert refusal(response, 400)[0] == "body_malformed"


def test_500_characters_and_20_turns_are_taken(client: TestClient) -> None:
    history = [{"role": "user", "content": "一"}] * 20
    assert client.post("/api/ask", json={"question": "贷" * 500, "history": history}).status_code == 200


def test_a_bug_is_logged_and_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    response = client_of(BrokenAssistant()).post("/api/ask", json={"question": "贷款"})
    assert refusal(response, 500)[0] == "internal"
    assert "secret" not in response.text
    assert "secret path" in caplog.text


def test_a_bug_on_the_way_ends_the_stream_with_an_error(caplog: pytest.LogCaptureFixture) -> None:
    response = client_of(BrokenAssistant()).post("/api/ask", json={"question": "贷款", "stream": True})
    name, data = read_events(response.text)[-1]
    assert (name, data["error"]["code"]) == ("error", "internal")
    assert "secret" not in response.text
    assert "secret path" in caplog.text


def test_without_an_index_the_service_is_unavailable() -> None:
    response = client_of(EmptyAssistant()).post("/api/ask", json={"question": "贷款"})
    assert refusal(response, 503)[0] == "not_ready"
    assert response.headers["retry-after"] == "10"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[AnswerLog]:
    """A log that holds the answer a1."""
    opened = AnswerLog(f"sqlite:///{tmp_path}/answers.db", 180)
    request = AskRequest(question="转公司有补助吗")
    opened.add(request, FakeAssistant().ask(request))
    yield opened
    opened.close()


def test_a_vote_is_kept_and_a_second_one_replaces_it(log: AnswerLog, assistant: FakeAssistant) -> None:
    client = client_of(assistant, log=log)
    vote = {"answer_id": "a1", "verdict": "down", "comment": "数字不对，打我13812345678"}
    first = client.post("/api/feedback", json=vote)
    assert (first.status_code, first.content) == (204, b"")
    assert [(one.id, one.comment) for one in log.down_voted()] == [("a1", "数字不对，打我＊＊＊")]
    assert client.post("/api/feedback", json={"answer_id": "a1", "verdict": "up"}).status_code == 204
    assert log.down_voted() == []


@pytest.mark.parametrize(
    ("body", "status", "code", "hint"),
    [
        ({"answer_id": "none", "verdict": "up"}, 404, "answer_not_found", "重新问一次"),
        ({"answer_id": "a1"}, 422, "field_malformed", "verdict"),
        ({"verdict": "up"}, 422, "field_malformed", "answer_id"),
        ({"answer_id": "a1", "verdict": "maybe"}, 422, "field_malformed", "verdict"),
        ({"answer_id": "a" * 65, "verdict": "up"}, 422, "field_malformed", "answer_id"),
        ({"answer_id": "a1", "verdict": "up", "comment": "长" * 501}, 422, "comment_too_long", "500"),
        ({"answer_id": "a1", "verdict": "up", "comment": "响\x07"}, 422, "control_characters", "控制字符"),
        ({"answer_id": "a1", "verdict": "up", "phone": "1"}, 422, "field_unknown", "phone"),
        ([], 400, "body_malformed", "JSON"),
    ],
)
def test_a_vote_is_refused(
    log: AnswerLog, assistant: FakeAssistant, body: object, status: int, code: str, hint: str
) -> None:
    found, message = refusal(client_of(assistant, log=log).post("/api/feedback", json=body), status)
    assert (found, hint in message) == (code, True), message


def test_a_comment_of_500_characters_is_taken(log: AnswerLog, assistant: FakeAssistant) -> None:
    vote = {"answer_id": "a1", "verdict": "down", "comment": "长" * 500}
    assert client_of(assistant, log=log).post("/api/feedback", json=vote).status_code == 204


def test_without_a_log_votes_are_refused(client: TestClient) -> None:
    vote = {"answer_id": "a1", "verdict": "up"}
    assert refusal(client.post("/api/feedback", json=vote), 404)[0] == "feedback_off"


def test_a_log_out_of_reach_is_told(tmp_path: Path, assistant: FakeAssistant, caplog: pytest.LogCaptureFixture) -> None:
    client = client_of(assistant, log=AnswerLog(f"sqlite:///{tmp_path}", 180))  # a folder
    vote = {"answer_id": "a1", "verdict": "up"}
    assert refusal(client.post("/api/feedback", json=vote), 503)[0] == "feedback_unavailable"
    assert "a vote was not kept" in caplog.text


def test_search_passes_filters_on(client: TestClient, assistant: FakeAssistant) -> None:
    query: dict[str, str | int] = {
        "q": "补助",
        "jurisdiction": "150621",
        "topic": "",
        "status": "issued",
        "valid_on": "2024-05-01",
        "limit": 5,
    }
    found = client.get("/api/search", params=query).json()
    assert found["total"] == 1
    assert found["results"][0]["clause_id"] == GRANT_ID
    assert {"score", "highlights", "n", "url", "validity"} <= set(found["results"][0])
    asked = assistant.searched[0]
    assert asked == SearchQuery("补助", "150621", None, None, "issued", asked.valid_on, 5, 0)
    assert str(asked.valid_on) == "2024-05-01"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "query_empty"),
        ("q=", "query_empty"),
        ("q=%20", "query_empty"),
        ("q=a%00", "control_characters"),
        ("q=a&limit=0", "page_out_of_range"),
        ("q=a&limit=101", "page_out_of_range"),
        ("q=a&limit=x", "page_out_of_range"),
        ("q=a&offset=-1", "page_out_of_range"),
        ("q=a&status=valid", "status_unknown"),
        ("q=a&valid_on=1700000000", "date_malformed"),
        ("q=a&valid_on=2024-02-30", "date_malformed"),
        ("q=a&jurisdiction=无此县", "place_unknown"),
    ],
)
def test_search_refuses(client: TestClient, query: str, code: str) -> None:
    assert refusal(client.get(f"/api/search?{query}"), 422)[0] == code


def test_documents_are_listed(client: TestClient) -> None:
    listed = client.get("/api/documents").json()
    assert listed["total"] == 3
    assert [document["id"] for document in listed["documents"]] == ["dalate-2023", "ordos-loans", "wuhu-draft"]
    assert [document["validity"]["state"] for document in listed["documents"]] == ["expired", "unknown", "draft"]


def test_a_document_has_its_clause_tree(client: TestClient) -> None:
    clauses = client.get("/api/documents/dalate-2023").json()["clauses"]
    measures = next(clause for clause in clauses if clause["labels"] == ["四"])
    grant = measures["children"][0]["children"][0]
    assert (grant["id"], grant["text"], grant["kind"]) == (GRANT_ID, GRANT, "clause")
    assert grant["facts"]["departments"][0] == {"name": "旗财政局", "role": "responsible"}
    table = next(clause for clause in clauses if clause["kind"] == "table")
    assert [part["key"] for part in table["parts"]] == ["1", "2", "合计"]


def test_a_clause_has_its_neighbours(client: TestClient) -> None:
    found = client.get(f"/api/clauses/{quote(GRANT_ID, safe='')}").json()
    assert found["clause"]["text"] == GRANT
    ids = {name: found[name]["id"] for name in ("previous", "next", "parent")}
    assert ids == {"previous": "dalate-2023#四-五", "next": "dalate-2023#四-五-16", "parent": "dalate-2023#四-五"}
    parent = client.get(f"/api/clauses/{quote('dalate-2023#四-五', safe='')}").json()
    assert [child["id"] for child in parent["children"]] == [GRANT_ID, "dalate-2023#四-五-16"]


def test_the_first_and_last_clause_have_one_neighbour(client: TestClient) -> None:
    first = client.get(f"/api/clauses/{quote('dalate-2023#标题', safe='')}").json()
    last = client.get(f"/api/clauses/{quote('dalate-2023#落款', safe='')}").json()
    assert (first["previous"], last["next"]) == (None, None)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [("达拉特旗", True, 2), ("鄂尔多斯市", True, 1), ("芜湖市", True, 1)]),
        ("旗", [("达拉特旗", True, 2), ("准格尔旗", False, 1)]),
        ("朝阳", [("朝阳区", False, 0), ("朝阳区", False, 0)]),
        ("无此县", []),
    ],
)
def test_places_say_what_the_corpus_has(client: TestClient, query: str, expected: list[tuple[str, bool, int]]) -> None:
    found = client.get("/api/jurisdictions", params={"q": query}).json()
    assert found["total"] == len(expected)
    assert [(place["name"], place["covered"], place["applies"]) for place in found["jurisdictions"]] == expected


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/documents/none", 404, "document_not_found"),
        ("GET", "/documents/none", 404, "document_not_found"),
        ("GET", "/api/clauses/dalate-2023%23none", 404, "clause_not_found"),
        ("GET", "/api/none", 404, "not_found"),
        ("GET", "/api/ask", 405, "method_not_allowed"),
        ("GET", "/api/feedback", 405, "method_not_allowed"),
        ("DELETE", "/api/search", 405, "method_not_allowed"),
    ],
)
def test_wrong_addresses_are_told(client: TestClient, method: str, path: str, status: int, code: str) -> None:
    assert refusal(client.request(method, path), status)[0] == code


def test_health(client: TestClient) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").json() == {"status": "ready"}
    waiting = client_of(FakeAssistant(), ready=False)
    assert waiting.get("/healthz").status_code == 200
    assert refusal(waiting.get("/readyz"), 503)[0] == "not_ready"


def walk(clauses: Sequence[Clause]) -> list[str]:
    """The ids of a planted tree, in the order of reading."""

    def below(nodes: Sequence[Node]) -> Iterator[str]:
        for node in nodes:
            yield node.clause.id
            yield from below(node.children)

    return list(below(plant_tree(clauses)))


@given(st.permutations(CLAUSES))
def test_a_tree_holds_every_clause_once_in_the_order_of_the_text(clauses: list[Clause]) -> None:
    plan = [clause for clause in clauses if clause.document_id == "dalate-2023"]
    expected = [clause.id for clause in CLAUSES if clause.document_id == "dalate-2023"]
    assert walk(plan) == expected
