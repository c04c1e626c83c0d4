"""Backed up, lost, restored: the same answers, the same votes; and what a restore refuses."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from bot.answer_log import AnswerLog
from bot.app import open_huiwen
from bot.backup import CONTENTS, back_up, restore
from bot.cli import app
from bot.contract import AskRequest
from bot.corpus_audit import CorpusAudit
from bot.recorder import Recorder
from ingest.build import keep_builds_out
from ingest.errors import BackupError, IndexBusy
from ingest.settings import Settings
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


def test_nothing_is_overwritten_unless_told(settings: Settings, run: Run, tmp_path: Path) -> None:
    archive = tmp_path / "huiwen.zip"
    back_up(settings, archive)
    later = settings.corpus / "documents" / "later.txt"
    later.write_text("后来的", encoding="utf-8")
    refused = run("restore", archive)
    assert refused.exit_code == 1
    assert "--overwrite" in refused.output
    assert later.exists()
    assert run("restore", archive, "--overwrite").exit_code == 0
    assert not later.exists()


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


def write(path: Path, files: dict[str, bytes], sha256: dict[str, str], form: int = 1) -> Path:
    """An archive of a stranger's."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        archive.writestr(CONTENTS, json.dumps({"format": form, "sha256": sha256}))
    return path


EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(
    ("files", "sha256", "form"),
    [
        ({"corpus/../../evil": b""}, {"corpus/../../evil": EMPTY}, 1),
        ({"/etc/evil": b""}, {"/etc/evil": EMPTY}, 1),
        ({"corpus": b""}, {"corpus": EMPTY}, 1),
        ({"other": b""}, {"other": EMPTY}, 1),
        ({"corpus/a": b"changed"}, {"corpus/a": EMPTY}, 1),
        ({"corpus/a": b"", "corpus/b": b""}, {"corpus/a": EMPTY}, 1),
        ({}, {"corpus/a": EMPTY}, 1),
        ({"corpus/a": b""}, {"corpus/a": EMPTY}, 2),
    ],
)
def test_an_archive_that_is_not_ours_changes_nothing(
    settings: Settings, tmp_path: Path, files: dict[str, bytes], sha256: dict[str, str], form: int
) -> None:
    before = sorted(tmp_path.rglob("*"))
    archive = write(tmp_path / "x.zip", files, sha256, form)
    with pytest.raises(BackupError):
        restore(settings, archive, overwrite=True)
    assert sorted(tmp_path.rglob("*")) == sorted([*before, archive])


def test_a_file_that_is_no_archive_is_told(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"no archive")
    for name in ("x.zip", "none.zip"):
        with pytest.raises(BackupError):
            restore(settings, tmp_path / name, overwrite=True)


def make_archive(path: Path, name: str, size: int) -> Path:
    """An archive with a file of so many zeros."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive, archive.open(name, "w") as file:
        for _ in range(size >> 20):
            file.write(bytes(1 << 20))
    return path


@pytest.mark.parametrize(("name", "size"), [("corpus/documents/a.txt", 80), (CONTENTS, 20)])
def test_an_archive_that_would_fill_disk_or_memory_is_not_unpacked(
    settings: Settings, run: Run, tmp_path: Path, name: str, size: int
) -> None:
    result = run("restore", make_archive(tmp_path / "bomb.zip", name, size << 20), "--overwrite")
    assert result.exit_code == 1
    assert f"unpacks to {size} MB, more than a backup of its size does; do not use it" in result.output.replace(
        "\n", " "
    )
    assert list(settings.corpus.parent.glob(".huiwen-restore-*")) == []
    assert (settings.corpus / "documents").exists()


@given(name=st.text(st.sampled_from("a./\\: corpus"), min_size=1, max_size=30))
def test_no_name_leads_out_of_the_corpus(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    folder = tmp_path_factory.mktemp("restored")
    settings = Settings(corpus=folder / "corpus", index=folder / "index", drafts=folder / "drafts")
    with suppress(BackupError):
        restore(settings, write(folder / "x.zip", {name: b""}, {name: EMPTY}), overwrite=True)
    made = {path for path in folder.rglob("*") if path.is_file()} - {folder / "x.zip", folder / "index" / "build.lock"}
    assert all(path.is_relative_to(folder / "corpus") for path in made)
