"""The corpus is watched by a real process: a change makes a new index, a fault is told, Ctrl+C ends it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest
from typer.testing import CliRunner

from bot.cli import app
from ingest.generation import current_name
from ingest.settings import ROOT, Settings
from tests.fakes_ingest import TOPICS, write_corpus

PATIENCE = 240.0  # seconds; an ingest gives way to all else
TEXT = "康巴什区人民政府关于夜市的通知\n\n一、补贴\n\n给予夜市摊位731元补贴。\n\n2024年5月6日\n"


@contextmanager
def watching(settings: Settings) -> Iterator[subprocess.Popen[str]]:
    own = {
        "HUIWEN_CORPUS": str(settings.corpus),
        "HUIWEN_INDEX": str(settings.index),
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "200",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "ingest", "--watch", "--json"],
        env=os.environ | own,
        cwd=settings.corpus,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        patience = threading.Timer(PATIENCE, process.kill)  # ends what a test would wait for in vain
        patience.start()
        try:
            yield process
        finally:
            patience.cancel()
            process.kill()


def read_report(output: IO[str] | None) -> dict[str, Any]:
    """The next report: a JSON document that ends on a line of its own."""
    assert output is not None
    lines: list[str] = []
    for line in output:
        lines.append(line)
        if line == "}\n":
            break
    report: dict[str, Any] = json.loads("".join(lines))
    return report


def names(report: dict[str, Any]) -> set[str]:
    return {file["file"] for file in report["files"]}


def test_what_changes_is_built_until_ctrl_c(tmp_path: Path) -> None:
    settings = write_corpus(tmp_path)
    documents, topics = settings.corpus / "documents", settings.corpus / "topics"
    with watching(settings) as process:
        assert len(names(read_report(process.stdout))) == 2
        first = int(current_name(settings.index) or 0)
        (documents / "夜市.txt").write_text(TEXT, encoding="utf-8")
        report = read_report(process.stdout)
        assert "夜市.txt" in names(report)
        assert report["encoded"] < report["passages"]
        (topics / "topics.yaml").write_text("- nonsense: [\n", encoding="utf-8")
        assert process.stderr is not None
        told_first = process.stderr.readline()
        (documents / ".夜市.txt.swp").write_text("passed over", encoding="utf-8")
        (documents / "夜市.txt").unlink()
        (topics / "topics.yaml").write_text(TOPICS, encoding="utf-8")
        assert "夜市.txt" not in names(read_report(process.stdout))
        process.send_signal(signal.SIGINT)
        rest, told = process.communicate(timeout=PATIENCE)
        assert (process.returncode, rest) == (0, "")
        assert "topics.yaml" in told_first + told
        assert "Traceback" not in told_first + told
    assert current_name(settings.index) == str(first + 2)


def test_a_folder_that_is_no_corpus_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIWEN_CORPUS", str(tmp_path))
    result = CliRunner().invoke(app, ["ingest", "--watch"])
    assert result.exit_code == 1
    assert "has no folder documents" in " ".join(result.output.split())
