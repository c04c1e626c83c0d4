"""The desk over HTTP: who may pass, what a search and an answer show, comparisons, corrections, counts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from fastapi import FastAPI
from openpyxl import load_workbook
from starlette.testclient import TestClient

from bot.answer_log import AnswerLog
from bot.api import create_api
from bot.desk import make_desk
from bot.desk_parts import POLICY, Desk, DeskTemplates
from bot.recorder import Recorder
from bot.session import COOKIE, SHIFT, Sessions
from bot.staff import StaffAccounts, StaffLogin
from eval.cases import check_evidence, read_cases
from prompts.desk_messages import load_desk_messages
from prompts.messages import load_messages
from tests.corpus_fixture import Corpus
from tests.fakes import CHEAP, FakeAssistant, FakeLibrary, FakePlaces

PASSWORD = "correct horse"
EPOCH = datetime.fromtimestamp(0, UTC)
GRANT = "dalate-2023#四-五-15"
WORDS = load_desk_messages()


@dataclass(frozen=True)
class Service:
    """The desk on the corpus that ships, with two accounts, or without any."""

    app: FastAPI
    open_app: FastAPI
    log: AnswerLog
    accounts: StaffAccounts
    corpus: Corpus


@pytest.fixture(scope="module")
def service(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("desk")
    accounts = StaffAccounts(folder / "staff", CHEAP)
    for name in ("wang", "li"):
        accounts.set_password(name, PASSWORD)
    log = AnswerLog(f"sqlite:///{folder}/answers.db", 180)
    huiwen = corpus.huiwen
    recorder = Recorder(huiwen, huiwen.gazetteer, log)

    def create(login: StaffLogin | None) -> FastAPI:
        desk = make_desk(huiwen, recorder, log, login)
        return create_api(recorder, huiwen, huiwen.gazetteer, ready=huiwen.ready, page=None, log=log, desk=desk)

    yield Service(create(StaffLogin(accounts)), create(None), log, accounts, corpus)
    log.close()


class Staff(TestClient):
    """Somebody's browser, which sends the page's token as its script does."""

    def __init__(self, app: FastAPI, name: str = "") -> None:
        super().__init__(app, base_url="https://testserver", follow_redirects=True)
        if name:
            self.enter(name)

    def enter(self, name: str) -> None:
        page = self.post("/desk/login", data={"name": name, "password": PASSWORD})
        assert page.status_code == 200
        token = re.search(r'data-token="([^"]+)"', page.text)
        assert token
        self.headers["X-CSRF-Token"] = token[1]


@pytest.fixture
def wang(service: Service) -> Staff:
    return Staff(service.app, "wang")


@pytest.fixture
def guest(service: Service) -> Staff:
    return Staff(service.open_app)


def correction(**changes: object) -> dict[str, object]:
    fields = {"question": "个转企补助多少？", "jurisdiction": "150621", "as_of": "2026-11-20", "clauses": [GRANT]}
    return fields | {"wording": "一次性十万元。"} | changes


class TestLogin:
    @pytest.mark.parametrize("path", ["/desk", "/desk/compare", "/desk/corrections", "/desk/figures", "/desk/hits?q=x",
                                      "/desk/documents/dalate-2023", "/desk/compare.xlsx", "/desk/compare.docx",
                                      "/desk/corrections.jsonl", "/desk/figures.csv"])  # fmt: skip
    def test_nobody_gets_in_without_it(self, service: Service, path: str) -> None:
        stranger = Staff(service.app)
        sent = stranger.get(path, follow_redirects=False)
        assert (sent.status_code, sent.headers["location"]) == (303, "/desk/login")
        assert stranger.get(path, headers={"X-CSRF-Token": ""}).status_code == 401

    def test_the_cookie_is_for_this_site_over_https_alone(self, service: Service) -> None:
        entered = Staff(service.app).post(
            "/desk/login", data={"name": "wang", "password": PASSWORD}, follow_redirects=False
        )
        cookie = entered.headers["set-cookie"]
        assert cookie.startswith(f"{COOKIE}=")
        assert {"HttpOnly", "Secure", "SameSite=strict", "Path=/desk"} <= set(cookie.split("; "))

    def test_a_wrong_password_is_told_and_a_form_of_another_site_refused(self, service: Service) -> None:
        stranger = Staff(service.app)
        wrong = stranger.post("/desk/login", data={"name": "wang", "password": "<script>alert(1)</script>"})
        assert wrong.status_code == 401
        assert WORDS.login.wrong in wrong.text
        forged = {"name": "wang", "password": PASSWORD}
        assert stranger.post("/desk/login", data=forged, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403

    def test_a_browser_that_keeps_no_cookie_is_told_why(self, service: Service) -> None:
        insecure = TestClient(service.app, base_url="http://desk.example", follow_redirects=True)
        page = insecure.post("/desk/login", data={"name": "wang", "password": PASSWORD})
        assert WORDS.login.lost in page.text

    def test_leaving_ends_the_session(self, wang: Staff) -> None:
        kept = wang.cookies[COOKIE]
        assert wang.post("/desk/leave", data={"token": "forged"}).status_code == 403
        wang.post("/desk/leave", data={"token": wang.headers["X-CSRF-Token"]})
        wang.cookies.set(COOKIE, kept, path="/desk")
        assert wang.get("/desk", follow_redirects=False).status_code == 401

    def test_a_session_ends_with_its_shift_and_with_its_account(self, service: Service, tmp_path: Path) -> None:
        accounts = StaffAccounts(tmp_path / "staff", CHEAP)
        accounts.set_password("zhao", PASSWORD)
        clock = Clock()
        desk = make_fake_desk(Sessions(StaffLogin(accounts), clock))
        app = create_api(desk.assistant, desk.library, desk.places, ready=lambda: True, page=None, desk=desk)
        first, second = Staff(app, "zhao"), Staff(app, "zhao")
        accounts.set_password("zhao", "another horse")
        assert first.get("/desk").status_code == 401
        accounts.set_password("zhao", PASSWORD)
        second.enter("zhao")
        clock.now += SHIFT
        assert second.get("/desk").status_code == 401

    def test_without_accounts_what_people_asked_is_closed(self, guest: Staff) -> None:
        assert guest.get("/desk").status_code == 200
        for path in ("/desk/figures", "/desk/corrections"):
            closed = guest.get(path)
            assert (closed.status_code, WORDS.frame.closed in closed.text) == (403, True)
        assert guest.post("/desk/corrections", json=correction()).status_code in (404, 405)
        answer = guest.post("/desk/answer", json={"question": "个转企补助多少", "jurisdiction": "达拉特旗"})
        assert answer.status_code == 200
        assert "<textarea" not in answer.text


class Clock:
    """Stands still until it is moved."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def make_fake_desk(sessions: Sessions | None = None) -> Desk:
    """The desk on invented documents, one of which holds markup."""
    assistant = FakeAssistant()
    templates = DeskTemplates(load_messages(), WORDS)
    return Desk(assistant, assistant, FakeLibrary(), FakePlaces(), lambda text: None, templates, sessions, None, None)


class TestSearch:
    def test_two_terms_find_the_clause_with_facets_and_marks(self, guest: Staff) -> None:
        found = guest.get("/desk/hits", params={"q": "个转企 补助", "jurisdiction": "达拉特旗"}).text
        assert re.findall(r'data-clause="([^"]+)"', found)[0] == GRANT  # the only one that holds both
        assert "<mark>个转企</mark>" in found
        assert re.search(r'name="topic" value="个转企"><span>个转企</span><i>\d+</i>', found)
        assert "达拉特旗及其上级文件" in found

    def test_a_facet_counts_what_choosing_it_gives(self, guest: Staff) -> None:
        asked = {"q": "贷款", "jurisdiction": "甘州区"}
        found = guest.get("/desk/hits", params=asked).text
        radios = re.findall(r'name="(\w+)" value="([^"]+)"><span>[^<]+</span><i>(\d+)</i>', found)
        assert {name for name, _, _ in radios} == {"state", "topic", "department", "audience"}
        for name, value, count in radios:
            chosen = guest.get("/desk/hits", params=asked | {name: value}).text
            told = re.search(r"找到 (\d+) 条", chosen)
            assert told
            assert told[1] == count, (name, value)

    def test_what_applies_to_a_place_is_all_that_is_shown(self, guest: Staff) -> None:
        found = guest.get("/desk/hits", params={"q": "贷款", "jurisdiction": "磴口县"}).text
        assert set(re.findall(r'data-document="([^"]+)"', found)) == {"dengkou-2023"}

    def test_a_day_leaves_out_what_has_ended(self, guest: Staff) -> None:
        asked = {"q": "个转企", "jurisdiction": "达拉特旗"}
        assert "data-clause" in guest.get("/desk/hits", params=asked | {"valid_on": "2025-01-01"}).text
        assert "data-clause" not in guest.get("/desk/hits", params=asked | {"valid_on": "2026-11-20"}).text

    @pytest.mark.parametrize(
        ("asked", "told"),
        [
            ({"q": "贷款", "jurisdiction": "没有的地方"}, "没有的地方"),
            ({"q": "贷款", "jurisdiction": "朝阳区"}, "有 2 个地方"),
            ({"q": "贷" * 501}, WORDS.search.query_refused),
            ({"q": "贷\x00款"}, WORDS.search.query_refused),
            ({"q": "贷款", "valid_on": "昨天"}, WORDS.search.query_refused),
            ({"q": "贷款", "state": "<b>"}, WORDS.search.query_refused),
            ({"q": "  "}, WORDS.search.start),
        ],
    )
    def test_what_is_wrong_is_told_in_words(self, guest: Staff, asked: dict[str, str], told: str) -> None:
        for path in ("/desk/hits", "/desk"):
            found = guest.get(path, params=asked)
            assert found.status_code == 200
            assert told in found.text

    def test_nothing_that_is_typed_or_planted_becomes_markup(self, guest: Staff) -> None:
        hostile = '"><img src=x onerror=alert(1)><script>alert(1)</script>'
        params = {"q": f"歇业 {hostile}", "jurisdiction": hostile[:50], "topic": hostile, "valid_on": hostile}
        planted = TestClient(create_fake_app())
        for page in (
            guest.get("/desk", params=params).text,
            guest.get("/desk/hits", params=params).text,
            guest.get("/desk/compare", params={"q": hostile, "place": [hostile[:50], "达拉特旗"]}).text,
            planted.get("/desk/hits", params={"q": "歇业"}).text,
            planted.get("/desk/documents/wuhu-draft").text,
            planted.post("/desk/answer", json={"question": f"歇业{hostile}", "jurisdiction": "芜湖市"}).text,
            planted.get("/desk/compare", params={"q": f"歇业{hostile}", "place": ["芜湖市", "达拉特旗"]}).text,
        ):
            assert "<img" not in page
            assert re.findall(r"<script(?! src=\"/desk/static/desk.js\")", page) == []

    def test_every_page_forbids_what_is_not_its_own(self, guest: Staff) -> None:
        for path in ("/desk", "/desk/hits?q=x", "/desk/compare", "/desk/documents/dalate-2023"):
            headers = guest.get(path).headers
            assert headers["content-security-policy"] == POLICY
            assert headers["cache-control"] == "no-store"
        assert "unsafe" not in POLICY
        for name in ("desk.js", "desk.css"):
            assert guest.get(f"/desk/static/{name}").status_code == 200
        assert guest.get("/desk/static/chat.css").status_code == 404
        assert guest.get("/desk/documents/none").status_code == 404

    def test_the_document_has_every_clause_under_its_anchor(self, guest: Staff, corpus: Corpus) -> None:
        text = guest.get("/desk/documents/lanxian-2022").text
        for clause in corpus.huiwen.clauses("lanxian-2022"):
            assert text.count(f'id="{clause.id.partition("#")[2]}"') == 1


def create_fake_app() -> FastAPI:
    desk = make_fake_desk()
    return create_api(desk.assistant, desk.library, desk.places, ready=lambda: True, page=None, desk=desk)


class TestAnswer:
    def test_it_reads_out_with_its_source_and_what_was_rejected(self, wang: Staff) -> None:
        asked = {"question": "个转企 补助多少", "jurisdiction": "达拉特旗", "as_of": "2026-11-20"}
        shown = wang.post("/desk/answer", json=asked).text
        told = re.search(r'id="readout"[^>]*>(.*?)</div>', shown, re.DOTALL)
        assert told
        assert told[1].startswith(f'<p class="warn">{WORDS.answer.first}')
        assert "10万元" in told[1]
        assert "四、（五）第15项" in told[1]
        assert "[1]" not in told[1]
        rejected = re.findall(r'class="rejected">.*?value="([^"]+)".*?<td>([^<]+)</td>\s*</tr>', shown, re.DOTALL)
        assert len(rejected) >= 3
        assert GRANT not in dict(rejected)
        assert all("贴合" in reason for _, reason in rejected)

    def test_it_needs_the_token_and_a_question(self, wang: Staff) -> None:
        asked = {"question": "个转企补助", "jurisdiction": "达拉特旗"}
        assert wang.post("/desk/answer", json=asked, headers={"X-CSRF-Token": "x"}).status_code == 403
        for bad in ({"question": ""}, {"question": "问" * 501}, {"question": "补助", "jurisdiction": "没有的地方"}):
            refused = wang.post("/desk/answer", json=bad)
            assert refused.status_code == 422
            assert refused.json()["error"]["message"]


COMPARED = {"q": "创业担保贷款最多贷多少", "place": ["达拉特旗", "磴口县", "", "甘州区"], "valid_on": "2026-11-20"}


class TestComparison:
    def test_places_stand_side_by_side_and_nothing_is_logged(self, guest: Staff, service: Service) -> None:
        before = service.log.asked_since(EPOCH)
        page = guest.get("/desk/compare", params=COMPARED).text
        assert re.findall(r'<th scope="col">([^<]+)</th>', page) == ["达拉特旗", "磴口县", "甘州区"]
        assert "征求意见稿" in page
        assert service.log.asked_since(EPOCH) == before

    def test_the_workbook_and_the_document_hold_the_table(self, guest: Staff) -> None:
        book = load_workbook(BytesIO(guest.get("/desk/compare.xlsx", params=COMPARED).content))
        rows = [[cell.value or "" for cell in row] for row in book.worksheets[0].iter_rows()]
        assert rows[0][1:] == ["达拉特旗", "磴口县", "甘州区"]
        assert [row[0] for row in rows[1:7]] == ["规定", "结论", "依据", "状态", "部门", "提示"]
        document = Document(BytesIO(guest.get("/desk/compare.docx", params=COMPARED).content))
        (table,) = document.tables
        assert [[cell.text for cell in row.cells] for row in table.rows] == rows[:7]
        assert document.sections[0].orientation == WD_ORIENT.LANDSCAPE

    @pytest.mark.parametrize(
        ("asked", "told"),
        [
            ({"q": "歇业", "place": ["达拉特旗"]}, WORDS.compare.too_few),
            ({"q": "歇业", "place": ["达拉特旗", "达旗"]}, WORDS.compare.too_few),
            ({"q": "歇业", "place": ["达拉特旗", "没有的地方"]}, "没有的地方"),
            ({"q": "歇业", "place": ["达拉特旗", "朝阳区"]}, "朝阳区"),
            ({"q": "岚县能歇业吗", "place": ["达拉特旗", "磴口县"]}, "“岚县”"),
            ({"q": "歇\x00业", "place": ["达拉特旗", "磴口县"]}, WORDS.search.query_refused),
            ({"q": ""}, WORDS.compare.hint),
        ],
    )
    def test_what_is_wrong_is_told_in_words(self, guest: Staff, asked: dict[str, str], told: str) -> None:
        assert told in guest.get("/desk/compare", params=asked).text
        assert guest.get("/desk/compare.xlsx", params=asked, follow_redirects=False).status_code == 303

    def test_six_places_are_too_many(self, guest: Staff) -> None:
        assert guest.get("/desk/compare", params={"q": "歇业", "place": ["达拉特旗"] * 6}).status_code == 422


class TestCorrections:
    def test_colleagues_see_it_on_the_same_question_and_owners_do_not(self, service: Service, wang: Staff) -> None:
        asked = {"question": "个转企，补助多少", "jurisdiction": "达拉特旗", "as_of": "2026-11-20"}
        before = TestClient(service.app).post("/api/ask", json=asked).json()
        saved = wang.post("/desk/corrections", json=correction())
        assert saved.status_code == 200
        assert "一次性十万元。" in saved.text
        li = Staff(service.app, "li")
        seen = li.post("/desk/answer", json=asked).text
        assert "wang" in seen
        assert "一次性十万元。" in seen
        assert "data-drop" not in seen  # only who made it may withdraw it
        elsewhere = li.post("/desk/answer", json=asked | {"jurisdiction": "磴口县"}).text
        assert "一次性十万元。" not in elsewhere
        after = TestClient(service.app).post("/api/ask", json=asked).json()
        assert all(before[key] == after[key] for key in ("answer", "citations", "status", "notices"))

    def test_it_is_exported_as_a_case_that_can_be_run(self, service: Service, wang: Staff, tmp_path: Path) -> None:
        wang.post("/desk/corrections", json=correction(question="骑手有补贴吗", clauses=[], wording=""))
        wang.post("/desk/corrections", json=correction(question="个转企\n补助"))
        file = tmp_path / "cases.jsonl"
        file.write_bytes(wang.get("/desk/corrections.jsonl").content)
        cases = {case.question: case for case in read_cases(file)}
        check_evidence(cases.values(), service.corpus.huiwen.clauses)
        assert cases["骑手有补贴吗"].expect == "abstain"
        assert cases["个转企 补助"].flags == ("expired",)
        assert cases["个转企 补助"].asker == "hotline"
        assert cases["个转企 补助"].reference_answer == "一次性十万元。"
        assert cases["骑手有补贴吗"].reference_answer is None

    def test_only_its_author_withdraws_it(self, service: Service, wang: Staff) -> None:
        saved = wang.post("/desk/corrections", json=correction(question="歇业多久", wording="<script>x</script>")).text
        assert "<script" not in saved
        (kept,) = re.findall(r'data-drop="(\w+)"', saved)
        assert Staff(service.app, "li").delete(f"/desk/corrections/{kept}").status_code == 404
        assert wang.delete(f"/desk/corrections/{kept}", headers={"X-CSRF-Token": ""}).status_code == 403
        assert wang.delete(f"/desk/corrections/{kept}").status_code == 204
        assert kept not in wang.get("/desk/corrections").text

    @pytest.mark.parametrize(
        "changes",
        [{"clauses": ["none#1"]}, {"clauses": [GRANT] * 11}, {"question": ""}, {"as_of": "x"}, {"staff": "li"},
         {"jurisdiction": "没有的地方"}, {"wording": "说" * 5001}],
    )  # fmt: skip
    def test_what_cannot_be_is_refused(self, wang: Staff, changes: dict[str, object]) -> None:
        refused = wang.post("/desk/corrections", json=correction(**changes))
        assert refused.status_code == 422, refused.text
        assert json.loads(refused.text)["error"]["message"]


class TestFigures:
    def test_questions_are_counted_without_personal_data(self, service: Service, wang: Staff) -> None:
        owner = TestClient(service.app)
        for question in ("网约车司机的茶叶补贴，我电话13812345678", "个转企有补助吗"):
            owner.post("/api/ask", json={"question": question, "jurisdiction": "岚县"})
        page = wang.get("/desk/figures").text
        table = wang.get("/desk/figures.csv")
        assert table.content.startswith(b"\xef\xbb\xbf")
        assert re.search(r"按属地,岚县,,,[1-9]", table.text)
        assert "个转企" in table.text
        for told in (page, table.text):
            assert "岚县" in told
            assert "13812345678" not in told
        assert wang.get("/desk/figures?days=0").status_code == 422
