"""The seams of the assistant: what the pages and routes need, as protocols."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

from bot.contract import AskRequest, AskResponse, Badge, Citation, DocumentStatus, Fallback, SearchResponse
from ingest.model import Clause, Document, Place

if TYPE_CHECKING:
    from bot.evidence import Finding
    from bot.question import Question
    from bot.verify import Line


@dataclass(frozen=True, slots=True)
class StatusEvent:
    """What the assistant is doing now, in words for the asker."""

    message: str


@dataclass(frozen=True, slots=True)
class CitationEvent:
    """A citation that the answer will use."""

    citation: Citation


@dataclass(frozen=True, slots=True)
class DeltaEvent:
    """The next piece of the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class DoneEvent:
    """The whole answer; always the last event."""

    response: AskResponse


Event = StatusEvent | CitationEvent | DeltaEvent | DoneEvent


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What the desk asks for; None leaves a filter open."""

    text: str
    jurisdiction: str | None = None
    topic: str | None = None
    department: str | None = None
    status: DocumentStatus | None = None
    valid_on: date | None = None
    limit: int | None = None  # as many as the settings say
    offset: int = 0
    audience: str | None = None
    state: Badge | None = None
    facets: bool = False  # count what can be filtered by, of the clauses that are near to what was asked


class Assistant(Protocol):
    """Answers questions and searches clauses.

    Raises `ingest.errors.UnknownPlace` and `AmbiguousPlace` for a jurisdiction that is not one place.
    """

    def ask(self, request: AskRequest) -> AskResponse:
        """Answer one question."""
        ...

    def stream(self, request: AskRequest) -> Iterator[Event]:
        """Answer one question piece by piece; ends with `DoneEvent`."""
        ...

    def search(self, query: SearchQuery) -> SearchResponse:
        """Find clauses, best first."""
        ...


@dataclass(frozen=True, slots=True)
class Account:
    """How the lines of an answer came about; all but the composer is empty where no language model was asked."""

    composer: str  # model where a sentence of the model's is shown, else extractive
    model: str | None = None
    prompt: str | None = None  # digest of the templates
    fallback: Fallback | None = None
    tokens_in: int = 0
    tokens_out: int = 0


class Composer(Protocol):
    """Turns clauses into an answer's lines, which are verified again before they are shown."""

    def compose(
        self, question: Question, findings: Sequence[Finding], numbers: dict[str, int]
    ) -> Iterable[Line | Account | None]:
        """The lines as they come; None where none has come for a while, so that who waits can leave.

        A composer that may fail gives an account of it last.

        Args:
            question: what was asked.
            findings: what was found for each place asked about, in their order.
            numbers: the citation's number of each clause, by its id.
        """
        ...


class Library(Protocol):
    """The corpus as it is indexed now."""

    def documents(self) -> Sequence[Document]:
        """Every document, in the order of their ids."""
        ...

    def document(self, document_id: str) -> Document | None:
        """One document."""
        ...

    def clauses(self, document_id: str) -> Sequence[Clause]:
        """A document's clauses in the order of its text."""
        ...

    def clause(self, clause_id: str) -> Clause | None:
        """One clause."""
        ...


class Places(Protocol):
    """The gazetteer, as the pages need it."""

    def search(self, query: str, limit: int = 20) -> Sequence[Place]:
        """Places whose name holds the query, best first."""
        ...

    def resolve(self, name: str) -> Place:
        """The one place of that name; raises UnknownPlace or AmbiguousPlace."""
        ...
