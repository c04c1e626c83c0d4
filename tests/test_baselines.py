from __future__ import annotations

import subprocess
import sys

import pytest

from eval.baselines import Baseline, open_bm25_words, open_langchain_usual, read_texts
from eval.errors import EvaluationError
from ingest.settings import ROOT, Settings
from tests.corpus_fixture import Corpus
from tests.fakes_systems import make_abstention, make_case

RETRIEVAL = ("bot.retrieve", "bot.search", "ingest.lexical", "ingest.vectors", "ingest.passages", "ingest.store")
QUESTION = "个体工商户转为企业有什么补助？"


@pytest.fixture(scope="module")
def langchain_usual(corpus: Corpus) -> Baseline:
    return open_langchain_usual(corpus.settings)


@pytest.fixture(scope="module")
def bm25_words(corpus: Corpus) -> Baseline:
    return open_bm25_words(corpus.settings)


def test_no_baseline_loads_a_line_of_retrieval() -> None:
    code = f"import sys, eval.baselines; print([name for name in {RETRIEVAL} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_texts_are_split_by_length(corpus: Corpus) -> None:
    texts = read_texts(corpus.settings)
    assert max(len(split.text) for split in texts.splits) <= 500
    assert {split.document.id for split in texts.splits} == {one.id for one in corpus.huiwen.documents()}
    assert texts.digest == corpus.huiwen.resources().index.info.corpus


def test_a_baseline_needs_an_index() -> None:
    with pytest.raises(EvaluationError, match="huiwen ingest"):
        read_texts(Settings(index=ROOT / "none"))


@pytest.mark.parametrize("name", ["langchain_usual", "bm25_words"])
def test_the_first_passages_are_the_answer(name: str, request: pytest.FixtureRequest) -> None:
    baseline: Baseline = request.getfixturevalue(name)
    outcome = baseline.answer(make_case(question=QUESTION))
    assert outcome.status == "answered"
    assert outcome.considered is not None
    assert len(outcome.considered) == 10
    assert [one.clause_id for one in outcome.citations] == [one.clause_id for one in outcome.considered[:4]]
    assert [one.outcome for one in outcome.considered] == ["cited"] * 4 + ["weaker"] * 6
    assert all(citation.text in outcome.answer for citation in outcome.citations)
    scores = [one.score for one in outcome.considered]
    assert scores == sorted(scores, reverse=True)


def test_the_usual_recipe_knows_no_places(langchain_usual: Baseline) -> None:
    here = langchain_usual.answer(make_case(question=QUESTION, jurisdiction="达拉特旗"))
    there = langchain_usual.answer(make_case(question=QUESTION, jurisdiction="岚县"))
    assert here.answer == there.answer


def test_word_search_keeps_to_the_place_that_is_named(bm25_words: Baseline) -> None:
    page = bm25_words.answer(make_case(question=QUESTION, jurisdiction="岚县"))
    assert {one.document_id for one in page.citations} == {"lanxian-2022"}
    named = bm25_words.answer(make_case(question=f"磴口县的{QUESTION}", jurisdiction="岚县"))
    assert {one.document_id for one in named.citations} == {"dengkou-2023"}
    before = bm25_words.answer(make_case(question=QUESTION, jurisdiction=None, history=["我在甘州区开店"]))
    assert {one.document_id for one in before.citations} == {"ganzhou-2024"}
    nowhere = bm25_words.answer(make_case(question=QUESTION, jurisdiction=None))
    assert len({one.document_id for one in nowhere.citations}) > 1


def test_word_search_abstains_where_no_document_is_of_the_place(bm25_words: Baseline) -> None:
    outcome = bm25_words.answer(make_abstention(question=QUESTION, jurisdiction="张掖市高台县"))
    assert (outcome.status, outcome.citations) == ("no_basis", ())
