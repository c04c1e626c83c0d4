"""Repealed documents, older versions and documents of the whole country, from the file to the answer."""

from __future__ import annotations

from datetime import date

import pytest

from bot.document_page import DocumentPage
from bot.ports import SearchQuery
from bot.search import search
from ingest.model import NATION
from prompts.messages import load_messages
from tests.corpus_fixture import Corpus, copy_of

LAW = """中华人民共和国彩虹摊位登记条例
（2010年3月1日中华人民共和国国务院令第900号公布{note}）
第一章 总则
第一条 为了规范彩虹摊位登记，制定本条例。
第二条 彩虹摊位登记费每个摊位{fee}元，由登记机关收取。
第三条 彩虹摊位的经营者应当具备下列条件：
（一）有固定的经营场所；
（二）有健康证明。
未满十八周岁的，不得登记彩虹摊位。
第四条 本条例自2010年5月1日起施行。"""
REVISED = "　2022年8月1日中华人民共和国国务院令第901号修订　自2022年11月1日起施行"
OLD = """岚县飞毯出租管理办法
第一条 飞毯出租押金每张飞毯300元。
第二条 本办法自2015年1月1日起施行。
岚县人民政府
2014年12月1日"""
ENDING = """岚县清理文件的决定
一、现决定废止以下文件：《岚县飞毯出租管理办法》。
二、本决定自2024年6月1日起施行。
岚县人民政府
2024年5月20日"""


@pytest.fixture(scope="module")
def changed(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """The corpus with a law in two versions, a county's rules, and the decision that repeals them."""
    copy = copy_of(corpus, tmp_path_factory.mktemp("endings"))
    texts = {"law-2010": LAW.format(note="", fee=20), "law-2022": LAW.format(note=REVISED, fee=8)}
    for name, text in {**texts, "rules": OLD, "decision": ENDING}.items():
        (copy.settings.corpus / "documents" / f"{name}.txt").write_text(text, encoding="utf-8")
    copy.rebuild()
    return copy


def test_each_version_answers_for_its_own_days_everywhere(changed: Corpus) -> None:
    question = "彩虹摊位登记费多少钱"
    for place, day, fee, version in (
        ("岚县", "2026-01-01", "8元", "law-2022"),
        ("达拉特旗", "2022-11-01", "8元", "law-2022"),
        ("岚县", "2022-10-31", "20元", "law-2010"),
        ("六盘水市", "2015-06-01", "20元", "law-2010"),
    ):
        answer = changed.ask(question, place, as_of=day)
        (citation,) = answer.citations
        assert (fee in answer.answer, citation.document_id) == (True, version)
        assert citation.jurisdiction is not None
        assert (citation.jurisdiction.code, citation.jurisdiction.relation) == (NATION, "ancestor")
        assert citation.validity.state == "in_force"
    assert citation.validity.to == date(2022, 10, 31)
    assert "第901号修订" in (citation.validity.basis or "")


def test_the_whole_country_is_told_without_asking_for_a_place(changed: Corpus) -> None:
    answer = changed.ask("彩虹摊位登记费多少钱")
    assert answer.answer == "**全国**：彩虹摊位登记费每个摊位8元，由登记机关收取。[1]"


def test_a_repealed_document_is_told_with_the_words_that_ended_it(changed: Corpus) -> None:
    answer = changed.ask("飞毯出租押金多少钱", "岚县", as_of="2026-01-01")
    (notice,) = answer.notices
    assert (notice.code, notice.citations) == ("expired", [1, 2])
    assert "现决定废止以下文件：《岚县飞毯出租管理办法》" in notice.message
    assert [one.clause_id for one in answer.citations] == ["rules#第一条", "decision#一"]
    old = answer.citations[0]
    assert (old.legal_status, old.validity.state, old.validity.to) == ("repealed", "expired", date(2024, 5, 31))
    before = changed.ask("飞毯出租押金多少钱", "岚县", as_of="2020-01-01")
    assert before.notices == []
    assert before.citations[0].legal_status == "issued"


def test_the_desk_filters_by_what_is_repealed_by_then(changed: Corpus) -> None:
    def found(day: date) -> list[str]:
        query = SearchQuery("飞毯出租押金", jurisdiction="岚县", status="repealed")
        return [one.document_id for one in search(query, changed.huiwen.resources(), day).results]

    assert set(found(date(2026, 1, 1))) == {"rules"}
    assert found(date(2020, 1, 1)) == []


def test_a_list_of_an_article_is_told_whole(changed: Corpus) -> None:
    answer = changed.ask("彩虹摊位的经营者应当具备哪些条件", "岚县")
    paths = [one.clause_path[-1] for one in answer.citations]
    assert paths[:3] == ["第三条", "第三条第一款第（一）项", "第三条第一款第（二）项"]
    assert "有固定的经营场所" in answer.answer


def test_both_pages_say_so(changed: Corpus) -> None:
    page = DocumentPage(load_messages())
    for document_id, badge, words in (
        ("rules", "badge repealed", "由《岚县清理文件的决定》废止"),
        ("decision", "badge in_force", "废止了《岚县飞毯出租管理办法》"),
        ("law-2010", "badge expired", "本文件是旧版，从2022年11月1日起"),
        ("law-2022", "badge in_force", "代替旧版"),
    ):
        document = changed.document(document_id)
        html = page.render(document, changed.huiwen.clauses(document_id), date(2026, 1, 1))
        assert badge in html
        assert words in html
    assert 'href="/documents/decision#%E4%B8%80"' in page.render(changed.document("rules"), (), date(2026, 1, 1))
