"""The third tab of the evaluators' page: answers that their askers found useless, each a draft case in one touch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import gradio as gr

from bot.answer_log import LoggedAnswer
from bot.ports import Library, Places
from eval.cases import Case, make_case_sheet
from eval.drafts import DownVoted, Drafts, draft_id, make_draft
from eval.page_tools import Downloads, tell
from ingest.errors import HuiwenError, PlaceError
from prompts.eval_messages import EvalMessages
from prompts.rendering import template_environment

STEP = 20  # answers shown at first, and more at each wish

_LINES = "drafts.jsonl"


@dataclass(frozen=True, slots=True)
class Feedback:
    """What the tab stands on."""

    log: DownVoted | None  # None where no answers are kept
    drafts: Drafts
    library: Library
    places: Places


@dataclass(frozen=True, slots=True)
class Useless:
    """An answer as it is shown."""

    answer: LoggedAnswer
    place: str
    turns: Sequence[str]  # the asker's, before this question
    citations: Sequence[tuple[str, str]]  # the document's title, the quote
    drafted: bool
    problem: str  # why it could not be made a draft


class FeedbackTab:
    """What the tab does; how many answers are shown lives in the visitor's own page and is passed in."""

    def __init__(self, feedback: Feedback, messages: EvalMessages, downloads: Downloads) -> None:
        self.feedback = feedback
        self.messages = messages
        self.words = messages.page
        self.downloads = downloads
        self._template = template_environment().get_template("down_voted.html")

    def show(self, limit: int, failed: str = "", problem: str = "") -> list[Any]:
        """The answers, whether there are more, how many drafts there are, and these to download.

        Args:
            limit: how many answers are shown at most.
            failed: the id of an answer that could not be made a draft.
            problem: why.
        """
        hidden = gr.update(visible=False)
        if self.feedback.log is None:
            return [tell(self.words.feedback_off, "note"), hidden, "", hidden, hidden]
        try:
            found, drafts = self.feedback.log.down_voted(limit=limit + 1), self.feedback.drafts.read()
        except HuiwenError as error:
            return [tell(self.words.feedback_broken.format(reason=error)), hidden, "", hidden, hidden]
        known = {case.id for case in drafts}
        answers = [
            self._describe(one, draft_id(one.id) in known, problem if one.id == failed else "") for one in found[:limit]
        ]
        html = self._template.render(answers=answers, words=self.words, names=self.messages)
        return [html, gr.update(visible=len(found) > limit), self._count(len(drafts)), *self._offer(drafts)]

    def show_more(self, limit: int) -> list[Any]:
        """The new number of answers to show, and these."""
        return [limit + STEP, *self.show(limit + STEP)]

    def draft(self, limit: int, event: gr.EventData) -> list[Any]:
        """Make a draft of the answer whose button was touched."""
        log, failed = self.feedback.log, str(event.answer)
        try:
            answer = log.get(failed) if log else None
            if answer is None or answer.verdict != "down":
                return self.show(limit)  # deleted, or voted anew, since the list was drawn
            self.feedback.drafts.add(make_draft(answer, self.feedback.library.clauses))
        except HuiwenError as error:
            return self.show(limit, failed, self.words.draft_failed.format(reason=error))
        return self.show(limit)

    def _describe(self, answer: LoggedAnswer, drafted: bool, problem: str) -> Useless:
        return Useless(
            answer=answer,
            place=self._name_of(answer.jurisdiction) if answer.jurisdiction else "",
            turns=[turn for turn in answer.history[::2] if turn],
            citations=[(self._title_of(document_id), quote) for document_id, quote in answer.citations],
            drafted=drafted,
            problem=problem,
        )

    def _name_of(self, code: str) -> str:
        try:
            return self.feedback.places.resolve(code).name
        except PlaceError:  # the list of places has changed since
            return code

    def _title_of(self, document_id: str) -> str:
        document = self.feedback.library.document(document_id)
        return document.title if document else document_id

    def _count(self, n: int) -> str:
        count = self.words.drafts_count.format(n=n) if n else self.words.drafts_none
        return f'<p class="drafts" role="status"><b>{escape(count)}</b> {escape(self.words.drafts_note)}</p>'

    def _offer(self, drafts: Sequence[Case]) -> list[Any]:
        if not drafts:
            return [gr.update(visible=False)] * 2
        book = self.words.book_name.format(name=self.feedback.drafts.file.stem)
        files = {book: make_case_sheet(drafts), _LINES: self.feedback.drafts.file.read_bytes()}
        return [gr.update(value=self.downloads.put(name, data), visible=True) for name, data in files.items()]
