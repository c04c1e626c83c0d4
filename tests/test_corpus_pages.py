"""The corpus's pages over HTTP: who may, what is shown, and a file's way in and out with its record."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from bot.answer_log import AnswerLog
from bot.api import create_api
from bot.app import open_huiwen
from bot.desk import make_desk
from bot.desk_parts import POLICY, Desk
from bot.staff import StaffAccounts, StaffLogin
from prompts.corpus_messages import load_corpus_messages, tell_note
from tests.corpus_fixture import Corpus, copy_settings
from tests.fakes import CHEAP
from tests.test_desk import PASSWORD, Staff

WORDS = load_corpus_messages()
WAIT = 240.0  # seconds; a build gives way to all else
HOSTILE = '<img src=x onerror="window.stolen=1"><script>window.stolen=2</script>'
TEXT = (
    f"岚县扶持手工豆腐坊办法{HOSTILE}\n一、申报条件。在岚县登记的手工豆腐坊可以申报。\n"
    f"三、补助标准。每家手工豆腐坊一次性补助4321元，全县不超过___家。{HOSTILE}\n岚县人民政府\n2026年3月1日\n"
)


@dataclass(frozen=True)
class Service:
    """The pages on a corpus of their own, with two accounts, or without any."""

    app: FastAPI
    open_app: FastAPI
    desk: Desk
    corpus: Corpus

    @property
    def documents(self) -> Path:
        return self.corpus.settings.corpus / "documents"

    def build(self) -> str:
        """Wait for the build; how it ended."""
        assert self.desk.keeper
        assert self.desk.keeper.rebuilder.wait(WAIT)
        return self.desk.keeper.rebuilder.state.step


def make_service(corpus: Corpus, folder: Path) -> tuple[Service, AnswerLog]:
    """The service on a copy of the corpus, where a file may have one megabyte."""
    settings = copy_settings(corpus, folder).model_copy(update={"file_size": 1})
    corpus = Corpus(settings, open_huiwen(settings), corpus.tools)
    accounts = StaffAccounts(folder / "staff", CHEAP)
    for name in ("wang", "li"):
        accounts.set_password(name, PASSWORD)
    log = AnswerLog(f"sqlite:///{folder}/answers.db", 180)
    huiwen = corpus.huiwen

    def create(desk: Desk) -> FastAPI:
        return create_api(huiwen, huiwen, huiwen.gazetteer, ready=huiwen.ready, page=None, log=log, desk=desk)

    desk = make_desk(huiwen, huiwen, log, StaffLogin(accounts))
    return Service(create(desk), create(make_desk(huiwen, huiwen, log, None)), desk, corpus), log


@pytest.fixture(scope="module")
def service(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    made, log = make_service(corpus, tmp_path_factory.mktemp("keepers"))
    yield made
    log.close()


@pytest.fixture(scope="module")
def wang(service: Service) -> Staff:
    return Staff(service.app, "wang")


@pytest.fixture(scope="module")
def guest(service: Service) -> Staff:
    return Staff(service.open_app)


def send(staff: Staff, name: str, data: bytes, token: str | None = None, follow: bool = True) -> tuple[int, str, str]:
    """Upload a file; the status, the page and its address."""
    fields = {"token": staff.headers.get("X-CSRF-Token", "") if token is None else token}
    reply = staff.post("/desk/corpus/drafts", data=fields, files={"file": (name, data)}, follow_redirects=follow)
    return reply.status_code, reply.text, reply.url.path


def post(staff: Staff, path: str, token: str | None = None) -> tuple[int, str]:
    fields = {"token": staff.headers.get("X-CSRF-Token", "") if token is None else token}
    reply = staff.post(path, data=fields)
    return reply.status_code, reply.text


class TestReading:
    def test_the_list_has_every_document_with_what_it_holds(self, guest: Staff, service: Service) -> None:
        page = guest.get("/corpus")
        assert page.url.path == "/desk/corpus"
        assert page.headers["content-security-policy"] == POLICY
        for document in service.corpus.huiwen.documents():
            assert f"/desk/corpus/documents/{document.id}" in page.text
            clauses = len(service.corpus.huiwen.clauses(document.id))
            assert f'data-name="{WORDS.list.clauses}">{clauses}<' in page.text
        assert "已过期" in page.text
        assert "2025-12-31" in page.text
        assert WORDS.list.read_only in page.text
        assert 'type="file"' not in page.text

    def test_a_document_stands_beside_its_files_own_text(self, guest: Staff, service: Service) -> None:
        for document in service.corpus.huiwen.documents():
            page = guest.get(f"/desk/corpus/documents/{document.id}").text
            targets, lines = set(re.findall(r'href="#(L\d+)"', page)), set(re.findall(r'<p id="(L\d+)"', page))
            assert targets <= lines
            assert len(re.findall(r'href="#L', page)) >= 0.95 * len(service.corpus.huiwen.clauses(document.id))
            assert WORDS.document.remove not in page
        assert guest.get("/desk/corpus/documents/none").status_code == 404

    def test_remarks_of_the_parser_are_told_in_chinese(self, service: Service) -> None:
        for document in service.corpus.huiwen.documents():
            for note in document.warnings:
                assert tell_note(WORDS, note) != note, note
        assert tell_note(WORDS, "something new") == "something new"


class TestPassing:
    def test_strangers_are_sent_to_the_login_and_guests_change_nothing(self, service: Service, guest: Staff) -> None:
        stranger = Staff(service.app)
        for path in ("", "/state", "/documents/dalate-2023", "/drafts/x"):
            sent = stranger.get(f"/desk/corpus{path}", follow_redirects=False)
            assert (sent.status_code, sent.headers["location"]) == (303, "/desk/login")
        for path in ("drafts", "drafts/x/publish", "drafts/x/discard", "documents/dalate-2023/remove"):
            assert guest.post(f"/desk/corpus/{path}", data={"token": ""}).status_code in (404, 405)
            assert stranger.post(f"/desk/corpus/{path}", follow_redirects=False).status_code == 303

    def test_without_the_token_nothing_is_taken_or_removed(self, service: Service, wang: Staff) -> None:
        before = sorted(service.documents.iterdir())
        assert send(wang, "a.txt", TEXT.encode(), token="forged")[0] == 403
        assert post(wang, "/desk/corpus/documents/dalate-2023/remove", token="forged")[0] == 403
        _, _, path = send(wang, "a.txt", TEXT.encode())
        for act in ("publish", "discard"):
            assert post(wang, f"{path}/{act}", token="forged")[0] == 403
        assert sorted(service.documents.iterdir()) == before

    def test_a_colleague_does_not_get_at_a_draft(self, service: Service, wang: Staff) -> None:
        _, _, path = send(wang, "a.txt", TEXT.encode())
        li = Staff(service.app, "li")
        assert li.get(path).status_code == 404
        assert post(li, f"{path}/publish")[0] == 404
        assert wang.get(path).status_code == 200
        post(wang, f"{path}/discard")
        assert wang.get(path).status_code == 404


class TestUpload:
    def test_what_cannot_be_taken_is_told_in_words(self, service: Service, wang: Staff) -> None:
        before = sorted(service.documents.iterdir())
        status, page, _ = send(wang, "大.txt", b"x" * (1 << 20) + b"y")
        assert (status, "超过 1 MB" in page) == (413, True)
        status, page, _ = send(wang, "大.txt", b"x" * (3 << 20))
        assert (status, "超过 1 MB" in page) == (413, True)
        status, page, _ = send(wang, "空.txt", b"  ")
        assert (status, "文件里没有文字" in page) == (422, True)
        status, page, _ = send(wang, "dalate-2023.txt", TEXT.encode())
        assert (status, "编号 dalate-2023 已经是" in page) == (422, True)
        assert wang.post("/desk/corpus/drafts", data={"token": "x"}).status_code == 400
        broken = {"Content-Type": "multipart/form-data; boundary=x"}
        assert wang.post("/desk/corpus/drafts", content=b"no form", headers=broken).status_code in (400, 422)
        assert sorted(service.documents.iterdir()) == before

    def test_from_the_file_to_the_answer_and_out_again(self, service: Service, wang: Staff) -> None:
        status, page, path = send(wang, f"../../豆腐{HOSTILE}.txt", TEXT.encode())
        assert status == 200
        assert "<img" not in page
        assert re.findall(r"<script(?! src=\"/desk/static/)", page) == []
        assert "&lt;img" in page
        assert "编号“三”接在 1 后面" in page
        assert "岚县" in page
        assert WORDS.draft.note in page
        names = {one.name for one in service.documents.iterdir()}
        assert len(names) == 5

        assert post(wang, f"{path}/publish")[0] == 200
        assert TestClient(service.app).post("/api/ask", json={"question": "歇业"}).status_code == 200  # meanwhile
        assert service.build() == "done"
        (added,) = {one.name for one in service.documents.iterdir()} - names
        assert not set(added) & set("<>/\\\"'")
        asked = {"question": "手工豆腐坊补助多少", "jurisdiction": "岚县", "as_of": "2026-11-20"}
        answer = TestClient(service.app).post("/api/ask", json=asked).json()
        assert "4321元" in answer["answer"]
        page = wang.get("/desk/corpus").text
        assert WORDS.build.done in page
        document = next(one for one in service.corpus.huiwen.documents() if one.file == added)

        _, page, path = send(wang, added, TEXT.replace("4321", "1234").encode())
        assert WORDS.draft.replaces in page
        post(wang, f"{path}/publish")
        assert service.build() == "done"
        assert "1234元" in TestClient(service.app).post("/api/ask", json=asked).json()["answer"]

        assert post(wang, f"/desk/corpus/documents/{document.id}/remove")[0] == 200
        assert service.build() == "done"
        assert {one.name for one in service.documents.iterdir()} == names
        assert "1234元" not in TestClient(service.app).post("/api/ask", json=asked).json()["answer"]
        page = wang.get("/desk/corpus").text
        acts = re.findall(rf'data-name="{WORDS.audit.act}">([^<]+)<', page)
        assert acts == [WORDS.audit.removed, WORDS.audit.replaced, WORDS.audit.added]
        assert page.count(">wang<") >= 3
        assert document.digest in page

    def test_a_file_with_a_row_of_the_manifest_takes_it_along(self, service: Service, wang: Staff) -> None:
        manifest = service.corpus.settings.corpus / "manifest.csv"
        document = service.corpus.document("lanxian-2022")
        assert document.file in manifest.read_text(encoding="utf-8")
        post(wang, "/desk/corpus/documents/lanxian-2022/remove")
        assert service.build() == "done"
        assert document.file not in manifest.read_text(encoding="utf-8")
        assert WORDS.build.left_out not in wang.get("/desk/corpus").text

    def test_nothing_changes_that_cannot_be_recorded(self, service: Service, wang: Staff) -> None:
        assert service.desk.log
        before = sorted(service.documents.iterdir())
        with closing(sqlite3.connect(service.desk.log.url.removeprefix("sqlite:///"))) as database:
            database.execute("ALTER TABLE corpus_changes RENAME TO elsewhere")
            status, page = post(wang, "/desk/corpus/documents/dalate-2023/remove")
            database.execute("ALTER TABLE elsewhere RENAME TO corpus_changes")
        assert (status, WORDS.unrecorded in page) == (503, True)
        assert sorted(service.documents.iterdir()) == before
