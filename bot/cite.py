"""Evidence and clauses become the contract's citations."""

from __future__ import annotations

from datetime import date

from bot.contract import Citation, DepartmentOut, JurisdictionOut, SearchResult, ValidityOut
from bot.evidence import Evidence
from bot.retrieve import Found
from bot.validity import Validity, judge
from ingest.model import Clause, Document, EffectKind, LegalStatus, Place
from ingest.places import relation


def cite(number: int, evidence: Evidence, asked: Place | None) -> Citation:
    """The citation of a piece of evidence, as the n-th of its answer."""
    return _citation(number, evidence.document, evidence.clause, evidence.quote, evidence.validity, asked)


def cite_found(number: int, found: Found, asked: Place | None, as_of: date, highlights: list[str]) -> SearchResult:
    """A clause as a search result: it is quoted as a whole."""
    validity = judge(found.document, found.clause, (), as_of)
    citation = _citation(number, found.document, found.clause, found.clause.text, validity, asked)
    return SearchResult(**citation.model_dump(), score=round(found.strength, 4), highlights=highlights)


def _citation(
    number: int, document: Document, clause: Clause, quote: str, validity: Validity, asked: Place | None
) -> Citation:
    return Citation(
        n=number,
        clause_id=clause.id,
        document_id=document.id,
        document_title=document.title,
        issuer=document.issuer,
        document_number=document.number,
        issued_on=document.issued_on,
        clause_path=list(clause.path),
        quote=quote,
        text=clause.text,
        legal_status=_status(document, validity).value,
        validity=ValidityOut(state=validity.state, from_=validity.begins, to=validity.ends, basis=validity.basis),
        jurisdiction=_jurisdiction(document.place, asked),
        departments=[DepartmentOut(name=d.name, role=d.role.value) for d in clause.facts.departments],
        url=f"/documents/{clause.id}",
        page=clause.page_of(max(clause.text.find(quote), 0)),
    )


def _status(document: Document, validity: Validity) -> LegalStatus:
    """Repealed too where another document has said so by the day of asking."""
    repealed = validity.ended is not None and validity.ended.kind is EffectKind.REPEALED_BY
    return LegalStatus.REPEALED if repealed else document.status


def _jurisdiction(place: Place | None, asked: Place | None) -> JurisdictionOut | None:
    if place is None:
        return None
    kind = relation(place, asked) if asked else None
    return JurisdictionOut(name=place.name, code=place.code, path=list(place.path), relation=kind)
