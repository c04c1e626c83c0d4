"""The desk's comparison: a page, and the same as a workbook or a Word document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, BeforeValidator, Field

from bot.comparison import FEWEST, MOST, Comparison, Source, ask_each, describe_column
from bot.comparison_files import write_word, write_workbook
from bot.contract import QUESTION_LENGTH, AskResponse, check_readable, only_iso
from bot.describe import badge_of, list_places
from bot.desk_parts import HEADERS, Desk, visitor
from bot.errors_http import describe_ambiguity
from bot.search_params import Place as PlaceName
from bot.search_params import none_if_blank
from bot.session import Session
from ingest.dates import today
from ingest.errors import AmbiguousPlace, UnknownPlace
from ingest.model import Place

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class CompareParams(BaseModel):
    """What is to be compared; empty fields are left out."""

    q: Annotated[str, Field(max_length=QUESTION_LENGTH)] = ""
    place: Annotated[list[PlaceName], Field(max_length=MOST)] = []
    valid_on: Annotated[date | None, BeforeValidator(only_iso), BeforeValidator(none_if_blank)] = None


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison, or why there is none."""

    comparison: Comparison | None = None
    problem: str = ""


def compare_routes(desk: Desk) -> APIRouter:
    """The page and its two files."""
    router = APIRouter(prefix="/desk")
    guest = Depends(visitor(desk))
    comparer = Comparer(desk)

    @router.get("/compare", response_class=HTMLResponse)
    def page(params: Annotated[CompareParams, Query()], session: Session | None = guest) -> HTMLResponse:
        covered = list_places(desk.places, desk.library, "")
        boxes = [*params.place, *[""] * MOST][:MOST]
        return desk.page(
            "compare", session, params=params, boxes=boxes, covered=covered, compared=comparer.compare(params)
        )

    @router.get("/compare.xlsx", dependencies=[guest])
    def workbook(params: Annotated[CompareParams, Query()]) -> Response:
        return comparer.offer(params, ".xlsx", _XLSX, lambda one: write_workbook(one, desk.words.compare))

    @router.get("/compare.docx", dependencies=[guest])
    def word(params: Annotated[CompareParams, Query()]) -> Response:
        return comparer.offer(params, ".docx", _DOCX, lambda one: write_word(one, desk.words.compare))

    return router


class Comparer:
    """Compares places."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.words = desk.words.compare

    def compare(self, params: CompareParams) -> Compared:
        """Ask for each place; what keeps it from doing so is told in words."""
        if not params.q.strip():
            return Compared()
        name = ""
        try:
            check_readable(params.q)
            places: dict[str, Place] = {}
            for name in filter(None, (one.strip() for one in params.place)):
                place = self.desk.places.resolve(name)
                places[place.code] = place
        except ValueError:
            return Compared(problem=self.desk.words.search.query_refused)
        except AmbiguousPlace as error:
            return Compared(problem=self.desk.words.search.place_ambiguous.format(**describe_ambiguity(name, error)))
        except UnknownPlace:
            return Compared(problem=self.desk.words.search.place_unknown.format(name=name))
        if not FEWEST <= len(places) <= MOST:
            return Compared(problem=self.words.too_few)
        return self._compare(params, list(places.values()))

    def offer(
        self, params: CompareParams, ending: str, media_type: str, write: Callable[[Comparison], bytes]
    ) -> Response:
        """The comparison as a file; the page, which tells why, where there is none."""
        comparison = self.compare(params).comparison
        if comparison is None:
            return RedirectResponse("/desk/compare", 303)
        name = quote(f"{self.words.file}{ending}")
        disposition = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
        return Response(write(comparison), media_type=media_type, headers=HEADERS | disposition)

    def _compare(self, params: CompareParams, places: list[Place]) -> Compared:
        as_of = params.valid_on or today()
        responses = ask_each(self.desk.silent, params.q.strip(), places, as_of)
        for place, response in zip(places, responses, strict=True):
            if response.jurisdiction and response.jurisdiction.code != place.code:
                return Compared(problem=self.words.names_place.format(name=response.jurisdiction.name))
        words = self.desk.words.answer
        columns = [
            describe_column(place, response, self._sources(response, as_of), words)
            for place, response in zip(places, responses, strict=True)
        ]
        return Compared(Comparison(params.q.strip(), as_of, tuple(columns)))

    def _sources(self, response: AskResponse, as_of: date) -> list[Source]:
        states, found = self.desk.templates.messages.states, []
        for citation in response.citations:
            formal = self.desk.cite(citation, as_of)
            badge = badge_of(citation.legal_status, citation.validity.state)
            if formal:
                found.append(Source(citation.clause_id, citation.url, formal.source, getattr(states, badge), badge))
        return found
