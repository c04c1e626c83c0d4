"""Describe the corpus as the routes and pages show it: documents, clause trees, neighbours, places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.contract import Badge, JurisdictionOut, ValidityOut, ValidityState
from bot.corpus_contract import ClauseOut, ClauseTree, DocumentOut, DocumentTree, Neighbours, PlaceOut
from bot.ports import Library, Places
from bot.validity import judge_document, legal_status
from ingest.model import Clause, Document, LegalStatus, Place


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
    return ValidityOut(state=judged.state, from_=judged.begins, to=judged.ends, basis=judged.basis)


def badge_of(status: str, state: ValidityState) -> Badge:
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
        legal_status=legal_status(document, today),
        validity=state_validity(document, today),
        jurisdiction=JurisdictionOut(name=place.name, code=place.code, path=list(place.path)) if place else None,
        period=document.period,
        attachments=document.attachments,
        references=document.references,
        warnings=document.warnings,
        effects=document.effects,
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
