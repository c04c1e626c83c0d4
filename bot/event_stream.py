"""Write the assistant's events as server-sent events."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator
from contextlib import suppress

from fastapi.responses import StreamingResponse
from fastapi.sse import format_sse_event
from pydantic import BaseModel, TypeAdapter
from starlette.types import Receive, Scope, Send

from bot.contract import ErrorResponse
from bot.ports import CitationEvent, DeltaEvent, DoneEvent, Event, StatusEvent

logger = logging.getLogger(__name__)

_FLAT: TypeAdapter[StatusEvent | DeltaEvent] = TypeAdapter(StatusEvent | DeltaEvent)

_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # the latter: nginx passes pieces on


class EventStream(StreamingResponse):
    """Frames as they come. When the caller leaves, what makes them is closed at once and hangs up on the model.

    Starlette alone leaves that to the garbage collector, which may take its time.
    """

    def __init__(self, frames: Generator[bytes]) -> None:
        super().__init__(frames, media_type="text/event-stream", headers=_HEADERS)
        self._frames = frames

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send them."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            with suppress(ValueError):  # a thread is still in it, as when the service ends: that thread ends it
                self._frames.close()


def write_events(events: Iterator[Event], failure: ErrorResponse) -> Generator[bytes]:
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
