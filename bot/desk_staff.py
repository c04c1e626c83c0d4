"""What only staff who are logged in do at the desk: correct answers, and read what is counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from bot.answer_log import AnswerLog
from bot.contract import PLACE_LENGTH, QUESTION_LENGTH, TURN_LENGTH, check_readable
from bot.correction_cases import export_cases
from bot.corrections import Correction, Corrections
from bot.desk_parts import HEADERS, LOGIN, Desk, fragment, staff
from bot.errors_http import NotFound, Refused
from bot.session import Session, Sessions, check_token
from bot.tally import Tally, tally, write_csv
from ingest.dates import today

PERIODS = (7, 30, 180)  # days that can be counted
_DAYS = 30
_TOPICS_KNOWN = 10_000  # questions whose topic is remembered
_CLAUSES = 10  # of one correction


class CorrectionIn(BaseModel):
    """A correction as the page sends it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: Annotated[str, Field(max_length=QUESTION_LENGTH), AfterValidator(check_readable)]
    jurisdiction: Annotated[str, Field(max_length=PLACE_LENGTH)] | None
    as_of: date
    clauses: Annotated[tuple[Annotated[str, Field(max_length=300)], ...], Field(max_length=_CLAUSES)]
    wording: Annotated[str, Field(max_length=TURN_LENGTH)] = ""


def login_routes(desk: Desk, sessions: Sessions) -> APIRouter:
    """In and out."""
    router = APIRouter(prefix="/desk")
    words = desk.words.login

    @router.get("/login", response_class=HTMLResponse)
    def ask_name(lost: bool = False) -> HTMLResponse:
        return desk.page("login", None, problem=words.lost if lost else "")

    @router.post("/login", response_class=HTMLResponse)
    async def enter(
        request: Request,
        name: Annotated[str, Form(max_length=100)] = "",
        password: Annotated[str, Form(max_length=500)] = "",
    ) -> Response:
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise Refused(403, "desk_stale")  # another site sent the form
        response = RedirectResponse("/desk/entered", 303)
        try:
            await sessions.enter(name, password, response)
        except HTTPException as error:
            return desk.page(
                "login", None, error.status_code, problem=words.locked if error.status_code == 429 else words.wrong
            )
        return response

    @router.get("/entered")
    def entered(request: Request) -> Response:
        return RedirectResponse("/desk" if sessions.find(request) else f"{LOGIN}?lost=1", 303)

    @router.post("/leave")
    def leave(request: Request, token: Annotated[str, Form(max_length=100)] = "") -> Response:
        if session := sessions.find(request):
            check_token(session, token)
        response = RedirectResponse(LOGIN, 303)
        sessions.leave(request, response)
        return response

    return router


def correction_routes(desk: Desk, corrections: Corrections) -> APIRouter:
    """Correct an answer; read, export and withdraw corrections."""
    router = APIRouter(prefix="/desk")
    reads, writes = Depends(staff(desk, changes=False)), Depends(staff(desk, changes=True))

    @router.get("/corrections", response_class=HTMLResponse)
    def page(session: Session = reads) -> HTMLResponse:
        kept = corrections.all()
        left_out = export_cases(kept, desk.library).left_out
        places = {one.jurisdiction: desk.name_place(one.jurisdiction) for one in kept if one.jurisdiction}
        return desk.page(
            "corrections", session, corrections=kept, places=places, left_out=left_out, library=desk.library
        )

    @router.get("/corrections.jsonl", dependencies=[reads])
    def cases() -> Response:
        lines = export_cases(corrections.all(), desk.library).lines
        return _download("corrections.jsonl", lines.encode(), "application/jsonl; charset=utf-8")

    @router.post("/corrections", response_class=HTMLResponse)
    def correct(body: CorrectionIn, request: Request, session: Session = writes) -> HTMLResponse:
        request.state.place = body.jurisdiction
        code = desk.places.resolve(body.jurisdiction).code if body.jurisdiction else None
        clauses = tuple(dict.fromkeys(body.clauses))
        if any(desk.library.clause(one) is None for one in clauses):
            raise Refused(422, "correction_malformed")
        corrections.add(session.staff, body.question, code, body.as_of, clauses, body.wording.strip() or None)
        return _show(desk, corrections.on(body.question, code), session)

    @router.delete("/corrections/{correction_id}", status_code=204)
    def drop(correction_id: str, session: Session = writes) -> Response:
        if not corrections.drop(correction_id, session.staff):
            raise NotFound("not_found")
        return Response(status_code=204)

    return router


def figure_routes(desk: Desk, log: AnswerLog) -> APIRouter:
    """What is counted, as a page and as a table."""
    router = APIRouter(prefix="/desk")
    reads = Depends(staff(desk, changes=False))
    topic_of = lru_cache(_TOPICS_KNOWN)(lambda text: desk.topic_of(text) or desk.words.figures.no_topic)

    def count(days: int) -> Tally:
        last = today()
        first = last - timedelta(days=days - 1)
        # China's midnight is 16:00 of the day before in UTC.
        moment = datetime.combine(first, time(), UTC) - timedelta(hours=8)
        return tally(log.asked_since(moment), first, last, desk.name_place, topic_of)

    @router.get("/figures", response_class=HTMLResponse)
    def page(days: Annotated[int, Query(ge=1, le=365)] = _DAYS, session: Session = reads) -> HTMLResponse:
        return desk.page("figures", session, counted=count(days), days=days, periods=PERIODS)

    @router.get("/figures.csv", dependencies=[reads])
    def table(days: Annotated[int, Query(ge=1, le=365)] = _DAYS) -> Response:
        data = write_csv(count(days), desk.words.figures, desk.words.answer)
        return _download(f"{desk.words.figures.file}.csv", data, "text/csv; charset=utf-8")

    return router


def _show(desk: Desk, corrections: Sequence[Correction], session: Session) -> HTMLResponse:
    return fragment(desk.templates.render("earlier", corrections=corrections, session=session, library=desk.library))


def _download(name: str, data: bytes, media_type: str) -> Response:
    disposition = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(data, media_type=media_type, headers=HEADERS | disposition)
