"""What a document's own text says about it: title, issuer, number, date, status, place, period, what it cites."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ingest.dates import parse_date
from ingest.model import Clause, ClauseKind, LegalStatus, Period, Place, Reference
from ingest.periods import read_title_period
from ingest.places import Gazetteer
from ingest.terms import read_stated_term
from ingest.units import ATTACHMENTS, LETTERHEAD

_DRAFT = re.compile(r"征求意见稿|公开征求意见|草案|送审稿|讨论稿|征求意见的?(?:公告|通知)")  # a draft for comment
_REPEALED = re.compile(r"[（(](?:已废止|废止|失效)[）)]")
_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{1,12}[〔\[【（(]\s*(?:19|20)\d{2}\s*[〕\]】）)]\s*第?\s*\d+\s*号"
    r"|[\u4e00-\u9fff]{2,20}令\s*第?\s*\d+\s*号"
)
_ISSUER = re.compile(
    r"^(.{2,40}?(?:人民政府办公[室厅]|人民政府|办公[室厅]|委员会|联席会议|局|厅|部|院|中心|总局|银行))(?=关于|印发|转发)"
)
_BOOK_TITLE = re.compile(r"《((?:[^《》]|《[^《》]*》)+)》")
_NUMBER_BEHIND = re.compile(r"\s*[（(]\s*([^（）()]{1,16}[〔\[【]\s*\d{4}\s*[〕\]】]\s*第?\s*\d+\s*号)\s*[）)]")
_LIST_HEAD = re.compile(r"^附\s*件\s*[：:]")
_LIST_NUMBER = re.compile(r"^\d+\s*[.．、]\s*")
_TITLE_LENGTH = 60  # characters of the first clause, where no line is a title
_NOT_A_DOCUMENT = re.compile(r"^(?:条例|指导意见|通知|办法|意见|方案|细则|.{0,3})$|证$|清单$")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the text says; None where it says nothing."""

    title: str
    issuer: str | None
    number: str | None
    issued_on: date | None
    status: LegalStatus
    place: Place | None
    period: Period | None
    attachments: tuple[str, ...]
    references: tuple[Reference, ...]
    doubts: Mapping[str, str]  # by the column of the manifest that settles each


def read_metadata(clauses: list[Clause], gazetteer: Gazetteer) -> Metadata:
    """Read a document's metadata from its clauses."""
    title = _read_title(clauses)
    issuer = _read_issuer(title, clauses)
    place, doubt = _read_place(title, issuer, clauses, gazetteer)
    doubts = {"place": doubt} if doubt else {}
    issued_on = _read_date(clauses)
    if issued_on is None:
        doubts["issued_on"] = "no date: no signature with a full date; give issued_on in the manifest if there is one"
    return Metadata(
        title=title,
        issuer=issuer,
        number=_read_number(clauses),
        issued_on=issued_on,
        status=_read_status(title, clauses),
        place=place,
        period=_read_period(title, clauses, issued_on),
        attachments=_read_attachments(clauses),
        references=_read_references(clauses, title),
        doubts=doubts,
    )


def _read_period(title: str, clauses: list[Clause], issued_on: date | None) -> Period | None:
    """The term that the text states, before the period of the title: 2024年度."""
    stated, titled = read_stated_term(clauses, issued_on), read_title_period(title)
    return stated if stated and stated.ends else titled or stated


def normal_number(number: str) -> str:
    """A document number without spaces and with its own brackets: 岚政办发〔2022〕20号."""
    return re.sub(r"[（(\[【]", "〔", re.sub(r"[）)\]】]", "〕", re.sub(r"\s", "", number)))


def _compact(text: str) -> str:
    return re.sub(r"\s", "", text)


def _of_kind(clauses: list[Clause], *kinds: ClauseKind) -> list[Clause]:
    return [clause for clause in clauses if clause.kind in kinds]


def _read_title(clauses: list[Clause]) -> str:
    titles = [clause for clause in _of_kind(clauses, ClauseKind.TITLE) if clause.labels[-1] != LETTERHEAD]
    return _compact(titles[0].text) if titles else _compact(clauses[0].text)[:_TITLE_LENGTH]


def _read_issuer(title: str, clauses: list[Clause]) -> str | None:
    if match := _ISSUER.search(title):
        return match.group(1)
    for clause in _of_kind(clauses, ClauseKind.SIGNATURE):
        first = clause.text.split("\n")[0]
        if not parse_date(first):
            return _compact(first)
    return None


def _read_number(clauses: list[Clause]) -> str | None:
    for clause in _of_kind(clauses, ClauseKind.NUMBER, ClauseKind.TITLE):
        if match := _NUMBER.search(_compact(clause.text)):
            return normal_number(match.group())
    return None


def _read_date(clauses: list[Clause]) -> date | None:
    """The last date below a signature; one in an attachment is not the document's own."""
    signatures = [clause for clause in _of_kind(clauses, ClauseKind.SIGNATURE) if clause.parent_id is None]
    dates = [day for clause in signatures if (day := parse_date(clause.text))]
    return dates[-1] if dates else None


def _read_status(title: str, clauses: list[Clause]) -> LegalStatus:
    head = title + "".join(c.text for c in _of_kind(clauses, ClauseKind.TITLE))
    if _REPEALED.search(head):
        return LegalStatus.REPEALED
    return LegalStatus.DRAFT if _DRAFT.search(head) else LegalStatus.ISSUED


def _read_place(
    title: str, issuer: str | None, clauses: list[Clause], gazetteer: Gazetteer
) -> tuple[Place | None, str | None]:
    """The place of the issuer, else the title's first, else the one that the text names most; or what is in doubt."""
    for text in (issuer, title):
        for mention in gazetteer.find(text) if text else []:
            if len(mention.places) == 1:
                return mention.places[0], None
            names = "; ".join("".join(place.path) for place in mention.places)
            return None, f"ambiguous place: {mention.text} may be {names}; name the place in the manifest"
    mentions = (mention for clause in clauses for mention in gazetteer.find(clause.text))
    counts = Counter(mention.places[0].code for mention in mentions if len(mention.places) == 1)
    if counts:
        return gazetteer.by_code(counts.most_common(1)[0][0]), None
    return None, "unknown place: neither title nor text names one; name the place in the manifest"


def _read_attachments(clauses: list[Clause]) -> tuple[str, ...]:
    for clause in _of_kind(clauses, ClauseKind.ATTACHMENT):
        if clause.labels[-1] == ATTACHMENTS:
            lines = _LIST_HEAD.sub("", clause.text).split("\n")
            return tuple(_LIST_NUMBER.sub("", line.strip()) for line in lines if line.strip())
    return tuple(clause.heading for clause in _of_kind(clauses, ClauseKind.ATTACHMENT) if clause.heading)


def _read_references(clauses: list[Clause], title: str) -> tuple[Reference, ...]:
    """Every 《…》 that names another document, once, with the number that follows it."""
    found: dict[str, str | None] = {}
    for clause in clauses:
        for match in _BOOK_TITLE.finditer(clause.text):
            name = _compact(match.group(1))
            if name in title or _NOT_A_DOCUMENT.search(name):
                continue
            number = _NUMBER_BEHIND.match(clause.text, match.end())
            found[name] = found.get(name) or (normal_number(number.group(1)) if number else None)
    return tuple(Reference(name, number) for name, number in found.items())
