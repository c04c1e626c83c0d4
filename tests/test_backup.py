"""Backed up, lost, restored: the same answers, the same votes; and what a backup lacks is told."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.answer_log import AnswerLog
from bot.app import open_huiwen
from bot.backup import CONTENTS, back_up
from bot.cli import app
from bot.contract import AskRequest
from bot.corpus_audit import CorpusAudit
from bot.recorder import Recorder
from ingest.build import keep_builds_out
from ingest.errors import BackupError, IndexBusy
from ingest.settings import ROOT, Settings
from tests.corpus_fixture import Corpus

Run = Callable[..., Result]
QUESTION = AskRequest(question="个转企补助多少", jurisdiction="达拉特旗", as_of=date(2026, 11, 20))


@pytest.fixture
def settings(corpus: Corpus, tmp_path: Path) -> Settings:
    """An installation that a test may lose."""
    shutil.copytree(corpus.settings.corpus, tmp_path / "corpus")
    shutil.copytree(corpus.settings.index, tmp_path / "index")
    (tmp_path / "staff").write_text("wang:scrypt$16384$8$5$YWJj$YWJj\n", encoding="utf-8")
    (tmp_path / "drafts.jsonl").write_text("{}\n", encoding="utf-8")
    return Settings(
        corpus=tmp_path / "corpus",
        index=tmp_path / "index",
        answer_log=f"sqlite:///{tmp_path}/log/answers.db",
        staff=tmp_path / "staff",
        drafts=tmp_path / "drafts.jsonl",
    )


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on it."""
    for name in ("corpus", "index", "answer_log", "staff", "drafts"):
        monkeypatch.setenv(f"HUIWEN_{name.upper()}", str(getattr(settings, name)))
    return lambda *arguments: CliRunner().invoke(app, [str(one) for one in arguments])


def lose(settings: Settings) -> None:
    """Delete everything."""
    assert settings.staff
    for folder in (settings.corpus, settings.index, settings.corpus.parent / "log"):
        shutil.rmtree(folder)
    settings.staff.unlink()
    settings.drafts.unlink()


def test_after_a_loss_the_same_is_answered_and_known(settings: Settings, run: Run, tmp_path: Path) -> None:
    huiwen = open_huiwen(settings)
    log = AnswerLog(settings.answer_log, 180)
    before = Recorder(huiwen, huiwen.gazetteer, log).ask(QUESTION)
    assert log.vote(before.id, "down", "数字不对")
    with CorpusAudit(settings.answer_log).recording("wang", "added", "x.txt", "0" * 64):
        pass
    archive = tmp_path / "huiwen.zip"
    result = run("backup", archive)  # the log is still open, as while the service runs
    assert result.exit_code == 0, result.output
    assert archive.stat().st_mode & 0o077 == 0
    log.close()
    huiwen.resources().index.close()  # the service that is lost: Chroma keeps what is open by its path
    lose(settings)

    result = run("restore", archive)
    assert result.exit_code == 0, result.output
    assert "huiwen ingest" in result.stdout
    assert run("ingest", "--json").exit_code == 0
    after = open_huiwen(settings).ask(QUESTION)
    assert (after.answer, after.citations) == (before.answer, before.citations)
    kept = AnswerLog(settings.answer_log, 180).get(before.id)
    assert kept is not None
    assert (kept.verdict, kept.comment, kept.answer) == ("down", "数字不对", before.answer)
    assert [change.staff for change in CorpusAudit(settings.answer_log).latest(10)] == ["wang"]
    assert settings.staff is not None
    assert "wang:" in settings.staff.read_text(encoding="utf-8")
    assert settings.staff.stat().st_mode & 0o077 == 0
    assert settings.drafts.exists()


def test_a_log_that_is_written_meanwhile_is_copied_whole(settings: Settings, tmp_path: Path) -> None:
    log = AnswerLog(settings.answer_log, 180)
    assert log.prune() == 0  # the database is there now, with what it writes ahead beside it
    back_up(settings, tmp_path / "huiwen.zip")
    with zipfile.ZipFile(tmp_path / "huiwen.zip") as archive:
        archive.extract("answers.db", tmp_path)
    with sqlite3.connect(tmp_path / "answers.db") as copied:
        assert copied.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copied.execute("SELECT count(*) FROM answers").fetchone() == (0,)
    copied.close()
    log.close()


def test_a_database_server_is_said_to_be_left_out(settings: Settings, tmp_path: Path) -> None:
    there = settings.model_copy(update={"answer_log": "postgresql://huiwen:geheim@db/answers"})
    (left,) = back_up(there, tmp_path / "huiwen.zip").left_out
    assert "pg_dump" in left
    assert "geheim" not in left


def test_while_an_ingest_runs_it_waits_for_nobody(settings: Settings, tmp_path: Path) -> None:
    with keep_builds_out(settings.index), pytest.raises(IndexBusy):
        back_up(settings, tmp_path / "huiwen.zip")
    assert not list(tmp_path.glob("*.zip"))
    with pytest.raises(BackupError):
        back_up(settings, tmp_path / "none" / "huiwen.zip")


def test_what_is_set_but_not_there_is_named(settings: Settings, run: Run, tmp_path: Path) -> None:
    assert settings.staff
    settings.staff.unlink()
    settings.drafts.unlink()
    (settings.corpus / "documents" / "link.txt").symlink_to(settings.corpus / "manifest.csv")
    (settings.corpus / "documents" / "linked").symlink_to(settings.corpus / "topics")
    told = json.loads(run("backup", tmp_path / "huiwen.zip", "--json").stdout)["left_out"]
    assert [one.partition(": ")[0].rpartition("/")[2] for one in told] == [
        "link.txt",
        "linked",
        "answers.db",
        "staff",
        "drafts.jsonl",
    ]
    assert run("backup", tmp_path / "huiwen.zip").stdout.count("NOT in it: ") == len(told)


def test_a_backup_of_no_document_is_none(settings: Settings, run: Run, tmp_path: Path) -> None:
    shutil.rmtree(settings.corpus / "documents")
    for _ in ("no folder", "an empty one"):
        result = run("backup", tmp_path / "huiwen.zip")
        assert result.exit_code == 1
        assert "HUIWEN_CORPUS" in result.output
        (settings.corpus / "documents").mkdir(exist_ok=True)
    assert not list(tmp_path.glob("*.zip"))


def test_an_archive_does_not_go_into_itself(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(settings.corpus / "documents")
    for folder in (settings.corpus, tmp_path / "link"):
        with pytest.raises(BackupError, match="outside"):
            back_up(settings, folder / "huiwen.zip")


def test_a_file_that_changes_meanwhile_fits_its_digest(settings: Settings, tmp_path: Path) -> None:
    growing = settings.corpus / "documents" / "growing.txt"
    done = threading.Event()

    def grow() -> None:
        while not done.is_set():
            growing.write_bytes(os.urandom(2 << 20))

    with ThreadPoolExecutor() as pool:
        growing.write_bytes(b"")
        writing = pool.submit(grow)
        try:
            back_up(settings, tmp_path / "huiwen.zip")
        finally:
            done.set()
        writing.result()
    with zipfile.ZipFile(tmp_path / "huiwen.zip") as archive:
        digests = json.loads(archive.read(CONTENTS))["sha256"]
        for name, digest in digests.items():
            assert hashlib.sha256(archive.read(name)).hexdigest() == digest


# Root may read anything: who is root backs up as nobody. All is imported while that may be read.
_BACK_UP = """
import os, sys
from pathlib import Path
from bot.backup import back_up
from ingest.errors import BackupError
from ingest.settings import Settings

folder = Path(sys.argv[1])
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
settings = Settings(corpus=folder / "corpus", index=folder / "index", answer_log="", drafts=folder / "drafts")
try:
    back_up(settings, folder / "huiwen.zip")
except BackupError as error:
    print(error)
"""


def test_a_folder_that_cannot_be_read_is_not_passed_over() -> None:
    with tempfile.TemporaryDirectory() as folder:  # pytest's own are closed to other users
        closed = Path(folder) / "corpus" / "documents" / "closed"
        closed.mkdir(parents=True)
        (closed.parent / "a.txt").write_text("某旗通知", encoding="utf-8")
        closed.chmod(0)
        Path(folder).chmod(0o777)
        command = [sys.executable, "-c", _BACK_UP, folder]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        assert str(closed) in ran.stdout
        assert not (Path(folder) / "huiwen.zip").exists()
        closed.chmod(0o700)
