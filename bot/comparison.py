"""Two to five places side by side for one topic: each is asked by itself, and the answers stand in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.contract import AskRequest, AskResponse
from bot.ports import Assistant
from bot.readout import speak
from ingest.model import Place
from prompts.desk_messages import AnswerWords, CompareWords

FEWEST, MOST = 2, 5  # places


@dataclass(frozen=True, slots=True)
class Source:
    """A clause that a column rests on."""

    clause_id: str
    url: str
    text: str  # the formal citation, without the quote
    state: str  # the badge's label
    badge: str


@dataclass(frozen=True, slots=True)
class Column:
    """One place's answer."""

    place: Place
    status: str  # the label
    told: str
    sources: tuple[Source, ...]
    departments: tuple[str, ...]
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All of it."""

    question: str
    as_of: date
    columns: tuple[Column, ...]

    def rows(self, words: CompareWords) -> list[tuple[str, list[str]]]:
        """The table as texts: what a row tells, then each place's."""
        return [
            (words.told, [column.told for column in self.columns]),
            (words.status, [column.status for column in self.columns]),
            (words.basis, [_lines([one.text for one in column.sources], words) for column in self.columns]),
            (words.state, [_lines([one.state for one in column.sources], words) for column in self.columns]),
            (words.departments, [_lines(column.departments, words) for column in self.columns]),
            (words.notices, [_lines(column.notices, words) for column in self.columns]),
        ]


def ask_each(assistant: Assistant, question: str, places: Sequence[Place], as_of: date) -> list[AskResponse]:
    """Ask the same of each place."""
    asked = (AskRequest(question=question, jurisdiction=place.code, as_of=as_of) for place in places)
    return [assistant.ask(request) for request in asked]


def describe_column(place: Place, response: AskResponse, sources: Sequence[Source], words: AnswerWords) -> Column:
    """One place's answer as a column."""
    departments = [one.name for citation in response.citations for one in citation.departments]
    return Column(
        place=place,
        status=words.statuses[response.status],
        told="\n".join(speak(response, words)),
        sources=tuple(sources),
        departments=tuple(dict.fromkeys(departments)),
        notices=tuple(notice.message for notice in response.notices),
    )


def _lines(texts: Sequence[str], words: CompareWords) -> str:
    return "\n".join(dict.fromkeys(texts)) or words.none
