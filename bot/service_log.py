"""How the service writes its log: JSON for programs or lines for people, on stderr, all libraries alike."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.request_record import current_record
from ingest.settings import LogForm

_OURS = ("bot", "eval", "ingest")


class JsonLines(logging.Formatter):
    """A message as one line of JSON: time (UTC), level, logger, message, request id, then what it is about."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_request_id(),
            **_fields(record),
        }
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False, default=str)


class PlainLines(logging.Formatter):
    """A message as a line for people, a stack trace below it."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The line, with what the message is about behind it."""
        told = {**_fields(record), **_request_id()}
        return " ".join([super().formatMessage(record), *(f"{name}={value}" for name, value in told.items())])


def configure_log(form: LogForm) -> None:
    """Write every logger's messages to stderr in this form; ours from INFO on unless only warnings are wanted."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else PlainLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in _OURS:
        logging.getLogger(name).setLevel(logging.WARNING if form == "warnings" else logging.INFO)


def _fields(record: logging.LogRecord) -> Mapping[str, Any]:
    """What a message says besides its text, given as `extra={"fields": …}`."""
    fields: Mapping[str, Any] = getattr(record, "fields", {})
    return fields


def _request_id() -> dict[str, str]:
    request = current_record()
    return {"request_id": request.id} if request else {}
