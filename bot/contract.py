"""What goes over HTTP, as pydantic models: the contract that front ends and evaluators build on."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from ingest.errors import ModelFailure
from ingest.places import Relation

QUESTION_LENGTH = 500  # characters, by the contract
HISTORY_LENGTH = 20  # turns, by the contract
TURN_LENGTH = 5000  # characters, by the contract
PLACE_LENGTH = 50  # characters of a place's name or path, by the contract
COMMENT_LENGTH = 500  # characters of a vote's comment, by the contract

PlaceSource = Literal["request", "question", "history"]
DocumentStatus = Literal["issued", "draft", "repealed"]

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def check_readable(text: str) -> str:
    """Refuse control characters and text of white space alone."""
    if _CONTROL.search(text):
        raise ValueError("control_characters")
    if not text.strip():
        raise ValueError("empty")
    return text


def only_iso(value: object) -> object:
    """Refuse what pydantic would take for a day too: seconds since 1970, a moment."""
    if value is None or isinstance(value, date) or (isinstance(value, str) and _ISO_DATE.fullmatch(value)):
        return value
    raise ValueError("date_malformed")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Turn(_Strict):
    """One earlier turn of the conversation."""

    role: Literal["user", "assistant"]
    content: Annotated[str, Field(max_length=TURN_LENGTH)]


class AskRequest(_Strict):
    """POST /api/ask."""

    question: Annotated[str, Field(min_length=1, max_length=QUESTION_LENGTH), AfterValidator(check_readable)]
    jurisdiction: Annotated[str, Field(max_length=PLACE_LENGTH)] | None = None
    history: Annotated[list[Turn], Field(max_length=HISTORY_LENGTH)] = []
    as_of: Annotated[date | None, BeforeValidator(only_iso)] = None
    stream: bool = False
    explain: bool = False  # also tell what was found and what became of it


Status = Literal["answered", "partial", "no_basis", "out_of_scope", "refused"]
NoticeCode = Literal["draft", "expired", "not_yet", "blank", "other_jurisdiction"]
Fallback = Literal[ModelFailure, "rejected"]  # the latter: what it said did not hold
ValidityState = Literal["in_force", "expired", "not_yet", "draft", "unknown"]
Badge = ValidityState | Literal["repealed"]  # a repealed document is that, whatever its period says


class ValidityOut(BaseModel):
    """Whether a clause holds on the day of asking, and the words that say so."""

    model_config = ConfigDict(populate_by_name=True)

    state: ValidityState
    from_: date | None = Field(None, alias="from")
    to: date | None = None
    basis: str | None = None


class JurisdictionOut(BaseModel):
    """A place; in a citation with its relation to the asker's place."""

    name: str
    code: str
    path: list[str]
    relation: Relation | None = None


class AskedPlace(BaseModel):
    """The place that an answer was sought for, and where it was learned from."""

    name: str
    code: str
    path: list[str]
    source: PlaceSource


class DepartmentOut(BaseModel):
    """Whom the clause names."""

    name: str
    role: Literal["responsible", "lead"]


class Citation(BaseModel):
    """The clause that an answer rests on. `n` is the marker's number in the answer."""

    n: int
    clause_id: str
    document_id: str
    document_title: str
    issuer: str | None
    document_number: str | None
    issued_on: date | None
    clause_path: list[str]
    quote: str
    text: str
    legal_status: DocumentStatus
    validity: ValidityOut
    jurisdiction: JurisdictionOut | None
    departments: list[DepartmentOut]
    url: str
    page: int | None = None  # of the file, where the quote begins; null where the file has no pages


class NoticeOut(BaseModel):
    """A warning that the answer carries; `citations` are the markers it is about."""

    code: NoticeCode
    message: str
    citations: list[int]


class Engine(BaseModel):
    """What made the answer. Where no language model was asked, all about it is null or 0."""

    composer: str  # model where a sentence of the model's is shown, else extractive
    model: str | None
    encoder: str
    ms: float
    prompt: str | None = None  # digest of the templates that the model was given
    fallback: Fallback | None = None  # why the model's words are not shown, or not all of them
    tokens_in: int = 0
    tokens_out: int = 0


class Considered(BaseModel):
    """A clause that was found, the signals that spoke for it, and what became of it: cited, weaker or no_basis."""

    clause_id: str
    score: float
    similarity: float
    words: float
    topic: float
    outcome: str


class CorrectionOut(BaseModel):
    """A slip of the pen, and what is meant."""

    typed: str
    meant: str


class ExpansionOut(BaseModel):
    """A word or a topic of the question, and the words of texts that its search was widened by."""

    said: str
    terms: list[str]


class TopicOut(BaseModel):
    """A topic of the question, and how sure that is, from 0 to 1."""

    name: str
    score: float


class Understood(BaseModel):
    """How a question was read before anything was looked for."""

    text: str  # made whole: without names of places, with what earlier turns give, slips of the pen mended
    corrections: list[CorrectionOut]
    expansions: list[ExpansionOut]
    topics: list[TopicOut]


class AskResponse(BaseModel):
    """The answer, whole; `considered`, `confidence` and `understood` only where the request asks to explain."""

    id: str
    status: Status
    answer: str
    citations: list[Citation]
    notices: list[NoticeOut]
    jurisdiction: AskedPlace | None
    follow_ups: list[str]
    engine: Engine
    considered: list[Considered] | None = None
    understood: Understood | None = None
    confidence: float | None = None  # from 0 to 1, that the asker's place has a basis; null where none was sought


class SearchResult(Citation):
    """A citation's fields, with its score and the words that matched."""

    score: float
    highlights: list[str]


class FacetValue(BaseModel):
    """A value that a search can be narrowed to, and how many clauses have it."""

    value: str
    label: str  # as it is shown
    count: int


class Facets(BaseModel):
    """The values of each filter, most frequent first, counted with all other filters in force."""

    place: list[FacetValue]
    topic: list[FacetValue]
    department: list[FacetValue]
    audience: list[FacetValue]
    state: list[FacetValue]


class SearchResponse(BaseModel):
    """GET /api/search."""

    total: int
    results: list[SearchResult]
    facets: Facets | None = None  # only where the request asks for them
    understood: Understood | None = None  # what the question was read as; null where a stand-in answers


class Feedback(_Strict):
    """POST /api/feedback: what the asker thinks of an answer; a second vote takes the place of the first."""

    answer_id: Annotated[str, Field(max_length=64), AfterValidator(check_readable)]
    verdict: Literal["up", "down"]
    comment: Annotated[str, Field(max_length=COMMENT_LENGTH), AfterValidator(check_readable)] | None = None


class ErrorBody(BaseModel):
    """What went wrong, for programs and for people."""

    code: str
    message: str


class ErrorResponse(BaseModel):
    """The body of every 4xx and 5xx."""

    error: ErrorBody
