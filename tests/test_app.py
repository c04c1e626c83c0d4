"""The assistant follows the index: a new generation serves the next question, the one before ends in peace."""

from __future__ import annotations

import os
import shutil
import threading

import pytest

from bot.app import open_huiwen
from bot.contract import AskRequest
from bot.ports import DoneEvent, SearchQuery
from ingest.errors import EncoderMismatch, IndexMissing
from ingest.generation import current_name
from tests.corpus_fixture import Corpus

NOTICE = """康巴什区人民政府办公室关于印发《夜市摊位补贴办法》的通知

各有关单位：

一、补贴标准

对在夜市经营的个体工商户，每个摊位给予731元补贴。（责任单位：区商务局）

康巴什区人民政府办公室
2024年5月6日
"""
QUESTION = AskRequest(question="夜市摊位补贴多少钱", jurisdiction="康巴什区")


def drop(corpus: Corpus, text: str = NOTICE) -> None:
    """Put a document into the folder and index it."""
    (corpus.settings.corpus / "documents" / "kangbashi.txt").write_text(text, encoding="utf-8")
    assert corpus.rebuild().changed


def test_a_new_document_answers_the_next_question_and_a_removed_one_no_more(own_corpus: Corpus) -> None:
    huiwen = own_corpus.huiwen
    assert huiwen.ask(QUESTION).status in ("no_basis", "out_of_scope")
    drop(own_corpus)
    assert "731元" in huiwen.ask(QUESTION).answer
    assert huiwen.search(SearchQuery("夜市", jurisdiction="康巴什区")).total > 0
    (own_corpus.settings.corpus / "documents" / "kangbashi.txt").unlink()
    own_corpus.rebuild()
    assert huiwen.ask(QUESTION).status in ("no_basis", "out_of_scope")
    assert len(huiwen.documents()) == 5


def test_an_index_that_was_deleted_and_built_anew_answers_the_next_question(own_corpus: Corpus) -> None:
    huiwen = own_corpus.huiwen
    shutil.rmtree(own_corpus.settings.index)
    drop(own_corpus)
    assert "731元" in huiwen.ask(QUESTION).answer


def test_a_new_generation_that_is_damaged_is_told_once_and_the_one_before_serves_on(
    own_corpus: Corpus, caplog: pytest.LogCaptureFixture
) -> None:
    drop(own_corpus)
    catalog = own_corpus.settings.index / str(current_name(own_corpus.settings.index)) / "catalog.sqlite"
    os.truncate(catalog, 100)
    for _ in range(2):
        assert "10万元" in own_corpus.ask("个转企补助多少", "达拉特旗").answer
    assert caplog.text.count("catalog.sqlite is damaged") == 1
    assert own_corpus.rebuild().changed
    assert "731元" in own_corpus.huiwen.ask(QUESTION).answer


def test_an_answer_under_way_ends_on_the_generation_it_began_with(own_corpus: Corpus) -> None:
    events = own_corpus.huiwen.stream(QUESTION)
    next(events)
    drop(own_corpus)
    assert "731元" in own_corpus.huiwen.ask(QUESTION).answer
    last = list(events)[-1]
    assert isinstance(last, DoneEvent)
    assert last.response.status in ("no_basis", "out_of_scope")


def test_questions_asked_while_a_generation_changes_are_all_answered(own_corpus: Corpus) -> None:
    answers: list[str] = []
    failures: list[BaseException] = []
    done = threading.Event()

    def keep_asking() -> None:
        try:
            while not done.is_set():
                answers.append(own_corpus.ask("个转企补助多少", "达拉特旗").answer)
        except BaseException as error:  # whatever it is, the test must see it
            failures.append(error)

    threads = [threading.Thread(target=keep_asking) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        drop(own_corpus)
        assert "731元" in own_corpus.huiwen.ask(QUESTION).answer
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert failures == []
    assert answers
    assert all("10万元" in answer for answer in answers)


def test_one_question_twice_gives_one_answer(corpus: Corpus) -> None:
    first, second = (corpus.ask("个转企补助多少", "达拉特旗") for _ in range(2))
    assert first.id != second.id
    assert first.model_dump(exclude={"id", "engine"}) == second.model_dump(exclude={"id", "engine"})


def test_the_library_shows_what_is_indexed(corpus: Corpus) -> None:
    huiwen = corpus.huiwen
    assert huiwen.ready()
    assert [document.id for document in huiwen.documents()] == sorted(document.id for document in huiwen.documents())
    for document in huiwen.documents():
        assert huiwen.document(document.id) == document
        clauses = huiwen.clauses(document.id)
        assert [clause.order for clause in clauses] == sorted(clause.order for clause in clauses)
        assert all(huiwen.clause(clause.id) == clause for clause in clauses[:3])
    assert (huiwen.document("none"), huiwen.clause("none#一"), list(huiwen.clauses("none"))) == (None, None, [])


def test_without_an_index_or_with_anothers_it_does_not_open(own_corpus: Corpus) -> None:
    settings = own_corpus.settings
    with pytest.raises(IndexMissing, match="huiwen ingest"):
        open_huiwen(settings.model_copy(update={"index": settings.index.parent / "none"}))
    for info in settings.index.glob("*/info.json"):
        info.write_text(
            info.read_text("utf-8").replace('"encoder_digest": "', '"encoder_digest": "another-'), encoding="utf-8"
        )
    with pytest.raises(EncoderMismatch, match="huiwen ingest"):
        open_huiwen(settings)
