"""Generations: each complete in its own folder, one of them current, switched in one rename."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from ingest.errors import IndexMissing
from ingest.generation import (
    FORMAT,
    Generation,
    GenerationInfo,
    begin_generation,
    current_generation,
    current_name,
    publish,
    remove_outdated,
)

INFO = GenerationInfo(FORMAT, "corpus", "lexicon", "bigrams", "bigrams-1", 5, 300, 1000)


def finish(index: Path, second: int = 1) -> list[str]:
    """Write and publish a generation; returns the names of those that went."""
    outdated = remove_outdated(index)
    generation = begin_generation(index, lambda: second)
    generation.write_info(INFO)
    publish(generation)
    return [old.name for old in [*outdated, *remove_outdated(index)]]


def folders(index: Path) -> list[str]:
    return sorted(path.name for path in index.iterdir() if path.is_dir())


def test_no_index_has_no_generation(tmp_path: Path) -> None:
    assert current_generation(tmp_path / "index") is None
    assert current_name(tmp_path / "index") is None


def test_a_generation_knows_where_its_parts_are(tmp_path: Path) -> None:
    generation = Generation(tmp_path / "000007")
    assert (generation.name, generation.collection) == ("000007", "huiwen-000007")
    parts = (generation.catalog, generation.lexical, generation.vectors, generation.topics)
    assert [path.relative_to(tmp_path).as_posix() for path in parts] == [
        "000007/catalog.sqlite",
        "000007/lexical",
        "000007/vectors",
        "000007/topics.npy",
    ]


def test_its_name_is_the_same_before_and_after_it_is_published(tmp_path: Path) -> None:
    generation = begin_generation(tmp_path, lambda: 1)
    assert generation.folder.name == "000001.unfinished"
    assert (generation.name, generation.collection) == ("000001", "huiwen-000001")


def test_an_index_built_anew_has_no_name_that_the_deleted_one_had(tmp_path: Path) -> None:
    names = []
    for second in (100, 107):
        finish(tmp_path, second)
        names.append(current_name(tmp_path))
        shutil.rmtree(tmp_path)
        tmp_path.mkdir()
    assert names == ["000100", "000107"]


def test_a_generation_serves_once_it_is_published(tmp_path: Path) -> None:
    generation = begin_generation(tmp_path, lambda: 1)
    generation.write_info(INFO)
    assert current_generation(tmp_path) is None
    publish(generation)
    current = current_generation(tmp_path)
    assert current is not None
    assert current.info() == INFO
    assert current_name(tmp_path) == current.name == "000001"


def test_the_one_before_stays_and_older_ones_go(tmp_path: Path) -> None:
    assert [finish(tmp_path) for _ in range(4)] == [[], [], ["000001"], ["000002"]]
    assert folders(tmp_path) == ["000003", "000004"]


def test_what_a_crash_left_behind_goes(tmp_path: Path) -> None:
    finish(tmp_path)
    (begin_generation(tmp_path, lambda: 1).folder / "catalog.sqlite").write_text("half", encoding="utf-8")
    assert [old.name for old in remove_outdated(tmp_path)] == ["000002"]
    assert begin_generation(tmp_path, lambda: 1).folder.name == "000002.unfinished"
    assert not list((tmp_path / "000002.unfinished").iterdir())


def test_a_generation_that_was_finished_but_never_named_goes_too(tmp_path: Path) -> None:
    finish(tmp_path)
    lost = begin_generation(tmp_path, lambda: 1)
    lost.write_info(INFO)
    lost.folder.rename(tmp_path / "000002")  # and here the process died
    assert current_name(tmp_path) == "000001"
    assert finish(tmp_path) == ["000002"]
    assert folders(tmp_path) == ["000001", "000002"]
    assert current_name(tmp_path) == "000002"


def test_other_files_in_the_folder_stay(tmp_path: Path) -> None:
    finish(tmp_path)
    (tmp_path / "notes").mkdir()
    (tmp_path / "build.lock").touch()
    assert remove_outdated(tmp_path) == []
    assert {path.name for path in tmp_path.iterdir()} == {"000001", "CURRENT", "notes", "build.lock"}


def test_current_names_a_folder_that_is_not_complete(tmp_path: Path) -> None:
    finish(tmp_path)
    (tmp_path / "000001" / "info.json").unlink()
    with pytest.raises(IndexMissing, match=r"CURRENT names '000001', which is not complete; run `huiwen ingest`"):
        current_generation(tmp_path)


def test_an_index_of_another_version_is_told(tmp_path: Path) -> None:
    finish(tmp_path)
    path = tmp_path / "000001" / "info.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"format": 0}), encoding="utf-8")
    current = current_generation(tmp_path)
    assert current is not None
    with pytest.raises(IndexMissing, match="was built by another version of Huiwen; run `huiwen ingest` to build it"):
        current.info()
