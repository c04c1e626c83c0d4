"""An index that the service's user cannot write to: which folder, and what to do, is told in a line."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from ingest.generation import current_name
from ingest.settings import ROOT
from tests.corpus_fixture import Corpus

# Root may write anywhere: who is root opens the index as nobody. All is imported and read while that may be.
_OPEN = """
import os, sys
from pathlib import Path
from ingest.encoder import load_encoder
from ingest.errors import IndexUnavailable
from ingest.settings import Settings
from ingest.store import open_index
from ingest.topics import Lexicon

settings = Settings()
tools = (load_encoder(settings.encoder), Lexicon.load(settings.corpus / "topics"))
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
for index in map(Path, sys.argv[1:]):
    try:
        open_index(settings.model_copy(update={"index": index}), *tools)
    except IndexUnavailable as error:
        print(error)
"""


def test_it_is_told_which_folder_must_be_writable(corpus: Corpus) -> None:
    with tempfile.TemporaryDirectory() as folder:  # pytest's own are closed to other users
        Path(folder).chmod(0o755)
        indexes = [Path(folder) / name for name in ("lexical", "vectors")]
        closed = [_copy_with_closed(corpus.settings.index, index) for index in indexes]
        command = [sys.executable, "-c", _OPEN, *map(str, indexes)]
        environment = corpus.environment() | {"PATH": "/usr/bin"}
        ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        told = ran.stdout.splitlines()
        for part in closed:
            part.chmod(0o755)
    assert len(told) == len(closed)
    for line, part in zip(told, closed, strict=True):
        assert line.startswith(f"HUIWEN_INDEX: {part} cannot be written to")
        assert line.endswith("let the service's user write to it")


def _copy_with_closed(index: Path, copy: Path) -> Path:
    """Copy an index, and close the part of it that has the copy's name: everybody may read it, nobody write to it."""
    shutil.copytree(index, copy)
    name = current_name(copy)
    assert name
    for path in (copy, *copy.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)
    closed = copy / name / copy.name
    for path in closed.iterdir():
        path.chmod(0o555 if path.is_dir() else 0o444)
    closed.chmod(0o555)
    return closed
