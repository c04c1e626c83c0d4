"""The corpus keepers' pages at /desk/corpus: what is kept, each document beside its file's own text, add and remove.

They stand under /desk since the session's cookie goes there alone; /corpus leads to them. Whoever may pass the desk may
read; only who is logged in changes anything, and every change is recorded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.formparsers import MultiPartException

from bot.contract import ValidityOut
from bot.corpus_audit import CorpusAudit
from bot.corpus_keeper import CorpusKeeper, Counts, Draft, Original, count
from bot.corpus_upload import TooLarge, receive_file
from bot.describe import badge_of, state_validity
from bot.desk_parts import Desk, fragment, visitor
from bot.errors_http import NotFound, Refused
from bot.original import locate
from bot.session import Session, check_token
from bot.validity import legal_status
from ingest.dates import today
from ingest.errors import AnswerLogError, HuiwenError
from ingest.model import Clause, Document
from ingest.parse import ParsedDocument
from prompts.corpus_messages import CorpusMessages, tell_note

HOME = "/desk/corpus"
RECORDED = 50  # changes shown at the bottom of the page
_AT_LINE = re.compile(r"line (\d+):")  # how a remark on one line begins

Token = Annotated[str, Form(max_length=100)]


@dataclass(frozen=True, slots=True)
class Row:
    """A document as it stands in the list."""

    document: Document
    badge: str
    validity: ValidityOut
    counts: Counts


@dataclass(frozen=True, slots=True)
class Beside:
    """A clause of the outline, and the line of the file's text on which it begins."""

    clause: Clause
    depth: int
    line: int | None
    odd: bool  # the parser remarks on this line


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


class CorpusPages:
    """Renders the pages."""

    def __init__(self, desk: Desk, keeper: CorpusKeeper, audit: CorpusAudit | None, told: CorpusMessages) -> None:
        self.desk, self.keeper, self.audit, self.told = desk, keeper, audit, told

    def list(self, session: Session | None, status: int = 200, problem: str = "") -> HTMLResponse:
        """All documents; for who is logged in the way to add one, and what was changed."""
        try:
            changes = self.audit.latest(RECORDED) if session and self.audit else []
        except AnswerLogError:
            changes, problem = [], problem or self.told.unrecorded
        rows = [self._row(one) for one in self.desk.library.documents()]
        state, most = self.keeper.rebuilder.state, self.keeper.settings.file_size
        values = {"rows": rows, "changes": changes, "state": state, "most": most, "problem": problem}
        return self._page("corpus", session, status, **values, changeable=self.audit is not None)

    def document(self, document: Document, session: Session | None, problem: str = "") -> HTMLResponse:
        """A document of the corpus beside its file's own text."""
        parsed = ParsedDocument(document, tuple(self.desk.library.clauses(document.id)))
        original = self.keeper.original(self.keeper.path_of(document))
        stale = bool(original.digest) and original.digest != document.digest
        values = self._describe(parsed, original) | {"draft": None, "stale": stale, "problem": problem}
        return self._page("corpus_document", session, changeable=self.audit is not None, **values)

    def draft(self, draft: Draft, session: Session, status: int = 200, problem: str = "") -> HTMLResponse:
        """What a file would become, beside its text."""
        if draft.report.parsed is None:
            return self._page("corpus_refused", session, 422, draft=draft)
        values = self._describe(draft.report.parsed, self.keeper.original(draft.path))
        values |= {"draft": draft, "stale": False, "problem": problem}
        return self._page("corpus_document", session, status, changeable=True, **values)

    def _row(self, document: Document) -> Row:
        return Row(document, _badge(document), state_validity(document, today()), self.keeper.counts(document))

    def _describe(self, parsed: ParsedDocument, original: Original) -> dict[str, Any]:
        document = parsed.document
        return {
            "document": document,
            "badge": _badge(document),
            "validity": state_validity(document, today()),
            "outline": outline_beside(parsed, locate(parsed.clauses, original.lines)),
            "original": original,
            "counts": count(parsed.clauses),
        }

    def _page(self, name: str, session: Session | None, status: int = 200, **values: Any) -> HTMLResponse:
        functions = {"tell_note": partial(tell_note, self.told), "span": self._span}
        return self.desk.page(name, session, status, told=self.told, **functions, **values)

    def _span(self, validity: ValidityOut) -> str:
        """From when until when, as far as it is known."""
        words, begins, ends = self.told.list, validity.from_, validity.to
        form = words.span if begins and ends else words.until if ends else words.since if begins else words.undated
        return form.format(from_=begins, to=ends)


def outline_beside(parsed: ParsedDocument, lines: Mapping[str, int]) -> list[Beside]:
    """The clauses in the order of the text, each with how deep it stands in the tree and where in the file."""
    odd = {int(found[1]) for note in parsed.document.warnings if (found := _AT_LINE.match(note))}
    depth: dict[str | None, int] = {None: -1}
    for clause in parsed.clauses:
        depth[clause.id] = depth.get(clause.parent_id, -1) + 1
    return [Beside(one, depth[one.id], lines.get(one.id), lines.get(one.id) in odd) for one in parsed.clauses]


def _change_routes(desk: Desk, keeper: CorpusKeeper, audit: CorpusAudit, pages: CorpusPages) -> APIRouter:
    """Upload, confirm, give up, remove; each for who is logged in, with the session's token in the form."""
    router = APIRouter()
    guest = Depends(visitor(desk))

    @router.post(f"{HOME}/drafts", response_class=HTMLResponse)
    async def upload(request: Request, session: Session | None = guest) -> Response:
        staff, told = _need(session), pages.told
        try:
            token, path = await receive_file(request, keeper.settings.file_size << 20, keeper.new_folder)
        except TooLarge:
            problem = told.upload.too_large.format(most=keeper.settings.file_size)
            return await run_in_threadpool(pages.list, session, 413, problem)
        except MultiPartException:
            return await run_in_threadpool(pages.list, session, 400, told.upload.malformed)
        if path is None:
            return await run_in_threadpool(pages.list, session, 422, told.upload.missing)
        try:
            check_token(staff, token)
            draft = await run_in_threadpool(keeper.preview, path, staff.staff)
        except HuiwenError as error:
            keeper.discard(path.parent.name)
            return await run_in_threadpool(pages.list, session, 409, tell_note(told, str(error)))
        except Refused:
            keeper.discard(path.parent.name)
            raise
        return RedirectResponse(f"{HOME}/drafts/{draft.token}", 303)

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


def _need(session: Session | None) -> Session:
    if session is None:
        raise Refused(403, "desk_closed")
    return session


def _find(desk: Desk, document_id: str) -> Document:
    document = desk.library.document(document_id)
    if document is None:
        raise NotFound("document_not_found")
    return document


def _badge(document: Document) -> str:
    return badge_of(legal_status(document, today()), state_validity(document, today()).state)


def _tell(told: CorpusMessages, error: HuiwenError) -> str:
    return told.unrecorded if isinstance(error, AnswerLogError) else tell_note(told, str(error))
