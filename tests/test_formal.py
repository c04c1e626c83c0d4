"""The formal citation of a clause."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.formal import cite_formally, formal_path
from prompts.desk_messages import load_desk_messages
from prompts.messages import load_messages
from tests.fakes import GRANT_QUOTE, cite, clause_by_anchor

WORDS, STATES = load_desk_messages().citation, load_messages().states
DAY = date(2026, 11, 20)


def test_it_names_document_number_day_place_quote_and_state() -> None:
    clause = replace(clause_by_anchor("四-五-15"), labels=("四", "（五）", "15"))
    formal = cite_formally(cite(clause, 1, GRANT_QUOTE), clause, DAY, WORDS, STATES)
    assert formal.text == (
        "《达拉特旗扶持小店成长三年方案（2023-2025年）》（达政办发〔2023〕88号，2023年8月9日）四、（五）第15项："
        f"“{GRANT_QUOTE}”〔已过期（至2025年12月31日），以2026年11月20日为准〕"
    )
    assert formal.source.endswith("第15项")


def test_what_is_not_stated_is_left_out_and_a_draft_has_no_end() -> None:
    clause = replace(clause_by_anchor("1"), labels=("第一条",))
    cited = cite(clause, 1, "期限\n不超过___年。").model_copy(update={"document_title": "关于印发《办法》的通知"})
    formal = cite_formally(cited, clause, DAY, WORDS, STATES)
    assert formal.text == ("《关于印发〈办法〉的通知》第一条：“期限 不超过___年。”〔征求意见稿，以2026年11月20日为准〕")


@pytest.mark.parametrize(
    ("labels", "path"),
    [
        (("四", "（五）", "15"), "四、（五）第15项"),
        (("一",), "第一部分"),
        (("十二", "（一）", "一是"), "十二、（一）一是"),
        (("第二章", "第五条", "（三）"), "第二章第五条（三）"),
        (("附件1", "三", "2", "①"), "附件1三、第2项①"),
        (("落款",), "落款"),
    ],
)
def test_the_path_reads_as_officials_write_it(labels: tuple[str, ...], path: str) -> None:
    assert formal_path(replace(clause_by_anchor("1"), labels=labels), WORDS) == path
