"""What a turn takes over from the turns before it, and what it leaves behind."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.contract import Turn
from bot.follow_up import Matter, hear, is_courtesy, only_asks, without_courtesy
from bot.question import Aspect
from bot.understand import understand
from tests.corpus_fixture import Corpus

DAY = date(2026, 11, 20)
CONVERSATIONS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "data" / "conversations.yaml").read_text(encoding="utf-8")
)


def turns_of(case: dict[str, Any]) -> list[Turn]:
    """The turns of a conversation; one that begins with > is the assistant's."""
    return [
        Turn(role="assistant" if text.startswith("> ") else "user", content=text.removeprefix("> "))
        for text in case["turns"]
    ]


@pytest.mark.parametrize("case", CONVERSATIONS, ids=lambda case: " / ".join(case["turns"]))
def test_a_conversation_is_heard_as_a_person_would(corpus: Corpus, case: dict[str, Any]) -> None:
    gazetteer, finder = corpus.huiwen.gazetteer, corpus.huiwen.resources().finder
    *history, last = turns_of(case)
    page = gazetteer.resolve(case["page"]) if "page" in case else None
    question = understand(last.content, page, history, DAY, gazetteer, finder)
    assert [place.name for place in question.places] == case["places"]
    assert all(word in question.whole for word in case.get("about", ())), question.whole
    assert not any(word in question.whole for word in case.get("drops", ())), question.whole
    assert {Aspect(aspect) for aspect in case.get("asks", ())} <= question.aspects


@pytest.mark.parametrize(
    "case", [case for case in CONVERSATIONS if "cites" in case], ids=lambda case: " / ".join(case["turns"])
)
def test_its_last_turn_is_answered_from_the_clause_that_it_means(corpus: Corpus, case: dict[str, Any]) -> None:
    *history, last = turns_of(case)
    response = corpus.ask(last.content, case.get("page"), history=history, as_of=DAY)
    texts = ["".join(citation.text.split()) for citation in response.citations]
    assert all(any("".join(words.split()) in text for text in texts) for words in case["cites"]), texts


@pytest.mark.parametrize("text", ["谢谢", "好的，谢谢", "明白了", "嗯嗯", "再见", "没事了", "谢谢你啊"])
def test_thanks_ask_nothing(corpus: Corpus, text: str) -> None:
    gazetteer, finder = corpus.huiwen.gazetteer, corpus.huiwen.resources().finder
    history = [Turn(role="user", content="达拉特旗转企补多少")]
    assert is_courtesy(text)
    assert understand(text, None, history, DAY, gazetteer, finder).courtesy
    assert corpus.ask(text, history=history).status == "out_of_scope"


@pytest.mark.parametrize("text", ["好店怎么评", "行政处罚怎么消", "可以贷款吗", "没了执照怎么办", "", "对公账户"])
def test_what_only_begins_like_thanks_asks_something(text: str) -> None:
    assert not is_courtesy(text)
    assert without_courtesy(text) == text


@pytest.mark.parametrize(
    ("text", "only"), [("旗里给钱不", True), ("那要找哪个部门", True), ("税呢", False), ("歇业最长多久", False)]
)
def test_what_only_asks_has_no_matter_of_its_own(text: str, only: bool) -> None:
    assert only_asks(text) is only


def test_nothing_is_taken_over_where_nothing_was_asked(corpus: Corpus) -> None:
    heard = hear("那找谁办呢", Matter(), corpus.huiwen.resources().finder)
    assert (heard.context, heard.own) == ("", "那找谁办呢")


def test_a_new_matter_keeps_what_was_asked_of_the_old_one(corpus: Corpus) -> None:
    matter = Matter("转企补多少", frozenset({Aspect.AMOUNT}))
    heard = hear("那贷款呢", matter, corpus.huiwen.resources().finder)
    assert heard.context == ""
    assert Aspect.AMOUNT in heard.aspects
    assert heard.matter.text == "贷款"
