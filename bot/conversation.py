"""Render a conversation as HTML: questions, warnings, answers, and the cards of the clauses they rest on.

Everything that comes from askers, documents or a language model is escaped; Markdown is read without raw HTML, links or
pictures, so an answer can neither run anything nor make the browser call another host.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markupsafe import Markup, escape

from bot.contract import (
    COMMENT_LENGTH,
    HISTORY_LENGTH,
    TURN_LENGTH,
    AskResponse,
    Citation,
    NoticeOut,
    Turn,
    ValidityOut,
)
from bot.describe import badge_of
from bot.ports import CitationEvent, DeltaEvent, DoneEvent, Event, StatusEvent
from bot.source_line import name_source
from prompts.messages import Messages
from prompts.rendering import template_environment

EXCERPT = 80  # characters shown on either side of the quote before the whole clause is asked for

_MARKER = re.compile(r"\[(\d{1,2})\]")
_CELL = re.compile("<td>.*?</td>")  # on a phone a place's sentences want lines of their own: a break behind markers
_PLAIN_RULES = ("fence", "code", "html_block", "reference", "backticks", "link", "image", "autolink", "html_inline")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what has come of its answer so far."""

    question: str
    status: str = ""  # what the assistant is doing; empty once it is done
    answer: str = ""
    citations: tuple[Citation, ...] = ()
    response: AskResponse | None = None
    problem: str = ""  # said instead of an answer

    def after(self, event: Event) -> Exchange:
        """The exchange once the event has come."""
        match event:
            case StatusEvent(message):
                return replace(self, status=message)
            case CitationEvent(citation):
                return replace(self, citations=(*self.citations, citation))
            case DeltaEvent(text):
                return replace(self, answer=self.answer + text)
            case DoneEvent(response):
                citations = tuple(response.citations)
                return replace(self, status="", answer=response.answer, citations=citations, response=response)


@dataclass(frozen=True, slots=True)
class Card:
    """A citation as it is shown."""

    citation: Citation
    badge: str
    label: str
    excerpt: Markup
    whole: Markup | None  # None where the excerpt is the whole clause
    period: str
    url: str
    copied: str  # what the card's button copies: the quote with its source


class ConversationView:
    """Turns exchanges into HTML; made once. With `votes`, each answer asks whether it was of use."""

    def __init__(self, messages: Messages, votes: bool = False) -> None:
        self._messages = messages
        self._votes = votes
        self._markdown = _answer_markdown()
        self._template = template_environment().get_template("conversation.html")

    def render(self, exchanges: Sequence[Exchange]) -> str:
        """All exchanges, oldest first."""
        return self._template.render(
            exchanges=exchanges,
            words=self._messages.page,
            labels=self._messages,
            answer=self._answer,
            marker=self._marker,
            card=self._card,
            votes=self._votes,
            comment_length=COMMENT_LENGTH,
        )

    def _answer(self, exchange: Exchange, turn: int) -> Markup:
        numbers = {citation.n for citation in exchange.citations}
        text = without_notices(exchange.answer, exchange.response.notices) if exchange.response else exchange.answer
        html = self._markdown.render(text, {"numbers": numbers, "turn": turn, "marker": self._marker})
        return Markup(_CELL.sub(lambda cell: cell[0].replace("</a> ", "</a><br>"), html))

    def _marker(self, turn: int, n: int) -> Markup:
        label = self._messages.page.marker.format(n=n)
        return Markup('<a class="marker" href="#card-{}-{}" aria-label="{}">[{}]</a>').format(turn, n, label, n)

    def _card(self, citation: Citation) -> Card:
        badge = badge_of(citation.legal_status, citation.validity.state)
        label = str(getattr(self._messages.states, badge))
        excerpt, whole = mark_quote(citation.text, citation.quote)
        quote = citation.quote if citation.quote in citation.text else citation.text
        return Card(
            citation=citation,
            badge=badge,
            label=label,
            excerpt=excerpt,
            whole=whole,
            period=""
            if citation.legal_status == "draft"
            else self._period(citation.validity),  # is in force at no time
            url=safe_url(citation.url),
            copied=self._messages.page.copied_quote.format(quote=quote, source=name_source(citation, label)),
        )

    def _period(self, validity: ValidityOut) -> str:
        words, start, end = self._messages.page, validity.from_, validity.to
        if start and end:
            return words.holds_from_to.format(start=start, end=end)
        if end:
            return words.holds_to.format(end=end)
        return words.holds_from.format(start=start) if start else ""


def without_notices(answer: str, notices: Sequence[NoticeOut]) -> str:
    """The answer less the lines that only repeat a notice: the page shows notices by themselves, above it."""
    told = {notice.message for notice in notices}
    return "\n".join(line for line in answer.split("\n") if line.strip(" >⚠\ufe0f") not in told)


def mark_quote(text: str, quote: str) -> tuple[Markup, Markup | None]:
    """The surroundings of the quote, and the whole text where that is more; the quote marked where it stands.

    A quote that does not stand in the text, verbatim, is not marked: the text is shown plain.
    """
    at = text.find(quote) if quote else -1
    if at < 0:
        return escape(text), None
    end = at + len(quote)
    whole = escape(text[:at]) + Markup("<mark>{}</mark>").format(quote) + escape(text[end:])
    if at <= EXCERPT and len(text) - end <= EXCERPT:
        return whole, None
    before = text[:at] if at <= EXCERPT else "……" + text[at - EXCERPT : at]
    after = text[end:] if len(text) - end <= EXCERPT else text[end : end + EXCERPT] + "……"
    return escape(before) + Markup("<mark>{}</mark>").format(quote) + escape(after), whole


def safe_url(url: str) -> str:
    """The address if it is one of this service or of the web, else nothing that a click could run."""
    own = url.startswith("/") and not url.startswith(("//", "/\\"))
    return url if own or url.startswith(("https://", "http://")) else "#"


def to_history(exchanges: Sequence[Exchange]) -> list[Turn]:
    """The latest turns that a request may carry, oldest first; exchanges without an answer are left out."""
    turns: list[Turn] = []
    for exchange in exchanges:
        if exchange.answer:
            turns.append(Turn(role="user", content=exchange.question[:TURN_LENGTH]))
            turns.append(Turn(role="assistant", content=exchange.answer[:TURN_LENGTH]))
    return turns[-HISTORY_LENGTH:]


def _answer_markdown() -> MarkdownIt:
    """Markdown as answers use it: paragraphs, emphasis, lists, tables, quotes, and markers that lead to a card."""
    markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table").disable(list(_PLAIN_RULES))
    markdown.inline.ruler.before("emphasis", "marker", _read_marker)
    return markdown


def _read_marker(state: StateInline, silent: bool) -> bool:
    """[n] becomes a link to the card of citation n; a number that no citation has stays text."""
    match = _MARKER.match(state.src, state.pos)
    env: dict[str, Any] = dict(state.env)
    if match is None or int(match[1]) not in env["numbers"]:
        return False
    if not silent:
        token = state.push("html_inline", "", 0)
        token.content = env["marker"](env["turn"], int(match[1]))
    state.pos = match.end()
    return True
