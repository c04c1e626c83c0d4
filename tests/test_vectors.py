"""The vector index in a folder and on a server, and the contract on places that it shares with the lexical index."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.encoder import Encoder
from ingest.errors import EncoderMismatch, IndexMissing, IndexUnavailable
from ingest.lexical import LexicalIndex
from ingest.model import Passage
from ingest.vectors import VectorIndex, content_digest, drop_collection, encode_passages

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

PLACES = ("150621", "150622", "150600", "150000", "100000", "")
SENTENCES = ("个转企一次性补助十万元", "创业担保贷款贴息", "信用修复当日办结", "歇业备案期限三年", "公司登记材料")
PASSAGES = [
    Passage(
        f"{place or 'none'}#{number}", f"{place}#{number}", place, place, "举措", f"{sentence}，企业可申请{place}。"
    )
    for place in PLACES
    for number, sentence in enumerate(SENTENCES)
]
PLACE_OF = {passage.id: passage.place_code for passage in PASSAGES}


class CharacterEncoder(Encoder):
    """Counts characters in 64 buckets, and the texts that it has encoded."""

    def __init__(self, digest: str = "characters-1") -> None:
        self.name, self.digest, self.dimensions = "characters", digest, 64
        self.encoded: list[str] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.encoded += texts
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        vector = np.zeros(self.dimensions)
        for character in text:
            vector[crc32(character.encode()) % self.dimensions] += 1
        return list(map(float, vector / max(float(np.linalg.norm(vector)), 1.0)))


def _create(location: Path | str, passages: Sequence[Passage] = PASSAGES, collection: str = "first") -> VectorIndex:
    encoder = CharacterEncoder()
    return VectorIndex.create(location, collection, passages, encode_passages(passages, encoder, {}), encoder)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port, chroma = _free_port(), Path(sys.executable).with_name("chroma")
    folder = tmp_path_factory.mktemp("server")
    command = [str(chroma), "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            # Until it listens the connection is refused.
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
        process.terminate()


@pytest.fixture(scope="module", params=["folder", "server"])
def location(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path | str:
    if request.param == "folder":
        return tmp_path_factory.mktemp("vectors")
    url: str = request.getfixturevalue("server")
    return url


# ---- the contract on places, for every index ----


class Search(Protocol):
    def __call__(self, query: str, *, place_codes: Collection[str] | None, limit: int) -> list[tuple[str, float]]: ...


@pytest.fixture(scope="module", params=["lexical", "vectors in a folder", "vectors on a server"])
def search(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Search]:
    folder = tmp_path_factory.mktemp("contract")
    if request.param == "lexical":
        yield LexicalIndex.create(folder, PASSAGES).search
        return
    location = folder if request.param == "vectors in a folder" else request.getfixturevalue("server")
    index, encoder = _create(location, collection="contract"), CharacterEncoder()

    def by_text(query: str, *, place_codes: Collection[str] | None, limit: int) -> list[tuple[str, float]]:
        return index.search(encoder.embed_query(query), place_codes=place_codes, limit=limit)

    yield by_text
    index.close()


CODES = st.sets(st.sampled_from([*PLACES, "999999", "15"]))


@given(codes=CODES, query=st.sampled_from([*SENTENCES, "企业能申请什么"]), limit=st.integers(1, 40))
def test_a_search_in_places_finds_nothing_else(search: Search, codes: set[str], query: str, limit: int) -> None:
    found = search(query, place_codes=codes, limit=limit)
    assert {PLACE_OF[passage_id] for passage_id, _ in found} <= codes - {""}
    assert len(found) == len(dict(found)) <= limit


@given(codes=CODES)
def test_a_search_in_places_finds_all_that_is_there(search: Search, codes: set[str]) -> None:
    found = {passage_id for passage_id, _ in search("企业申请", place_codes=codes, limit=50)}
    assert found == {passage.id for passage in PASSAGES if passage.place_code and passage.place_code in codes}


@given(codes=CODES, query=st.sampled_from(SENTENCES))
def test_a_filter_keeps_order_and_scores(search: Search, codes: set[str], query: str) -> None:
    everywhere = search(query, place_codes=None, limit=50)
    expected = [(passage_id, score) for passage_id, score in everywhere if PLACE_OF[passage_id] in codes - {""}]
    here = search(query, place_codes=codes, limit=50)
    assert [score for _, score in here] == pytest.approx([score for _, score in expected], abs=1e-5)
    assert dict(here) == pytest.approx(dict(expected), abs=1e-5)


def test_no_filter_finds_every_place(search: Search) -> None:
    assert {passage_id for passage_id, _ in search("企业申请", place_codes=None, limit=50)} == PLACE_OF.keys()


@pytest.mark.parametrize("codes", [[], (), {""}, {"999999"}])
def test_a_filter_that_matches_nothing_finds_nothing(search: Search, codes: Collection[str]) -> None:
    assert search("企业申请", place_codes=codes, limit=50) == []


def test_the_best_comes_first(search: Search) -> None:
    found = search("信用修复当日办结", place_codes=["150621", "150600"], limit=3)
    assert {passage_id for passage_id, _ in found[:2]} == {"150621#2", "150600#2"}
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


# ---- vectors ----


def test_scores_are_cosines(location: Path | str) -> None:
    query = np.array(CharacterEncoder().embed_query("企业申请贷款"))
    with contextlib.closing(_create(location)) as index:
        stored, found = index.vectors_of(), index.search(list(query * 3), place_codes=None, limit=50)
    contents = {passage.id: passage.content for passage in PASSAGES}
    assert len(found) == len(PASSAGES)
    for passage_id, score in found:
        vector = stored[content_digest(contents[passage_id], "characters-1")]
        assert score == pytest.approx(float(query @ vector), abs=1e-5)


def test_the_zero_vector_finds_nothing(location: Path | str) -> None:
    with contextlib.closing(_create(location)) as index:
        assert index.search([0.0] * 64, place_codes=None, limit=5) == []


def test_an_index_of_nothing_finds_nothing(location: Path | str) -> None:
    with contextlib.closing(_create(location, [], "nothing")) as index:
        assert index.search([1.0] * 64, place_codes=None, limit=5) == []
        assert index.vectors_of() == {}


def test_an_index_is_found_again(location: Path | str) -> None:
    query = CharacterEncoder().embed_query("贷款贴息")
    with contextlib.closing(_create(location, collection="again")) as index:
        before = index.search(query, place_codes=["150621"], limit=5)
    with contextlib.closing(VectorIndex.open(location, "again", CharacterEncoder())) as index:
        assert index.search(query, place_codes=["150621"], limit=5) == before


def test_creating_anew_leaves_nothing_of_the_old(location: Path | str) -> None:
    _create(location, collection="anew").close()
    with contextlib.closing(_create(location, PASSAGES[:2], "anew")) as index:
        assert len(index.vectors_of()) == 2


def test_only_what_is_new_is_encoded(location: Path | str) -> None:
    with contextlib.closing(_create(location)) as index:
        kept = index.vectors_of()
    changed = [*PASSAGES[1:], Passage("new#1", "new#1", "new", "150621", "", "新的一条"), PASSAGES[0]]
    encoder = CharacterEncoder()
    vectors = encode_passages(changed, encoder, kept)
    assert encoder.encoded == ["新的一条"]
    assert np.allclose(vectors, CharacterEncoder().embed_documents([passage.content for passage in changed]), atol=1e-6)


def test_vectors_of_another_encoder_are_not_kept() -> None:
    first, second = CharacterEncoder("one"), CharacterEncoder("two")
    kept = {content_digest(passage.content, first.digest): np.ones(64, dtype=np.float32) for passage in PASSAGES}
    encode_passages(PASSAGES, second, kept)
    assert len(second.encoded) == len(PASSAGES)


def test_more_passages_than_one_call_takes(tmp_path: Path) -> None:
    many = [Passage(f"d#{n}", f"d#{n}", "d", "150621", "", f"第{n}条") for n in range(4500)]
    with contextlib.closing(_create(tmp_path, many)) as index:
        assert len(index.vectors_of()) == 4500


def test_another_encoder_is_refused(location: Path | str) -> None:
    _create(location).close()
    with pytest.raises(EncoderMismatch, match="HUIWEN_ENCODER"):
        VectorIndex.open(location, "first", CharacterEncoder("characters-2"))


def test_no_collection_is_an_error_that_says_what_to_do(location: Path | str) -> None:
    _create(location).close()
    with pytest.raises(IndexMissing, match="huiwen ingest"):
        VectorIndex.open(location, "missing", CharacterEncoder())


def test_opening_makes_no_folder(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="huiwen ingest"):
        VectorIndex.open(tmp_path / "none", "first", CharacterEncoder())
    assert list(tmp_path.iterdir()) == []


def test_a_dropped_collection_is_gone(location: Path | str) -> None:
    _create(location, collection="old").close()
    drop_collection(location, "old")
    drop_collection(location, "old")
    with pytest.raises(IndexMissing):
        VectorIndex.open(location, "old", CharacterEncoder())


def test_a_damaged_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "chroma.sqlite3").write_bytes(b"no database" * 1000)
    with pytest.raises(IndexUnavailable, match=str(tmp_path)):
        VectorIndex.open(tmp_path, "first", CharacterEncoder())


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "127.0.0.1:9", "ftp://127.0.0.1", ""])
def test_no_server_is_an_error_that_names_the_setting(url: str) -> None:
    with pytest.raises(IndexUnavailable, match=rf"HUIWEN_CHROMA_URL={url}: .*\w.*; write http://HOST:PORT, and see"):
        VectorIndex.open(url, "first", CharacterEncoder())


def test_generations_come_and_go(tmp_path: Path) -> None:
    query = CharacterEncoder().embed_query("贷款贴息")
    for generation in ("one", "two", "three"):
        folder = tmp_path / generation
        first = _create(folder)
        second = VectorIndex.open(folder, "first", CharacterEncoder())
        first.close()
        assert len(second.search(query, place_codes=["150621"], limit=2)) == 2
        second.close()
        shutil.rmtree(folder)
    with contextlib.closing(_create(tmp_path / "one", PASSAGES[:3])) as index:  # a path that was used before
        assert len(index.vectors_of()) == 3


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs Linux's list of open files")
def test_a_closed_index_holds_no_file(tmp_path: Path) -> None:
    _create(tmp_path).close()
    deadline = time.monotonic() + 30
    while _open_files(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.05)  # Chroma's own threads let go a little later
    assert _open_files(tmp_path) == []


def _open_files(folder: Path) -> list[Path]:
    found = []
    for link in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):  # the one that reads the folder is gone by now
            found.append(link.readlink())
    return [path for path in found if path.is_relative_to(folder)]
