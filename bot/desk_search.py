"""The desk's search page: clauses as one types, the document beside them, and the answer to read out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from pydantic import ValidationError

from bot.contract import AskRequest, AskResponse, Considered, SearchResponse, SearchResult
from bot.describe import badge_of, list_places, plant_tree, state_validity
from bot.desk_parts import Desk, fragment, staff, visitor
from bot.errors_http import NotFound, describe_ambiguity
from bot.formal import FormalCitation, formal_path
from bot.marks import excerpt_marked
from bot.readout import read_out
from bot.search_params import SearchParams
from bot.session import Session
from bot.validity import legal_status
from ingest.dates import today
from ingest.errors import AmbiguousPlace, UnknownPlace
from ingest.model import Clause, Place

SHOWN = 20  # clauses at first, and more at each wish
_AS_NEAR = 0.8  # share of the cited clause's score from which another lost by what it holds, not by its nearness


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause as it stands in the list."""

    result: SearchResult
    formal: FormalCitation
    badge: str
    label: str
    path: str
    excerpt: Markup


@dataclass(frozen=True, slots=True)
class Looked:
    """What a search came to: hits, or a problem to be told."""

    params: SearchParams | None = None
    response: SearchResponse | None = None
    hits: Sequence[Hit] = ()
    place: Place | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A clause that was looked at for an answer, and why it was taken or not."""

    clause: Clause
    path: str
    title: str
    cited: bool
    reason: str


def search_routes(desk: Desk) -> APIRouter:
    """The page, and the pieces that its script asks for."""
    router = APIRouter(prefix="/desk")
    guest = Depends(visitor(desk))
    searcher = Searcher(desk)

    @router.get("", response_class=HTMLResponse)
    def page(request: Request, session: Session | None = guest) -> HTMLResponse:
        raw = dict(request.query_params)
        looked, covered = searcher.look_up(raw), list_places(desk.places, desk.library, "")
        return desk.page("search", session, looked=looked, raw=raw, covered=covered, step=SHOWN)

    @router.get("/hits", response_class=HTMLResponse)
    def hits(request: Request, session: Session | None = guest) -> HTMLResponse:
        return fragment(desk.templates.render("hits", looked=searcher.look_up(dict(request.query_params)), step=SHOWN))

    @router.get("/documents/{document_id}", response_class=HTMLResponse)
    def document(document_id: str, session: Session | None = guest) -> HTMLResponse:
        return fragment(searcher.show_document(document_id))

    @router.post("/answer", response_class=HTMLResponse)
    def answer(body: AskRequest, request: Request, session: Session | None = guest) -> HTMLResponse:
        if session:
            staff(desk, changes=True)(request)
        request.state.place = body.jurisdiction
        return fragment(searcher.answer(body, session))

    return router


class Searcher:
    """Searches and answers, and shows what came of it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.words = desk.words.search

    def look_up(self, raw: Mapping[str, str]) -> Looked:
        """Search; whatever is wrong with the request is a problem in words."""
        if not raw.get("q", "").strip():
            return Looked()
        try:
            params = SearchParams.model_validate({"limit": SHOWN, **raw, "facets": True})
        except ValidationError:
            return Looked(problem=self.words.query_refused)
        name = params.jurisdiction or ""
        try:
            place = self.desk.places.resolve(name) if name else None
            response = self.desk.assistant.search(params.to_query())
        except AmbiguousPlace as error:
            return Looked(problem=self.words.place_ambiguous.format(**describe_ambiguity(name, error)))
        except UnknownPlace:
            return Looked(problem=self.words.place_unknown.format(name=name))
        as_of = params.valid_on or today()
        hits = [hit for result in response.results if (hit := self._hit(result, as_of))]
        return Looked(params, response, hits, place)

    def show_document(self, document_id: str) -> Markup:
        """A document's text under the anchors of its clauses."""
        document = self.desk.library.document(document_id)
        if document is None:
            raise NotFound("document_not_found")
        badge = badge_of(legal_status(document, today()).value, state_validity(document, today()).state)
        nodes = plant_tree(self.desk.library.clauses(document_id))
        return self.desk.templates.render("document", document=document, nodes=nodes, badge=badge)

    def answer(self, request: AskRequest, session: Session | None) -> Markup:
        """The answer to read out, with what was rejected for it, and what colleagues put right."""
        response = self.desk.assistant.ask(request.model_copy(update={"explain": True, "stream": False}))
        as_of = request.as_of or today()
        formal = [one for citation in response.citations if (one := self.desk.cite(citation, as_of))]
        code = response.jurisdiction.code if response.jurisdiction else None
        store = self.desk.corrections if session else None
        return self.desk.templates.render(
            "answer",
            session=session,
            login=self.desk.sessions is not None,
            request=request,
            as_of=as_of,
            code=code,
            response=response,
            told=read_out(response, [one.source for one in formal], self.desk.words.answer),
            weighed=self._weigh(response),
            corrections=store.on(request.question, code) if store else [],
            corrects=store is not None,
            library=self.desk.library,
        )

    def _hit(self, result: SearchResult, as_of: date) -> Hit | None:
        formal, clause = self.desk.cite(result, as_of), self.desk.library.clause(result.clause_id)
        if formal is None or clause is None:
            return None
        badge = badge_of(result.legal_status, result.validity.state)
        label = getattr(self.desk.templates.messages.states, badge)
        path = formal_path(clause, self.desk.words.citation)
        return Hit(result, formal, badge, label, path, excerpt_marked(result.text, result.highlights))

    def _weigh(self, response: AskResponse) -> list[Weighed]:
        """What was looked at, each clause once: what is cited first, then the best of the rest."""
        considered: dict[str, Considered] = {}
        cited = dict.fromkeys(citation.clause_id for citation in response.citations)
        ranked = sorted(response.considered or (), key=lambda one: (one.outcome != "cited", -one.score))
        for one in ranked:
            considered.setdefault(one.clause_id, one)
        best = max((one.score for one in ranked if one.outcome == "cited"), default=None)
        best = best if best is not None else max((one.score for one in ranked), default=0.0)
        weighed = [self._describe(one, one in cited, considered.get(one), best) for one in (*cited, *considered)]
        unique = {one.clause.id: one for one in weighed if one}
        return sorted(unique.values(), key=lambda one: not one.cited)

    def _describe(self, clause_id: str, cited: bool, one: Considered | None, best: float) -> Weighed | None:
        clause = self.desk.library.clause(clause_id)
        document = self.desk.library.document(clause.document_id) if clause else None
        if clause is None or document is None:
            return None
        path = formal_path(clause, self.desk.words.citation)
        return Weighed(clause, path, document.title, cited, self._reason(cited, one, best))

    def _reason(self, cited: bool, one: Considered | None, best: float) -> str:
        words = self.desk.words.answer
        if cited or one is None:
            return words.cited
        values: dict[str, Any] = {"score": f"{one.score:.2f}", "best": f"{best:.2f}"}
        weaker = words.as_near if one.score >= _AS_NEAR * best else words.weaker
        reasons = [(words.no_basis if one.outcome == "no_basis" else weaker).format(**values)]
        reasons += [words.no_topic] if not one.topic else []
        reasons += [words.no_words] if not one.words else []
        return "；".join(reasons)
