"""Each state on the days before, on and after a period's ends; a date governs what it governs and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.validity import judge, judge_document
from ingest.model import Clause, ClauseKind, Document, Facts, LegalStatus, Period
from tests.corpus_fixture import Corpus

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
