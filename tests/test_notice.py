"""The warnings: which there are, what they are about, whom they send the asker to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.evidence import Evidence
from bot.notice import contact_of, give_foreign_notice, give_notices, short_title
from bot.validity import judge
from ingest.model import Department, Facts, LegalStatus, Role
from ingest.sentences import split_sentences
from prompts.phrases import load_phrases
from tests.corpus_fixture import Corpus

PHRASES = load_phrases()
LATER = date(2026, 11, 20)


def evidence(corpus: Corpus, clause_id: str, words: str, as_of: date = LATER) -> Evidence:
    """The sentence of a clause that has these words, judged on a day."""
    clause = corpus.clause(clause_id)
    document = corpus.document(clause.document_id)
    sentences = tuple(sentence for sentence in split_sentences(clause.text) if words in sentence.text)[:1]
    validity = judge(document, clause, [(one.start, one.end) for one in sentences], as_of)
    blank = next((one for one in clause.facts.blanks if one.subject == words), None)
    return Evidence(document, clause, sentences, validity, blank)


def codes(*found: Evidence) -> list[str]:
    return [notice.code for notice in give_notices(list(enumerate(found, 1)), PHRASES)]


def message(*found: Evidence) -> str:
    return give_notices(list(enumerate(found, 1)), PHRASES)[0].message


def test_what_holds_needs_no_warning(corpus: Corpus) -> None:
    assert codes(evidence(corpus, "dalate-2023#四-五-15", "10万元", date(2024, 6, 1))) == []


def test_the_end_of_a_plan_is_told_with_the_plan_and_the_department(corpus: Corpus) -> None:
    text = message(evidence(corpus, "dalate-2023#四-五-15", "10万元"))
    assert "《小微企业和个体工商户三年成长计划（2023-2025年）实施方案》到2025年12月31日为止" in text
    assert "旗财政局" in text


def test_a_title_too_long_to_be_read_first_gives_way_to_the_place(corpus: Corpus) -> None:
    found = evidence(corpus, "dalate-2023#四-五-15", "10万元")
    titled = replace(found, document=replace(found.document, title=f"关于{'促进小微企业和个体工商户发展' * 3}的意见"))
    assert message(titled).startswith("达拉特旗的文件到2025年12月31日为止")


def test_the_end_of_a_sentence_is_told_in_its_own_words(corpus: Corpus) -> None:
    text = message(evidence(corpus, "dalate-2023#四-一-2", "六税两费", date(2025, 3, 1)))
    assert "执行期限至2024年底" in text
    assert "2024年12月31日" in text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(day=st.dates(date(2020, 1, 1), date(2035, 1, 1)))
def test_a_draft_is_warned_of_on_any_day(corpus: Corpus, day: date) -> None:
    found = evidence(corpus, "liupanshui-2025#一-四", "24000", day)
    assert codes(found) == (["draft", "expired"] if day > date(2027, 12, 31) else ["draft"])


def test_not_yet_says_from_when(corpus: Corpus) -> None:
    found = evidence(corpus, "dalate-2023#四-五-15", "10万元", date(2023, 8, 1))
    assert codes(found) == ["not_yet"]
    assert "2023年8月9日" in message(found)


def test_a_repealed_document_is_warned_of_once_and_without_a_day(corpus: Corpus) -> None:
    found = evidence(corpus, "dalate-2023#四-五-15", "10万元")
    repealed = replace(found, document=replace(found.document, status=LegalStatus.REPEALED))
    assert codes(repealed) == ["expired"]
    assert "废止" in message(repealed)


@pytest.mark.parametrize("subject", ["高新技术企业", "示范家庭农牧场"])
def test_a_blank_is_told_with_what_it_would_count(corpus: Corpus, subject: str) -> None:
    notices = give_notices([(3, evidence(corpus, "dengkou-2023#一-二", subject, date(2024, 1, 1)))], PHRASES)
    assert [(notice.code, notice.citations) for notice in notices] == [("draft", [3]), ("blank", [3])]
    assert subject in notices[1].message


def test_a_blank_without_a_subject_is_told_with_its_clause(corpus: Corpus) -> None:
    found = evidence(corpus, "dengkou-2023#一-二", "高新技术企业")
    assert found.blank
    unnamed = replace(found, blank=replace(found.blank, subject=""))
    assert "“”" not in give_notices([(1, unnamed)], PHRASES)[-1].message


def test_one_warning_for_all_that_end_on_one_day(corpus: Corpus) -> None:
    found = [
        evidence(corpus, "dalate-2023#四-五-15", "10万元"),
        evidence(corpus, "dalate-2023#四-一-2", "14400"),
        evidence(corpus, "dalate-2023#四-一-2", "六税两费"),
    ]
    notices = give_notices(list(enumerate(found, 1)), PHRASES)
    assert [(notice.code, notice.citations) for notice in notices] == [("expired", [1, 2]), ("expired", [3])]


def test_documents_of_several_places_are_told_by_place(corpus: Corpus) -> None:
    found = [evidence(corpus, "dengkou-2023#一-二", "高新技术企业"), evidence(corpus, "liupanshui-2025#一-四", "24000")]
    text = message(*found)
    assert "磴口县、六盘水市的文件" in text


def test_the_contact_is_the_first_department_or_the_local_authority(corpus: Corpus) -> None:
    found = evidence(corpus, "dalate-2023#四-五-15", "10万元")
    named = replace(
        found.clause, facts=Facts(departments=(Department("旗某局", Role.LEAD), Department("旗乙局", Role.RESPONSIBLE)))
    )
    assert contact_of(replace(found, clause=named), PHRASES) == "旗某局"
    assert contact_of(replace(found, clause=replace(found.clause, facts=Facts())), PHRASES) == PHRASES.notices.contact


def test_another_place_is_named_with_the_one_asked_about(corpus: Corpus) -> None:
    place, asked = corpus.huiwen.gazetteer.resolve("达拉特旗"), corpus.huiwen.gazetteer.resolve("康巴什区")
    notice = give_foreign_notice([place, place], asked, [1, 2], PHRASES.notices.other_jurisdiction)
    assert (notice.code, notice.citations) == ("other_jurisdiction", [1, 2])
    assert notice.message.count("达拉特旗") == 1
    assert "康巴什区" in notice.message


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("某县关于印发《甲方案（2023-2025年）》的通知", "《甲方案（2023-2025年）》"),
        ("乙措施（征求意见稿）", "《乙措施》"),
        ("关于印发《丙办法（草案）》的通知", "《丙办法》"),
    ],
)
def test_a_title_as_people_say_it(title: str, short: str) -> None:
    assert short_title(title) == short
