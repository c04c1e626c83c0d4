"""The assistant follows the index: a new generation serves the next question, the one before ends in peace."""

from __future__ import annotations

import threading

import pytest

from bot.app import open_huiwen
from bot.contract import AskRequest
from bot.ports import DoneEvent, SearchQuery
from ingest.errors import EncoderMismatch, IndexMissing
from tests.corpus_fixture import Corpus

NOTICE = """康巴什区人民政府办公室关于印发《夜市摊位补贴办法》的通知

各有关单位：

一、补贴标准

对在夜市经营的个体工商户，每个摊位给予{amount}元补贴。（责任单位：区商务局）

康巴什区人民政府办公室
2024年5月6日
"""
QUESTION = AskRequest(question="夜市摊位补贴多少钱", jurisdiction="康巴什区")


def drop(corpus: Corpus, amount: int) -> None:
    """Put a document into the folder and index it."""
    (corpus.settings.corpus / "documents" / "kangbashi.txt").write_text(NOTICE.format(amount=amount), encoding="utf-8")
    assert corpus.rebuild().changed


def test_a_new_document_answers_the_next_question_and_a_removed_one_no_more(own_corpus: Corpus) -> None:
    huiwen = own_corpus.huiwen
    assert huiwen.ask(QUESTION).status in ("no_basis", "out_of_scope")
    drop(own_corpus, 731)
    assert "731元" in huiwen.ask(QUESTION).answer
    assert [one.document_id for one in huiwen.search(SearchQuery("夜市", jurisdiction="康巴什区")).results] != []
    drop(own_corpus, 842)
    assert "842元" in huiwen.ask(QUESTION).answer
    (own_corpus.settings.corpus / "documents" / "kangbashi.txt").unlink()
    own_corpus.rebuild()
    assert huiwen.ask(QUESTION).citations == [] or huiwen.ask(QUESTION).status == "no_basis"
    assert len(huiwen.documents()) == 5


def test_an_answer_under_way_ends_on_the_generation_it_began_with(own_corpus: Corpus) -> None:
    drop(own_corpus, 731)
    events = own_corpus.huiwen.stream(QUESTION)
    next(events)
    drop(own_corpus, 842)
    assert own_corpus.huiwen.resources() is own_corpus.huiwen.resources()
    last = list(events)[-1]
    assert isinstance(last, DoneEvent)
    assert "731元" in last.response.answer
    assert "842元" in own_corpus.huiwen.ask(QUESTION).answer


def test_questions_asked_while_generations_change_are_all_answered(own_corpus: Corpus) -> None:
    drop(own_corpus, 731)
    answers: list[str] = []
    failures: list[BaseException] = []
    done = threading.Event()

    def keep_asking() -> None:
        try:
            while not done.is_set():
                answers.append(own_corpus.huiwen.ask(QUESTION).answer)
        except BaseException as error:  # whatever it is, the test must see it
            failures.append(error)

    threads = [threading.Thread(target=keep_asking) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        drop(own_corpus, 842)
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert failures == []
    assert all(any(f"{amount}元" in answer for amount in (731, 842)) for answer in answers)


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
