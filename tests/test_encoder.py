"""Encoders: LangChain's standard tests, two ways to one vector, digests, and errors that name the setting."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import huggingface_hub.constants
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from langchain_tests.integration_tests import EmbeddingsIntegrationTests
from langchain_tests.unit_tests import EmbeddingsUnitTests
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, StaticEmbedding, Transformer
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import BertConfig, BertModel, BertTokenizer

from ingest.encoder import Encoder, SentenceEncoder, StaticEncoder, load_encoder
from ingest.errors import EncoderError

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

ALPHABET = "个体工商户转企业补助财政局万元0123456789abfoorz：问"
REVISION = "0123456789abcdef0123456789abcdef01234567"
PROMPTS = {"query": "问：", "document": ""}
TEXTS = ["个体工商户转企业补助10万元", "财政局", "foo 补助", "龘"]


def _static_model(folder: Path, *, dtype: str = "float32", normalised: bool = False) -> Path:
    vocabulary = {token: number for number, token in enumerate(dict.fromkeys(["[UNK]", *ALPHABET]))}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    weights = np.random.default_rng(7).standard_normal((len(vocabulary), 16)).astype(dtype)
    modules: list[torch.nn.Module] = [StaticEmbedding(tokenizer, embedding_weights=weights)]
    if normalised:
        modules.append(Normalize())
    SentenceTransformer(modules=modules, device="cpu", prompts=PROMPTS).save(str(folder))
    return folder


def _transformer_model(folder: Path) -> Path:
    base = folder.with_name(f"{folder.name}-base")
    base.mkdir()
    vocabulary = base / "vocab.txt"
    vocabulary.write_text("\n".join(dict.fromkeys(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *ALPHABET])), "utf-8")
    torch.manual_seed(7)
    size = len(vocabulary.read_text("utf-8").split("\n"))
    config = BertConfig(
        vocab_size=size, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32
    )
    BertModel(config).save_pretrained(base)
    BertTokenizer(vocab=str(vocabulary)).save_pretrained(base)
    transformer = Transformer(str(base))
    SentenceTransformer(modules=[transformer, Pooling(16)], device="cpu", prompts=PROMPTS).save(str(folder))
    return folder


@pytest.fixture(scope="module")
def static_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _static_model(tmp_path_factory.mktemp("encoder") / "static")


@pytest.fixture(scope="module")
def transformer_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _transformer_model(tmp_path_factory.mktemp("encoder") / "bert")


@pytest.fixture(scope="module", params=["static", "static by sentence-transformers", "transformer"])
def encoder(request: pytest.FixtureRequest, static_folder: Path, transformer_folder: Path) -> Encoder:
    if request.param == "transformer":
        return load_encoder(str(transformer_folder))
    return StaticEncoder(str(static_folder)) if request.param == "static" else SentenceEncoder(str(static_folder))


@pytest.fixture(scope="module")
def both_ways(static_folder: Path) -> tuple[Encoder, Encoder]:
    return StaticEncoder(str(static_folder)), SentenceEncoder(str(static_folder))


class _StaticParams:
    """What LangChain's tests are told of the numpy way."""

    folder: Path

    @pytest.fixture(autouse=True)
    def _use_folder(self, static_folder: Path) -> None:
        self.folder = static_folder

    @property
    def embeddings_class(self) -> type[Embeddings]:
        return StaticEncoder

    @property
    def embedding_model_params(self) -> dict[str, Any]:
        return {"name": str(self.folder)}


class _SentenceParams(_StaticParams):
    @pytest.fixture(autouse=True)
    def _use_folder(self, transformer_folder: Path) -> None:
        self.folder = transformer_folder

    @property
    def embeddings_class(self) -> type[Embeddings]:
        return SentenceEncoder


class TestStaticEncoderUnit(_StaticParams, EmbeddingsUnitTests):
    pass


class TestStaticEncoderIntegration(_StaticParams, EmbeddingsIntegrationTests):
    pass


class TestSentenceEncoderUnit(_SentenceParams, EmbeddingsUnitTests):
    pass


class TestSentenceEncoderIntegration(_SentenceParams, EmbeddingsIntegrationTests):
    pass


def test_vectors_have_length_one(encoder: Encoder) -> None:
    vectors = np.array([*encoder.embed_documents(TEXTS), encoder.embed_query(TEXTS[0])])
    assert vectors.shape == (len(TEXTS) + 1, encoder.dimensions) == (5, 16)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_query_gets_the_prompt_of_the_model(encoder: Encoder) -> None:
    assert np.allclose(encoder.embed_query("补助"), encoder.embed_documents(["问：补助"])[0], atol=1e-6)
    assert not np.allclose(encoder.embed_query("补助"), encoder.embed_documents(["补助"])[0], atol=1e-3)


def test_a_text_has_the_same_vector_in_any_company(encoder: Encoder) -> None:
    alone = [encoder.embed_documents([text])[0] for text in TEXTS]
    assert np.allclose(encoder.embed_documents(TEXTS), alone, atol=1e-6)


def test_no_documents_have_no_vectors(encoder: Encoder) -> None:
    assert encoder.embed_documents([]) == []


@pytest.mark.parametrize(("dtype", "normalised"), [("float32", False), ("float32", True), ("float16", False)])
def test_numpy_gives_the_vectors_of_sentence_transformers(tmp_path: Path, dtype: str, normalised: bool) -> None:
    folder = str(_static_model(tmp_path / "model", dtype=dtype, normalised=normalised))
    light, full = load_encoder(folder), SentenceEncoder(folder)
    assert isinstance(light, StaticEncoder)
    texts = [*TEXTS, ""]
    assert np.allclose(light.embed_documents(texts), full.embed_documents(texts), atol=1e-3)
    assert np.allclose(light.embed_query("补助"), full.embed_query("补助"), atol=1e-3)
    assert (light.digest, light.name, light.dimensions) == (full.digest, full.name, full.dimensions)


def test_no_text_has_the_zero_vector(static_folder: Path) -> None:
    assert not any(StaticEncoder(str(static_folder)).embed_documents([""])[0])


@given(st.lists(st.text(ALPHABET + "龘 ", max_size=20), max_size=8))
def test_numpy_agrees_on_every_text(both_ways: tuple[Encoder, Encoder], texts: list[str]) -> None:
    light, full = both_ways
    assert np.allclose(light.embed_documents(texts), full.embed_documents(texts), atol=1e-3)


def test_a_transformer_goes_through_sentence_transformers(transformer_folder: Path) -> None:
    encoder = load_encoder(str(transformer_folder))
    assert isinstance(encoder, SentenceEncoder)
    assert encoder.name == "bert"


def test_weights_that_numpy_cannot_read_go_through_sentence_transformers(tmp_path: Path) -> None:
    folder = _static_model(tmp_path / "model")
    model = SentenceTransformer(str(folder), device="cpu").to(torch.bfloat16)
    model.save(str(tmp_path / "half"))
    encoder = load_encoder(str(tmp_path / "half"))
    assert isinstance(encoder, SentenceEncoder)
    assert len(encoder.embed_query("补助")) == encoder.dimensions == 16


def test_the_digest_is_of_what_the_model_is(static_folder: Path, tmp_path: Path) -> None:
    digest = load_encoder(str(static_folder)).digest
    copy = tmp_path / "elsewhere"
    shutil.copytree(static_folder, copy)
    (copy / "README.md").write_text("about the model", "utf-8")
    assert load_encoder(str(copy)).digest == digest
    config = json.loads((copy / "config_sentence_transformers.json").read_text("utf-8"))
    config["prompts"]["query"] = ""
    (copy / "config_sentence_transformers.json").write_text(json.dumps(config), "utf-8")
    assert load_encoder(str(copy)).digest != digest


def _break_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").write_text('{"model": 1}', "utf-8")


def _break_weights(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"no weights")


def _break_modules(folder: Path) -> None:
    (folder / "modules.json").write_text("[", "utf-8")


def _remove_all(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


@pytest.mark.parametrize("damage", [_break_tokenizer, _break_weights, _break_modules, _remove_all])
def test_a_damaged_folder_is_an_error_that_names_the_setting(static_folder: Path, tmp_path: Path, damage: Any) -> None:
    folder = tmp_path / "model"
    shutil.copytree(static_folder, folder)
    damage(folder)
    with pytest.raises(EncoderError, match=f"HUIWEN_ENCODER={folder}"):
        load_encoder(str(folder))


@pytest.fixture
def empty_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", "http://127.0.0.1:9")  # where nobody listens
    return tmp_path / "hub"


@pytest.mark.usefixtures("empty_cache")
@pytest.mark.parametrize("name", ["somebody/some-model", "/no/such/folder", "./no such folder", ""])
def test_a_name_that_leads_nowhere_fails_soon(name: str) -> None:
    started = time.monotonic()
    with pytest.raises(EncoderError, match=f"HUIWEN_ENCODER={name}"):
        load_encoder(name)
    assert time.monotonic() - started < 20


def test_a_model_in_the_hubs_cache_needs_no_network(empty_cache: Path, transformer_folder: Path) -> None:
    repository = empty_cache / "models--somebody--some-model"
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / "main").write_text(REVISION, "utf-8")
    shutil.copytree(transformer_folder, repository / "snapshots" / REVISION)
    encoder = load_encoder("somebody/some-model")
    assert (encoder.name, encoder.digest) == ("somebody/some-model", f"somebody/some-model@{REVISION}")
    assert np.allclose(
        encoder.embed_query("补助"), load_encoder(str(transformer_folder)).embed_query("补助"), atol=1e-5
    )
