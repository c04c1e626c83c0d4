"""What the window keeps comes back as it was, and nothing else comes in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.contract import AskRequest
from bot.conversation import Exchange
from bot.kept_chat import LONGEST, dump_chat, load_chat
from tests.fakes import FakeAssistant


def answered(question: str) -> Exchange:
    """An exchange that is done."""
    exchange = Exchange(question)
    for event in FakeAssistant().stream(AskRequest(question=question, jurisdiction="达拉特旗")):
        exchange = exchange.after(event)
    return exchange


CHAT = [answered("转公司有补助吗？"), answered("能贷款吗？"), answered("可以歇业吗？<b>")]


def test_answered_exchanges_come_back_as_they_were_and_the_latest_only() -> None:
    kept = dump_chat([CHAT[0], Exchange("出错了", problem="服务出了问题"), *CHAT[1:]])
    assert load_chat(kept, 20) == CHAT
    assert load_chat(kept, 2) == CHAT[1:]
    assert dump_chat([]) == ""


@given(st.text(max_size=40) | st.sampled_from(["[1]", "{}", '[{"question": "x"}]', "null", None, "x" * (LONGEST + 1)]))
def test_anything_else_is_no_conversation(text: str | None) -> None:
    assert load_chat(text, 20) == []
