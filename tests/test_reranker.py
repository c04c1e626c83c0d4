"""The optional cross-encoder: it changes the order, never the scores that decisions rest on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

from bot.retrieve import ClauseFinder
from ingest.errors import EncoderError
from ingest.reranker import load_reranker
from ingest.settings import ROOT
from ingest.store import open_index
from ingest.thesaurus import Thesaurus
from tests.corpus_fixture import Corpus


class ShortestFirst:
    """Likes short texts."""

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        return [-float(len(text)) for text in texts]


def test_the_first_clauses_are_reordered_and_the_scores_stay(corpus: Corpus) -> None:
    encoder, _, lexicon = corpus.tools
    settings = corpus.settings.model_copy(update={"reranked": 5})
    index = open_index(settings, encoder, lexicon)
    thesaurus = Thesaurus.load(ROOT / "corpus" / "everyday_words.yaml")
    plain = ClauseFinder(index, encoder, thesaurus, settings).find("贷款", place_codes=None, limit=9)
    found = ClauseFinder(index, encoder, thesaurus, settings, ShortestFirst()).find("贷款", place_codes=None, limit=9)
    lengths = [len(one.clause.text) for one in found]
    assert lengths[:5] == sorted(lengths[:5])
    assert [one.clause.id for one in found[5:]] == [one.clause.id for one in plain[5:]]
    assert {one.clause.id for one in found} == {one.clause.id for one in plain}
    assert [one.score for one in found] == [one.score for one in plain]
    index.close()


def test_a_cross_encoder_in_a_folder_is_loaded(tmp_path: Path) -> None:
    characters = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"歇业备案贷款"]
    (tmp_path / "vocab.txt").write_text("\n".join(characters), encoding="utf-8")
    config = BertConfig(
        vocab_size=len(characters),
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=8,
    )
    config.num_labels = 1
    folder = tmp_path / "model"
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizer(vocab=str(tmp_path / "vocab.txt")).save_pretrained(folder)
    reranker = load_reranker(str(folder))
    assert reranker is not None
    assert len(reranker.scores("歇业", ["歇业备案", "贷款"])) == 2
    assert reranker.scores("歇业", []) == []


def test_without_a_name_there_is_none() -> None:
    assert load_reranker(None) is None


def test_what_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="HUIWEN_RERANKER"):
        load_reranker(str(tmp_path))
