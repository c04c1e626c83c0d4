"""The training script, on a few generated lines: what it writes is a model that everyone can load."""

from __future__ import annotations

import gzip
import json
import shutil
from random import Random
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file
from sentence_transformers import SentenceTransformer
from torch import nn

from ingest.contrastive import Batch, Options, Speller, contrast, of_one_group
from ingest.errors import LexiconError, UnreadableFile
from ingest.examples import load_examples
from ingest.measure_encoder import hold_out
from ingest.train_encoder import main, train_encoder
from ingest.training_pairs import EXAMPLES_WEIGHT, Pair, PairSampler
from ingest.training_text import read_training_text
from ingest.word_tokenizer import build_tokenizer, coined_words, count_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SUBJECTS = {
    "歇业": (["歇业备案", "歇业期限", "暂停经营"], ["店先关几个月", "生意不好想歇一歇", "暂时不干了", "歇着要交税不"]),
    "贷款": (
        ["创业担保贷款", "财政贴息", "小微贷款"],
        ["没钱开店能借不", "找银行借钱", "借钱利息谁出", "开店缺钱咋办"],
    ),
}
SHORT = ["--epochs", "2", "--dimensions", "16"]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of training text: forty articles, twenty questions, twenty paraphrases, two topics."""
    folder = tmp_path_factory.mktemp("data")
    goods = ["水果", "蔬菜", "服装", "家具", "药品", "图书", "电器", "粮食", "茶叶", "汽车"]
    terms = [term for official, _ in SUBJECTS.values() for term in official[:2]]
    texts = [f"经营{good}应当登记。申请{term}的，由主管部门办理。" for term in terms for good in goods]
    articles = [{"title": f"条例{number % 7}", "text": text} for number, text in enumerate(texts)]
    questions = [
        {"question": f"卖{good}要登记吗？", "keywords": good, "answer": float("nan"), "statutes": {"第零条": text}}
        for good, text in zip(goods * 2, texts, strict=False)
    ]
    _write_lines(folder / "statutes.jsonl.gz", [json.dumps(article) for article in articles])
    _write_lines(folder / "lecoqa_train.jsonl", [json.dumps(question) for question in questions])
    _write_lines(folder / "atec_pairs.tsv.gz", [f"怎么卖{good}\t想卖{good}\t{n % 2}" for n, good in enumerate(goods)])
    topics = [{"topic": name, "official": terms, "colloquial": said} for name, (terms, said) in SUBJECTS.items()]
    examples = [
        {
            "topic": name,
            "questions": [f"{said[0]}行不行", f"{said[1]}找谁"],
            "clauses": [
                {"text": f"支持{term}，由主管部门办理。", "questions": [f"{phrase}有没有说法", f"{phrase}咋办"]}
                for term, phrase in zip(terms, said, strict=False)
            ],
        }
        for name, (terms, said) in SUBJECTS.items()
    ]
    words = [{"official": ["主管部门"], "everyday": ["管事的"]}]
    corpus = folder / "corpus"
    for name, entries in {"topics/a": topics, "examples/a": examples, "everyday_words": words}.items():
        path = corpus / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(entries, ensure_ascii=False), encoding="utf-8")  # JSON is YAML
    return folder


@pytest.fixture(scope="module")
def trained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the script wrote, its measuring run included."""
    out = tmp_path_factory.mktemp("model") / "encoder"
    assert main([*_where(data), "--out", str(out), *SHORT]) == 0
    return out


def test_it_loads_as_any_model_and_normalises(trained: Path) -> None:
    vectors = SentenceTransformer(str(trained), device="cpu").encode(["生意不好想歇一歇", "歇业备案", "创业担保贷款"])
    assert vectors.shape == (3, 16)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


def test_nothing_to_read_is_the_zero_vector(trained: Path) -> None:
    assert not SentenceTransformer(str(trained), device="cpu").encode(["", "，。", "\N{SNOWMAN}𠮷"]).any()


def test_words_stay_whole_and_numbers_fall_apart(trained: Path) -> None:
    tokens = SentenceTransformer(str(trained), device="cpu").tokenizer.encode("经营 蔬菜，申请财政贴息２0Ａ").tokens
    assert tokens[:5] == ["经营", "蔬菜", "申请", "财政", "贴息"]
    assert tokens[5:7] == ["2", "0"]


def test_the_same_seed_gives_the_same_weights(data: Path) -> None:
    text = read_training_text(data, data / "corpus")
    first, again, other = (train_encoder(text, Options(epochs=2, dimensions=16, seed=seed)) for seed in (3, 3, 4))
    assert first.vectors.equal(again.vectors)
    assert first.scales.equal(again.scales)
    assert not first.vectors.equal(other.vectors)


def test_the_saved_vectors_are_those_that_were_trained(data: Path, trained: Path) -> None:
    text = read_training_text(data, data / "corpus")
    again = train_encoder(text, Options(epochs=2, dimensions=16))
    saved = load_file(trained / "model.safetensors")
    np.testing.assert_array_equal(saved["embeddings"], again.vectors.numpy())


def test_it_reports_and_writes_a_card(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "encoder"
    out.mkdir()
    (out / "left_over").touch()
    assert main([*_where(data), "--out", str(out), "--unmeasured", *SHORT]) == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in ("pairs an epoch", "training", "size", "loading", "encoding"))
    assert "Not measured" in (out / "README.md").read_text(encoding="utf-8")
    assert not (out / "left_over").exists()
    assert [folder.name for folder in tmp_path.iterdir()] == ["encoder"]


def test_the_card_holds_the_figures(trained: Path) -> None:
    card = (trained / "README.md").read_text(encoding="utf-8")
    assert "| topic of an everyday phrase, first |" in card
    assert "| 40 |" in card


@pytest.mark.parametrize(
    "content",
    ["topic: 歇业", "- [", "- 歇业", '[{"topic": "没有", "clauses": [{"text": "支持"}]}]', '[{"topic": "歇业"}]'],
)
def test_malformed_examples_are_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(LexiconError, match=r"a\.yaml"):
        load_examples(tmp_path, {"歇业"})


def test_absent_text_is_named(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path), "--corpus", str(data / "corpus"), "--out", str(tmp_path / "out")]) == 1
    assert "statutes.jsonl.gz" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("name", "line"),
    [("statutes.jsonl.gz", '{"title": "条例"}'), ("lecoqa_train.jsonl", "{"), ("atec_pairs.tsv.gz", "一\t二")],
)
def test_a_malformed_line_is_named(data: Path, tmp_path: Path, name: str, line: str) -> None:
    shutil.copytree(data, tmp_path, dirs_exist_ok=True)
    _write_lines(tmp_path / name, [line])
    with pytest.raises(UnreadableFile, match=f"{name}, line 1"):
        read_training_text(tmp_path, tmp_path / "corpus")


@settings(max_examples=50)
@given(st.lists(st.text("甲乙丙丁", min_size=1, max_size=8), min_size=1, max_size=20))
def test_every_word_is_one_token_and_no_character_is_lost(words: list[str]) -> None:
    tokenizer = build_tokenizer(dict.fromkeys(words, 1), size=1000)
    for word in words:
        assert tokenizer.encode(word).tokens == [word]
    run = "".join(words)
    assert "".join(tokenizer.encode(run).tokens) == run


def test_pairs_of_one_group_are_no_counter_examples() -> None:
    bag = nn.EmbeddingBag.from_pretrained(torch.tensor([[1.0, 0.0], [0.0, 1.0]]))
    texts = (torch.tensor([0, 0, 1]), torch.tensor([0, 1, 2]))
    twins = torch.tensor([[False, True, False], [True, False, False], [False, False, False]])
    assert contrast(bag, Batch(texts, texts, twins)) < 1e-6
    assert contrast(bag, Batch(texts, texts, torch.zeros(3, 3, dtype=torch.bool))) > 0.4


def test_spelling_replaces_words_by_their_characters() -> None:
    tokenizer = build_tokenizer({"企业": 9, "登记": 9}, size=100)
    rows, rng = [tokenizer.encode(text).ids for text in ("企业登记", "", "登记")], np.random.default_rng(0)
    names = {number: word for word, number in tokenizer.get_vocab().items()}
    spelled, starts = Speller(tokenizer, 1.0).spell(rows, rng)
    assert [names[number] for number in spelled.tolist()] == list("企业登记登记")
    assert starts.tolist() == [0, 4, 4]
    kept, starts = Speller(tokenizer, 0.0).spell(rows, rng)
    assert [names[number] for number in kept.tolist()] == ["企业", "登记", "登记"]
    assert starts.tolist() == [0, 2, 2]


def test_phrases_meet_terms_and_passages_of_their_own_topic(data: Path) -> None:
    text = read_training_text(data, data / "corpus")
    pairs = PairSampler(text).sample(Random(1))
    assert pairs == PairSampler(text).sample(Random(1))
    for topic in text.topics:
        examples = text.examples[topic.name]
        known = {*topic.phrases, *examples.questions, *(one.text for one in examples.clauses)}
        own = [pair for pair in pairs if pair.group == topic.name and pair.side is None]
        assert {*topic.colloquial, *examples.questions} <= {pair.anchor for pair in own}
        assert all(any(phrase in pair.positive for phrase in known) for pair in own)


def test_questions_on_a_clause_meet_that_clause_and_stay_together(data: Path) -> None:
    text = read_training_text(data, data / "corpus")
    pairs = PairSampler(text).sample(Random(1))
    sided = [number for number, pair in enumerate(pairs) if pair.side is not None]
    for topic, examples in text.examples.items():
        own = [number for number in sided if pairs[number].group == topic]
        together = len(own) // EXAMPLES_WEIGHT
        runs = [own[start : start + together] for start in range(0, len(own), together)]
        assert all(run == list(range(run[0], run[0] + together)) for run in runs)
        for pair in (pairs[number] for number in own):
            clause = examples.clauses[pair.side or 0]
            assert pair.anchor in clause.questions
            assert pair.positive in (clause.text, *clause.questions)


def test_everyday_words_stand_in_for_those_of_statutes(data: Path) -> None:
    pairs = PairSampler(read_training_text(data, data / "corpus")).sample(Random(1))
    said = [pair for pair in pairs if "管事的" in pair.anchor]
    assert ("管事的", "主管部门") in {(pair.anchor, pair.positive) for pair in said}
    assert any(len(pair.anchor) > 3 and "主管部门" in pair.positive for pair in said)


def test_sides_of_one_topic_tell_each_other_apart() -> None:
    pairs = [Pair("a", "b", "topic", 0), Pair("c", "d", "topic", 1), Pair("e", "f", "topic"), Pair("g", "h", "other")]
    alike = of_one_group(pairs)
    assert alike.tolist() == [
        [True, False, True, False],
        [False, True, True, False],
        [True, True, True, False],
        [False, False, False, True],
    ]


def test_what_is_held_out_is_not_trained_on(data: Path) -> None:
    text = read_training_text(data, data / "corpus")
    splits = [hold_out(text, seed) for seed in range(20)]
    seen, held_out = next((a, b) for a, b in splits if b.phrases and b.clauses and b.questions)
    assert {phrase for phrase, _ in held_out.phrases}.isdisjoint(seen.everyday_texts())
    assert {question.text for question in held_out.questions}.isdisjoint(seen.everyday_texts())


def test_words_are_counted_as_the_tokenizer_sees_them() -> None:
    assert count_words(["ＡＩ企业，企业"], weight=2) == {"ai": 2, "企业": 4}


def test_short_terms_of_the_lexicon_that_are_no_dictionary_words_become_words() -> None:
    assert coined_words(["个转企", "歇业", "财政贴息", "四上企业", "5G"]) == ["个转企"]


def test_the_vocabulary_keeps_to_its_size() -> None:
    counts = count_words(["经营蔬菜，申请财政贴息"])
    assert build_tokenizer(counts, size=24).get_vocab_size() <= 24 < build_tokenizer(counts, size=1000).get_vocab_size()


def _where(data: Path) -> list[str]:
    return ["--data", str(data), "--corpus", str(data / "corpus")]


def _write_lines(path: Path, lines: Sequence[str]) -> None:
    content = "".join(f"{line}\n" for line in lines).encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
