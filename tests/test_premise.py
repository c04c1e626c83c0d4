"""What a question takes for granted is looked for where it must stand, and put right where it does not."""

from __future__ import annotations

from datetime import date

import pytest

from bot.evidence import Finding, Premise
from bot.find import find
from bot.understand import understand
from tests.corpus_fixture import Corpus


def find_all(corpus: Corpus, text: str) -> list[Finding]:
    resources = corpus.huiwen.resources()
    question = understand(text, None, [], date(2026, 11, 20), resources.gazetteer, resources.finder)
    return find(question, resources)


def ask(corpus: Corpus, text: str) -> list[Premise]:
    return [premise for finding in find_all(corpus, text) for premise in finding.premises]


@pytest.mark.parametrize(
    ("text", "holds", "elsewhere"),
    [
        ("六盘水转企给10万，找谁领", False, "达拉特旗"),
        ("达拉特旗转企给10万找谁领", True, None),
        ("甘州创业补贴不是说给5000吗", False, "六盘水市"),
        ("岚县创业补贴5000元怎么申请", False, "六盘水市"),
        ("达旗房租能免半年吗", False, "岚县"),
        ("六盘水创业担保贷款最多能贷30万吧", True, None),
        ("达拉特旗创业担保贷款最高30万找谁", False, "六盘水市"),
        ("听说磴口歇业能歇三年", False, None),
        ("康巴什区转企给10万吗", False, "达拉特旗"),
        ("达拉特旗月销售15万以下都免增值税吗", False, None),
        ("达拉特旗月销售10万以下都免增值税吗", True, None),
    ],
)
def test_whether_it_holds_and_whose_it_is(corpus: Corpus, text: str, holds: bool, elsewhere: str | None) -> None:
    (premise,) = ask(corpus, text)
    assert (premise.holds, premise.elsewhere and premise.elsewhere.name) == (holds, elsewhere)


def test_the_clause_is_quoted_by_the_sentence_that_has_the_figure(corpus: Corpus) -> None:
    (premise,) = ask(corpus, "六盘水转企给10万，找谁领")
    assert premise.evidence
    assert "一次性10万元" in "".join(premise.evidence.quote.split())


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("达拉特旗转企是不是干满一年就发十万", "对首次“个转企”稳定经营2年以上"),
        ("达拉特旗转企干满两年就给十万吗", ""),
        ("六盘水创业补贴要开满两年才给五千吗", "正常经营1年以上的离校5年内高校毕业生"),
        ("六盘水毕业三年之内才有那个五千块创业补贴吗", "正常经营1年以上的离校5年内高校毕业生"),
        ("磴口县建党组织非得凑够5个正式党员才行吗", "凡有正式党员3人以上"),
        ("达拉特旗月销售15万以下都免增值税吗", "对月销售额10万元以下的增值税小规模纳税人免征增值税"),
    ],
)
def test_a_condition_is_looked_for_where_its_grant_stands(corpus: Corpus, text: str, instead: str) -> None:
    """That another clause of the place speaks of one year does not make it hold for this grant."""
    premises = ask(corpus, text)
    assert {premise.instead for premise in premises} - {""} == ({instead} if instead else set())
    assert premises
    assert all(premise.holds for premise in premises if not premise.instead)


def test_what_is_all_true_is_left_alone(corpus: Corpus) -> None:
    """The year is asked for by another clause than the one that grants."""
    held = ask(corpus, "达拉特旗个体户登记满一年才能进个转企培育库，进了库转企给十万，对吧")
    assert [one.holds for one in held] == [True, True]


@pytest.mark.parametrize(("text", "holds"), [("能贷两年吧", True), ("能贷三年吧", True), ("能贷五年吧", False)])
def test_less_than_the_most_is_no_false_premise(corpus: Corpus, text: str, holds: bool) -> None:
    (premise,) = ask(corpus, f"甘州创业担保贷款{text}")
    assert premise.holds is holds


def test_that_another_place_wrote_it_is_said_only_where_its_words_are_on_the_matter(corpus: Corpus) -> None:
    (premise,) = ask(corpus, "岚县租公家的门面免一年房租对不")  # 六盘水: 正常经营1年, for a start-up grant
    assert (premise.holds, premise.elsewhere) == (False, None)


def test_a_condition_that_the_grant_does_not_set_is_not_borrowed(corpus: Corpus) -> None:
    grant, condition = ask(corpus, "岚县两千块创业补助，开张满六个月才发吗")
    assert grant.holds  # 500 of the city and 1500 of the county
    assert condition.unsaid  # though the same clause lets off six months' rent


def test_a_clause_that_holds_what_is_taken_for_granted_is_cited(corpus: Corpus) -> None:
    (finding,) = find_all(corpus, "达拉特旗我舅想把修车铺升成公司，听人说干满一年就发十万，是真的不")
    assert "10万元" in finding.evidence[0].quote


def test_places_that_are_compared_are_not_put_right(corpus: Corpus) -> None:
    """Each row says what is written there."""
    assert ask(corpus, "达拉特旗和岚县转企都给10万吗") == []
    assert ask(corpus, "转企给10万吗") == []
