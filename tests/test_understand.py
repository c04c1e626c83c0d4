"""What is asked, where, and what an earlier turn gives to it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.contract import Turn
from bot.question import Aspect, Question
from bot.understand import understand
from tests.corpus_fixture import Corpus

DAY = date(2026, 11, 20)


def ask(corpus: Corpus, text: str, page: str | None = None, *earlier: str) -> Question:
    gazetteer, finder = corpus.huiwen.gazetteer, corpus.huiwen.resources().finder
    history = [Turn(role="user", content=turn) for turn in earlier]
    return understand(text, gazetteer.resolve(page) if page else None, history, DAY, gazetteer, finder)


def names(question: Question) -> list[str]:
    return [place.name for place in question.places]


@pytest.mark.parametrize(
    ("text", "page", "earlier", "places", "source"),
    [
        ("达拉特旗个转企补助多少", None, (), ["达拉特旗"], "question"),
        ("达旗个转企补助多少", "岚县", (), ["达拉特旗"], "question"),
        ("个转企补助多少", "岚县", (), ["岚县"], "request"),
        ("个转企补助多少", None, ("岚县有贷款吗",), ["岚县"], "history"),
        ("个转企补助多少", "磴口县", ("岚县有贷款吗",), ["岚县"], "history"),  # what was said tells more than the page
        ("个转企补助多少", None, ("岚县有贷款吗", "甘州区呢"), ["甘州区"], "history"),  # the last that was named
        ("个转企补助多少", None, (), [], None),
        ("达拉特旗和磴口县，哪边补得多", None, (), ["达拉特旗", "磴口县"], "question"),
        ("那磴口县呢", "达拉特旗", ("达拉特旗个转企补助多少",), ["磴口县"], "question"),
    ],
)
def test_where(
    corpus: Corpus, text: str, page: str | None, earlier: tuple[str, ...], places: list[str], source: str | None
) -> None:
    question = ask(corpus, text, page, *earlier)
    assert (names(question), question.source) == (places, source)


def test_an_assistants_turn_names_no_place(corpus: Corpus) -> None:
    gazetteer, finder = corpus.huiwen.gazetteer, corpus.huiwen.resources().finder
    turns = [Turn(role="assistant", content="别的地方（磴口县）有相近的规定。")]
    assert understand("那补多少呢", None, turns, DAY, gazetteer, finder).places == ()


def test_a_shared_name_stays_open_unless_the_page_decides(corpus: Corpus) -> None:
    question = ask(corpus, "鼓楼区开店有补贴吗")
    assert question.places == ()
    assert {"南京市", "福州市"} <= {place.path[-2] for place in question.ambiguous}
    assert [place.code for place in ask(corpus, "鼓楼区开店有补贴吗", "南京市").places] == ["320106"]


def test_places_are_no_part_of_what_is_asked(corpus: Corpus) -> None:
    question = ask(corpus, "请问达拉特旗个转企补助多少？")
    assert not any("达拉特" in part or "请问" in part for part in question.parts)
    assert question.text == "请问达拉特旗个转企补助多少？"


def test_several_questions_are_several_parts(corpus: Corpus) -> None:
    question = ask(corpus, "个转企补助多少？创业贷款怎么申请？")
    assert len(question.parts) == 2
    assert ask(corpus, "个转企补助多少？谢谢").parts == ask(corpus, "个转企补助多少").parts


@pytest.mark.parametrize("text", ["那要什么条件", "找谁办呢", "这个政策现在还有效吗", "多久能批"])
def test_what_leans_on_a_turn_gets_its_matter(corpus: Corpus, text: str) -> None:
    question = ask(corpus, text, "达拉特旗", "个转企补助多少")
    assert question.follows_up
    assert "个转企" in question.whole


def test_what_leans_on_a_turn_that_leans_reaches_back(corpus: Corpus) -> None:
    question = ask(corpus, "那多久能批呢", "达拉特旗", "个转企补助多少", "那找谁办呢")
    assert "个转企" in question.whole


def test_what_stands_by_itself_takes_nothing_over(corpus: Corpus) -> None:
    question = ask(corpus, "个体工商户歇业最长可以多长时间", "达拉特旗", "个转企补助多少")
    assert not question.follows_up
    assert "个转企" not in question.whole
    assert not ask(corpus, "那找谁办呢").follows_up  # nothing to lean on


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("个转企补助多少钱", Aspect.AMOUNT),
        ("个转企找哪个部门", Aspect.DEPARTMENT),
        ("这个政策还有效吗", Aspect.VALIDITY),
        ("几个月能批下来", Aspect.TERM),
        ("奖励政策有哪些", Aspect.LIST),
        ("需要什么条件", Aspect.CONDITION),
        ("怎么申请", Aspect.PROCEDURE),
        ("个体户能贷款吗", Aspect.YES_NO),
        ("文号是多少", Aspect.NUMBER),
        ("上位依据是哪个文件", Aspect.SOURCE),
        ("这个通知哪天印发的", Aspect.ISSUED),
    ],
)
def test_what_a_question_wants_to_know(corpus: Corpus, text: str, aspect: Aspect) -> None:
    assert aspect in ask(corpus, text).aspects


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.text(min_size=1, max_size=80), st.lists(st.text(max_size=40), max_size=4))
def test_any_text_is_understood_and_nothing_is_made_up(corpus: Corpus, text: str, earlier: list[str]) -> None:
    question = ask(corpus, text, None, *earlier)
    assert question.parts
    assert (question.text, question.as_of) == (text, DAY)
    said = set("".join([text, *earlier])) | {" "}
    assert all(set(part) <= said for part in question.parts)
    assert question.source is None or question.places or question.ambiguous
