"""What every reply carries, who may read it, what never leaves the service, and what other sites cannot do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from bot.answer_log import AnswerLog
from bot.api import create_api
from bot.contract import AskRequest, SearchResponse
from bot.corrections import Corrections
from bot.desk_parts import Desk, DeskTemplates
from bot.page import build_page
from bot.ports import SearchQuery
from bot.recorder import Recorder
from bot.reply_headers import HEADERS
from bot.session import Sessions
from bot.staff import StaffAccounts, StaffLogin
from ingest.settings import ROOT
from prompts.desk_messages import load_desk_messages
from prompts.messages import load_messages
from tests.fakes import CHEAP, FakeAssistant, FakeLibrary, FakePlaces
from tests.test_api import refusal

# Gradio's own statistics use what pandas 3 is about to give up.
pytestmark = pytest.mark.filterwarnings("ignore:.*(no_silent_downcasting|copy keyword).* is deprecated")

HOST = "https://policy.example"
LISTED = ("https://www.example.gov.cn", "https://a.b.example.cn:8443")
FOREIGN = ("https://evil.example", "null", "http://policy.example", "https://www.example.gov.cn.evil.example",
           "https://example.cn:8443", "https://a.example.cn:8443.evil.example")  # fmt: skip
PASSWORD = "correct horse"
QUESTION = {"question": "转公司有补助吗"}
VOTE = {"answer_id": "a1", "verdict": "down"}
CORRECTION: dict[str, object] = {
    "question": "补助",
    "jurisdiction": None,
    "as_of": "2026-11-20",
    "clauses": [],
    "wording": "没有",
}
SECRET = "/etc/huiwen/secret.db"


class Faulty(FakeAssistant):
    """Searches as a bug would, with a path in its message."""

    def search(self, query: SearchQuery) -> SearchResponse:
        """Fail."""
        raise RuntimeError(f"cannot open {SECRET}")


@dataclass(frozen=True)
class Service:
    """The service with its page and its desk, and all that can be changed there."""

    app: FastAPI
    assistant: FakeAssistant
    log: AnswerLog
    corrections: Corrections

    def state(self) -> tuple[int, int, list[str]]:
        """Questions asked, corrections made, answers voted down."""
        return len(self.assistant.asked), len(self.corrections.all()), [one.id for one in self.log.down_voted()]

    def visit(self) -> TestClient:
        """A browser."""
        return TestClient(self.app, base_url=HOST, raise_server_exceptions=False, follow_redirects=False)

    def enter(self) -> tuple[TestClient, str]:
        """A browser that is logged in at the desk, and its token."""
        browser = self.visit()
        browser.post("/desk/login", data={"name": "wang", "password": PASSWORD})
        token = re.search(r'data-token="([^"]+)"', browser.get("/desk").text)
        assert token
        return browser, token[1]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder: Path = tmp_path_factory.mktemp("service")
    log = AnswerLog(f"sqlite:///{folder}/answers.db", 180)
    corrections = Corrections(log.url)
    accounts = StaffAccounts(folder / "staff", CHEAP)
    accounts.set_password("wang", PASSWORD)
    assistant, library, places, messages = Faulty(), FakeLibrary(), FakePlaces(), load_messages()
    recorder = Recorder(assistant, places, log)
    templates = DeskTemplates(messages, load_desk_messages())
    desk = Desk(recorder, assistant, library, places, lambda _: None, templates, Sessions(StaffLogin(accounts)), log,
                corrections)  # fmt: skip
    page = build_page(recorder, library, places, messages)
    app = create_api(
        recorder, library, places, ready=lambda: True, page=page, log=log, desk=desk,
        widget_origins="https://www.example.gov.cn https://*.example.cn:8443",
    )  # fmt: skip
    log.add(AskRequest(question="补助"), FakeAssistant().ask(AskRequest(question="补助")))
    yield Service(app, assistant, log, corrections)
    log.close()


REPLIES = [
    ("GET", "/", 200), ("GET", "/config", 200), ("GET", "/theme.css", 200), ("GET", "/nothing", 404),
    ("GET", "/desk", 303), ("GET", "/desk/login", 200), ("GET", "/desk/static/desk.js", 200),
    ("GET", "/documents/dalate-2023", 200), ("GET", "/documents/none", 404), ("GET", "/widget.js", 200),
    ("GET", "/widget-demo", 200), ("GET", "/api/documents", 200), ("GET", "/api/openapi.json", 200),
    ("GET", "/api/none", 404), ("DELETE", "/api/ask", 405), ("GET", "/api/search?q=a", 500), ("POST", "/api/ask", 400),
    ("POST", "/v1/chat/completions", 400), ("GET", "/healthz", 200), ("GET", "/v1/models/gpt", 404),
    ("POST", "/gradio_api/queue/join", 422), ("POST", "/gradio_api/run/predict", 404), ("GET", "/openapi.json", 404),
    ("GET", "/gradio_api/file=/etc/passwd", 404), ("GET", "/../../etc/passwd", 404), ("PUT", "/", 404),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "status"), REPLIES)
def test_every_reply_is_protected_and_tells_nothing_of_the_inside(
    service: Service, method: str, path: str, status: int
) -> None:
    reply = service.visit().request(method, path, content=b"{" if method == "POST" else None)
    assert reply.status_code == status
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy or "default-src 'self'" in policy
    assert "frame-ancestors" in policy
    for name in HEADERS.keys() - {"Content-Security-Policy"}:
        assert reply.headers[name]
    told = reply.text + str(reply.headers)
    inside = [SECRET, str(ROOT), "site-packages", "Traceback", "RuntimeError", "/usr/", '.py"']
    inside += [version(name) for name in ("gradio", "fastapi", "starlette", "uvicorn", "pydantic")]
    assert [one for one in inside if one in told] == []


def test_pages_may_be_framed_by_the_listed_sites_alone_and_the_rest_by_none(service: Service) -> None:
    ancestors = "frame-ancestors 'self' https://www.example.gov.cn https://*.example.cn:8443"
    browser = service.visit()
    for path in ("/", "/documents/dalate-2023"):
        assert browser.get(path).headers["content-security-policy"].endswith(ancestors)
    for path in ("/api/documents", "/desk/login", "/widget-demo", "/api/none"):
        assert browser.get(path).headers["content-security-policy"].endswith("frame-ancestors 'none'")


@pytest.mark.parametrize("path", ["/", "/config", "/api/documents", "/desk/login", "/v1/models", "/gradio_api/info"])
def test_only_listed_sites_may_read_replies_and_never_with_cookies(service: Service, path: str) -> None:
    browser = service.visit()
    preflight = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    for origin, allowed in (*((one, one) for one in LISTED), *((one, None) for one in FOREIGN)):
        for reply in (
            browser.get(path, headers={"Origin": origin}),
            browser.options(path, headers={"Origin": origin, **preflight}),
        ):
            assert reply.headers.get("access-control-allow-origin") == allowed
            assert "access-control-allow-credentials" not in reply.headers


def test_a_fault_is_told_in_words_and_without_its_cause(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    assert refusal(service.visit().get("/api/search", params={"q": "补助"}), 500)[0] == "internal"
    assert SECRET in caplog.text


CHANGES = [
    ("POST", "/api/ask", QUESTION), ("POST", "/api/feedback", VOTE), ("POST", "/desk/answer", QUESTION),
    ("POST", "/v1/chat/completions", {"messages": [{"role": "user", "content": "补助"}]}),
    ("POST", "/desk/login", {"name": "wang", "password": PASSWORD}), ("POST", "/desk/leave", {"token": ""}),
    ("POST", "/desk/corrections", CORRECTION), ("DELETE", "/desk/corrections/1", {}),
    ("POST", "/gradio_api/queue/join", {"fn_index": 0, "data": ["补助", None, []], "session_hash": "a"}),
    ("POST", "/gradio_api/reset", {"event_id": "a"}), ("POST", "/gradio_api/cancel", {"event_id": "a"}),
]  # fmt: skip
TYPES = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "application/json", None]
SITES = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://other.policy.example", "Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site"},
]


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
def test_another_site_changes_nothing(service: Service, method: str, path: str, body: dict[str, object]) -> None:
    browser, token = service.enter()
    before = service.state()
    for kind in TYPES:
        for site in SITES:
            headers = {**site, "X-CSRF-Token": token, **({"Content-Type": kind} if kind else {})}
            reply = browser.request(method, path, content=json.dumps(body), headers=headers)
            assert (reply.status_code, reply.json()["error"]["code"]) == (403, "other_site")
            assert "set-cookie" not in reply.headers
    assert service.state() == before
    assert browser.get("/desk").status_code == 200  # nobody was logged out


@pytest.mark.parametrize("kind", TYPES[:3])
def test_what_a_form_can_send_is_no_request_even_where_no_site_is_told(service: Service, kind: str) -> None:
    """An old browser, which sends neither of both headers."""
    before = service.state()
    for path, body in (("/api/ask", QUESTION), ("/api/feedback", VOTE)):
        reply = service.visit().post(path, content=json.dumps(body), headers={"Content-Type": kind})
        assert reply.status_code in (400, 422)
    assert service.state() == before


@pytest.mark.parametrize(
    "site",
    [
        {},
        {"Origin": HOST},
        {"Origin": HOST, "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        *({"Origin": one, "Sec-Fetch-Site": "cross-site"} for one in LISTED),
    ],
)
def test_the_own_page_programs_and_listed_sites_may_ask(service: Service, site: dict[str, str]) -> None:
    assert service.visit().post("/api/ask", json=QUESTION, headers=site).status_code == 200


@given(st.text(st.characters(codec="ascii", exclude_characters="?#\\", exclude_categories=["Cc"]), max_size=30),
       st.sampled_from(["POST", "PUT", "PATCH", "DELETE", "PROPFIND"]))  # fmt: skip
def test_no_address_is_left_out(service: Service, path: str, method: str) -> None:
    reply = service.visit().request(method, f"{HOST}/{path}", headers={"Origin": "https://evil.example"})
    assert reply.status_code == 403
