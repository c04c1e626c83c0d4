"""What a restore puts back, what it refuses, and that it changes all or nothing."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from bot.backup import CONTENTS, back_up
from bot.cli import app
from bot.restore import restore
from ingest.errors import BackupError
from ingest.settings import Settings

Run = Callable[..., Result]


def install(folder: Path) -> Settings:
    """An installation of one document."""
    (folder / "corpus" / "documents").mkdir(parents=True)
    (folder / "corpus" / "documents" / "a.txt").write_text("某旗通知", encoding="utf-8")
    for name in ("staff", "drafts.jsonl"):
        (folder / name).write_text(name, encoding="utf-8")
    return Settings(
        corpus=folder / "corpus",
        index=folder / "index",
        answer_log="",
        staff=folder / "staff",
        drafts=folder / "drafts.jsonl",
    )


def look(folder: Path) -> dict[Path, bytes]:
    """Every file but the lock, and what is in it."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "build.lock")
    return {path: path.read_bytes() for path in files}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """One in the test's own folder."""
    return install(tmp_path)


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on it."""
    for name in ("corpus", "index", "answer_log", "staff", "drafts"):
        monkeypatch.setenv(f"HUIWEN_{name.upper()}", str(getattr(settings, name)))
    return lambda *arguments: CliRunner().invoke(app, [str(one) for one in arguments])


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


def test_a_folder_of_anything_else_is_not_emptied(settings: Settings, tmp_path: Path) -> None:
    back_up(settings, tmp_path / "huiwen.zip")
    (tmp_path / "home" / "photos").mkdir(parents=True)
    mistyped = Settings(corpus=tmp_path / "home", index=tmp_path / "i", staff=tmp_path / "s", drafts=tmp_path / "d")
    with pytest.raises(BackupError, match="--overwrite"):
        restore(mistyped, tmp_path / "huiwen.zip")
    assert list((tmp_path / "home").iterdir()) == [tmp_path / "home" / "photos"]


def test_what_fails_midway_leaves_all_as_it_was(settings: Settings, tmp_path: Path) -> None:
    archive = tmp_path / "huiwen.zip"
    back_up(settings, archive)
    (settings.corpus / "documents" / "later.txt").write_text("后来的", encoding="utf-8")
    before = look(tmp_path)
    # The corpus is put in place first; then there can be no folder for the accounts where a file is.
    broken = settings.model_copy(update={"staff": archive / "staff"})
    with pytest.raises(BackupError, match="all is as it was"):
        restore(broken, archive, overwrite=True)
    assert look(tmp_path) == before
    restore(settings, archive, overwrite=True)
    assert set(before) - set(look(tmp_path)) == {settings.corpus / "documents" / "later.txt"}
    assert list(tmp_path.rglob("*before-restore*")) == []


@given(data=st.data())
def test_a_damaged_archive_is_restored_whole_or_not_at_all(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    settings = install(tmp_path_factory.mktemp("damaged"))
    archive = settings.corpus.parent / "huiwen.zip"
    back_up(settings, archive)
    packed = bytearray(archive.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        packed[data.draw(st.integers(0, len(packed) - 1))] = data.draw(st.integers(0, 255))
    archive.write_bytes(packed[: data.draw(st.integers(len(packed) // 2, len(packed)))])
    before = look(settings.corpus.parent)
    with suppress(BackupError):
        restore(settings, archive, overwrite=True)
    assert look(settings.corpus.parent) == before


@pytest.mark.parametrize(("offset", "value"), [(6, 1), (8, 99), (8, 14)])  # encrypted, unknown, LZMA
def test_an_archive_that_is_packed_otherwise_is_told(
    settings: Settings, tmp_path: Path, offset: int, value: int
) -> None:
    archive = tmp_path / "huiwen.zip"
    back_up(settings, archive)
    packed = bytearray(archive.read_bytes())
    for mark, shift in ((b"PK\x03\x04", 0), (b"PK\x01\x02", 2)):  # a file's own header, and that in the directory
        at = packed.find(mark) + shift + offset
        packed[at] = value
    archive.write_bytes(packed)
    with pytest.raises(BackupError, match="whole"):
        restore(settings, archive, overwrite=True)


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
