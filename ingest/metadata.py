"""What a document's own text says about it: title, issuer, number, date, status, place, period, what it cites."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingest.dates import parse_date
from ingest.divisions import COUNTRY
from ingest.document_numbers import normal_number, number_beside, read_number
from ingest.issuers import is_national, join_issuers, split_issuers
from ingest.model import Clause, ClauseKind, LegalStatus, Period, Place, Reference
from ingest.notes import commencement_of, date_in, date_of, is_ended, issuer_in, issuer_of, number_in, read_fields
from ingest.periods import read_title_period
from ingest.places import Gazetteer
from ingest.terms import read_terms, term_of_all
from ingest.units import ATTACHMENTS, IMPRINT, LETTERHEAD, NOTES

_DRAFT = re.compile(r"征求意见稿|公开征求意见|草案|送审稿|讨论稿|征求意见的?(?:公告|通知)")  # a draft for comment
_REPEALED = re.compile(r"[（(【\[](?:现?已)?(?:废止|失效)[）)】\]]")
_ABOUT = re.compile(r"(?=关于|印发|转发)")
_ORDER = re.compile(r"(?:令|公告)[（(]?(?:(?:第|\d{4}年第)\d+号)?[）)]?$")  # the head of what has a title of its own
_ORDERED = re.compile(r"《([^《》]+)》")
_DEBRIS = re.compile(r"^\[pic\]$|^\|.*\|$")  # pictures and tables of old Word files
_SCOPE = re.compile(r"(?:适用于|在)中华人民共和国(?:境|领域)内|中华人民共和国(?:境|领域)内的?[^。]{0,40}适用本")
_ONLY_SPOKEN_OF = ("71", "81", "82")  # 台湾, 香港, 澳门: whose residents texts speak of, and which issue none of them
_UPPER = re.compile(r"^.{2,12}?(?:省|自治区|特别行政区|市|自治州|州|盟|县|旗|区)")
# An organ of a zone that lies in the place before it, and speaks for the zone alone: 河北|雄安新区管理委员会
_ZONE = re.compile(r"[\u4e00-\u9fff]{2,8}(?:新区|开发区|高新区|经开区|合作区|示范区|园区|新城)(?=管理?委员?会)")
_BOOK_TITLE = re.compile(r"《((?:[^《》]|《[^《》]*》)+)》")
_NUMBER_BEHIND = re.compile(r"\s*[（(]\s*([^（）()]{1,16}[〔\[【]\s*\d{4}\s*[〕\]】]\s*第?\s*\d+\s*号)\s*[）)]")
_LIST_HEAD = re.compile(r"^附\s*件\s*(?:下载)?\s*[：:]")
_LIST_NUMBER = re.compile(r"^\d+\s*[.．、]\s*")
_FILE_TYPE = re.compile(r"(?i)\.(?:docx?|xlsx?|pdf|wps|et|zip|rar|ofd)$")  # of a link on a page
_DATE_OF_FILE = re.compile(r"[（(](\d{4}-\d{1,2}-\d{1,2})[）)]$")
_TITLE_OF_FILE = re.compile(  # 某市登记条例(2021-07-27), as people name files
    r"[\u4e00-\u9fff《》“”（）\d-]{4,80}(?:法|条例|办法|规定|细则|规则|通知|意见|方案|措施|指引|指南|公告|决定|规划|计划"
    r"|清单|目录|名单|明细表|汇总表|一览表|标准表)(?:（(?:\d{4}年)?[\u4e00-\u9fff]{1,6}）)?"
)
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


def read_metadata(clauses: list[Clause], gazetteer: Gazetteer, file: str = "") -> Metadata:
    """Read a document's metadata from its clauses; a title that is not among them from the name of its file."""
    fields = read_fields(line for clause in _head(clauses) for line in clause.text.split("\n"))
    title = _read_title(clauses, file)
    issuer = _read_issuer(clauses) or issuer_in(fields) or join_issuers(split_issuers(_letterhead(clauses)))
    place, doubt = _read_place((issuer, title, _letterhead(clauses)), clauses, gazetteer)
    doubts = {"place": doubt} if doubt else {}
    issued_on = _read_date(clauses) or date_in(fields) or _date_of(file)
    if issued_on is None:
        doubts["issued_on"] = "no date: no signature with a full date; give issued_on in the manifest if there is one"
    return Metadata(
        title=title,
        issuer=issuer,
        number=read_number(clauses, _head(clauses)) or number_in(fields) or number_beside(clauses, file),
        issued_on=issued_on,
        status=LegalStatus.REPEALED if is_ended(fields) else _read_status(title, clauses),
        place=place,
        period=_read_period(title, clauses, issued_on),
        attachments=_read_attachments(clauses),
        references=_read_references(clauses, title),
        doubts=doubts,
    )


def _read_period(title: str, clauses: list[Clause], issued_on: date | None) -> Period | None:
    """The term that the text states, before the period of the title: 2024年度."""
    stated, titled = term_of_all(read_terms(clauses, issued_on)), read_title_period(title)
    noted = commencement_of(_notes(clauses))  # that of a later version, where the text has the first one's
    if noted and (stated is None or (stated.begins and stated.begins < noted[0])):
        stated = Period(noted[1], 0, 0, noted[0], stated.ends if stated else None, (0, 0))
    return stated if stated and stated.ends else titled or stated


def _compact(text: str) -> str:
    return re.sub(r"\s", "", text)


def _of_kind(clauses: list[Clause], *kinds: ClauseKind) -> list[Clause]:
    return [clause for clause in clauses if clause.kind in kinds]


def _head(clauses: list[Clause]) -> list[Clause]:
    """What stands above the first numbered unit: a site's facts, titles, notes."""
    body = next((n for n, one in enumerate(clauses) if one.kind in (ClauseKind.CLAUSE, ClauseKind.HEADING)), None)
    return clauses[:body]


def _notes(clauses: list[Clause]) -> str:
    return "\n".join(clause.text for clause in clauses if clause.labels[-1].startswith(NOTES))


def _read_title(clauses: list[Clause], file: str) -> str:
    """The first title; below the head of an order (国务院令第755号) that of what it puts in force."""
    titles = [clause for clause in _of_kind(clauses, ClauseKind.TITLE) if clause.labels[-1] != LETTERHEAD]
    names = [_compact("".join(line for line in one.text.split("\n") if not _DEBRIS.match(line))) for one in titles]
    if not any(names):
        named = _TITLE_OF_FILE.match(Path(file).stem)
        return named.group() if named else _compact(clauses[0].text.split("\n")[0])[:_TITLE_LENGTH]
    first = next(filter(None, names))
    if not _ORDER.search(first):
        return first
    ordered = (_ORDERED.search(one.text) for one in _of_kind(clauses, ClauseKind.PREAMBLE))
    own = [name for name in names if not _ORDER.search(name)]
    return next((_compact(match.group(1)) for match in ordered if match and not own), (own or [first])[0])


def _read_issuer(clauses: list[Clause]) -> str | None:
    """The issuers in a title, else below a signature, else in the notes below the title: several with 、 between."""
    for clause in _of_kind(clauses, ClauseKind.TITLE):
        head = _ABOUT.split(clause.text, maxsplit=1)
        if len(head) > 1 and (named := join_issuers(split_issuers(head[0]))):
            return named
    for clause in _signatures(clauses):
        lines = [line for line in clause.text.split("\n") if not parse_date(line)]
        if named := join_issuers([name for line in lines for name in split_issuers(line)]):
            return named
    return issuer_of(_notes(clauses)) or next(
        filter(None, (issuer_of(one.text) for one in _of_kind(clauses, ClauseKind.TITLE))), None
    )


def _date_of(file: str) -> date | None:
    """The day in brackets behind the name of a file."""
    match = _DATE_OF_FILE.search(Path(file).stem)
    return parse_date(match[1]) if match else None


def _letterhead(clauses: list[Clause]) -> str:
    """The organisations above the title, without the word that follows them: 某县人民政府文件."""
    head = next((one.text for one in clauses if one.labels[-1] == LETTERHEAD), "")
    return head.removesuffix("文件")


def _read_date(clauses: list[Clause]) -> date | None:
    """The last date below a signature, else that of the notes below the title; one in an attachment is not its own."""
    dates = [day for clause in _signatures(clauses) if (day := parse_date(clause.text))]
    return dates[-1] if dates else date_of(_notes(clauses))


def _signatures(clauses: list[Clause]) -> list[Clause]:
    """The document's own, less what its printer put below."""
    signed = [clause for clause in _of_kind(clauses, ClauseKind.SIGNATURE) if clause.parent_id is None]
    return [clause for clause in signed if not clause.labels[-1].startswith(IMPRINT)]


def _read_status(title: str, clauses: list[Clause]) -> LegalStatus:
    head = title + "".join(c.text for c in _of_kind(clauses, ClauseKind.TITLE))
    if _REPEALED.search(head):
        return LegalStatus.REPEALED
    return LegalStatus.DRAFT if _DRAFT.search(head) else LegalStatus.ISSUED


def _read_place(
    names: Sequence[str | None], clauses: list[Clause], gazetteer: Gazetteer
) -> tuple[Place | None, str | None]:
    """The place of the issuer, else the title's first, else the letterhead's, else the one that the text names most."""
    for text in filter(None, names):
        upper = _UPPER.match(text)
        for mention in gazetteer.find(text) or (gazetteer.find(upper.group()) if upper else ()):
            if zone := _ZONE.match(text, mention.end):
                whole = f"{mention.text}{zone.group()}"
                return None, f"unknown place: {whole} is none of the divisions; name the place in the manifest"
            if len(mention.places) == 1:
                return mention.places[0], None
            names = "; ".join("".join(place.path) for place in mention.places)
            return None, f"ambiguous place: {mention.text} may be {names}; name the place in the manifest"
        if is_national(text):
            return COUNTRY, None
    if any(_SCOPE.search(clause.text) for clause in clauses):
        return COUNTRY, None
    mentions = (mention for clause in clauses for mention in gazetteer.find(clause.text))
    named = (mention.places[0].code for mention in mentions if len(mention.places) == 1)
    counts = Counter(code for code in named if not code.startswith(_ONLY_SPOKEN_OF))
    if counts:
        return gazetteer.by_code(counts.most_common(1)[0][0]), None
    return None, "unknown place: neither title nor text names one; name the place in the manifest"


def _read_attachments(clauses: list[Clause]) -> tuple[str, ...]:
    for clause in _of_kind(clauses, ClauseKind.ATTACHMENT):
        if clause.labels[-1] == ATTACHMENTS:
            lines = _LIST_HEAD.sub("", clause.text).split("\n")
            names = (_LIST_NUMBER.sub("", line.strip()) for line in lines if line.strip())
            return tuple(_FILE_TYPE.sub("", name) for name in names)
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
