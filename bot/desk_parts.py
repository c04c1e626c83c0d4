"""What the desk's routes share: what they stand on, who may pass, and how a page is rendered and sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from starlette.exceptions import HTTPException

from bot.answer_log import AnswerLog
from bot.contract import Citation
from bot.corpus_keeper import CorpusKeeper
from bot.corrections import Corrections
from bot.document_page import anchor_of, split_blocks, split_heading
from bot.errors_http import Refused
from bot.formal import FormalCitation, cite_formally, formal_path
from bot.ports import Assistant, Library, Places
from bot.session import HEADER, Session, Sessions, check_token
from ingest.dates import format_moment
from ingest.errors import PlaceError
from prompts.desk_messages import DeskMessages
from prompts.messages import Messages
from prompts.rendering import template_environment

LOGIN = "/desk/login"
# Nothing but the desk's own script and style; no page may frame it, and forms go nowhere else.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",  # a search may hold what a caller said
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class DeskTemplates:
    """Renders the desk's templates; made once."""

    def __init__(self, messages: Messages, words: DeskMessages) -> None:
        self.messages = messages
        self.words = words
        self._environment = template_environment()
        self._environment.globals.update(
            anchor=anchor_of, blocks=split_blocks, heading=split_heading, words=words, labels=messages
        )
        self._environment.globals["path"] = lambda clause: formal_path(clause, words.citation)
        self._environment.filters["china"] = format_moment

    def render(self, name: str, **values: Any) -> Markup:
        """A template, safe to be put into another."""
        return Markup(self._environment.get_template(f"desk/{name}.html").render(values))


@dataclass(frozen=True, slots=True)
class Desk:
    """What the routes stand on."""

    assistant: Assistant  # what it answers is kept, where there is an answer log
    silent: Assistant  # what it answers is not kept: nobody asked for each column of a comparison
    library: Library
    places: Places
    topic_of: Callable[[str], str | None]  # the topic that a question is plainly about
    templates: DeskTemplates
    sessions: Sessions | None  # None where there are no accounts: then nobody sees what others asked
    log: AnswerLog | None
    corrections: Corrections | None
    keeper: CorpusKeeper | None = None  # None where there are no files behind the library

    @property
    def words(self) -> DeskMessages:
        """What staff read."""
        return self.templates.words

    def page(self, name: str, session: Session | None, status: int = 200, **values: Any) -> HTMLResponse:
        """A whole page."""
        html = self.templates.render(name, page=name, session=session, login=self.sessions is not None, **values)
        return HTMLResponse(html, status, HEADERS)

    def cite(self, citation: Citation, as_of: date) -> FormalCitation | None:
        """The formal citation; None if the clause has left the corpus since."""
        clause = self.library.clause(citation.clause_id)
        if clause is None:
            return None
        return cite_formally(citation, clause, as_of, self.words.citation, self.templates.messages.states)

    def name_place(self, code: str | None) -> str:
        """A place by its code, as it is called."""
        try:
            return self.places.resolve(code).name if code else self.words.figures.nowhere
        except PlaceError:  # the list of places has changed since
            return code or ""


def fragment(html: Markup) -> HTMLResponse:
    """A piece of a page, for the desk's script."""
    return HTMLResponse(html, headers=HEADERS)


def visitor(desk: Desk) -> Callable[[Request], Session | None]:
    """A dependency: lets everybody in where there are no accounts, else who is logged in.

    A page is sent on to the login; the script, which sends the header of its token, is told 401.
    """

    def pass_visitor(request: Request) -> Session | None:
        session = desk.sessions.find(request) if desk.sessions else None
        if desk.sessions and session is None:
            if HEADER in request.headers:
                raise HTTPException(401)
            raise HTTPException(303, headers={"Location": LOGIN})
        return session

    return pass_visitor


def staff(desk: Desk, *, changes: bool) -> Callable[[Request], Session]:
    """A dependency: lets in only who is logged in; with `changes` the request must carry the session's token."""
    pass_visitor = visitor(desk)

    def pass_staff(request: Request) -> Session:
        session = pass_visitor(request)
        if session is None:
            raise Refused(403, "desk_closed")
        if changes:
            check_token(session, request.headers.get(HEADER))
        return session

    return pass_staff
