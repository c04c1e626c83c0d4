"""The HTTP service: the contract's routes on top of an assistant, a library and a gazetteer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

from bot.contract import PLACE_LENGTH, AskRequest, AskResponse, ErrorResponse, Feedback, SearchResponse
from bot.corpus_contract import DocumentList, DocumentTree, Neighbours, PlaceList
from bot.describe import describe_document, describe_neighbours, describe_tree, list_places
from bot.desk import desk_routes
from bot.document_page import DocumentPage
from bot.errors_http import ErrorReporter, NotFound
from bot.event_stream import EventStream, write_events
from bot.metrics import Metrics, metrics_routes
from bot.openai_api import openai_routes
from bot.ports import Assistant, Library, Places
from bot.protection import protect
from bot.refusals import WRITES, also_streams, refusals
from bot.request_log import RequestLog
from bot.search_params import SearchParams
from bot.tracing import Tracing
from bot.widget import widget_routes
from ingest.dates import today
from ingest.model import Document
from prompts.messages import load_messages

if TYPE_CHECKING:
    import gradio as gr

    from bot.answer_log import AnswerLog
    from bot.desk_parts import Desk
    from bot.limits import Limits
    from bot.turns import Turns

# What a document's page may load: nothing but its own inline style.
DOCUMENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def create_api(
    assistant: Assistant,
    library: Library,
    places: Places,
    *,
    ready: Callable[[], bool],
    page: gr.Blocks | None,
    log: AnswerLog | None = None,
    metrics: Metrics | None = None,
    desk: Desk | None = None,
    widget_origins: str = "",
    limits: Limits | None = None,
    turns: Turns | None = None,
    log_questions: bool = False,
    tracing: Tracing | None = None,
) -> FastAPI:
    """The whole service.

    Args:
        assistant: answers and searches.
        library: the corpus.
        places: the gazetteer.
        ready: whether questions can be answered now.
        page: shown at /; may be left out where only programs call.
        log: takes votes; without it they are refused.
        metrics: shown at /metrics.
        desk: the hotline's desk, shown at /desk.
        widget_origins: origins, separated by blanks, whose pages may show the page in a frame and call the service.
        limits: what may be asked of the service; without them anything.
        turns: the turns that the page's answers take, for all others to share.
        log_questions: whether a request's line in the log has the question.
        tracing: makes a span of each request, and is closed when the service ends; without it none is made.
    """
    messages = load_messages()
    reporter = ErrorReporter(messages.errors)
    traced = tracing or Tracing()
    # Swagger's own pages load scripts from elsewhere, so only the description itself is served.
    app = FastAPI(
        title="Huiwen",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        telemetry=traced.for_fastapi(),
        lifespan=lambda _: traced.closing(),
    )
    reporter.install(app)
    protect(app, reporter, widget_origins, limits, turns)
    # Outermost, so that what a limit refuses is told as well.
    app.state.metrics = metrics or Metrics()  # for what stands before it, see bot/serve.py
    app.add_middleware(RequestLog, reporter=reporter, metrics=app.state.metrics, with_questions=log_questions)
    app.include_router(answer_routes(assistant, places, reporter))
    app.include_router(openai_routes(assistant, places, reporter))
    app.include_router(feedback_routes(log))
    app.include_router(corpus_routes(library, places))
    app.include_router(page_routes(library, DocumentPage(messages)))
    app.include_router(health_routes(ready, reporter))
    if metrics is not None:
        app.include_router(metrics_routes(metrics))
    if desk is not None:
        app.include_router(desk_routes(desk), include_in_schema=False)
    if page is not None:
        from bot.mount import mount_page  # gradio takes seconds to import: only those who show the page pay for it

        app.include_router(widget_routes(library, places, messages.widget), include_in_schema=False)
        mount_page(app, page, widget_origins)
    return app


def answer_routes(assistant: Assistant, places: Places, reporter: ErrorReporter) -> APIRouter:
    """Ask and search. Handlers are plain functions: the assistant is synchronous, so each runs in a thread."""
    router = APIRouter(prefix="/api", responses=refusals(ErrorResponse))
    told = also_streams(refusals(ErrorResponse, *WRITES))

    @router.post("/ask", response_model=AskResponse, responses=told)
    def ask(body: AskRequest, http: Request) -> AskResponse | StreamingResponse:
        http.state.place = body.jurisdiction
        if not body.stream:
            return assistant.ask(body)
        if body.jurisdiction:
            places.resolve(body.jurisdiction)  # refused here, while a status code can still be sent
        return EventStream(write_events(assistant.stream(body), reporter.body("internal")))

    @router.get("/search")
    def search(params: Annotated[SearchParams, Query()], http: Request) -> SearchResponse:
        http.state.place = params.jurisdiction
        return assistant.search(params.to_query())

    return router


def feedback_routes(log: AnswerLog | None) -> APIRouter:
    """Votes on answers."""
    router = APIRouter(prefix="/api")

    @router.post("/feedback", status_code=204, responses=refusals(ErrorResponse, *WRITES, 404))
    def feedback(body: Feedback) -> Response:
        if log is None:
            raise NotFound("feedback_off")
        if not log.vote(body.answer_id, body.verdict, body.comment):
            raise NotFound("answer_not_found")
        return Response(status_code=204)

    return router


def corpus_routes(library: Library, places: Places) -> APIRouter:
    """Documents, clauses and places."""
    router = APIRouter(prefix="/api", responses=refusals(ErrorResponse))
    one = refusals(ErrorResponse, 404)

    @router.get("/documents")
    def documents() -> DocumentList:
        shown = [describe_document(document, today()) for document in library.documents()]
        return DocumentList(total=len(shown), documents=shown)

    @router.get("/documents/{document_id}", responses=one)
    def document(document_id: str) -> DocumentTree:
        return describe_tree(_find(library, document_id), library.clauses(document_id), today())

    @router.get("/clauses/{clause_id:path}", responses=one)
    def clause(clause_id: str) -> Neighbours:
        found = library.clause(clause_id)
        if found is None:
            raise NotFound("clause_not_found")
        return describe_neighbours(found, library.clauses(found.document_id))

    @router.get("/jurisdictions")
    def jurisdictions(q: Annotated[str, Query(max_length=PLACE_LENGTH)] = "") -> PlaceList:
        found = list_places(places, library, q)
        return PlaceList(total=len(found), jurisdictions=found)

    return router


def page_routes(library: Library, page: DocumentPage) -> APIRouter:
    """The readable page of a document."""
    router = APIRouter()

    @router.get("/documents/{document_id}", response_class=HTMLResponse, include_in_schema=False)
    def read_document(document_id: str) -> HTMLResponse:
        html = page.render(_find(library, document_id), library.clauses(document_id), today())
        return HTMLResponse(html, headers={"Content-Security-Policy": DOCUMENT_POLICY})

    return router


def health_routes(ready: Callable[[], bool], reporter: ErrorReporter) -> APIRouter:
    """Liveness and readiness."""
    router = APIRouter(responses=refusals(ErrorResponse))

    @router.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz")
    def readyz() -> JSONResponse:
        return JSONResponse({"status": "ready"}) if ready() else reporter.not_ready()

    return router


def _find(library: Library, document_id: str) -> Document:
    document = library.document(document_id)
    if document is None:
        raise NotFound("document_not_found")
    return document
