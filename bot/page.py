"""The owners' chat page: choose a place, ask, read the answer and the clauses that it rests on."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from html import escape
from typing import Any

import gradio as gr
from pydantic import ValidationError

from bot.contract import QUESTION_LENGTH, AskRequest
from bot.conversation import ConversationView, Exchange, to_history
from bot.corpus_contract import PlaceOut
from bot.describe import count_documents, describe_place, list_places
from bot.errors_http import describe_ambiguity
from bot.page_style import page_script
from bot.ports import Assistant, Library, Places
from ingest.errors import AmbiguousPlace, UnknownPlace
from prompts.messages import Messages

logger = logging.getLogger(__name__)

FOLLOW_UPS = 3  # chips shown below an answer
ANSWERS_AT_ONCE = 16  # Gradio's own default is one at a time for all visitors together
EXCHANGES_KEPT = 20  # of one visitor; older ones leave the page
STORAGE_KEY = "huiwen.place"


class ChatPage:
    """What the page does; its state lives in the visitor's own session and is passed in and out."""

    def __init__(
        self, assistant: Assistant, library: Library, places: Places, messages: Messages, votes: bool = False
    ) -> None:
        self.assistant = assistant
        self.library = library
        self.places = places
        self.messages = messages
        self.words = messages.page
        self.view = ConversationView(messages, votes)

    def choices(self, *more: PlaceOut) -> list[tuple[str, str]]:
        """Places to choose from, as label and code: those with documents of their own, then `more`."""
        shown = {place.code: place for place in (*list_places(self.places, self.library, ""), *more)}
        return [(_label(place), code) for code, place in shown.items()]

    def open(self, saved: str | None, request: gr.Request) -> tuple[Any, str, str | None]:
        """The place to start with: the one in the page's address, else the one chosen last time."""
        wanted = dict(request.query_params or {}).get("place") or saved
        return self.choose(wanted)

    def choose(self, wanted: str | None) -> tuple[Any, str, str | None]:
        """Update the selector, the line below it and what the browser remembers, for a place chosen or typed."""
        if not wanted or not wanted.strip():
            return gr.update(choices=self.choices(), value=None), self.words.place_none, None
        try:
            place = describe_place(self.places.resolve(wanted.strip()), count_documents(self.library))
        except AmbiguousPlace as error:
            counts = count_documents(self.library)
            candidates = [
                (_label(shown), shown.code) for shown in (describe_place(p, counts) for p in error.candidates)
            ]
            line = self.words.place_ambiguous.format(**describe_ambiguity(wanted, error))
            return gr.update(choices=candidates, value=None), escape(line), None
        except UnknownPlace:
            return gr.update(choices=self.choices()), escape(self.words.place_unknown.format(name=wanted)), None
        return gr.update(choices=self.choices(place), value=place.code), self._coverage(place), place.code

    def ask(self, question: str, place: str | None, exchanges: list[Exchange]) -> Iterator[list[Any]]:
        """Answer, piece by piece; each piece is the whole screen."""
        if not question.strip():
            yield self.screen(exchanges, busy=False)
            return
        grown = exchanges
        for current in self._answer(Exchange(question.strip(), status=self.words.working), place, exchanges):
            grown = [*exchanges, current][-EXCHANGES_KEPT:]
            yield self.screen(grown, busy=True)
        yield self.screen(grown, busy=False)

    def restart(self) -> list[Any]:
        """An empty screen."""
        return self.screen([], busy=False)

    def screen(self, exchanges: list[Exchange], busy: bool) -> list[Any]:
        """Updates of what `build_page` calls the screen, in its order."""
        response = exchanges[-1].response if exchanges else None
        chips = response.follow_ups[:FOLLOW_UPS] if response and not busy else []
        return [
            exchanges,
            self.view.render(exchanges),
            gr.update(value="", interactive=not busy),
            gr.update(interactive=not busy),
            gr.update(visible=not exchanges),
            gr.update(visible=bool(chips)),
            *(gr.update(value=chip, visible=True) for chip in chips),
            *(gr.update(visible=False) for _ in range(FOLLOW_UPS - len(chips))),
            gr.update(visible=bool(exchanges) and not busy),
        ]

    def _answer(self, current: Exchange, place: str | None, earlier: list[Exchange]) -> Iterator[Exchange]:
        yield current
        try:
            request = AskRequest(question=current.question, jurisdiction=place or None, history=to_history(earlier))
            for event in self.assistant.stream(request):
                current = current.after(event)
                yield current
        except ValidationError as error:
            too_long = error.errors()[0]["type"] == "string_too_long"
            yield Exchange(
                current.question,
                problem=self.messages.errors["question_too_long" if too_long else "control_characters"],
            )
        except AmbiguousPlace as error:
            problem = self.messages.errors.place_ambiguous.format(**describe_ambiguity(place or "", error))
            yield Exchange(current.question, problem=problem)
        except UnknownPlace:
            yield Exchange(current.question, problem=self.words.place_unknown.format(name=place))
        except Exception:  # the last place where the visitor can still be told anything
            logger.exception("a question on the page failed")
            yield Exchange(current.question, problem=self.messages.errors.internal)

    def _coverage(self, place: PlaceOut) -> str:
        own = count_documents(self.library)[place.code]
        words = self.words
        sentence = words.place_covered if own else words.place_above_only if place.applies else words.place_uncovered
        return escape(sentence.format(place=place.name, own=own, applies=place.applies))


def build_page(
    assistant: Assistant, library: Library, places: Places, messages: Messages, keep_days: int | None = None
) -> gr.Blocks:
    """The page, wired; `keep_days`: how long answers and votes are kept, None where they are not."""
    chat, words = ChatPage(assistant, library, places, messages, votes=keep_days is not None), messages.page
    page: gr.Blocks
    with gr.Blocks(title=words.title, analytics_enabled=False) as page:
        exchanges = gr.State([])
        # Gradio encrypts what it keeps in the browser with a key that changes at each start unless one is given;
        # a place is no secret.
        saved = gr.BrowserState(None, storage_key=STORAGE_KEY, secret=STORAGE_KEY)
        gr.HTML(_masthead(messages, keep_days), elem_id="masthead", apply_default_css=False)
        place = gr.Dropdown(
            chat.choices(),
            value=None,
            allow_custom_value=True,
            label=words.place_label,
            info=words.place_hint,
            elem_id="place",
        )
        line = gr.HTML(words.place_none, elem_id="coverage", apply_default_css=False)
        conversation = gr.HTML("", elem_id="conversation", js_on_load=page_script(), apply_default_css=False)
        examples, example_buttons = _chips(words.examples_title, words.examples, "examples", visible=True)
        chips, chip_buttons = _chips(words.follow_ups_title, [""] * FOLLOW_UPS, "follow-ups", visible=False)
        with gr.Row(elem_id="composer"):
            box = gr.Textbox(
                label=words.question_label,
                placeholder=words.question_hint,
                lines=1,
                max_lines=4,
                max_length=QUESTION_LENGTH,
                scale=5,
                elem_id="question",
            )
            send = gr.Button(words.send, variant="primary", scale=1, min_width=96, elem_id="send")
        again = gr.Button(words.restart, visible=False, elem_id="restart", size="sm")

        screen = [exchanges, conversation, box, send, examples, chips, *chip_buttons, again]
        shared: dict[str, Any] = {
            "outputs": screen,
            "concurrency_limit": ANSWERS_AT_ONCE,
            "concurrency_id": "ask",
            "show_progress": "hidden",
            "api_visibility": "private",
        }
        gr.on([box.submit, send.click], chat.ask, [box, place, exchanges], **shared)
        for button in (*example_buttons, *chip_buttons):
            button.click(chat.ask, [button, place, exchanges], **shared)
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        again.click(chat.restart, None, screen, **quiet)
        place.input(chat.choose, place, [place, line, saved], **quiet)
        page.load(chat.open, saved, [place, line, saved], **quiet)
    return page


def _chips(
    title: str, labels: list[str] | tuple[str, ...], name: str, visible: bool
) -> tuple[gr.Column, list[gr.Button]]:
    """Questions to be asked by a touch, under a title."""
    with gr.Column(visible=visible, elem_id=name) as column:
        gr.HTML(f"<h2>{escape(title)}</h2>", apply_default_css=False)
        with gr.Row():
            buttons = [gr.Button(label, elem_classes="chip", min_width=120, visible=visible) for label in labels]
    return column, buttons


def _masthead(messages: Messages, keep_days: int | None) -> str:
    words = messages.page
    number = escape(words.hotline)
    about = escape(words.about).format(hotline=f'<a href="tel:{number}">{number}</a>')
    kept = f'<p class="about">{escape(words.kept.format(days=keep_days))}</p>' if keep_days else ""
    return (
        f'<h1>{escape(words.title)}</h1><p>{escape(words.subtitle)}</p><p class="about" role="note">{about}</p>{kept}'
    )


def _label(place: PlaceOut) -> str:
    """A place with the one that it lies in, so that namesakes can be told apart."""
    return f"{place.name}（{place.path[-2]}）" if len(place.path) > 1 else place.name
