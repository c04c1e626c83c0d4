"""Clauses become passages: the clause as a whole, and its sentences or rows by themselves."""

from __future__ import annotations

import pytest

from ingest.model import ClauseKind, Passage
from ingest.passages import make_passages
from tests.fakes_ingest import IDS, bare, parse_text, parsed


def passages(document: str) -> list[Passage]:
    return make_passages(parsed(document).document, parsed(document).clauses)


def by_id(document: str) -> dict[str, Passage]:
    return {passage.id: passage for passage in passages(document)}


@pytest.mark.parametrize("document", IDS)
def test_every_clause_with_text_of_its_own_is_found_under_its_id(document: str) -> None:
    found = by_id(document)
    texts = {one.id: one.text for one in parsed(document).clauses}
    kinds = (ClauseKind.CLAUSE, ClauseKind.TABLE, ClauseKind.PREAMBLE, ClauseKind.SIGNATURE)
    assert {one.id for one in parsed(document).clauses if one.kind in kinds} <= set(found)
    assert len(found) == len(passages(document))
    for passage in found.values():
        assert passage.id.split(":")[0] == passage.clause_id
        if passage.id == passage.clause_id:
            assert bare(passage.text) == bare(texts[passage.id])
        elif "表" not in passage.id:
            assert bare(passage.text) in bare(texts[passage.clause_id])


@pytest.mark.parametrize("document", IDS)
def test_a_passage_knows_its_place_document_and_topics(document: str) -> None:
    place = parsed(document).document.place
    assert place is not None
    topics = {one.id: one.topics for one in parsed(document).clauses}
    for passage in passages(document):
        assert (passage.place_code, passage.document_id) == (place.code, document)
        assert passage.topics == topics[passage.clause_id]


def test_headings_alone_are_no_passages() -> None:
    assert "dalate-2023#四-五" not in by_id("dalate-2023")
    assert "lanxian-2022#附件1" not in by_id("lanxian-2022")


def test_the_headings_above_go_with_it() -> None:
    found = by_id("dalate-2023")
    assert found["dalate-2023#四-五-15"].heading == "工作举措 开展“个转企”培育行动"
    assert found["dalate-2023#四-五-15"].content.startswith("工作举措 开展“个转企”培育行动\n15.结合本地区实际")
    assert found["dalate-2023#四-五-15:2"].text.startswith("对首次“个转企”稳定经营2年以上")


def test_departments_are_no_part_of_a_sentence() -> None:
    assert not [one for one in passages("dalate-2023") if ":" in one.id and "责任单位" in one.text]


def test_a_clause_of_one_sentence_is_one_passage() -> None:
    document = parse_text("一、支持个体工商户转型为企业。")
    assert [one.id for one in make_passages(document.document, document.clauses)] == ["doc#一"]


def test_a_row_says_what_each_cell_means() -> None:
    found = by_id("lanxian-2022")
    assert bare(found["lanxian-2022#附件1-表:5"].text) == "序号：5，单位名称：上明乡，任务数/户：100"
    assert bare(found["lanxian-2022#附件1-表:27"].text) == "序号：合计，任务数/户：2300"
    assert found["lanxian-2022#附件1-表:5"].heading == "岚县个体工商户培育行动工作任务分解表"


def test_without_a_place_the_code_is_empty() -> None:
    document = parse_text("一、支持发展。")
    assert make_passages(document.document, document.clauses)[0].place_code == ""
