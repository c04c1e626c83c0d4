"""What is asked, as data: the result of understanding a question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.contract import PlaceSource
from ingest.model import Place
from ingest.spelling import Correction
from ingest.topics import TopicMatch


class Aspect(StrEnum):
    """What a question wants to know."""

    AMOUNT = "amount"
    MONEY = "money"  # an amount in yuan or a rate, not a count
    DEPARTMENT = "department"
    VALIDITY = "validity"  # still in force, until when
    TERM = "term"  # how long, by when
    LIST = "list"
    CONDITION = "condition"
    PROCEDURE = "procedure"
    YES_NO = "yes_no"
    NUMBER = "number"  # the document's number
    SOURCE = "source"  # which document of a higher level it rests on
    ISSUED = "issued"  # the document's date, or whether it was issued at all


@dataclass(frozen=True, slots=True)
class Question:
    """A question made whole: by itself it says what, where and when."""

    text: str  # as typed
    parts: tuple[str, ...]  # each thing asked, without place names, with what earlier turns give
    pieces: tuple[str, ...]  # smaller pieces of it, some of which may ask for something of their own
    places: tuple[Place, ...]  # the places asked about; empty if none is known
    source: PlaceSource | None  # where the place was learned
    ambiguous: tuple[Place, ...]  # a name in the question that several places share
    as_of: date
    aspects: frozenset[Aspect]
    topics: tuple[TopicMatch, ...]
    follows_up: bool
    corrections: tuple[Correction, ...] = ()  # slips of the pen that were mended in the parts
    courtesy: bool = False  # only thanks, agreement or goodbye: nothing is asked
    asked_on: date | None = None  # the day that the question itself speaks of: 2024年6月的时候还有效吗

    @property
    def whole(self) -> str:
        """All parts as one text."""
        return "，".join(self.parts)
