"""How the service writes its log: JSON for programs or lines for people, on stderr, all libraries alike."""

from __future__ import annotations

import json
import logging
import re
import sys
import textwrap
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.request_record import current_record
from ingest.settings import LogForm

_OURS = ("bot", "eval", "ingest")

# What ends a line or moves the cursor on some terminal, and what turns the direction of the text behind it.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_PLAIN = re.compile(r'[^\s"=]+')  # a value that needs no quotes to be told from the one behind it


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
        return _escape(json.dumps(told, ensure_ascii=False, default=str))


class PlainLines(logging.Formatter):
    """A message as a line for people, a stack trace indented below it: what somebody typed begins no line."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The line, with what the message is about behind it."""
        told = {**_fields(record), **_request_id()}
        return _escape(" ".join([super().formatMessage(record), *(f"{name}={_quote(told[name])}" for name in told)]))

    def formatException(self, ei: Any) -> str:
        """The stack trace, which may quote what was typed."""
        lines = super().formatException(ei).split("\n")
        return textwrap.indent("\n".join(map(_escape, lines)), "  ", lambda _: True)


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


def _quote(value: object) -> str:
    text = str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _escape(text: str) -> str:
    """Control characters as JSON writes them, so that it stays one line wherever it is read."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _request_id() -> dict[str, str]:
    request = current_record()
    return {"request_id": request.id} if request else {}
