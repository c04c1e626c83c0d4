"""How the interface's description tells which errors a route answers with, beside what it is asked for."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

ALWAYS = (422, 429, 500, 503)  # fields that do not fit; asked too often; a fault of ours; too busy, or no index
WRITES = (400, 403, 413)  # a body that cannot be read; sent by another site's page; too large

_EVENT = {
    "type": "object",
    "properties": {"event": {"type": "string"}, "data": {"type": "string", "contentMediaType": "application/json"}},
    "required": ["data"],
}
_MEANINGS = {
    400: "The body is no JSON object, or asks for what there is not",
    403: "A page of another site sent it",
    404: "There is no such thing",
    413: "The body is too large",
    422: "A field is missing or does not fit",
    429: "Asked too often; Retry-After tells when to come again",
    500: "A fault of the service",
    503: "Too busy, or not ready; Retry-After tells when to come again",
}


def refusals(model: type[BaseModel], *statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors with these statuses and those that any route may answer with; `model` is their body."""
    return {status: {"model": model, "description": _MEANINGS[status]} for status in sorted({*ALWAYS, *statuses})}


def also_streams(responses: dict[int | str, dict[str, Any]]) -> dict[int | str, dict[str, Any]]:
    """The same for a route that may answer as server-sent events."""
    return {200: {"content": {"text/event-stream": {"schema": _EVENT}}}, **responses}
