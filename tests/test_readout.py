"""An answer as a text to read out."""

from __future__ import annotations

from bot.contract import AskRequest
from bot.readout import read_out, speak
from prompts.desk_messages import load_desk_messages
from tests.fakes import FakeAssistant

WORDS = load_desk_messages().answer
GRANT = FakeAssistant().ask(AskRequest(question="补助", jurisdiction="达拉特旗"))


def test_warnings_come_first_marks_go_and_the_source_comes_last() -> None:
    lines = read_out(GRANT, ["《甲》一、", "《甲》一、", "《乙》第二条"], WORDS).split("\n")
    assert lines[0].startswith("请先说明：依据的《达拉特旗")
    assert lines[1] == "给。首次“个转企”、稳定经营2年以上、无不良信用记录的企业，给予一次性10万元补助。"
    assert lines[2] == "同时符合多项补助条件的，按就高不重复的原则执行。"
    assert lines[-1] == "依据：《甲》一、；《乙》第二条。"


def test_a_table_is_read_row_by_row() -> None:
    table = "| 地方 | 文件怎么说 |\n| --- | --- |\n| **达拉特旗** | 给10万元。[1] |\n| **岚县** | 甲\\|乙 |"
    answer = GRANT.model_copy(update={"answer": table, "notices": []})
    assert speak(answer, WORDS) == ["达拉特旗：给10万元。", "岚县：甲|乙"]


def test_nothing_is_cited_where_nothing_was_found() -> None:
    nothing = FakeAssistant().ask(AskRequest(question="天气"))
    assert read_out(nothing, [], WORDS) == nothing.answer
