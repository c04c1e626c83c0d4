"""From a question to its answer: the list of steps."""

from __future__ import annotations

import time
import uuid
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import replace

from bot.chat_model import Usage
from bot.contract import AskedPlace, AskRequest, AskResponse, Engine
from bot.endings import left_out
from bot.evidence import Finding
from bot.explain import describe_considered, describe_understanding
from bot.find import find, is_about_policy, nearest_elsewhere
from bot.ports import Account, CitationEvent, DeltaEvent, DoneEvent, Event, StatusEvent
from bot.question import Question
from bot.replies import Reply, ask_which_place, courtesy, no_basis, out_of_scope, refused
from bot.reply_found import numbers_of, reply_found, said
from bot.request_record import note_answer
from bot.resources import Resources
from bot.screen import clean_question
from bot.understand import understand
from bot.verify import Line, verify
from ingest.dates import today


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
    with resources.step("understand"):
        question = understand(text, page, request.history, as_of, resources.gazetteer, resources.finder)
    with resources.step("screen"):
        is_attack = resources.screen.refuses(question.text, question.whole if question.follows_up else "")
    question, usage = (question, Usage()) if is_attack else _made_whole(question, request, resources)
    yield StatusEvent(_searching(question, resources))
    reply, findings = (refused(resources.phrases), []) if is_attack else _reply(question, resources)
    for citation in reply.citations:
        yield CitationEvent(citation)
    with resources.step("tell"):  # the model's words, where there is one, as fast as the caller takes them
        reply, account = yield from _tell(question, findings, reply, resources)
    engine = _engine(account, usage, resources, (time.perf_counter() - started) * 1000)
    response = _response(question, reply, engine)
    resources.metrics.count_answer(response)
    note_answer(request.question, response.status)
    yield DoneEvent(response.model_copy(update=_explain(question, reply, resources)) if request.explain else response)


def _made_whole(question: Question, request: AskRequest, resources: Resources) -> tuple[Question, Usage]:
    """A follow-up in the language model's words, where there is one; and the tokens that they took."""
    if resources.rewriter is None:
        return question, Usage()
    with resources.step("rewrite"):
        return resources.rewriter.rewrite(question, request.history, resources.finder)


def _reply(question: Question, resources: Resources) -> tuple[Reply, list[Finding]]:
    """Retrieve and decide; then quote what was found, or say that there is no basis.

    The findings are those that a language model may put in its own words; none where there is no basis.
    """
    if question.ambiguous:
        return ask_which_place(question, resources.phrases), []
    if question.courtesy:
        return courtesy(resources.phrases), []
    with resources.step("scope"):
        if not is_about_policy(question, resources):
            return out_of_scope(resources.phrases), []
    with resources.step("retrieve"):
        resources, findings = _find(question, resources)
    reply = None
    if any(finding.covered for finding in findings):
        reply, findings = reply_found(question, findings, resources)
    based = reply is not None and any(line.citations for line in reply.lines)
    if reply is None or not based:
        with resources.step("elsewhere"):
            reply = no_basis(question, findings, nearest_elsewhere(question, resources), resources)
    reply = replace(
        reply,
        considered=[pair for finding in findings for pair in finding.considered],
        confidence=max((one.confidence for one in findings if one.confidence is not None), default=None),
    )
    return reply, findings if based else []


def _find(question: Question, resources: Resources) -> tuple[Resources, list[Finding]]:
    """What was found in what holds on the day that is asked about; what is repealed only where it answers best."""
    replaced, over = (left_out(question, resources, repealed=repealed) for repealed in (False, True))
    if not over:
        return resources, find(question, resources)
    with_repealed = replace(resources, finder=resources.finder.without(replaced, over))
    findings = find(question, with_repealed)
    if any(finding.covered and finding.evidence[0].document.id in over for finding in findings):
        return with_repealed, findings
    in_force = replace(resources, finder=resources.finder.without(over))
    return in_force, find(question, in_force)


def _tell(
    question: Question, findings: list[Finding], reply: Reply, resources: Resources
) -> Generator[Event, None, tuple[Reply, Account]]:
    """The reply's text as it comes: warnings, then the lines, in the language model's words where there is one."""
    model = resources.model if findings else None
    worded = model.compose(question, findings, numbers_of(reply.citations)) if model else None
    account, told = Account("extractive"), replace(reply, lines=[])
    if told.text:
        yield DeltaEvent(told.text)
    with closing(_lines(reply, worded)) as lines:  # whoever leaves hangs up on the model
        for one in lines:
            match one:
                case None:
                    yield StatusEvent(_searching(question, resources))  # whoever has left is noticed here
                case Account():
                    account = one
                case Line() if not model or verify([one], reply.citations, said(question), question.as_of):
                    before = told.text
                    told = replace(told, lines=[*told.lines, one])
                    yield DeltaEvent(told.text.removeprefix(before))
    return told, account


def _lines(
    reply: Reply, worded: Iterable[Line | Account | None] | None
) -> Generator[Line | Account | None, None, None]:
    """The reply's lines, which are verified; or what puts a false premise right, and then the model's."""
    if worded is None:
        yield from reply.lines
    else:
        yield from (line for line in reply.lines if line.kind == "premise")
        yield from worded


def _explain(question: Question, reply: Reply, resources: Resources) -> dict[str, object]:
    """The fields that only those get who ask to explain."""
    return {
        "considered": describe_considered(reply.considered),
        "confidence": None if reply.confidence is None else round(reply.confidence, 4),
        "understood": describe_understanding(question, resources.finder),
    }


def _searching(question: Question, resources: Resources) -> str:
    names = "、".join(place.name for place in question.places)
    lines = resources.phrases.status_lines
    return lines.searching.format(place=names) if names else lines.searching_all


def _engine(account: Account, rewriting: Usage, resources: Resources, milliseconds: float) -> Engine:
    return Engine(
        composer=account.composer,
        model=account.model,
        encoder=resources.encoder.name,
        ms=round(milliseconds, 1),
        prompt=account.prompt,
        fallback=account.fallback,
        tokens_in=account.tokens_in + rewriting.tokens_in,
        tokens_out=account.tokens_out + rewriting.tokens_out,
    )


def _response(question: Question, reply: Reply, engine: Engine) -> AskResponse:
    place = question.places[0] if question.places else None
    asked = (
        AskedPlace(name=place.name, code=place.code, path=list(place.path), source=question.source or "request")
        if place
        else None
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
