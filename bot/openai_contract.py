"""What goes over HTTP under /v1: OpenAI's chat completions, as far as a question and its answer need them.

A request may carry everything else that clients send (temperature, tools, user, ...): it is taken and ignored.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator

from bot.contract import AskedPlace, Citation, Engine, NoticeOut, Status, only_iso

MODEL = "huiwen"  # the only one, whatever composes the answers


class Part(BaseModel):
    """A piece of a message; only those of the type `text` can be read."""

    type: str
    text: str = ""


class Message(BaseModel):
    """One message of the conversation; those that neither asker nor assistant said are not read."""

    role: Literal["user", "assistant", "system", "developer", "tool", "function"]
    content: str | list[Part] | None = None


class StreamOptions(BaseModel):
    """What a stream is to carry besides the answer."""

    include_usage: bool = False


class ChatRequest(BaseModel):
    """POST /v1/chat/completions; `jurisdiction` and `as_of` are those of POST /api/ask."""

    messages: list[Message]
    model: str = MODEL
    n: int | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    jurisdiction: str | None = None
    as_of: Annotated[date | None, BeforeValidator(only_iso)] = None


class Usage(BaseModel):
    """Tokens that a language model read and wrote for the answer; all 0 where none was asked."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Particulars(BaseModel):
    """What OpenAI's protocol has no field for, as in the response of POST /api/ask; votes name the `answer_id`."""

    answer_id: str
    status: Status
    notices: list[NoticeOut]
    jurisdiction: AskedPlace | None
    follow_ups: list[str]
    engine: Engine


class AnswerMessage(BaseModel):
    """The answer, in Markdown with markers such as [1]."""

    role: Literal["assistant"] = "assistant"
    content: str


class Choice(BaseModel):
    """The one answer that a question gets."""

    index: int = 0
    message: AnswerMessage
    finish_reason: Literal["stop"] = "stop"


class _Reply(BaseModel):
    id: str
    created: int  # seconds since 1970
    model: str = MODEL


class Completion(_Reply):
    """The answer, whole."""

    object: Literal["chat.completion"] = "chat.completion"
    choices: list[Choice]
    usage: Usage
    citations: list[Citation]
    huiwen: Particulars


class ChunkChoice(BaseModel):
    """A piece of the answer; `delta` holds the role, some content or nothing."""

    index: int = 0
    delta: dict[str, str]
    finish_reason: Literal["stop"] | None = None


class Chunk(_Reply):
    """One frame of a stream; `usage` only in the very last, where the request asks for it."""

    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    choices: list[ChunkChoice]
    usage: Usage | None = None


class LastChunk(Chunk):
    """The frame that ends the answer."""

    citations: list[Citation]
    huiwen: Particulars


class Model(BaseModel):
    """GET /v1/models/{id}."""

    id: str = MODEL
    object: Literal["model"] = "model"
    created: int  # seconds since 1970
    owned_by: str = MODEL


class ModelList(BaseModel):
    """GET /v1/models."""

    object: Literal["list"] = "list"
    data: list[Model]


class OpenAIErrorBody(BaseModel):
    """What went wrong; `param` is the field of the request that it is about."""

    message: str
    type: Literal["invalid_request_error", "server_error"]
    param: str | None
    code: str


class OpenAIErrorResponse(BaseModel):
    """The body of every 4xx and 5xx under /v1, and of the frame that breaks a stream off."""

    error: OpenAIErrorBody
