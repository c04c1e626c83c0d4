"""Whom to ask: those in the lead first, by the clause that answers best, all of them where that was the question."""

from __future__ import annotations

from datetime import date

from bot.evidence import Evidence
from bot.validity import judge
from bot.whom_to_ask import whom_to_ask
from ingest.sentences import split_sentences
from prompts.messages import load_messages
from prompts.phrases import load_phrases
from tests.fakes_ingest import parse_text

WORDS, ROLES = load_phrases().answer, load_messages().roles
DOCUMENT = parse_text(
    "某县办法\n第一条 新开的店给予5000元补贴。（牵头单位：县财政局；责任单位：县人社局、县市场监管局、县税务局）\n"
    "第二条 贷款按50%贴息。（责任单位：县金融办）\n第三条 鼓励开店。\n"
)


def evidence(*articles: str) -> list[Evidence]:
    chosen = [next(one for one in DOCUMENT.clauses if one.id.endswith(f"#第{article}条")) for article in articles]
    sentences = [tuple(split_sentences(clause.text)) for clause in chosen]
    return [
        Evidence(DOCUMENT.document, clause, each, judge(DOCUMENT.document, clause, [(0, 1)], date(2026, 1, 1)))
        for clause, each in zip(chosen, sentences, strict=True)
    ]


def tell(question: str, *articles: str, every: bool = False) -> list[str]:
    cited = evidence(*articles)
    numbers = {one.clause.id: number for number, one in enumerate(cited, 1)}
    return [line.text for line in whom_to_ask(cited, numbers, question, every, WORDS, ROLES)]


def test_who_leads_goes_first_and_three_are_named() -> None:
    assert tell("开店补多少", "一") == ["找谁问：县财政局（牵头单位）、县人社局、县市场监管局（责任单位）等[1]"]


def test_all_are_named_where_that_was_asked() -> None:
    (line,) = tell("开店补贴找谁", "一", every=True)
    assert "县税务局" in line
    assert "等[1]" not in line


def test_only_who_leads_is_named_where_that_was_asked() -> None:
    assert tell("哪个单位牵头", "一", every=True) == ["找谁问：县财政局（牵头单位）[1]"]


def test_a_department_whose_name_has_the_matter_goes_before_others_of_its_role() -> None:
    (line,) = tell("税怎么交", "一")
    assert line.index("县税务局") < line.index("县人社局")


def test_the_clause_that_answers_best_names_its_departments_first() -> None:
    (line,) = tell("贷款贴息", "二", "一")
    assert line.startswith("找谁问：")
    assert line.index("县金融办") < line.index("[1]")
    assert "[2]" in line


def test_without_departments_there_is_no_line() -> None:
    assert tell("开店", "三") == []
