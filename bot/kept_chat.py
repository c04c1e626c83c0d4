"""What the visitor's own window keeps of a conversation, so that it outlasts a reload and the next page of a site.

It comes back from the browser, where anybody may have changed it: what does not fit the contract is dropped.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from bot.contract import QUESTION_LENGTH, AskResponse
from bot.conversation import Exchange

LONGEST = 1_000_000  # characters; 20 exchanges take some 200,000


class KeptExchange(BaseModel):
    """A question with its whole answer."""

    question: str = Field(max_length=QUESTION_LENGTH)
    response: AskResponse


_KEPT = TypeAdapter(list[KeptExchange])


def dump_chat(exchanges: Sequence[Exchange]) -> str:
    """The answered exchanges as JSON; empty where there are none."""
    kept = [KeptExchange(question=one.question, response=one.response) for one in exchanges if one.response]
    return _KEPT.dump_json(kept, by_alias=True).decode() if kept else ""


def load_chat(text: str | None, limit: int) -> list[Exchange]:
    """The latest `limit` exchanges of what `dump_chat` wrote; none where it is anything else."""
    if not text or len(text) > LONGEST:
        return []
    try:
        kept = _KEPT.validate_json(text)
    except ValidationError:
        return []
    return [_revive(one) for one in kept[-limit:]]


def _revive(kept: KeptExchange) -> Exchange:
    response = kept.response
    return Exchange(kept.question, answer=response.answer, citations=tuple(response.citations), response=response)
