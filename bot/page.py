"""The owners' chat page: choose a place, ask, read the answer and the clauses that it rests on."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Generator, Sequence
from contextlib import AbstractAsyncContextManager, closing, nullcontext
from html import escape
from typing import Any

import gradio as gr
from pydantic import ValidationError
from starlette.concurrency import iterate_in_threadpool

from bot.contract import QUESTION_LENGTH, AskRequest
from bot.conversation import ConversationView, Exchange, to_history
from bot.errors_http import describe_ambiguity
from bot.kept_chat import dump_chat, load_chat
from bot.limits import client_of
from bot.page_place import PlaceChooser
from bot.page_style import page_script, place_script
from bot.ports import Assistant, Library, Places
from bot.turns import Turns
from ingest.errors import AmbiguousPlace, TooBusy, UnknownPlace
from prompts.messages import Messages, PageMessages

logger = logging.getLogger(__name__)

FOLLOW_UPS = 3  # chips shown below an answer
# What is under way in Gradio besides questions, each in milliseconds: pages that open, places that are chosen. Its own
# defaults are one of each at a time for all visitors together, and that as many wait as may come.
QUICK_AT_ONCE, QUICK_WAITING = 16, 1000
EXCHANGES_KEPT = 20  # of one visitor; older ones leave the page
# What the browser keeps (see static/store.js) is what the page opens with.
OPENING = "async () => Promise.all(['place', 'chat', 'draft'].map(huiwen.recall))"


class ChatPage:
    """What the page does; its state lives in the visitor's own session and is passed in and out."""

    def __init__(
        self,
        assistant: Assistant,
        library: Library,
        places: Places,
        messages: Messages,
        votes: bool = False,
        turns: Turns | None = None,
    ) -> None:
        self.assistant = assistant
        self.place = PlaceChooser(library, places, messages.page)
        self.messages = messages
        self.words = messages.page
        self.view = ConversationView(messages, votes)
        self.turns = turns

    def open(self, saved: str | None, kept: str | None, draft: str | None, request: gr.Request) -> list[Any]:
        """The place to start with, and the conversation that this window had.

        The place is the one in the page's address, else the one chosen last time.
        """
        wanted = dict(request.query_params or {}).get("place") or saved
        exchanges = load_chat(kept, EXCHANGES_KEPT)
        return [*self.choose(wanted), *self.screen(exchanges, busy=False, draft=draft or "")]

    def settle(self, event: gr.EventData) -> list[Any]:
        """What follows from the place that was chosen or typed in the box."""
        return self.choose(str(event.place))

    def choose(self, wanted: str | None) -> list[Any]:
        """Updates of the place asked for, the box with what the browser remembers, and the line below it."""
        chosen = self.place.choose(wanted)
        return [chosen.code, gr.update(chosen=chosen.label, code=chosen.code or ""), chosen.line]

    async def ask(
        self, question: str, place: str | None, exchanges: list[Exchange], request: gr.Request
    ) -> AsyncIterator[list[Any]]:
        """Answer, piece by piece; each piece is the whole screen."""
        if not question.strip():
            yield self.screen(exchanges, busy=False)
            return
        asked = Exchange(question.strip(), status=self.words.working)
        grown = [*exchanges, asked][-EXCHANGES_KEPT:]
        yield self.screen(grown, busy=True)
        try:
            async with self._turn(request):
                # Closed as soon as the visitor leaves: it hangs up on the model.
                with closing(self._answer(asked, place, exchanges)) as answer:
                    async for current in iterate_in_threadpool(answer):
                        grown = [*exchanges, current][-EXCHANGES_KEPT:]
                        yield self.screen(grown, busy=True)
        except TooBusy:
            grown = [*exchanges, Exchange(asked.question, problem=self.messages.errors.busy)][-EXCHANGES_KEPT:]
        # What could not be answered goes back into the box, to be asked again with one touch.
        yield self.screen(grown, busy=False, draft=grown[-1].question if grown[-1].problem else "")

    def _turn(self, request: gr.Request) -> AbstractAsyncContextManager[None]:
        if self.turns is None:
            return nullcontext()
        return self.turns.take(client_of(request.request.scope if request.request else {}))

    def restart(self) -> list[Any]:
        """An empty screen."""
        return self.screen([], busy=False)

    def screen(self, exchanges: list[Exchange], busy: bool, draft: str = "") -> list[Any]:
        """Updates of what `build_page` calls the screen, in its order; `draft` is what stands in the box."""
        response = exchanges[-1].response if exchanges else None
        chips = response.follow_ups[:FOLLOW_UPS] if response and not busy else []
        return [
            exchanges,
            gr.update(**self._conversation(exchanges, busy)),
            gr.update(value=draft, interactive=not busy),
            gr.update(interactive=not busy),
            gr.update(visible=not exchanges),
            gr.update(visible=bool(chips)),
            *(gr.update(value=chip, visible=True) for chip in chips),
            *(gr.update(visible=False) for _ in range(FOLLOW_UPS - len(chips))),
            gr.update(visible=bool(exchanges) and not busy),
        ]

    def _conversation(self, exchanges: list[Exchange], busy: bool) -> dict[str, Any]:
        """What is shown and, once the answer is whole, what keep.js keeps in the window."""
        return {"value": self.view.render(exchanges)} | ({} if busy else {"kept": dump_chat(exchanges)})

    def _answer(self, current: Exchange, place: str | None, earlier: list[Exchange]) -> Generator[Exchange]:
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


def build_page(
    assistant: Assistant,
    library: Library,
    places: Places,
    messages: Messages,
    keep_days: int | None = None,
    turns: Turns | None = None,
) -> gr.Blocks:
    """The page, wired.

    Args:
        assistant: answers.
        library: the corpus.
        places: the gazetteer.
        messages: what visitors are told.
        keep_days: how long answers and votes are kept, None where they are not.
        turns: where its answers take turns with all others; None: nobody ever waits.
    """
    chat, words = ChatPage(assistant, library, places, messages, keep_days is not None, turns), messages.page
    page: gr.Blocks
    with gr.Blocks(title=words.title, analytics_enabled=False) as page:
        exchanges, place = gr.State([]), gr.State(None)
        gr.HTML(_masthead(messages, keep_days), elem_id="masthead", apply_default_css=False)
        with gr.Column(elem_id="where"):
            finder = gr.HTML(
                chat.place.render(),
                chosen="",
                code="",
                elem_id="place",
                js_on_load=place_script(),
                apply_default_css=False,
            )
            line = gr.HTML(words.place_none, elem_id="coverage", apply_default_css=False)
        # Nothing can be asked before `open` has brought the place and the conversation: it would be asked without them.
        conversation = gr.HTML("", kept="", elem_id="conversation", js_on_load=page_script(), apply_default_css=False)
        examples, example_buttons = _chips(words.examples_title, words.examples, "examples")
        chips, chip_buttons = _chips(words.follow_ups_title, [""] * FOLLOW_UPS, "follow-ups")
        again = gr.Button(words.restart, visible=False, elem_id="restart", size="sm")
        with gr.Row(elem_id="composer"):
            gr.HTML(_state_line(words), elem_id="state", apply_default_css=False)
            box = gr.Textbox(
                label=words.question_label,
                placeholder=words.question_hint,
                lines=1,
                max_lines=4,
                max_length=QUESTION_LENGTH,
                scale=5,
                interactive=False,
                elem_id="question",
            )
            send = gr.Button(words.send, variant="primary", scale=1, min_width=96, interactive=False, elem_id="send")

        screen = [exchanges, conversation, box, send, examples, chips, *chip_buttons, again]
        shared: dict[str, Any] = {
            "outputs": screen,
            "concurrency_limit": None,  # they take turns
            "show_progress": "hidden",
            "api_visibility": "private",
        }
        gr.on([box.submit, send.click], chat.ask, [box, place, exchanges], **shared)
        for button in (*example_buttons, *chip_buttons):
            button.click(chat.ask, [button, place, exchanges], **shared)
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        again.click(chat.restart, None, screen, **quiet)
        finder.settle(chat.settle, None, [place, finder, line], **quiet)
        # The values come from OPENING, not from these components.
        page.load(chat.open, [finder, conversation, box], [place, finder, line, *screen], js=OPENING, **quiet)
    if turns:
        # Who waits for a turn must not keep pages from opening.
        page.max_threads = turns.places + QUICK_AT_ONCE
    page.queue(max_size=QUICK_WAITING, default_concurrency_limit=QUICK_AT_ONCE)
    return page


def _chips(title: str, labels: Sequence[str], name: str) -> tuple[gr.Column, list[gr.Button]]:
    """Questions to be asked by a touch, under a title; not shown yet."""
    with gr.Column(visible=False, elem_id=name) as column:
        gr.HTML(f"<h2>{escape(title)}</h2>", apply_default_css=False)
        with gr.Row():
            buttons = [gr.Button(label, elem_classes="chip", min_width=120) for label in labels]
    return column, buttons


def _masthead(messages: Messages, keep_days: int | None) -> str:
    words = messages.page
    number = escape(words.hotline)
    call = f'<a class="call" href="tel:{number}">{escape(words.call.format(hotline=words.hotline))}</a>'
    kept = words.kept.format(days=keep_days) if keep_days else ""
    about = escape(f"{words.about}{kept}{words.kept_here}")
    return (
        f'<header><h1>{escape(words.title)}</h1>{call}</header><p class="what">{escape(words.subtitle)}</p>'
        f'<p class="about" role="note">{about}</p>'
    )


def _state_line(words: PageMessages) -> str:
    """The line above the box: empty until network.js has something to tell, in these words."""
    told = {"offline": words.offline, "slow": words.slow, "lost": words.lost}
    told |= {"left": words.room_left, "none": words.room_none}
    data = " ".join(f'data-{name}="{escape(text)}"' for name, text in told.items())
    return f'<p role="status" {data}></p>'
