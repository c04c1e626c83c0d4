"""The index is built in a process of its own, which gives way and tells what the build in this process would."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.beside import build_beside
from ingest.errors import SettingsError
from ingest.generation import current_name
from ingest.settings import ROOT
from tests.fakes_ingest import write_corpus


def test_a_process_of_its_own_builds_and_tells_its_progress(tmp_path: Path) -> None:
    settings = write_corpus(tmp_path)
    (settings.corpus / "documents" / "broken.txt").write_bytes(b"\x00\xff\xfe\x01" * 50)
    steps: list[tuple[str, int, int]] = []
    nice = os.nice(0)
    report = build_beside(settings, lambda *step: steps.append(step))
    assert [file.file for file in report.files if file.error] == ["broken.txt"]
    assert ("parse", 3, 3) in steps
    assert steps[-1] == ("encode", report.passages, report.passages)
    assert current_name(settings.index)
    assert os.nice(0) == nice  # this process answers, and goes on as it was


def test_what_is_wrong_is_told_as_in_this_process(tmp_path: Path) -> None:
    settings = write_corpus(tmp_path)
    (tmp_path / "corpus" / "documents").rename(tmp_path / "elsewhere")
    with pytest.raises(SettingsError, match="has no folder documents"):
        build_beside(settings, lambda *_: None)


@pytest.mark.parametrize(("program", "gives_way"), [(("bot", "ingest"), True), (("bot", "search", "ingest"), False)])
def test_only_an_ingest_gives_way(program: tuple[str, ...], gives_way: bool) -> None:
    code = "import os, sys; from ingest.give_way import give_way_if_ingest as go; go(); print(os.nice(0))"
    command = [sys.executable, "-c", code, *program[1:]]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert (int(told.stdout) > os.nice(0)) is (gives_way and os.nice(0) < 19)
