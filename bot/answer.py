"""From a question to its answer: the list of steps."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from dataclasses import replace

from bot.cite import cite
from bot.contract import AskedPlace, AskRequest, AskResponse, Engine, Status
from bot.evidence import Evidence, Finding
from bot.explain import describe_considered, describe_understanding
from bot.find import find, is_about_policy, nearest_elsewhere
from bot.notice import give_notices
from bot.ports import CitationEvent, DeltaEvent, DoneEvent, Event, StatusEvent
from bot.question import Question
from bot.replies import Reply, ask_which_place, no_basis, out_of_scope, refused, suggest
from bot.resources import Resources
from bot.screen import clean_question
from bot.understand import understand
from bot.verify import verify
from ingest.dates import today
from ingest.model import Place


def answer(request: AskRequest, resources: Resources) -> Iterator[Event]:
    """Answer a question; events as they come, the whole answer last.

    Raises:
        UnknownPlace, AmbiguousPlace: the request's jurisdiction is not one place.
    """
    started = time.perf_counter()
    yield StatusEvent(resources.phrases.status_lines.reading)
    text = clean_question(request.question)
    page = resources.gazetteer.resolve(request.jurisdiction) if request.jurisdiction else None
    as_of = request.as_of or today()
    question = understand(text, page, request.history, as_of, resources.gazetteer, resources.finder)
    yield StatusEvent(_searching(question, resources))
    reply = _reply(question, resources)
    for citation in reply.citations:
        yield CitationEvent(citation)
    for line in reply.text.splitlines(keepends=True):
        yield DeltaEvent(line)
    response = _response(question, reply, resources, (time.perf_counter() - started) * 1000)
    yield DoneEvent(response.model_copy(update=_explain(question, reply, resources)) if request.explain else response)


def _reply(question: Question, resources: Resources) -> Reply:
    """Screen, retrieve and decide; then answer from what was found, or say that there is no basis."""
    if resources.screen.refuses(question.text, question.whole if question.follows_up else ""):
        return refused(resources.phrases)
    if question.ambiguous:
        return ask_which_place(question, resources.phrases)
    if not is_about_policy(question, resources):
        return out_of_scope(resources.phrases)
    findings = find(question, resources)
    reply = _answered(question, findings, resources) if any(finding.covered for finding in findings) else None
    if reply is None or not any(line.citations for line in reply.lines):
        reply = no_basis(question, findings, nearest_elsewhere(question, resources), resources)
    return replace(
        reply,
        considered=[pair for finding in findings for pair in finding.considered],
        confidence=max((one.confidence for one in findings if one.confidence is not None), default=None),
    )


def _answered(question: Question, findings: list[Finding], resources: Resources) -> Reply:
    """Compose, verify and warn."""
    by_clause: dict[str, tuple[Finding, Evidence]] = {}
    for finding in findings:
        for one in finding.evidence:
            by_clause.setdefault(one.clause.id, (finding, one))  # two places may share a clause of the one above
    evidence = list(by_clause.values())
    numbered = [(number, one) for number, (_, one) in enumerate(evidence, 1)]
    citations = [cite(number, one, _asked(finding, question)) for number, (finding, one) in enumerate(evidence, 1)]
    lines = resources.composer.compose(question, findings, {one.clause.id: number for number, one in numbered})
    lines = verify(lines, citations, f"{question.text} {question.whole}", question.as_of)
    notices = give_notices(numbered, resources.phrases)
    complete = all(finding.covered and not finding.missing for finding in findings)
    status: Status = "answered" if complete or not question.places else "partial"
    return Reply(status, notices, lines, citations, suggest(question, findings, resources.phrases))


def _explain(question: Question, reply: Reply, resources: Resources) -> dict[str, object]:
    """The fields that only those get who ask to explain."""
    return {
        "considered": describe_considered(reply.considered),
        "confidence": None if reply.confidence is None else round(reply.confidence, 4),
        "understood": describe_understanding(question, resources.finder),
    }


def _asked(finding: Finding, question: Question) -> Place | None:
    return finding.place if question.places else None


def _searching(question: Question, resources: Resources) -> str:
    names = "、".join(place.name for place in question.places)
    lines = resources.phrases.status_lines
    return lines.searching.format(place=names) if names else lines.searching_all


def _response(question: Question, reply: Reply, resources: Resources, milliseconds: float) -> AskResponse:
    place = question.places[0] if question.places else None
    asked = (
        AskedPlace(name=place.name, code=place.code, path=list(place.path), source=question.source or "request")
        if place
        else None
    )
    engine = Engine(
        composer=resources.composer.name, model=None, encoder=resources.encoder.name, ms=round(milliseconds, 1)
    )
    return AskResponse(
        id=uuid.uuid4().hex,
        status=reply.status,
        answer=reply.text,
        citations=reply.citations,
        notices=reply.notices,
        jurisdiction=asked,
        follow_ups=reply.follow_ups,
        engine=engine,
    )
