"""What the doctor finds, in each state that an installation can be in."""

from __future__ import annotations

import json
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.doctor import Doctor
from ingest.settings import ROOT
from tests.corpus_fixture import Corpus

Examine = Callable[..., dict[str, dict[str, str]]]


@pytest.fixture
def examine(corpus: Corpus, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Examine:
    """Examines the five documents with some settings changed; what was found by the check's name."""
    variables = {**corpus.environment(), "HUIWEN_ANSWER_LOG": f"sqlite:///{tmp_path}/log/answers.db"}

    def run(**changed: object) -> dict[str, dict[str, str]]:
        for name, value in {**variables, **changed}.items():
            monkeypatch.setenv(name, str(value))
        result = CliRunner().invoke(app, ["doctor", "--json"])
        findings: list[dict[str, Any]] = json.loads(result.stdout)
        assert result.exit_code == any(one["state"] == "broken" for one in findings), result.output
        return {one["check"]: one for one in findings}

    return run


@pytest.fixture
def glance(examine: Examine, tmp_path: Path) -> Examine:
    """Examines where there is no index, which takes longest to look at."""
    return partial(examine, HUIWEN_INDEX=tmp_path / "none")


@pytest.fixture
def index(corpus: Corpus, tmp_path: Path) -> Path:
    """A copy of the index that a test may damage."""
    return Path(shutil.copytree(corpus.settings.index, tmp_path / "index"))


@pytest.fixture
def free_port() -> Iterator[int]:
    """One that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        yield probe.getsockname()[1]


def test_all_is_well(examine: Examine) -> None:
    findings = examine()
    assert {one["state"] for one in findings.values()} <= {"ok"}
    assert "5 documents" in findings["index"]["found"]


def test_people_get_a_line_a_check(corpus: Corpus, examine: Examine) -> None:
    checks = list(examine())
    lines = CliRunner().invoke(app, ["doctor"]).stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["ok"] * len(checks)


def test_a_setting_that_cannot_be_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIWEN_RESULTS", "0")
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == 1
    assert "HUIWEN_RESULTS" in result.output


def test_no_encoder(examine: Examine, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    findings = examine(HUIWEN_ENCODER=tmp_path / "empty")
    assert findings["encoder"]["state"] == "broken"
    assert findings["index"]["state"] == "warning"


def test_no_corpus_and_an_empty_one(glance: Examine, tmp_path: Path) -> None:
    assert glance(HUIWEN_CORPUS=tmp_path / "none")["corpus"]["state"] == "broken"
    (tmp_path / "bare" / "documents").mkdir(parents=True)
    assert glance(HUIWEN_CORPUS=tmp_path / "bare")["corpus"]["state"] == "broken"


def test_no_index_names_the_command(examine: Examine, tmp_path: Path) -> None:
    found = examine(HUIWEN_INDEX=tmp_path / "none")["index"]
    assert found["state"] == "broken"
    assert "huiwen ingest" in found["found"]


def test_an_index_of_another_encoder(examine: Examine, index: Path) -> None:
    for info in index.glob("*/info.json"):
        info.write_text(json.dumps({**json.loads(info.read_text("utf-8")), "encoder_digest": "another"}), "utf-8")
    assert examine(HUIWEN_INDEX=index)["index"]["state"] == "broken"


def test_a_damaged_index(examine: Examine, index: Path) -> None:
    for catalog in index.glob("*/catalog.sqlite"):
        catalog.write_bytes(b"damaged")
    for info in index.glob("*/lexical/meta.json"):
        info.write_bytes(b"{")
    found = examine(HUIWEN_INDEX=index)["index"]
    assert found["state"] == "broken"
    assert "huiwen ingest" in found["found"]


def test_an_index_older_than_the_corpus(examine: Examine, corpus: Corpus, tmp_path: Path) -> None:
    changed = Path(shutil.copytree(corpus.settings.corpus, tmp_path / "corpus"))
    (changed / "documents" / "new.txt").write_text("某旗通知\n\n一、补贴\n\n给予补贴。\n", encoding="utf-8")
    found = examine(HUIWEN_CORPUS=changed)["index"]
    assert found["state"] == "warning"
    assert "huiwen ingest" in found["found"]


@pytest.mark.parametrize(("gibi", "state"), [(0.1, "broken"), (0.5, "warning"), (5, "ok")])
def test_a_disk_that_is_full_or_nearly(corpus: Corpus, tmp_path: Path, gibi: float, state: str) -> None:
    settings = corpus.settings.model_copy(update={"index": tmp_path / "none"})
    findings = {one.check: one for one in Doctor(settings, lambda _: int(gibi * (1 << 30))).examine()}
    assert findings["disk"].state == state


def test_an_answer_log_that_is_no_database_or_cannot_be_reached(
    glance: Examine, tmp_path: Path, free_port: int
) -> None:
    (tmp_path / "answers.db").write_bytes(b"no database" * 500)
    assert glance(HUIWEN_ANSWER_LOG=f"sqlite:///{tmp_path}/answers.db")["answer log"]["state"] == "broken"
    found = glance(HUIWEN_ANSWER_LOG=f"postgresql://huiwen:geheim@127.0.0.1:{free_port}/x")["answer log"]
    assert found["state"] == "broken"
    assert "geheim" not in found["found"]


def test_an_answer_log_that_is_there_or_switched_off(glance: Examine, tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "answers.db").execute("CREATE TABLE answers (id)").connection.close()
    assert glance(HUIWEN_ANSWER_LOG=f"sqlite:///{tmp_path}/answers.db")["answer log"]["state"] == "ok"
    assert glance(HUIWEN_ANSWER_LOG="")["answer log"]["state"] == "ok"


def test_a_log_whose_folder_cannot_be_made_or_whose_url_is_none(glance: Examine, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for url in (f"sqlite:///{tmp_path}/file/answers.db", "postgresql://127.0.0.1:abc/x"):
        assert glance(HUIWEN_ANSWER_LOG=url)["answer log"]["state"] == "broken"


def test_a_damaged_log_that_sqlite_tells_in_a_row(glance: Examine, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "answers.db") as database:
        database.execute("CREATE TABLE answers (id)")
        database.execute("INSERT INTO answers VALUES (NULL)")
        database.execute("PRAGMA writable_schema = ON")
        database.execute("UPDATE sqlite_schema SET sql = 'CREATE TABLE answers (id NOT NULL)'")
    database.close()
    found = glance(HUIWEN_ANSWER_LOG=f"sqlite:///{tmp_path}/answers.db")["answer log"]
    assert found["state"] == "broken"
    assert "NULL value in answers.id" in found["found"]


# Root may do anything: who is root examines as nobody. All is imported while that may be read.
_EXAMINE = """
import os
import bot.database, bot.request_log, bot.staff, ingest.corpus, ingest.encoder, ingest.topics
from bot.doctor import Doctor
from ingest.settings import Settings

settings = Settings()
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
for one in Doctor(settings).examine():
    print(one.check, one.state, sep="|")
"""


def test_what_is_closed_to_this_account_is_told_and_ends_nothing(corpus: Corpus) -> None:
    with tempfile.TemporaryDirectory() as folder:  # pytest's own are closed to other users
        closed = Path(folder) / "closed"
        closed.mkdir(0o000)
        Path(folder).chmod(0o555)
        places = {f"HUIWEN_{name}": f"{closed}/x" for name in ("CORPUS", "STAFF", "ENCODER")}
        for log in (closed / "answers.db", Path(folder) / "answers.db"):
            environment = {**corpus.environment(), **places, "HUIWEN_ANSWER_LOG": f"sqlite:///{log}"}
            ran = subprocess.run(
                [sys.executable, "-c", _EXAMINE], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
            )
            states = dict(line.split("|") for line in ran.stdout.splitlines())
            assert len(states) == 8
            assert {states[check] for check in ("encoder", "corpus", "answer log", "staff")} == {"broken"}
        Path(folder).chmod(0o700)


def test_staff_accounts(glance: Examine, tmp_path: Path) -> None:
    file = tmp_path / "staff"
    assert "huiwen staff" in glance(HUIWEN_STAFF=file)["staff"]["found"]
    file.write_text("no account\n", encoding="utf-8")
    assert glance(HUIWEN_STAFF=file)["staff"]["state"] == "broken"
    file.write_text("wang:scrypt$16384$8$5$YWJj$YWJj\n", encoding="utf-8")
    file.chmod(0o644)
    assert glance(HUIWEN_STAFF=file)["staff"]["state"] == "warning"
    file.chmod(0o600)
    assert glance(HUIWEN_STAFF=file)["staff"]["state"] == "ok"


def test_a_model_that_is_unknown_or_out_of_reach(glance: Examine, free_port: int) -> None:
    assert glance(HUIWEN_MODEL="nobody:none")["model"]["state"] == "broken"
    url = f"http://127.0.0.1:{free_port}/v1"
    assert glance(HUIWEN_MODEL="openai:x", HUIWEN_MODEL_URL=url)["model"]["state"] == "warning"
    for url in ("http://x:abc", "http://", "127.0.0.1/v1", "http://[::1/v1"):
        found = glance(HUIWEN_MODEL="openai:x", HUIWEN_MODEL_URL=url)["model"]
        assert (found["state"], found["found"].startswith("HUIWEN_MODEL_URL=")) == ("broken", True)
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        assert glance(HUIWEN_MODEL="openai:x", HUIWEN_MODEL_URL=url)["model"]["state"] == "ok"


def test_what_the_network_sees(glance: Examine) -> None:
    assert glance(HUIWEN_TRUSTED_PROXIES="999.1")["network"]["state"] == "broken"
    assert glance(HUIWEN_TRUSTED_PROXIES="", HUIWEN_WIDGET_ORIGINS="http://a.cn")["network"]["state"] == "warning"
    assert glance(HUIWEN_WIDGET_ORIGINS="https://a.cn", HOST="0.0.0.0")["network"]["state"] == "warning"
    assert glance(HUIWEN_TRUSTED_PROXIES="10.0.0.1")["network"]["state"] == "ok"
