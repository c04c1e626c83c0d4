"""Each state on the days before, on and after a period's ends; a date governs what it governs and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.validity import judge, judge_document
from ingest.dates import month_end
from ingest.model import Clause, ClauseKind, Document, Facts, LegalStatus, Period
from ingest.periods import last_day
from tests.corpus_fixture import Corpus
from tests.fakes_ingest import parse_text

DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))
ISSUED = date(2023, 8, 9)
PLAN = Period("2023-2025年", 0, 10, date(2023, 1, 1), date(2025, 12, 31), (0, 0))
DOCUMENT = Document("d", "关于办事的通知", None, None, ISSUED, LegalStatus.ISSUED, None, PLAN)
BARE = replace(DOCUMENT, issued_on=None, period=None)
WHOLE = (0, 20)


def clause(*periods: Period) -> Clause:
    text = "甲" * WHOLE[1]
    return Clause("d#一", "d", None, ClauseKind.CLAUSE, 1, ("一",), ("一",), text, 1, facts=Facts(periods=periods))


def until(ends: date | None, governs: tuple[int, int] = WHOLE, begins: date | None = None) -> Period:
    return Period("执行期限", 0, 4, begins, ends, governs)


@pytest.mark.parametrize(
    ("day", "state", "lapsed"),
    [
        (date(2022, 12, 31), "not_yet", False),
        (date(2023, 8, 8), "not_yet", False),  # in the plan's years, but the document was issued a day later
        (date(2023, 8, 9), "in_force", False),
        (date(2025, 12, 31), "in_force", False),  # the last day counts
        (date(2026, 1, 1), "expired", True),
    ],
)
def test_a_document_holds_from_its_issue_to_the_last_day_of_its_period(day: date, state: str, lapsed: bool) -> None:
    for validity in (
        judge_document(DOCUMENT, day),
        judge(DOCUMENT, clause(), (), day),
        judge(DOCUMENT, clause(), [(3, 5)], day),
    ):
        assert (validity.state, validity.lapsed) == (state, lapsed)
        assert (validity.begins, validity.ends, validity.basis) == (ISSUED, date(2025, 12, 31), "2023-2025年")


@given(DAYS)
def test_without_a_period_nothing_is_claimed(day: date) -> None:
    assert judge(BARE, clause(), (), day).state == "unknown"
    assert judge_document(BARE, day).state == "unknown"
    assert judge(BARE, clause(), (), day).ends is None


@given(DAYS)
def test_a_draft_stays_a_draft_and_its_lapse_is_told(day: date) -> None:
    draft = replace(DOCUMENT, status=LegalStatus.DRAFT)
    for validity in (judge(draft, clause(), (), day), judge_document(draft, day)):
        assert validity.state == "draft"
        assert validity.lapsed == (day > date(2025, 12, 31))


@given(DAYS)
def test_what_is_repealed_is_over_on_any_day(day: date) -> None:
    assert judge(replace(BARE, status=LegalStatus.REPEALED), clause(), (), day).state == "expired"


@given(begins=DAYS, length=st.integers(0, 2000), day=DAYS)
def test_a_sentence_holds_on_its_own_days_and_no_others(begins: date, length: int, day: date) -> None:
    ends = begins + timedelta(length)
    state = judge(BARE, clause(until(ends, begins=begins)), (), day).state
    assert state == ("not_yet" if day < begins else "expired" if day > ends else "in_force")


@given(ends=DAYS, quoted=st.tuples(st.integers(0, 19), st.integers(1, 10)), day=DAYS)
def test_an_end_governs_only_what_it_governs(ends: date, quoted: tuple[int, int], day: date) -> None:
    period = until(ends, governs=(0, 10))
    span = (quoted[0], min(quoted[0] + quoted[1], 20))
    validity = judge(DOCUMENT, clause(period), [span], day)
    assert validity.ends == (ends if span[0] < 10 else date(2025, 12, 31))


def test_a_clause_as_a_whole_is_not_over_because_one_sentence_is() -> None:
    assert judge(DOCUMENT, clause(until(date(2024, 12, 31), governs=(0, 10))), (), date(2025, 6, 1)).state == "in_force"


def test_of_several_ends_the_first_counts() -> None:
    periods = until(date(2024, 12, 31)), until(date(2024, 6, 30))
    assert judge(DOCUMENT, clause(*periods), [(0, 5)], date(2024, 7, 1)).state == "expired"


def test_what_begins_without_an_end_ends_with_its_document() -> None:
    validity = judge(DOCUMENT, clause(until(None, begins=date(2024, 1, 1))), [(0, 5)], date(2025, 1, 1))
    assert (validity.begins, validity.ends, validity.state) == (date(2024, 1, 1), date(2025, 12, 31), "in_force")


def quoted_with(text: str, words: str) -> list[tuple[int, int]]:
    """The sentence of a text that has these words."""
    at = text.index(words)
    start = max(text.rfind("。", 0, at), text.rfind("\n", 0, at)) + 1
    end = text.find("。", at)
    return [(start, len(text) if end < 0 else end + 1)]


@pytest.mark.parametrize(
    ("clause_id", "words", "ends", "state"),  # judged on 2025-03-01
    [
        ("dalate-2023#四-一-2", "六税两费", date(2024, 12, 31), "expired"),
        ("dalate-2023#四-一-2", "14400", date(2025, 12, 31), "in_force"),
        ("dalate-2023#四-五-15", "10万元", date(2025, 12, 31), "in_force"),
        ("liupanshui-2025#一-四", "24000", date(2027, 12, 31), "draft"),
        ("lanxian-2022#四-三-一是", "六税两费", date(2022, 12, 31), "expired"),
        ("lanxian-2022#四-三-三是", "1000万元", date(2022, 12, 31), "expired"),
    ],
)
def test_the_sentences_of_the_corpus(corpus: Corpus, clause_id: str, words: str, ends: date, state: str) -> None:
    clause = corpus.clause(clause_id)
    validity = judge(corpus.document(clause.document_id), clause, quoted_with(clause.text, words), date(2025, 3, 1))
    assert (validity.ends, validity.state) == (ends, state)


ENDS = (  # ways of stating the last day, each with what it stands for
    ("{0.year}年{0.month}月{0.day}日前申请的，给予补助5000元", lambda day: day),
    ("给予补助5000元，政策执行期限至{0.year}年{0.month}月{0.day}日", lambda day: day),
    ("给予补助5000元，有效期截至{0.year}年{0.month}月{0.day}日", lambda day: day),
    ("给予补助5000元，到{0.year}年{0.month}月{0.day}日截止", lambda day: day),
    ("给予补助5000元至{0.year}年底", lambda day: date(day.year, 12, 31)),
    ("{0.year}年底前给予补助5000元", lambda day: date(day.year, 12, 31)),
    ("{0.year}年{0.month}月底前申请的，给予补助5000元", lambda day: month_end(day.year, day.month)),
    ("{0.year}年度对新登记的给予补助5000元", lambda day: date(day.year, 12, 31)),
    ("自2014年5月1日至{0.year}年{0.month}月{0.day}日，给予补助5000元", lambda day: day),
    ("自{0.year}年1月1日起，2年内给予补助5000元", lambda day: date(day.year + 1, 12, 31)),
    ("2014年至{0.year}年，对新登记的给予补助5000元", lambda day: date(day.year, 12, 31)),
)
BEGINNINGS = (
    ("自{0.year}年{0.month}月{0.day}日起施行，给予补助5000元", lambda day: day),
    ("从{0.year}年{0.month}月{0.day}日起，给予补助5000元", lambda day: day),
    ("{0.year}年{0.month}月{0.day}日起执行新标准，补助5000元", lambda day: day),
    ("自{0.year}年{0.month}月起，给予补助5000元", lambda day: day.replace(day=1)),
)
Stated = tuple[str, Callable[[date], date]]


def around(stated: str) -> tuple[Document, Clause]:
    """A document of which one clause states something in its second sentence of three, and its clause."""
    parsed = parse_text(f"岚县若干措施\n一、减负\n落实房租减免。{stated}。加强宣传。\n二、其他\n加强组织领导。")
    return parsed.document, next(one for one in parsed.clauses if stated in one.text)


@settings(max_examples=60)
@given(st.sampled_from(ENDS), DAYS)
def test_a_stated_end_is_over_on_the_day_after_and_ends_nothing_else(stated: Stated, day: date) -> None:
    words, last = stated[0].format(day), stated[1](day)
    document, clause = around(words)
    for on, state in ((last - timedelta(1), "in_force"), (last, "in_force"), (last + timedelta(1), "expired")):
        validity = judge(document, clause, quoted_with(clause.text, words), on)
        if validity.begins and on < validity.begins:
            state = "not_yet"
        assert (validity.ends, validity.state) == (last, state)
        assert validity.basis
        assert validity.basis in words
        for other in ("房租", "宣传"):
            apart = judge(document, clause, quoted_with(clause.text, other), on)
            assert (apart.state, apart.ends, apart.basis) == ("unknown", None, None)
    assert judge_document(document, last).state == "unknown"


@settings(max_examples=30)
@given(st.sampled_from(BEGINNINGS), DAYS)
def test_what_is_still_to_begin_is_not_yet(stated: Stated, day: date) -> None:
    words, first = stated[0].format(day), stated[1](day)
    document, clause = around(words)
    for on, state in ((first - timedelta(1), "not_yet"), (first, "in_force"), (first + timedelta(1), "in_force")):
        validity = judge(document, clause, quoted_with(clause.text, words), on)
        assert (validity.begins, validity.ends, validity.state) == (first, None, state)
        assert validity.basis
        assert validity.basis in words


@settings(max_examples=30)
@given(st.sampled_from(["本措施自印发之日起施行，有效期{}年", "自发布之日起实施，有效期{}年"]), st.integers(1, 5), DAYS)
def test_a_term_counts_from_the_documents_date(form: str, years: int, day: date) -> None:
    text = f"岚县若干措施\n一、补助\n给予补助5000元。\n二、附则\n{form.format(years)}。\n岚县人民政府\n"
    document = parse_text(f"{text}{day.year}年{day.month}月{day.day}日").document
    last = last_day(day, years, "年")
    for on, state in (
        (day - timedelta(1), "not_yet"),
        (last - timedelta(1), "in_force"),
        (last + timedelta(2), "expired"),
    ):
        validity = judge_document(document, on)
        assert validity.state == state
        assert validity.basis == form.format(years).removeprefix("本措施")


def test_the_words_that_decide_are_quoted() -> None:
    begins, ends = until(None, begins=date(2024, 1, 1)), replace(until(date(2024, 6, 30)), text="至6月底")
    first = replace(begins, text="自1月1日起")
    quoted = [(0, 5)]
    assert judge(DOCUMENT, clause(first, ends), quoted, date(2023, 12, 1)).basis == "自1月1日起"
    assert judge(DOCUMENT, clause(first, ends), quoted, date(2024, 2, 1)).basis == "至6月底"
    assert judge(DOCUMENT, clause(first), quoted, date(2024, 2, 1)).basis == "2023-2025年"


def test_what_a_document_holds_commences_no_sooner_than_it() -> None:
    coming = replace(PLAN, text="自2027年1月1日起施行", begins=date(2027, 1, 1), ends=None)
    validity = judge(
        replace(DOCUMENT, period=coming),
        clause(until(date(2027, 12, 31), begins=date(2023, 1, 1))),
        [(0, 5)],
        date(2026, 6, 1),
    )
    assert (validity.state, validity.begins, validity.basis) == ("not_yet", date(2027, 1, 1), "自2027年1月1日起施行")


def test_the_end_of_one_relief_is_not_that_of_another_in_its_clause(corpus: Corpus) -> None:
    """Two reliefs in one clause of 达拉特旗's plan: one until the end of 2024, the other as long as the plan."""
    clauses = [one for document in corpus.huiwen.documents() for one in corpus.huiwen.clauses(document.id)]
    (both,) = [one for one in clauses if "政策执行期限至2024年底" in one.text and "每户每年14400元" in one.text]
    document, day = corpus.document(both.document_id), date(2025, 3, 1)
    over = judge(document, both, quoted_with(both.text, "六税两费"), day)
    going_on = judge(document, both, quoted_with(both.text, "14400元"), day)
    assert (over.state, over.ends, over.basis) == ("expired", date(2024, 12, 31), "执行期限至2024年底")
    assert (going_on.state, going_on.ends, going_on.basis) == ("in_force", date(2025, 12, 31), "2023-2025年")


@pytest.mark.parametrize(
    ("document_id", "day", "state", "lapsed"),
    [
        ("ganzhou-2024", date(2024, 12, 31), "draft", False),  # 2024年度: the calendar year
        ("ganzhou-2024", date(2025, 1, 1), "draft", True),
        ("dengkou-2023", date(2026, 1, 1), "draft", True),
        ("liupanshui-2025", date(2030, 1, 1), "draft", False),
        ("lanxian-2022", date(2030, 1, 1), "unknown", False),
        ("dalate-2023", date(2026, 11, 20), "expired", True),
    ],
)
def test_the_documents_of_the_corpus(corpus: Corpus, document_id: str, day: date, state: str, lapsed: bool) -> None:
    validity = judge_document(corpus.document(document_id), day)
    assert (validity.state, validity.lapsed) == (state, lapsed)
