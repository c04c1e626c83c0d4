"""The corpus as the routes and pages show it: documents, clause trees, neighbours, places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, computed_field

from bot.contract import JurisdictionOut, ValidityOut, ValidityState
from bot.ports import Library, Places
from bot.validity import judge_document
from ingest.model import Clause, ClauseKind, Document, Facts, LegalStatus, Part, Period, Place, Reference


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


@dataclass(frozen=True, slots=True)
class Node:
    """A clause in its tree."""

    clause: Clause
    children: tuple[Node, ...]


def plant_tree(clauses: Sequence[Clause]) -> tuple[Node, ...]:
    """Nest clauses under their parents, in the order of the text; one whose parent is unknown stands at the top."""
    known = {clause.id for clause in clauses}
    below: dict[str | None, list[Clause]] = {}
    for clause in sorted(clauses, key=lambda clause: clause.order):
        below.setdefault(clause.parent_id if clause.parent_id in known else None, []).append(clause)

    def grow(parent_id: str | None) -> tuple[Node, ...]:
        return tuple(Node(clause, grow(clause.id)) for clause in below.get(parent_id, ()))

    return grow(None)


def state_validity(document: Document, today: date) -> ValidityOut:
    """Whether a document as a whole holds, in the contract's words."""
    judged = judge_document(document, today)
    return ValidityOut.model_validate(
        {"state": judged.state, "from": judged.begins, "to": judged.ends, "basis": judged.basis}
    )


def badge_of(
    status: str, state: ValidityState
) -> Literal["in_force", "expired", "not_yet", "draft", "unknown", "repealed"]:
    """The key of the badge: a repealed document is that, whatever its period says."""
    return "repealed" if status == LegalStatus.REPEALED else state


def describe_document(document: Document, today: date) -> DocumentOut:
    """A document without its text."""
    place = document.place
    return DocumentOut(
        id=document.id,
        title=document.title,
        issuer=document.issuer,
        document_number=document.number,
        issued_on=document.issued_on,
        legal_status=document.status,
        validity=state_validity(document, today),
        jurisdiction=JurisdictionOut(name=place.name, code=place.code, path=list(place.path)) if place else None,
        period=document.period,
        attachments=document.attachments,
        references=document.references,
        warnings=document.warnings,
        url=f"/documents/{document.id}",
    )


def describe_tree(document: Document, clauses: Sequence[Clause], today: date) -> DocumentTree:
    """A document with its clause tree."""

    def convert(node: Node) -> ClauseTree:
        tree = ClauseTree.model_validate(node.clause)
        tree.children = [convert(child) for child in node.children]
        return tree

    outline = [convert(node) for node in plant_tree(clauses)]
    return DocumentTree(**dict(describe_document(document, today)), clauses=outline)


def describe_neighbours(clause: Clause, clauses: Sequence[Clause]) -> Neighbours:
    """A clause with those before and after it in the text, and those above and below it in the tree."""
    ordered = sorted(clauses, key=lambda other: other.order)
    shown = [ClauseOut.model_validate(other) for other in ordered]
    at = next(index for index, other in enumerate(ordered) if other.id == clause.id)
    return Neighbours(
        clause=shown[at],
        previous=shown[at - 1] if at else None,
        next=shown[at + 1] if at + 1 < len(shown) else None,
        parent=next((out for out in shown if out.id == clause.parent_id), None),
        children=[out for out, other in zip(shown, ordered, strict=True) if other.parent_id == clause.id],
    )


def list_places(places: Places, library: Library, query: str) -> list[PlaceOut]:
    """Places whose name holds the query, covered ones first; without a query the covered ones."""
    counts = count_documents(library)
    covered = {place.code: place for place in _document_places(library)}
    found = places.search(query) if query.strip() else covered.values()
    return sorted((describe_place(place, counts) for place in found), key=lambda place: not place.covered)


def describe_place(place: Place, counts: Counter[str]) -> PlaceOut:
    """A place with how many documents it has and how many apply to it."""
    applies = sum(counts[code] for code in place.chain)
    return PlaceOut(
        name=place.name, code=place.code, path=list(place.path), covered=counts[place.code] > 0, applies=applies
    )


def count_documents(library: Library) -> Counter[str]:
    """How many documents each place has of its own, by its code."""
    return Counter(place.code for place in _document_places(library))


def _document_places(library: Library) -> Iterator[Place]:
    return (document.place for document in library.documents() if document.place)
