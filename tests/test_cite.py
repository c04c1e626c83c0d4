"""Citations carry what the contract says, verbatim."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.cite import cite, cite_found
from bot.evidence import Evidence
from bot.retrieve import Found, Signals
from bot.validity import judge
from ingest.model import Clause, ClauseKind, Document, LegalStatus
from ingest.sentences import Sentence, split_sentences
from tests.corpus_fixture import Corpus

GRANT = "dalate-2023#四-五-15"
DAY = date(2026, 11, 20)


def evidence(corpus: Corpus, clause_id: str = GRANT) -> Evidence:
    clause = corpus.clause(clause_id)
    document = corpus.document(clause.document_id)
    sentences = tuple(split_sentences(clause.text)[:1])
    return Evidence(document, clause, sentences, judge(document, clause, [(s.start, s.end) for s in sentences], DAY))


def test_a_citation_shows_clause_document_and_validity(corpus: Corpus) -> None:
    citation = cite(3, evidence(corpus), corpus.huiwen.gazetteer.resolve("达拉特旗"))
    assert (citation.n, citation.clause_id, citation.document_id) == (3, GRANT, "dalate-2023")
    assert citation.url == f"/documents/{GRANT}"
    assert (citation.issued_on, citation.legal_status) == (date(2023, 8, 9), "issued")
    assert citation.clause_path[0].startswith("四、")
    assert citation.text == corpus.clause(GRANT).text
    assert (citation.validity.state, citation.validity.to) == ("expired", date(2025, 12, 31))
    assert "旗财政局" in [department.name for department in citation.departments]


def test_the_validity_goes_out_under_the_names_of_the_contract(corpus: Corpus) -> None:
    validity = cite(1, evidence(corpus), None).model_dump(mode="json", by_alias=True)["validity"]
    assert validity == {"state": "expired", "from": "2023-08-09", "to": "2025-12-31", "basis": "2023-2025年"}


@pytest.mark.parametrize(
    ("asked", "relation"),
    [
        ("达拉特旗", "own"),
        ("鄂尔多斯市", "descendant"),
        ("内蒙古自治区", "descendant"),
        ("康巴什区", "other"),
        (None, None),
    ],
)
def test_the_relation_to_the_askers_place(corpus: Corpus, asked: str | None, relation: str | None) -> None:
    place = corpus.huiwen.gazetteer.resolve(asked) if asked else None
    jurisdiction = cite(1, evidence(corpus), place).jurisdiction
    assert jurisdiction
    assert (jurisdiction.code, jurisdiction.relation) == ("150621", relation)


def test_a_citys_document_is_an_ancestors_for_its_counties(corpus: Corpus) -> None:
    jurisdiction = cite(
        1, evidence(corpus, "liupanshui-2025#一-四"), corpus.huiwen.gazetteer.resolve("水城区")
    ).jurisdiction
    assert jurisdiction
    assert jurisdiction.relation == "ancestor"


def test_a_document_without_a_place_has_no_jurisdiction() -> None:
    document = Document("d", "某通知", None, None, None, LegalStatus.ISSUED, None, None)
    clause = Clause("d#一", "d", None, ClauseKind.CLAUSE, 1, ("一",), ("一",), "甲。乙。丙。", 1)
    sentences = (Sentence("甲。", 0, 2), Sentence("丙。", 4, 6))
    citation = cite(1, Evidence(document, clause, sentences, judge(document, clause, (), DAY)), None)
    assert citation.jurisdiction is None
    assert citation.quote == "甲。乙。丙。"  # from the first chosen sentence to the last, with what lies between


def test_a_search_result_is_the_whole_clause_with_its_score(corpus: Corpus) -> None:
    one = evidence(corpus)
    result = cite_found(2, Found(one.clause, one.document, 0.123456, Signals()), None, DAY, ["补助"])
    assert (result.n, result.score, result.highlights) == (2, 0.1235, ["补助"])
    assert result.quote == result.text == one.clause.text


def test_a_citation_names_the_page_on_which_its_quote_begins(corpus: Corpus) -> None:
    found = evidence(corpus)
    assert cite(1, found, None).page is None
    last = split_sentences(found.clause.text)[-1]
    paged = replace(found.clause, pages=((0, 4), (last.start, 5)))
    assert cite(1, replace(found, clause=paged), None).page == 4
    assert cite(1, replace(found, clause=paged, sentences=(last,)), None).page == 5
