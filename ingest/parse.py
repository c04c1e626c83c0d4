"""One file's text becomes a document with its clauses: the way in, as a list of steps."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ingest.clean import clean
from ingest.departments import strip_departments
from ingest.errors import UnreadableFile
from ingest.facts import read_facts
from ingest.labels import read_label
from ingest.loaders.loaded import Loaded
from ingest.manifest import ManifestRow
from ingest.metadata import Metadata, read_metadata
from ingest.model import Clause, Document, Period
from ingest.outline import outline
from ingest.pages import give_pages
from ingest.places import Gazetteer
from ingest.sentences import split_sentences
from ingest.terms import read_terms, term_of_all
from ingest.topics import Lexicon

MOST_PARAGRAPHS = (
    25_000  # of a document, lines before and paragraphs after cleaning; the longest statute has some 3,000
)
_OF_ALL_BELOW = re.compile(r"^(?:以下|下列)[^。]*[：:]$")  # 以下政策执行至2024年底：
_ATTACHMENT_REFERENCE = re.compile(r"附\s*件\s*([0-9一二三四五六七八九十]*)")


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A document and its clauses in the order of the text."""

    document: Document
    clauses: tuple[Clause, ...]


def parse(loaded: Loaded, row: ManifestRow, digest: str, gazetteer: Gazetteer, lexicon: Lexicon) -> ParsedDocument:
    """Turn a file's text into clauses with their facts and topics.

    Args:
        loaded: the file's text, with its pages.
        row: its id and file name, and what its text does not say.
        digest: SHA-256 of the file's bytes, kept with the document.
        gazetteer: knows places.
        lexicon: knows topics.

    Raises:
        UnreadableFile: the text has no paragraph, or too many to be worked through in seconds.
        PlaceError: the manifest names a place that is unknown or ambiguous.
    """
    _check_count(sum(not line.isspace() for line in loaded.text.split("\n") if line), row)
    paragraphs = clean(loaded.text, whole=loaded.whole)
    _check_count(len(paragraphs), row)
    clauses, oddities = outline(paragraphs, row.id)
    if not clauses:
        raise UnreadableFile(f"{row.file}: holds no text but marks of a converter; put the document's text into it")
    clauses = give_pages(clauses, loaded)
    oddities = [*loaded.warnings, *oddities]
    document = _document(read_metadata(clauses, gazetteer, row.file), row, digest, oddities, gazetteer)
    year = _year(document)
    clauses = [replace(clause, facts=read_facts(clause.text, year)) for clause in clauses]
    clauses = [_tag(clause, lexicon) for clause in _date_parts(_date_attachments(_date_below(clauses)), document)]
    return ParsedDocument(document, tuple(clauses))


def _check_count(paragraphs: int, row: ManifestRow) -> None:
    if paragraphs > MOST_PARAGRAPHS:
        raise UnreadableFile(
            f"{row.file}: holds more than {MOST_PARAGRAPHS:,} lines or paragraphs; divide it into several"
        )


def _document(metadata: Metadata, row: ManifestRow, digest: str, oddities: list[str], gazetteer: Gazetteer) -> Document:
    """The manifest fills what the text leaves open, and settles the place, which the text may only suggest."""
    doubts = [doubt for column, doubt in metadata.doubts.items() if getattr(row, column) is None]
    place = gazetteer.resolve(row.place) if row.place else metadata.place
    return Document(
        id=row.id,
        title=metadata.title,
        issuer=metadata.issuer or row.issuer,
        number=metadata.number or row.number,
        issued_on=metadata.issued_on or row.issued_on,
        status=metadata.status,
        place=place,
        period=metadata.period,
        attachments=metadata.attachments,
        references=metadata.references,
        file=row.file,
        digest=digest,
        warnings=(*doubts, *oddities),
    )


def _year(document: Document) -> int | None:
    """The year that a month without one belongs to: that of the document's date, else its period's first."""
    begins = document.period.begins if document.period else None
    day = document.issued_on or begins
    return day.year if day else None


def _tag(clause: Clause, lexicon: Lexicon) -> Clause:
    matches = lexicon.tag("\n".join([*clause.path[-2:], strip_departments(clause.text)]))
    return replace(clause, topics=tuple(match.topic.name for match in matches))


def _date_below(clauses: list[Clause]) -> list[Clause]:
    """A period in words that open a list (以下政策执行至2024年底：) governs what stands in the list."""
    opened: dict[str, Period] = {}  # by the ids of the clauses above
    dated = []
    for clause in clauses:
        inherited = opened.get(clause.parent_id or "")
        opening = _opening_period(clause) or inherited
        if opening:
            opened[clause.id] = opening
        dated.append(_with_period(clause, inherited) if inherited else clause)
    return dated


def _opening_period(clause: Clause) -> Period | None:
    """The period of the words at a clause's end that open a list of what is in force so long."""
    sentences = split_sentences(clause.text)
    label = read_label(sentences[-1].text) if sentences else None
    last = sentences[-1].text[label.length if label else 0 :].lstrip() if sentences else ""
    if not _OF_ALL_BELOW.match(last):
        return None
    return next((period for period in clause.facts.periods if period.start >= sentences[-1].start), None)


def _date_parts(clauses: list[Clause], document: Document) -> list[Clause]:
    """The term that one of several attachments states governs what stands in it, and nothing else."""
    terms = read_terms(clauses, document.issued_on)
    whole, within = term_of_all(terms), dict[str, Period | None]()
    for clause in clauses:
        within[clause.id] = within[clause.parent_id] if clause.parent_id else terms.get(clause.id)
    return [
        _with_period(clause, term) if (term := within[clause.id]) and term != whole else clause for clause in clauses
    ]


def _date_attachments(clauses: list[Clause]) -> list[Clause]:
    """A period before 见附件1 in the same paragraph governs the attachment too; of several, the nearest one."""
    inherited: dict[str, Period] = {}
    for clause in clauses:
        for period in clause.facts.periods:
            rest = clause.text[period.start :].split("\n")[0]
            inherited |= {f"附件{match.group(1)}": period for match in _ATTACHMENT_REFERENCE.finditer(rest)}
    return [
        _with_period(clause, inherited[clause.labels[0]]) if clause.labels[0] in inherited else clause
        for clause in clauses
    ]


def _with_period(clause: Clause, period: Period) -> Clause:
    whole = Period(period.text, 0, 0, period.begins, period.ends, (0, len(clause.text)))
    return replace(clause, facts=replace(clause.facts, periods=(*clause.facts.periods, whole)))
