"""What the page shows of a conversation: quotes marked where they stand, nothing that could run, bounded history."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contract import HISTORY_LENGTH, AskRequest, NoticeOut
from bot.conversation import ConversationView, Exchange, mark_quote, safe_url, to_history, without_notices
from bot.ports import CitationEvent, DeltaEvent
from prompts.messages import load_messages
from tests.fakes import GRANT_QUOTE, FakeAssistant, cite, clause_by_anchor

VIEW = ConversationView(load_messages())
SAFE_ELEMENTS = {
    "div",
    "span",
    "p",
    "a",
    "strong",
    "em",
    "ul",
    "ol",
    "li",
    "br",
    "hr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
} | {"blockquote", "table", "thead", "tbody", "tr", "th", "td"}
SPICED = st.text(alphabet="甲乙<>&\"'[]()!`*_{}$1\n/:.x", max_size=60)


def exchange_of(answer: str) -> Exchange:
    """An exchange that has come to this answer, with one citation."""
    citation = cite(clause_by_anchor("四-五-15"), 1, GRANT_QUOTE)
    return Exchange("问").after(CitationEvent(citation)).after(DeltaEvent(answer))


@given(SPICED, SPICED, SPICED)
def test_the_quote_is_marked_and_the_text_is_whole(before: str, quote: str, after: str) -> None:
    text = before + quote + after
    excerpt, whole = mark_quote(text, quote)
    shown = whole or excerpt
    assert unescape(re.sub("</?mark>", "", shown)) == text
    assert ("<mark>" in shown) == bool(quote)
    assert not quote or unescape(re.findall("<mark>(.*?)</mark>", shown, re.S)[0]) == quote


def test_a_quote_that_is_not_in_the_text_is_not_marked() -> None:
    assert mark_quote("个体工商户<b>", "别的话") == ("个体工商户&lt;b&gt;", None)


def test_a_long_clause_is_shown_around_its_quote() -> None:
    excerpt, whole = mark_quote("前" * 500 + "要点" + "后" * 500, "要点")
    assert excerpt == "……" + "前" * 80 + "<mark>要点</mark>" + "后" * 80 + "……"
    assert whole is not None
    assert whole.count("前") == 500


@given(SPICED)
def test_no_answer_makes_an_element_that_loads_or_runs(answer: str) -> None:
    html = VIEW.render([exchange_of(answer)])
    answered = html[html.index('<div class="answered"') : html.index('<h2 class="sources">')]
    assert set(re.findall(r"<([a-z0-9]+)", answered)) <= SAFE_ELEMENTS
    for attributes in re.findall(r"<a ([^>]*)>", answered):
        assert attributes == 'class="marker" href="#card-1-1" aria-label="看依据 1"'


@pytest.mark.parametrize(
    "answer", ["[1](https://elsewhere.example)", "![1](x.png)", "<https://elsewhere.example>", "[x]: y"]
)
def test_links_and_pictures_stay_text(answer: str) -> None:
    html = VIEW.render([exchange_of(answer)])
    assert "elsewhere.example" not in "".join(re.findall(r"<[^>]+>", html))
    assert "<img" not in html


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("/documents/a#四-1", "/documents/a#四-1"),
        ("https://www.gov.cn/a", "https://www.gov.cn/a"),
        ("javascript:alert(1)", "#"),
        ("//elsewhere.example/a", "#"),
        ("/\\elsewhere.example", "#"),
        ("data:text/html,x", "#"),
    ],
)
def test_only_addresses_of_pages_are_linked(url: str, shown: str) -> None:
    assert safe_url(url) == shown


@given(st.lists(st.tuples(st.text(max_size=3), st.sampled_from(["", "答", "答" * 6000])), max_size=15))
def test_history_is_what_a_request_may_carry(pairs: list[tuple[str, str]]) -> None:
    turns = to_history([Exchange(question, answer=answer) for question, answer in pairs])
    request = AskRequest(question="问", history=turns)
    assert len(request.history) <= HISTORY_LENGTH
    assert [turn.role for turn in turns] == ["user", "assistant"] * (len(turns) // 2)


def test_an_answer_can_be_voted_on_only_where_votes_are_kept_and_once_it_is_whole() -> None:
    whole = Exchange("问", response=FakeAssistant().ask(AskRequest(question="转公司有补助吗")))
    voting = ConversationView(load_messages(), votes=True)
    assert 'data-answer="a1"' in voting.render([whole])
    assert "data-answer" not in voting.render([exchange_of("答到一半")])
    assert "data-answer" not in VIEW.render([whole])


def test_the_card_of_a_draft_says_that_it_was_written_and_not_that_it_was_issued_or_holds() -> None:
    issued = cite(clause_by_anchor("四-五-15"), 1, GRANT_QUOTE)
    draft = issued.model_copy(update={"legal_status": "draft"})
    assert "印发" in (shown := VIEW.render([Exchange("问", answer="给。[1]", citations=(issued,))]))
    assert "稿子写于" not in shown
    shown = VIEW.render([Exchange("问", answer="给。[1]", citations=(draft,))])
    assert "稿子写于" in shown
    assert " 印发" not in shown
    assert "期限" not in shown


def test_a_notice_is_not_told_twice() -> None:
    notice = NoticeOut(code="draft", message="还没有施行。", citations=[])
    assert without_notices("> ⚠ 还没有施行。\n\n可以。[1]", [notice]).strip() == "可以。[1]"
    assert without_notices("可以，但还没有施行。[1]", [notice]) == "可以，但还没有施行。[1]"


def test_pieces_add_up_to_the_answer() -> None:
    request = AskRequest(question="转公司有补助吗")
    exchange = Exchange(request.question)
    for event in FakeAssistant().stream(request):
        exchange = exchange.after(event)
    assert exchange.response is not None
    assert (exchange.answer, exchange.status) == (exchange.response.answer, "")
    assert exchange.citations == tuple(exchange.response.citations)
