"""What is found for a place: on the matter asked about, with what is told of it and what is not."""

from __future__ import annotations

from datetime import date

import pytest

from bot.evidence import Finding
from bot.find import find, is_about_policy
from bot.question import Aspect
from bot.understand import understand
from tests.corpus_fixture import Corpus


def look(corpus: Corpus, text: str, page: str | None = None) -> list[Finding]:
    resources = corpus.huiwen.resources()
    place = resources.gazetteer.resolve(page) if page else None
    question = understand(text, place, [], date(2026, 11, 20), resources.gazetteer, resources.finder)
    return find(question, resources) if is_about_policy(question, resources) else []


def covered(findings: list[Finding]) -> list[str]:
    return [finding.place.name for finding in findings if finding.covered]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("达拉特旗和六盘水的创业补贴各多少", ["六盘水市"]),  # a tax deduction is no start-up subsidy
        ("岚县和达拉特旗的创业补贴", ["岚县"]),
        ("甘州和六盘水的创业补贴", ["甘州区", "六盘水市"]),
        ("岚县和六盘水的转企奖励", ["岚县", "六盘水市"]),
        ("达拉特旗和磴口的转企补助", ["达拉特旗", "磴口县"]),
        ("达拉特旗和六盘水六税两费", ["达拉特旗", "六盘水市"]),
        ("六盘水和岚县夜市", ["岚县"]),
        ("磴口和六盘水歇业", ["磴口县"]),
        ("达拉特旗和甘州公积金", ["甘州区"]),
        ("甘州和岚县信用修复", ["甘州区", "岚县"]),
    ],
)
def test_places_are_compared_on_one_matter(corpus: Corpus, text: str, expected: list[str]) -> None:
    assert covered(look(corpus, text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("公积金能交吗", {"甘州区"}),
        ("夜市怎么摆", {"岚县"}),
        ("电费有优惠吗", {"磴口县"}),
        ("小升规奖多少", {"达拉特旗", "磴口县"}),
        ("产假政府补不补", set()),
    ],
)
def test_without_a_place_only_those_that_cover_the_matter_are_listed(
    corpus: Corpus, text: str, expected: set[str]
) -> None:
    findings = look(corpus, text)
    assert {finding.place.name for finding in findings} == expected
    assert all(finding.covered for finding in findings)


def test_a_clause_on_the_topic_covers_it_though_another_places_words_it_better(corpus: Corpus) -> None:
    (finding,) = look(corpus, "没报年报，信用怎么修复", "六盘水市")
    assert finding.covered


def test_a_clause_on_no_topic_of_the_question_must_fit_better(corpus: Corpus) -> None:
    assert covered(look(corpus, "产假政府补不补", "六盘水市")) == []


def test_parts_that_nothing_covers_by_themselves_need_a_sure_basis_as_a_whole(corpus: Corpus) -> None:
    assert covered(look(corpus, "年报几月几号前要报？不报罚多少", "达拉特旗")) == []


def test_what_surely_covers_the_whole_covers_its_parts(corpus: Corpus) -> None:
    (finding,) = look(corpus, "店里缺人两三天，上哪儿找干一天结一天的？有正规地方没", "六盘水市")
    assert finding.covered
    assert finding.missing == ()


def test_a_piece_that_only_asks_brings_no_clause_of_its_own(corpus: Corpus) -> None:
    (finding,) = look(corpus, "把店变成公司，旗里给钱不", "达拉特旗")
    assert [one.clause.id for one in finding.evidence] == ["dalate-2023#四-五-15"]


@pytest.mark.parametrize(
    ("text", "page", "untold", "complete"),
    [
        ("创业担保贷款能贷多少，最长几年，找谁", "甘州区", {Aspect.AMOUNT}, False),
        ("转企补多少，找谁", "六盘水市", {Aspect.AMOUNT}, False),
        ("转企补多少", "六盘水市", {Aspect.AMOUNT}, True),  # that no figure stands there is the answer
        ("转企补多少，找谁", "达拉特旗", set(), True),
        ("个转企奖多少，什么时候截止", "岚县", {Aspect.VALIDITY}, False),
        ("六税两费减多少，减到什么时候", "达拉特旗", set(), True),
        ("检验费减多少", "达拉特旗", set(), True),  # 减半 is a figure
        ("首席质量官培养几名", "磴口县", set(), True),  # a blank stands for it
        ("转企补助标准是什么", "六盘水市", {Aspect.AMOUNT}, True),  # 标准 is one thing, and no condition
    ],
)
def test_what_is_asked_is_told_or_named(
    corpus: Corpus, text: str, page: str, untold: set[Aspect], complete: bool
) -> None:
    (finding,) = look(corpus, text, page)
    assert (set(finding.untold), finding.complete) == (untold, complete)
