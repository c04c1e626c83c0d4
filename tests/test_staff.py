"""Staff accounts and their login: the file, the lock, the command, and the whole service as a process."""

from __future__ import annotations

import json
import os
import socket
import stat
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from typer.testing import CliRunner, Result

from bot.staff import (
    LOCKED,
    WRONG_PASSWORDS,
    StaffAccounts,
    StaffLogin,
    hash_password,
    is_password,
    open_staff_login,
)
from eval.cli import app
from ingest.errors import SettingsError
from ingest.settings import ROOT, Settings
from tests.browsing import CHROMIUM, launch
from tests.corpus_fixture import Corpus
from tests.fakes import CHEAP

WANG = ("wang", "correct horse")
OUTSIDE = ("/eval/", "/eval/config", "/eval/gradio_api/queue/join", "/eval/gradio_api/queue/data",
           "/eval/gradio_api/heartbeat/x", "/eval/gradio_api/reset", "/eval/gradio_api/cancel", "/eval/theme.css",
           "/eval/gradio_api/startup-events", "/eval/gradio_api/upload", "/eval/assets/x.js")  # fmt: skip


@pytest.fixture
def accounts(tmp_path: Path) -> StaffAccounts:
    accounts = StaffAccounts(tmp_path / "safe" / "staff", CHEAP)
    accounts.set_password(*WANG)
    return accounts


class Clock:
    """Stands still until it is moved."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def guarded(accounts: StaffAccounts, clock: Clock) -> TestClient:
    """A service that tells who asks."""
    login = StaffLogin(accounts, clock)

    async def who(request: Request) -> PlainTextResponse:
        return PlainTextResponse(await login(request))

    return TestClient(Starlette(routes=[Route("/", who)]))


class TestAccounts:
    def test_a_password_is_kept_as_a_hash_of_its_own_salt(self, accounts: StaffAccounts) -> None:
        kept = accounts.read()["wang"]
        assert hash_password(WANG[1]).startswith("scrypt$16384$8$5$")
        assert "correct" not in accounts.file.read_text(encoding="utf-8")
        assert is_password(WANG[1], kept)
        assert not is_password("wrong horse", kept)
        assert hash_password(WANG[1]) != kept

    def test_the_file_is_its_owners_alone_and_replaced_whole(self, accounts: StaffAccounts) -> None:
        before = accounts.read()
        accounts.set_password("li", "another one")
        accounts.set_password("wang", "a new password")
        assert list(accounts.read()) == ["wang", "li"]
        assert accounts.read()["wang"] != before["wang"]
        assert stat.S_IMODE(accounts.file.stat().st_mode) == 0o600
        assert [file.name for file in accounts.file.parent.iterdir()] == ["staff"]

    @pytest.mark.parametrize("name", ["", "wang:li", "王", "a b", "x" * 41])
    def test_a_name_that_no_browser_can_send_is_refused(self, accounts: StaffAccounts, name: str) -> None:
        with pytest.raises(SettingsError, match="NAME="):
            accounts.set_password(name, WANG[1])

    @pytest.mark.parametrize("password", ["short", "一二三四五六七八", "tab\tinside it", "x" * 201])
    def test_a_password_that_no_browser_can_send_is_refused(self, accounts: StaffAccounts, password: str) -> None:
        with pytest.raises(SettingsError, match="password"):
            accounts.set_password("li", password)

    @pytest.mark.parametrize("line", ["wang", "wang:1234", "wang:scrypt$1$2", "::"])
    def test_a_malformed_line_is_named(self, accounts: StaffAccounts, line: str) -> None:
        with accounts.file.open("a") as file:
            file.write(f"\n{line}\n")
        with pytest.raises(SettingsError, match=r"staff:3: is not name:hash"):
            accounts.read()

    def test_a_file_that_cannot_be_read_or_has_nobody_is_told(self, tmp_path: Path) -> None:
        assert open_staff_login(Settings()) is None
        with pytest.raises(SettingsError, match="holds no account yet"):
            open_staff_login(Settings(staff=tmp_path / "none"))
        with pytest.raises(SettingsError, match="cannot be read"):
            open_staff_login(Settings(staff=tmp_path))
        with pytest.raises(SettingsError, match="cannot be read"):
            StaffAccounts(Path("/dev/null/staff")).set_password(*WANG)


class TestLogin:
    def test_a_browser_is_asked_and_let_in(self, accounts: StaffAccounts) -> None:
        client = guarded(accounts, Clock())
        asked = client.get("/")
        assert asked.status_code == 401
        assert asked.headers["www-authenticate"] == 'Basic realm="Huiwen staff"'
        assert client.get("/", auth=WANG).text == "wang"
        for wrong in (("wang", "wrong horse"), ("li", WANG[1]), ("", ""), ("wang", "")):
            assert client.get("/", auth=wrong).status_code == 401

    @pytest.mark.parametrize(
        "sent", ["Basic", "Basic !", "Bearer x", f"Basic {b64encode('王:密码'.encode()).decode()}"]
    )
    def test_what_is_no_name_and_password_is_asked_again(self, accounts: StaffAccounts, sent: str) -> None:
        assert guarded(accounts, Clock()).get("/", headers={"Authorization": sent}).status_code == 401

    def test_too_many_wrong_passwords_lock_a_name_for_a_while(self, accounts: StaffAccounts) -> None:
        clock = Clock()
        client = guarded(accounts, clock)
        for _ in range(WRONG_PASSWORDS):
            assert client.get("/", auth=("wang", "wrong horse")).status_code == 401
            clock.now += 1
        locked = client.get("/", auth=WANG)
        assert locked.status_code == 429
        assert int(locked.headers["retry-after"]) == LOCKED - WRONG_PASSWORDS + 1
        accounts.set_password("li", "another one")
        assert client.get("/", auth=("li", "another one")).status_code == 200
        clock.now += float(locked.headers["retry-after"])
        assert client.get("/", auth=WANG).status_code == 200

    def test_who_is_in_stays_in_while_another_guesses(self, accounts: StaffAccounts) -> None:
        client = guarded(accounts, Clock())
        assert client.get("/", auth=WANG).status_code == 200
        for _ in range(WRONG_PASSWORDS + 1):
            client.get("/", auth=("wang", "wrong horse"))
        assert client.get("/", auth=WANG).status_code == 200

    def test_a_changed_or_deleted_account_holds_at_once(self, accounts: StaffAccounts) -> None:
        client = guarded(accounts, Clock())
        assert client.get("/", auth=WANG).status_code == 200
        accounts.set_password("wang", "a new password")
        assert client.get("/", auth=WANG).status_code == 401
        accounts.file.write_text("", encoding="utf-8")
        assert client.get("/", auth=("wang", "a new password")).status_code == 401


class TestCommand:
    def staff(self, name: str, told: str) -> Result:
        return CliRunner().invoke(app, ["staff", name], input=told)

    def test_a_password_is_asked_for_twice_and_not_shown(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HUIWEN_STAFF", str(tmp_path / "staff"))
        done = self.staff("wang", "correct horse\nwrong horse\ncorrect horse\ncorrect horse\n")
        assert done.exit_code == 0, done.output
        assert "horse" not in done.output
        assert is_password(WANG[1], StaffAccounts(tmp_path / "staff").read()["wang"])
        assert self.staff("wang", "short\nshort\n").exit_code == 1

    def test_without_a_file_it_says_what_to_set(self) -> None:
        done = self.staff("wang", "correct horse\ncorrect horse\n")
        assert done.exit_code == 1
        assert "HUIWEN_STAFF" in done.stderr


CONSOLE_SCRIPT = [sys.executable, "-c", "from eval.cli import app; app()"]  # by the interpreter of these tests


@contextmanager
def serving(corpus: Corpus, words: tuple[str, ...], **settings: str) -> Iterator[httpx.Client]:
    """A server on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, **corpus.environment(), "PORT": str(port), "PYTHONUNBUFFERED": "1", **settings}
    with subprocess.Popen(
        [*CONSOLE_SCRIPT, *words, "--json"],
        cwd=ROOT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as server:
        try:
            assert server.stdout
            assert server.stderr
            line = server.stdout.readline()
            assert line, server.stderr.read()
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False) as client:
                yield client
        finally:
            server.terminate()
            server.communicate(timeout=30)


@pytest.fixture(scope="module")
def eval_page(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The command eval-page, to be reached by others too, with an account."""
    folder = tmp_path_factory.mktemp("eval-page")
    StaffAccounts(folder / "staff", CHEAP).set_password(*WANG)
    own = {"HUIWEN_STAFF": f"{folder}/staff", "HUIWEN_ANSWER_LOG": f"sqlite:///{folder}/answers.db"}
    with serving(corpus, ("eval-page", "--runs", f"{folder}/runs"), HOST="0.0.0.0", **own) as client:
        yield client


class TestService:
    def test_serve_has_the_page_behind_the_login_and_owners_need_none(
        self, corpus: Corpus, accounts: StaffAccounts
    ) -> None:
        with serving(corpus, ("serve",), HUIWEN_STAFF=str(accounts.file)) as client:
            for path in OUTSIDE:
                for method in ("GET", "POST", "HEAD"):
                    refused = client.request(method, path)
                    assert refused.status_code == 401, (method, path)
                    assert refused.headers["www-authenticate"].startswith("Basic"), path
            error = client.get("/eval/").json()["error"]
            assert (error["code"], "账号" in error["message"]) == ("login_required", True)
            assert client.get("/eval/", auth=("wang", "wrong horse")).status_code == 401
            assert "惠问评测" in client.get("/eval/", auth=WANG).text
            # A page of another host cannot start a run in a browser that is logged in: it may not send JSON.
            forged = {"content": "{}", "headers": {"Content-Type": "text/plain"}, "auth": WANG}
            assert client.post("/eval/gradio_api/queue/join", **forged).status_code == 422  # type: ignore[arg-type]
            assert client.get("/").status_code == 200
            assert client.post("/api/ask", json={"question": "达拉特旗 个转企 补助多少"}).status_code == 200
            for _ in range(WRONG_PASSWORDS):
                client.get("/eval/", auth=("li", "wrong horse"))
            locked = client.get("/eval/", auth=("li", "wrong horse"))
            assert (locked.status_code, locked.json()["error"]["code"]) == (429, "login_locked")
            assert int(locked.headers["retry-after"]) > 0

    def test_eval_page_asks_too_where_there_are_accounts(self, eval_page: httpx.Client) -> None:
        assert eval_page.get("/eval/").status_code == 401
        assert "惠问评测" in eval_page.get("/eval/", auth=WANG).text

    @pytest.mark.enable_socket
    @pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: apt-get install chromium")
    def test_the_page_works_in_a_browser_that_is_logged_in(self, eval_page: httpx.Client) -> None:
        with launch() as browser:
            known = {"username": WANG[0], "password": WANG[1]}
            page = browser.new_context(http_credentials=known, locale="zh-CN").new_page()  # type: ignore[arg-type]
            page.goto(f"{eval_page.base_url}/eval/")
            expect(page.locator("#figures")).to_contain_text("还没有跑过")
            page.get_by_role("tab", name="没用的回答").click()
            expect(page.locator("#useless")).to_contain_text("还没有人点")
            assert browser.new_context().request.get(f"{eval_page.base_url}/eval/").status == 401

    @pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
    def test_eval_page_without_accounts_stays_on_this_machine(
        self, corpus: Corpus, host: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name, value in {**corpus.environment(), "HOST": host}.items():
            monkeypatch.setenv(name, value)
        done = CliRunner().invoke(app, ["eval-page"])
        assert done.exit_code == 1
        assert "HUIWEN_STAFF" in done.stderr
        assert "HOST=127.0.0.1" in done.stderr

    def test_an_empty_file_of_accounts_stops_both(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HUIWEN_STAFF", str(tmp_path / "none"))
        for name in ("serve", "eval-page"):
            done = CliRunner().invoke(app, [name])
            assert done.exit_code == 1
            assert "holds no account yet" in done.stderr

    def test_the_console_script_serves_by_the_command_that_knows_the_page(self) -> None:
        told = CliRunner().invoke(app, ["serve", "--help"]).stdout
        assert "staff accounts" in " ".join(told.split())


def test_python_m_bot_serves_owners_alone() -> None:
    told = json.dumps(
        subprocess.run(
            [sys.executable, "-m", "bot", "serve", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
    )
    assert "staff" not in told
