"""A quote that is copied names where it stands."""

from __future__ import annotations

from bot.source_line import name_source
from tests.fakes import GRANT_QUOTE, cite, clause_by_anchor


def test_the_source_has_title_number_date_path_place_and_state() -> None:
    citation = cite(clause_by_anchor("四-五-15"), 1, GRANT_QUOTE)
    assert name_source(citation, "已过期") == (
        "《达拉特旗扶持小店成长三年方案（2023-2025年）》（达政办发〔2023〕88号，2023-08-09）"
        "四、工作举措 › （五）开展“个转企”培育行动 › 15（达拉特旗，已过期）"
    )


def test_what_is_not_known_is_left_out_and_titles_nest() -> None:
    bare = cite(clause_by_anchor("5"), 1, "").model_copy(
        update={"document_title": "关于印发《办法》的通知", "issued_on": None, "jurisdiction": None, "clause_path": []}
    )
    assert name_source(bare, "期限未写明") == "《关于印发〈办法〉的通知》（期限未写明）"
