"""The hotline's desk at /desk: clauses within a blink of the last key, beside their document, by keyboard alone.

Its pages are made here on the server and brought to life by one small script of our own, not by Gradio as the owners'
page is. With a caller on the line three things decide: results within 150 ms of the last key, every step by keyboard,
and a policy on what the page may run that leaves no room for anything planted in a document. Gradio sends each key
through its queue and paints whole components anew, takes the focus with it, and needs scripts that are evaluated at run
time ('unsafe-eval'). Here a key costs one request whose reply is the list as HTML, escaped where it is made.

Where staff have accounts, the desk is behind a login. Without accounts everybody may search, cite and compare: all that
is public. What people asked, and what staff put right, nobody sees then.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends
from fastapi.responses import FileResponse, HTMLResponse

from bot.corpus_audit import CorpusAudit
from bot.corpus_keeper import CorpusKeeper
from bot.corpus_routes import corpus_page_routes
from bot.corrections import Corrections
from bot.desk_compare import compare_routes
from bot.desk_parts import Desk, DeskTemplates, visitor
from bot.desk_search import search_routes
from bot.desk_staff import correction_routes, figure_routes, login_routes
from bot.errors_http import NotFound
from bot.ports import Assistant
from bot.session import Session, Sessions
from prompts.corpus_messages import load_corpus_messages
from prompts.desk_messages import load_desk_messages
from prompts.messages import load_messages

if TYPE_CHECKING:
    from bot.answer_log import AnswerLog
    from bot.app import Huiwen
    from bot.staff import StaffLogin

STATIC = Path(__file__).with_name("static")
_TYPES = {
    "desk.css": "text/css",
    "desk.js": "text/javascript",
    "corpus.css": "text/css",
    "corpus.js": "text/javascript",
}


def make_desk(huiwen: Huiwen, assistant: Assistant, log: AnswerLog | None, login: StaffLogin | None) -> Desk:
    """The hotline's desk; `assistant` keeps what it answers, where there is a log."""
    resources = huiwen.resources()
    return Desk(
        assistant=assistant,
        silent=huiwen,
        library=huiwen,
        places=huiwen.gazetteer,
        topic_of=huiwen.topic_of,
        templates=DeskTemplates(load_messages(), load_desk_messages()),
        sessions=Sessions(login) if login else None,
        log=log,
        corrections=Corrections(log.url) if log and login else None,
        keeper=CorpusKeeper(resources.settings, resources.gazetteer, huiwen),
    )


def desk_routes(desk: Desk) -> APIRouter:
    """All of the desk."""
    router = APIRouter()
    router.include_router(search_routes(desk))
    router.include_router(compare_routes(desk))
    if desk.sessions:
        router.include_router(login_routes(desk, desk.sessions))
    if desk.sessions and desk.log and desk.corrections:
        router.include_router(correction_routes(desk, desk.corrections))
        router.include_router(figure_routes(desk, desk.log))
    else:
        router.include_router(_closed_routes(desk))
    if desk.keeper:
        audit = CorpusAudit(desk.log.url) if desk.sessions and desk.log else None
        router.include_router(corpus_page_routes(desk, desk.keeper, audit, load_corpus_messages()))

    @router.get("/desk/static/{name}")
    def static(name: str) -> FileResponse:
        if name not in _TYPES:
            raise NotFound("not_found")
        headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
        return FileResponse(STATIC / name, media_type=_TYPES[name], headers=headers)

    return router


def _closed_routes(desk: Desk) -> APIRouter:
    """In place of what only staff may read: why it is closed."""
    router = APIRouter(prefix="/desk")
    guest = Depends(visitor(desk))

    @router.get("/corrections", response_class=HTMLResponse)
    @router.get("/figures", response_class=HTMLResponse)
    def tell(session: Session | None = guest) -> HTMLResponse:
        return desk.page("closed", session, 403)

    return router
