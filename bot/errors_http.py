"""Turn every error into the contract's body: a code, and a Chinese sentence that says what to do.

Under /v1 the body has OpenAI's shape, which is the same with two fields more; where a page hands in what was asked, it
has the field that Gradio's script shows.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from bot.contract import ErrorBody, ErrorResponse
from bot.openai_contract import OpenAIErrorBody, OpenAIErrorResponse
from bot.reply_headers import HEADERS
from ingest.errors import AmbiguousPlace, AnswerLogError, IndexUnavailable, UnknownPlace
from prompts.messages import ErrorMessages

logger = logging.getLogger(__name__)

CANDIDATES = 8  # places named in a message; more would not be read

# (field, kind of failure) to error code; None stands for any. The first that fits, from the most specific, is told.
_CODES: Mapping[tuple[str | None, str | None], str] = {
    ("question", "missing"): "question_empty",
    ("question", "string_too_short"): "question_empty",
    ("question", "empty"): "question_empty",
    ("question", "string_too_long"): "question_too_long",
    ("q", "missing"): "query_empty",
    ("q", "string_too_short"): "query_empty",
    ("q", "empty"): "query_empty",
    ("q", "string_too_long"): "question_too_long",
    ("history", "too_long"): "history_too_long",
    ("comment", "string_too_long"): "comment_too_long",
    ("as_of", None): "date_malformed",
    ("valid_on", None): "date_malformed",
    ("limit", None): "page_out_of_range",
    ("offset", None): "page_out_of_range",
    ("status", None): "status_unknown",
    ("state", None): "state_unknown",
    (None, "control_characters"): "control_characters",
    (None, "extra_forbidden"): "field_unknown",
    (None, "json_invalid"): "body_malformed",
    (None, None): "field_malformed",
}
_BY_STATUS = {401: "login_required", 404: "not_found", 405: "method_not_allowed", 429: "login_locked"}
_OPENAI = "/v1/"  # paths that OpenAI's clients call
_PAGE = "/gradio_api/queue/join"  # where paths end that a page hands in at
_PARAMS = {"question": "messages"}  # there, our fields that go by another name


class Refused(HTTPException):
    """A refusal with an error code of its own; `values` fill its sentence, and `field` names what it is about."""

    def __init__(self, status: int, code: str, **values: str) -> None:
        super().__init__(status, detail=code)
        self.values = values


class NotFound(Refused):
    """404 with an error code of its own."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(404, code, **values)


class ErrorReporter:
    """Answers requests that failed, in the words of `messages`."""

    def __init__(self, messages: ErrorMessages) -> None:
        self.messages = messages

    def install(self, app: FastAPI) -> None:
        """Register a handler for every error that is foreseen; the others end in `bot.request_log`."""
        app.add_exception_handler(RequestValidationError, self.report_validation)
        app.add_exception_handler(HTTPException, self.report_http)
        app.add_exception_handler(UnknownPlace, self.report_unknown_place)
        app.add_exception_handler(AmbiguousPlace, self.report_ambiguous_place)
        app.add_exception_handler(IndexUnavailable, self.report_unavailable)
        app.add_exception_handler(AnswerLogError, self.report_unkept)

    def answer(
        self,
        status: int,
        code: str,
        values: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        request: Request | None = None,
    ) -> JSONResponse:
        """The response of one error; `values` fill the braces of its sentence, the request's path tells the shape."""
        path = "" if request is None else request.scope["path"]  # request.url cannot be read where a query is no UTF-8
        if path.startswith(_OPENAI):
            return JSONResponse(self.openai_body(status, code, values).model_dump(), status, headers)
        body = self.body(code, values)
        if path.endswith(_PAGE):
            # Gradio's script shows what `detail` says, but has English words of its own for a 503.
            told = body.model_dump() | {"detail": body.error.message}
            return JSONResponse(told, 429 if status == 503 else status, headers)
        return JSONResponse(body.model_dump(), status, headers)

    def not_ready(self, request: Request | None = None) -> JSONResponse:
        """503 with the seconds after which it is worth asking again."""
        return self.answer(503, "not_ready", headers={"Retry-After": "10"}, request=request)

    def body(self, code: str, values: Mapping[str, object] | None = None) -> ErrorResponse:
        """The body of one error."""
        return ErrorResponse(error=ErrorBody(code=code, message=self.messages[code].format(**values or {})))

    def openai_body(self, status: int, code: str, values: Mapping[str, object] | None = None) -> OpenAIErrorResponse:
        """The body of one error as OpenAI's clients read it."""
        told, field = self.body(code, values).error, (values or {}).get("field")
        return OpenAIErrorResponse(
            error=OpenAIErrorBody(
                message=told.message,
                type="server_error" if status >= 500 else "invalid_request_error",
                param=_PARAMS.get(str(field), str(field)) if field else None,
                code=told.code,
            )
        )

    def report_validation(self, request: Request, error: Exception) -> JSONResponse:
        """422 for the first field that the contract refuses; 400 for a body that is no JSON object."""
        assert isinstance(error, RequestValidationError)
        field, kind = _locate(error.errors()[0])
        if field is None:
            return self.answer(400, "body_malformed", request=request)
        keys: tuple[tuple[str | None, str | None], ...] = ((field, kind), (field, None), (None, kind), (None, None))
        code = next(_CODES[key] for key in keys if key in _CODES)
        return self.answer(422, code, {"field": field}, request=request)

    def report_http(self, request: Request, error: Exception) -> JSONResponse:
        """Unknown address, method not allowed, and what a route refuses by itself."""
        assert isinstance(error, HTTPException)
        own, values = (error.detail, error.values) if isinstance(error, Refused) else (None, None)
        code = own or _BY_STATUS.get(error.status_code, "request_refused")
        return self.answer(error.status_code, code, values, error.headers, request=request)

    def report_unknown_place(self, request: Request, error: Exception) -> JSONResponse:
        """422 for a place that the gazetteer does not have."""
        return self.answer(
            422, "place_unknown", {"field": "jurisdiction", "name": request.state.place}, request=request
        )

    def report_ambiguous_place(self, request: Request, error: Exception) -> JSONResponse:
        """422 for a name that several places share."""
        assert isinstance(error, AmbiguousPlace)
        values = {"field": "jurisdiction", **describe_ambiguity(request.state.place, error)}
        return self.answer(422, "place_ambiguous", values, request=request)

    def report_unavailable(self, request: Request, error: Exception) -> JSONResponse:
        """503 while there is no index to search."""
        logger.warning("index unavailable: %s", error)
        return self.not_ready(request)

    def report_unkept(self, request: Request, error: Exception) -> JSONResponse:
        """503 for a vote that the answer log cannot take now."""
        logger.warning("a vote was not kept: %s", error)
        return self.answer(503, "feedback_unavailable", request=request)

    def report_unexpected(self, request: Request) -> JSONResponse:
        """500 that tells the caller nothing of the inside; `bot.request_log` has written the rest."""
        # This is sent outside all other middleware, so nothing else would add them.
        return self.answer(500, "internal", headers=HEADERS, request=request)


def describe_ambiguity(name: str, error: AmbiguousPlace) -> dict[str, object]:
    """What fills the sentence on an ambiguous place: the name and its candidates by full path."""
    shown = "、".join("".join(place.path) for place in error.candidates[:CANDIDATES])
    more = "……" if len(error.candidates) > CANDIDATES else ""
    return {"name": name, "count": len(error.candidates), "candidates": shown + more}


def _locate(failure: Mapping[str, Any]) -> tuple[str | None, str]:
    """The field that a failure is about, None for the body as a whole, and the kind of failure."""
    inner = failure["loc"][1:]
    field = inner[0] if inner and isinstance(inner[0], str) else None
    kind = str(failure["ctx"]["error"]) if failure["type"] == "value_error" else failure["type"]
    return (inner[-1] if kind == "extra_forbidden" else field), kind
