"""What is told of a request in the log: noted where it comes about, read when the request ends.

It travels in a context variable, which asyncio hands to every task and thread that works for the request.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class RequestRecord:
    """One request under way."""

    id: str
    http_status: int | None = None  # None as long as no reply has begun
    answer_status: str | None = None  # of the last answer, where a request asks for several
    question: str | None = None


_CURRENT: ContextVar[RequestRecord | None] = ContextVar("huiwen_request", default=None)


def begin_record(request_id: str) -> RequestRecord:
    """Begin the record of the request that this task works for."""
    record = RequestRecord(request_id)
    _CURRENT.set(record)
    return record


def current_record() -> RequestRecord | None:
    """The record of the request that is being worked for; None where there is none, as on the command line."""
    return _CURRENT.get()


def note_answer(question: str, status: str) -> None:
    """An answer is complete."""
    record = _CURRENT.get()
    if record is not None:
        record.question, record.answer_status = question, status
