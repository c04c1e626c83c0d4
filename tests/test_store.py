"""The index that serves: all its parts together, or an error that says what to do."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from ingest.build import build
from ingest.errors import EncoderMismatch, IndexMissing
from ingest.generation import Generation
from ingest.settings import Settings
from ingest.store import open_index, vector_location
from ingest.topics import Lexicon
from tests.fakes_ingest import BigramEncoder, gazetteer, serving, write_corpus


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = write_corpus(tmp_path_factory.mktemp("store"))
    build(settings, BigramEncoder(), gazetteer(), load(settings), lambda *_: None)
    return settings


@pytest.fixture
def broken(built: Settings, tmp_path: Path) -> Settings:
    """A copy of the index that a test may break."""
    shutil.copytree(built.index, tmp_path / "index")
    return built.model_copy(update={"index": tmp_path / "index"})


def load(settings: Settings) -> Lexicon:
    return Lexicon.load(settings.corpus / "topics")


def test_all_parts_are_of_one_generation(built: Settings) -> None:
    encoder = BigramEncoder()
    with closing(open_index(built, encoder, load(built))) as index:
        assert (index.name, index.info.documents, index.info.encoder) == (serving(built).name, 2, "bigrams")
        assert sum(len(index.catalog.clauses(one.id)) for one in index.catalog.documents()) == index.info.clauses
        words = index.lexical.search("创业担保贷款", place_codes={"520200"}, limit=5)
        near = index.vectors.search(encoder.embed_query("创业担保贷款"), place_codes={"520200"}, limit=5)
        for identity, _ in [*words, *near]:
            assert index.catalog.clause(identity.split(":")[0]) is not None
        assert len(words) == len(near) == 5
        assert index.topics.search(encoder.embed_query("把店变成公司"), 1)[0].topic.name == "个转企"


def test_no_index_is_told(tmp_path: Path, built: Settings) -> None:
    settings = built.model_copy(update={"index": tmp_path / "nothing"})
    with pytest.raises(IndexMissing, match=r"there is no index in .*nothing; run `huiwen ingest` first"):
        open_index(settings, BigramEncoder(), load(built))


def test_another_encoder_is_refused_with_what_to_do(built: Settings) -> None:
    with pytest.raises(EncoderMismatch) as caught:
        open_index(built, BigramEncoder("bigrams-2"), load(built))
    told = str(caught.value)
    assert str(built.index) in told
    assert "with the encoder bigrams, but HUIWEN_ENCODER names bigrams;" in told
    assert told.endswith("run `huiwen ingest` to build the index anew, or set HUIWEN_ENCODER back")


def test_another_lexicon_is_refused_with_what_to_do(built: Settings) -> None:
    with pytest.raises(IndexMissing, match=r"another lexicon than .*topics; run `huiwen ingest` to build the index"):
        open_index(built, BigramEncoder(), Lexicon([], "other"))


def test_a_part_that_is_gone_is_told_and_leaves_nothing_open(broken: Settings) -> None:
    shutil.rmtree(serving(broken) / "vectors")
    with pytest.raises(IndexMissing, match=r"run `(python -m|huiwen) ingest`"):
        open_index(broken, BigramEncoder(), load(broken))
    shutil.rmtree(serving(broken) / "lexical")
    with pytest.raises(IndexMissing, match=r"run `(python -m|huiwen) ingest`"):
        open_index(broken, BigramEncoder(), load(broken))


def test_vectors_are_in_the_folder_or_on_the_server(built: Settings) -> None:
    generation = Generation(serving(built))
    assert vector_location(built, generation) == serving(built) / "vectors"
    served = built.model_copy(update={"chroma_url": "http://127.0.0.1:8000"})
    assert vector_location(served, generation) == "http://127.0.0.1:8000"
