"""What OCR read is kept for the next build, and for no longer than its file is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.load import Loader
from ingest.loaders.kept import KeptReadings
from ingest.loaders.loaded import Loaded
from ingest.settings import Settings
from tests.test_ocr import blank

READ = Loaded("第一条\n第二条", ((0, 1), (4, 2)), True, ("page 2 was read by OCR",), ())


def test_a_reading_comes_back_as_it_was(tmp_path: Path) -> None:
    KeptReadings(tmp_path / "scans").keep(b"bytes", READ)
    kept = KeptReadings(tmp_path / "scans")
    assert kept.find(b"bytes") == READ
    assert kept.find(b"others") is None


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"text": "x"}', b'{"pages": 1}', b"\xff"])
def test_what_is_damaged_is_read_anew(tmp_path: Path, damage: bytes) -> None:
    kept = KeptReadings(tmp_path)
    kept.keep(b"bytes", READ)
    (file,) = tmp_path.iterdir()
    file.write_bytes(damage)
    assert kept.find(b"bytes") is None


def test_what_was_not_asked_for_is_forgotten(tmp_path: Path) -> None:
    before = KeptReadings(tmp_path)
    before.keep(b"stays", READ)
    before.keep(b"gone", READ)
    now = KeptReadings(tmp_path)
    assert now.find(b"stays") == READ
    now.forget_others()
    assert len(list(tmp_path.iterdir())) == 1
    assert KeptReadings(tmp_path).find(b"stays") == READ


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "scans").write_text("a file in its place")
    kept = KeptReadings(tmp_path / "scans")
    kept.keep(b"bytes", READ)
    assert kept.find(b"bytes") is None
    kept.forget_others()


def test_a_kept_scan_is_not_read_again(tmp_path: Path) -> None:
    scan = blank()
    KeptReadings(tmp_path / "scans").keep(scan, READ)
    settings = Settings(index=tmp_path, ocr_memory=1024, ocr_seconds=1)  # within which no page could be read
    with Loader(settings, has_ocr=lambda: True) as loader:
        assert loader.load(scan, "scan.tif") == READ
