"""What a question wrongly takes for granted is put right before anything else is said."""

from __future__ import annotations

from datetime import date

import pytest

from tests.corpus_fixture import Corpus

DAY = date(2026, 11, 20)


def test_another_places_figure_is_named_as_that_places(corpus: Corpus) -> None:
    response = corpus.ask("听说六盘水个体户转成企业给10万，找谁领", "六盘水市", as_of=DAY)
    said = response.answer.split("\n\n")[len(response.notices)]
    foreign = [one for one in response.citations if one.jurisdiction and one.jurisdiction.name == "达拉特旗"]
    assert said.startswith("您说的10万，六盘水市的文件里没有这样写，那是达拉特旗的文件里写的")
    assert [f"[{one.n}]" in said for one in foreign] == [True]
    assert foreign[0].jurisdiction
    assert foreign[0].jurisdiction.relation == "other"
    assert [notice.citations for notice in response.notices if notice.code == "other_jurisdiction"] == [[foreign[0].n]]
    assert all("10万" not in line for line in response.answer.split("\n\n") if line != said)


@pytest.mark.parametrize(
    ("question", "place", "figure"),
    [("创业担保贷款听说最长能贷八年", "甘州区", "八年"), ("新开的店县里补助9000元，啥时候领", "岚县", "9000元")],
)
def test_a_figure_that_nobody_wrote_is_told_as_that(corpus: Corpus, question: str, place: str, figure: str) -> None:
    response = corpus.ask(question, place, as_of=DAY)
    assert f"您说的{figure}，{place}的文件里没有这样写" in response.answer
    assert "other_jurisdiction" not in {notice.code for notice in response.notices}


@pytest.mark.parametrize(
    ("question", "place", "said"),
    [
        ("转企是不是干满一年就发十万", "达拉特旗",
         "不是您说的一年，达拉特旗的文件里写的是“对首次‘个转企’稳定经营2年以上”。[1]"),
        ("创业补贴要开满两年才给吗", "六盘水市",
         "不是您说的两年，六盘水市的征求意见稿里写的是“正常经营1年以上的离校5年内高校毕业生”。[1]"),
        ("两千块创业补助，开张满六个月才发吗", "岚县", "您说的六个月，这一条里没有写。[1]"),
    ],
)  # fmt: skip
def test_a_condition_is_put_right_in_the_words_of_the_clause(
    corpus: Corpus, question: str, place: str, said: str
) -> None:
    response = corpus.ask(question, place, as_of=DAY)
    paragraphs = response.answer.split("\n\n")[len(response.notices) :]
    assert paragraphs[0] == said
    assert not paragraphs[1].startswith(("有", "可以"))  # a yes would confirm what was put right


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("首次个转企给10万补助，找谁领", "达拉特旗"),  # that is what is written there
        ("我雇了8个人，开了5年店，有创业担保贷款吗", "六盘水市"),  # what the asker has is no premise
        ("想贷20万，创业担保贷款找谁", "六盘水市"),  # nor is a wish
    ],
)
def test_what_holds_or_is_the_askers_own_is_left_alone(corpus: Corpus, question: str, place: str) -> None:
    assert "您说的" not in corpus.ask(question, place, as_of=DAY).answer


def test_thanks_are_answered_as_thanks(corpus: Corpus) -> None:
    response = corpus.ask("谢谢你", "达拉特旗")
    assert (response.status, response.citations) == ("out_of_scope", [])
    assert "不客气" in response.answer


def test_what_was_asked_and_is_not_written_is_said(corpus: Corpus) -> None:
    response = corpus.ask("歇业最长能歇几年，找谁办", "磴口县", as_of=date(2024, 6, 1))
    assert response.status == "partial"
    assert "没有写期限" in response.answer
    assert "县市场监管局" in response.answer
