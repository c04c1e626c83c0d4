"""What goes over HTTP about the corpus, as pydantic models: documents, clause trees, neighbours, places."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, computed_field

from bot.contract import JurisdictionOut, ValidityOut
from ingest.model import ClauseKind, Effect, Facts, LegalStatus, Part, Period, Reference


class DocumentOut(BaseModel):
    """A document without its text."""

    id: str
    title: str
    issuer: str | None
    document_number: str | None
    issued_on: date | None
    legal_status: LegalStatus
    validity: ValidityOut
    jurisdiction: JurisdictionOut | None
    period: Period | None
    attachments: tuple[str, ...]
    references: tuple[Reference, ...]
    warnings: tuple[str, ...]
    effects: tuple[Effect, ...] = ()
    url: str


class ClauseOut(BaseModel):
    """A clause as the corpus holds it."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    document_id: str
    kind: ClauseKind
    labels: tuple[str, ...]
    path: tuple[str, ...]
    heading: str
    text: str
    parts: tuple[Part, ...]
    facts: Facts
    topics: tuple[str, ...]
    page: int | None = None  # of the file, where it begins; null where the file has no pages

    @computed_field  # type: ignore[prop-decorator]  # pydantic's own way; mypy has no word for it
    @property
    def url(self) -> str:
        """Where the clause stands on the document's page."""
        return f"/documents/{self.id}"


class ClauseTree(ClauseOut):
    """A clause with all that stands below it."""

    children: list[ClauseTree] = []


class DocumentTree(DocumentOut):
    """A document with its clauses."""

    clauses: list[ClauseTree]


class Neighbours(BaseModel):
    """A clause with those around it."""

    clause: ClauseOut
    previous: ClauseOut | None
    next: ClauseOut | None
    parent: ClauseOut | None
    children: list[ClauseOut]


class DocumentList(BaseModel):
    """GET /api/documents."""

    total: int
    documents: list[DocumentOut]


class PlaceOut(BaseModel):
    """A place, and what the corpus has for it."""

    name: str
    code: str
    path: list[str]
    covered: bool  # a document of the corpus belongs to this very place
    applies: int  # documents that apply to it: its own and those of the places above


class PlaceList(BaseModel):
    """GET /api/jurisdictions."""

    total: int
    jurisdictions: list[PlaceOut]
