"""Write the assistant's events as server-sent events."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from fastapi.sse import format_sse_event
from pydantic import BaseModel, TypeAdapter

from bot.contract import ErrorResponse
from bot.ports import CitationEvent, DeltaEvent, DoneEvent, Event, StatusEvent

logger = logging.getLogger(__name__)

_FLAT: TypeAdapter[StatusEvent | DeltaEvent] = TypeAdapter(StatusEvent | DeltaEvent)


def write_events(events: Iterator[Event], failure: ErrorResponse) -> Iterator[bytes]:
    """The events on the wire; one named `error` ends the stream if the assistant fails on the way."""
    try:
        for event in events:
            yield _write(event)
    except Exception:  # the headers are out: an event is the only way left to tell the caller
        logger.exception("an answer broke off")
        yield _frame("error", failure)


def _write(event: Event) -> bytes:
    match event:
        case CitationEvent(citation):
            return _frame("citation", citation)
        case DoneEvent(response):
            return _frame("done", response)
        case StatusEvent():
            return format_sse_event(event="status", data_str=_FLAT.dump_json(event).decode())
        case DeltaEvent():
            return format_sse_event(event="delta", data_str=_FLAT.dump_json(event).decode())


def _frame(name: str, body: BaseModel) -> bytes:
    return format_sse_event(event=name, data_str=body.model_dump_json(by_alias=True))
