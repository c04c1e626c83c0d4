"""OpenAI's routes: chat clients ask as they would ask a language model, and get an answer with its citations.

The last user message is the question, what user and assistant said before it is the history. Messages of the roles
system and developer are not read: no instruction of a caller's changes what an answer may rest on. Any key is taken.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Generator, Iterator

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from fastapi.sse import format_sse_event
from pydantic import BaseModel, ValidationError

from bot.contract import HISTORY_LENGTH, TURN_LENGTH, AskRequest, AskResponse, Engine, Turn
from bot.errors_http import ErrorReporter, NotFound, Refused
from bot.event_stream import EventStream
from bot.openai_contract import (
    MODEL,
    AnswerMessage,
    ChatRequest,
    Choice,
    Chunk,
    ChunkChoice,
    Completion,
    LastChunk,
    Message,
    Model,
    ModelList,
    OpenAIErrorResponse,
    Particulars,
    Usage,
)
from bot.ports import Assistant, DeltaEvent, DoneEvent, Event, Places
from bot.refusals import WRITES, also_streams, refusals

logger = logging.getLogger(__name__)

_DONE = format_sse_event(data_str="[DONE]")


def openai_routes(assistant: Assistant, places: Places, reporter: ErrorReporter) -> APIRouter:
    """Chat completions and the one model. Handlers run in threads, as those of POST /api/ask do."""
    router = APIRouter(prefix="/v1", responses=refusals(OpenAIErrorResponse))
    told = also_streams(refusals(OpenAIErrorResponse, *WRITES, 404))
    model = Model(created=int(time.time()))

    @router.get("/models")
    def models() -> ModelList:
        return ModelList(data=[model])

    @router.get("/models/{name}", responses=refusals(OpenAIErrorResponse, 404))
    def one_model(name: str) -> Model:
        _check_model(name)
        return model

    @router.post("/chat/completions", response_model=Completion, responses=told)
    def complete(body: ChatRequest, http: Request) -> Completion | EventStream:
        http.state.place = body.jurisdiction
        request = read_chat(body)
        if not body.stream:
            return describe_completion(assistant.ask(request))
        if request.jurisdiction:
            places.resolve(request.jurisdiction)  # refused here, while a status code can still be sent
        with_usage = body.stream_options is not None and body.stream_options.include_usage
        failure = reporter.openai_body(500, "internal")
        return EventStream(write_chunks(assistant.stream(request), with_usage, failure))

    return router


def read_chat(body: ChatRequest) -> AskRequest:
    """The request as POST /api/ask would carry it; turns too many or too long for it are dropped or cut.

    Raises:
        NotFound: the model is not ours.
        Refused: more than one answer is wanted, a message holds more than text, or nobody asks anything.
        RequestValidationError: the question, place or day is none that POST /api/ask would take.
    """
    _check_model(body.model)
    if body.n not in (None, 1):
        raise Refused(400, "one_choice_only", field="n")
    turns = [(message.role, _read_text(message)) for message in body.messages if message.role in ("user", "assistant")]
    while turns and turns[-1][0] != "user":
        turns.pop()
    if not turns:
        raise Refused(422, "no_user_message", field="messages")
    *earlier, (_, question) = turns
    history = [Turn.model_validate({"role": role, "content": text[:TURN_LENGTH]}) for role, text in earlier if text]
    fields = {"question": question, "jurisdiction": body.jurisdiction, "as_of": body.as_of}
    try:
        return AskRequest.model_validate({**fields, "history": history[-HISTORY_LENGTH:]})
    except ValidationError as error:
        raise RequestValidationError([{**each, "loc": ("body", *each["loc"])} for each in error.errors()]) from None


def describe_completion(response: AskResponse) -> Completion:
    """The answer as a chat completion."""
    return Completion(
        id=_new_id(),
        created=int(time.time()),
        choices=[Choice(message=AnswerMessage(content=response.answer))],
        usage=_count_tokens(response.engine),
        citations=response.citations,
        huiwen=_describe_particulars(response),
    )


def write_chunks(events: Iterator[Event], with_usage: bool, failure: OpenAIErrorResponse) -> Generator[bytes]:
    """The answer on the wire, piece by piece; `failure` ends the stream if the assistant fails on the way."""
    reply, created = _new_id(), int(time.time())

    def chunk(*choices: ChunkChoice, usage: Usage | None = None) -> Chunk:
        return Chunk(id=reply, created=created, choices=list(choices), usage=usage)

    try:
        yield _frame(chunk(ChunkChoice(delta={"role": "assistant", "content": ""})))
        for event in events:
            if isinstance(event, DeltaEvent):
                yield _frame(chunk(ChunkChoice(delta={"content": event.text})))
            elif isinstance(event, DoneEvent):
                yield _frame(_end(chunk(ChunkChoice(delta={}, finish_reason="stop")), event.response))
                if with_usage:
                    yield _frame(chunk(usage=_count_tokens(event.response.engine)))
        yield _DONE
    except Exception:  # the headers are out: a frame is the only way left to tell the caller
        logger.exception("an answer broke off")
        yield _frame(failure)


def _check_model(name: str) -> None:
    if name != MODEL:
        raise NotFound("model_not_found", field="model", name=MODEL)


def _read_text(message: Message) -> str:
    """A message's text, its parts a line each."""
    if isinstance(message.content, str):
        return message.content
    parts = message.content or []
    if any(part.type != "text" for part in parts):
        raise Refused(400, "part_unsupported", field="messages")
    return "\n".join(part.text for part in parts)


def _count_tokens(engine: Engine) -> Usage:
    read, written = engine.tokens_in, engine.tokens_out
    return Usage(prompt_tokens=read, completion_tokens=written, total_tokens=read + written)


def _describe_particulars(response: AskResponse) -> Particulars:
    return Particulars.model_validate({**dict(response), "answer_id": response.id})


def _end(chunk: Chunk, response: AskResponse) -> LastChunk:
    return LastChunk(**dict(chunk), citations=response.citations, huiwen=_describe_particulars(response))


def _frame(body: BaseModel) -> bytes:
    return format_sse_event(data_str=body.model_dump_json(by_alias=True))


def _new_id() -> str:
    return f"chatcmpl-{uuid.uuid4().hex}"
