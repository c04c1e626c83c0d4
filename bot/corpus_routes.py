"""The corpus keepers' routes at /desk/corpus: read, upload, confirm, remove.

They stand under /desk since the session's cookie goes there alone; /corpus leads to them. Whoever may pass the desk may
read; only who is logged in changes anything, and every change is recorded.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.formparsers import MultiPartException

from bot.corpus_audit import CorpusAudit
from bot.corpus_keeper import CorpusKeeper
from bot.corpus_pages import CorpusPages
from bot.corpus_upload import TooLarge, receive_file
from bot.desk_parts import Desk, fragment, visitor
from bot.errors_http import NotFound, Refused
from bot.session import Session, check_token
from ingest.errors import AnswerLogError, HuiwenError
from ingest.model import Document
from prompts.corpus_messages import CorpusMessages, tell_note

HOME = "/desk/corpus"

Token = Annotated[str, Form(max_length=100)]


def corpus_page_routes(desk: Desk, keeper: CorpusKeeper, audit: CorpusAudit | None, told: CorpusMessages) -> APIRouter:
    """Read the corpus; without `audit` nothing can be changed."""
    router = APIRouter()
    pages = CorpusPages(desk, keeper, audit, told)
    guest = Depends(visitor(desk))

    @router.get("/corpus")
    def lead() -> Response:
        return RedirectResponse(HOME, 307)

    @router.get(HOME, response_class=HTMLResponse)
    def listing(session: Session | None = guest) -> HTMLResponse:
        return pages.list(session)

    @router.get(f"{HOME}/state", response_class=HTMLResponse)
    def state(session: Session | None = guest) -> HTMLResponse:
        return fragment(desk.templates.render("corpus_state", state=keeper.rebuilder.state, told=told))

    @router.get(f"{HOME}/documents/{{document_id}}", response_class=HTMLResponse)
    def document(document_id: str, session: Session | None = guest) -> HTMLResponse:
        return pages.document(_find(desk, document_id), session)

    if audit:
        router.include_router(_change_routes(desk, keeper, audit, pages))
    return router


def _change_routes(desk: Desk, keeper: CorpusKeeper, audit: CorpusAudit, pages: CorpusPages) -> APIRouter:
    """Upload, confirm, give up, remove; each for who is logged in, with the session's token in the form."""
    router = APIRouter()
    guest = Depends(visitor(desk))

    @router.post(f"{HOME}/drafts", response_class=HTMLResponse)
    async def upload(request: Request, session: Session | None = guest) -> Response:
        _need(session)
        told = pages.told.upload
        try:
            token, path = await receive_file(request, keeper.settings.file_size << 20, keeper.new_folder)
        except TooLarge:
            problem = told.too_large.format(most=keeper.settings.file_size)
            return await run_in_threadpool(pages.list, session, 413, problem)
        except MultiPartException:
            return await run_in_threadpool(pages.list, session, 400, told.malformed)
        if path is None:
            return await run_in_threadpool(pages.list, session, 422, told.missing)
        return await run_in_threadpool(_preview, path, token, _need(session), keeper, pages)

    @router.get(f"{HOME}/drafts/{{key}}", response_class=HTMLResponse)
    def report(key: str, session: Session | None = guest) -> HTMLResponse:
        draft = keeper.draft(key, _need(session).staff)
        return pages.draft(draft, _need(session)) if draft else pages.list(session, 404, pages.told.draft.gone)

    @router.post(f"{HOME}/drafts/{{key}}/publish", response_class=HTMLResponse)
    def publish(key: str, token: Token = "", session: Session | None = guest) -> Response:
        check_token(_need(session), token)
        draft = keeper.draft(key, _need(session).staff)
        if draft is None or draft.report.parsed is None:
            return pages.list(session, 404, pages.told.draft.gone)
        try:
            keeper.publish(draft, audit)
        except HuiwenError as error:
            return pages.draft(draft, _need(session), 503, _tell(pages.told, error))
        return RedirectResponse(HOME, 303)

    @router.post(f"{HOME}/drafts/{{key}}/discard")
    def discard(key: str, token: Token = "", session: Session | None = guest) -> Response:
        check_token(_need(session), token)
        if keeper.draft(key, _need(session).staff):
            keeper.discard(key)
        return RedirectResponse(HOME, 303)

    @router.post(f"{HOME}/documents/{{document_id}}/remove", response_class=HTMLResponse)
    def remove(document_id: str, token: Token = "", session: Session | None = guest) -> Response:
        check_token(_need(session), token)
        try:
            keeper.remove(_find(desk, document_id), _need(session).staff, audit)
        except HuiwenError as error:
            return pages.list(session, 503, _tell(pages.told, error))
        return RedirectResponse(HOME, 303)

    return router


def _preview(path: Path, token: str, session: Session, keeper: CorpusKeeper, pages: CorpusPages) -> Response:
    """The way to the report on a file that was received; a file that is not to be taken is deleted."""
    try:
        check_token(session, token)
        draft = keeper.preview(path, session.staff)
    except HuiwenError as error:
        keeper.discard(path.parent.name)
        return pages.list(session, 409, tell_note(pages.told, str(error)))
    except Refused:
        keeper.discard(path.parent.name)
        raise
    return RedirectResponse(f"{HOME}/drafts/{draft.token}", 303)


def _need(session: Session | None) -> Session:
    if session is None:
        raise Refused(403, "desk_closed")
    return session


def _find(desk: Desk, document_id: str) -> Document:
    document = desk.library.document(document_id)
    if document is None:
        raise NotFound("document_not_found")
    return document


def _tell(told: CorpusMessages, error: HuiwenError) -> str:
    return told.unrecorded if isinstance(error, AnswerLogError) else tell_note(told, str(error))
