"""What was asked of a matter and stands in what is cited, or does not."""

from __future__ import annotations

from datetime import date

import pytest

from bot.evidence import Evidence
from bot.question import Aspect
from bot.quote import quote
from bot.understand import understand
from bot.untold import read_told
from ingest.sentences import split_sentences
from tests.corpus_fixture import Corpus
from tests.fakes_ingest import parse_text

DAY = date(2026, 11, 20)


def told(corpus: Corpus, text: str, clause_text: str, title: str = "某县办法") -> tuple[set[Aspect], set[Aspect]]:
    resources = corpus.huiwen.resources()
    question = understand(text, None, [], DAY, resources.gazetteer, resources.finder)
    document = parse_text(f"{title}\n第一条 {clause_text}\n")
    clause = next(one for one in document.clauses if one.id.endswith("#第一条"))
    evidence: list[Evidence] = [quote(document.document, clause, split_sentences(clause.text), question)]
    here, missing = read_told(question, evidence)
    return set(here), set(missing)


@pytest.mark.parametrize(
    ("text", "clause", "here", "missing"),
    [
        ("开店补多少钱", "新开的店给予5000元补贴。", {"amount"}, set()),
        ("开店补多少钱", "新开的店给予补贴。", set(), {"amount"}),
        ("开店补多少钱", "新开的店减半收取费用。", {"amount"}, set()),
        ("开店补多少钱", "新开的店，3个月内给予补贴。", set(), {"amount"}),  # a term is no money
        ("开店补贴找哪个部门", "新开的店给予补贴。（责任单位：县财政局）", {"department"}, set()),
        ("开店补贴找哪个部门", "新开的店给予补贴。", set(), {"department"}),
        ("开店补贴什么时候截止", "新开的店给予补贴，执行期限至2027年12月31日。", {"validity"}, set()),
        ("开店补贴什么时候截止", "新开的店给予补贴。", set(), {"validity"}),
        ("营业执照多久办好", "营业执照3个工作日内办结。", {"term"}, set()),
        ("营业执照多久办好", "营业执照从快办理。", set(), {"term"}),
    ],
)
def test_each_thing_asked_is_told_or_not(
    corpus: Corpus, text: str, clause: str, here: set[str], missing: set[str]
) -> None:
    tells, lacks = told(corpus, text, clause)
    assert here <= tells
    assert lacks == missing


def test_several_things_asked_are_judged_one_by_one(corpus: Corpus) -> None:
    tells, lacks = told(corpus, "开店补多少钱，找哪个部门", "新开的店给予5000元补贴。")
    assert Aspect.AMOUNT in tells
    assert lacks == {Aspect.DEPARTMENT}


def test_a_procedure_counts_as_told(corpus: Corpus) -> None:
    assert Aspect.PROCEDURE in told(corpus, "开店补贴怎么申请", "新开的店给予补贴。")[0]


def test_free_of_charge_elsewhere_in_the_clause_is_no_figure_for_what_is_quoted(corpus: Corpus) -> None:
    resources = corpus.huiwen.resources()
    question = understand("工伤保险交多少钱", None, [], DAY, resources.gazetteer, resources.finder)
    document = parse_text("某县办法\n第一条 简化工伤保险参保流程。免费提供招聘信息。\n")
    clause = next(one for one in document.clauses if one.id.endswith("#第一条"))
    cited = [quote(document.document, clause, split_sentences(clause.text)[:1], question)]
    assert Aspect.AMOUNT in read_told(question, cited)[1]
