"""The words of the product as data: places, documents, clauses, facts, passages.

All offsets are in characters of the clause's own text, start inclusive, end exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

NATION = "100000"  # the code that stands for the whole country at the end of every chain


class LegalStatus(StrEnum):
    """Whether a document is law at all."""

    ISSUED = "issued"
    DRAFT = "draft"
    REPEALED = "repealed"


class ClauseKind(StrEnum):
    """What part a clause plays in its document."""

    TITLE = "title"
    NUMBER = "number"  # the 文号 on a line of its own
    ADDRESSEE = "addressee"  # 主送机关
    PREAMBLE = "preamble"
    CONTENTS = "contents"  # 目录: nothing that could be cited
    HEADING = "heading"  # a numbered unit that has a heading and no sentence of its own
    CLAUSE = "clause"  # a numbered unit with text of its own
    SIGNATURE = "signature"
    ATTACHMENT = "attachment"
    TABLE = "table"


class Role(StrEnum):
    """What a department has to do with a clause."""

    RESPONSIBLE = "responsible"  # 责任单位
    LEAD = "lead"  # 牵头单位


@dataclass(frozen=True, slots=True)
class Place:
    """An administrative division of GB/T 2260, with the chain of those it lies in."""

    code: str  # six digits; NATION for the whole country
    name: str  # the full official name: 达拉特旗
    path: tuple[str, ...]  # names from the province down to itself
    chain: tuple[str, ...]  # codes from itself up to NATION


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit: an amount of money, a percentage, a term, a count."""

    kind: str  # amount (yuan), percentage, term, count, deadline (the day of each month, quarter or year)
    text: str
    start: int
    end: int
    value: float  # in yuan, per cent, the term's own unit, or pieces
    unit: str  # 元, %, 年, 个月, 日, 个工作日, 户, 家, …


@dataclass(frozen=True, slots=True)
class Period:
    """From when until when something holds, and which part of the clause it governs."""

    text: str
    start: int
    end: int
    begins: date | None
    ends: date | None  # the last day on which it holds
    governs: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Department:
    """Whom the clause names as responsible or in the lead."""

    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Audience:
    """For whom the clause is meant, in the words of the lexicon of audiences."""

    name: str  # the normal form: 退役军人
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Blank:
    """A figure that the text leaves open."""

    subject: str  # what it would count: 高新技术企业
    unit: str  # 家
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What a clause states, apart from its sentences."""

    quantities: tuple[Quantity, ...] = ()
    periods: tuple[Period, ...] = ()
    departments: tuple[Department, ...] = ()
    audiences: tuple[Audience, ...] = ()
    blanks: tuple[Blank, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A piece inside a clause that can be cited by itself: a table row, a member of a list."""

    key: str  # unique within the clause: 5, 合计, 组长1
    kind: str  # row, member
    text: str
    start: int
    end: int
    header: str = ""  # the header row that gives a table row its meaning


@dataclass(frozen=True, slots=True)
class Clause:
    """The smallest numbered unit of a document: what gets cited."""

    id: str  # dalate-2023#四-五-15
    document_id: str
    parent_id: str | None
    kind: ClauseKind
    section: int  # tells two top-level units of one number apart: 1, 2, …
    labels: tuple[str, ...]  # 四, （五）, 15
    path: tuple[str, ...]  # as people read it: 四、工作举措 / （五）开展…行动 / 15
    text: str  # its own text, verbatim, without its children's
    order: int
    heading: str = ""
    parts: tuple[Part, ...] = ()
    facts: Facts = field(default_factory=Facts)
    topics: tuple[str, ...] = ()
    pages: tuple[tuple[int, int], ...] = ()  # where in its text a page of the file begins, with the page's number

    @property
    def page(self) -> int | None:
        """The page of the file on which it begins; None where the file has no pages."""
        return self.page_of(0)

    def page_of(self, offset: int) -> int | None:
        """The page of the file on which a character of its text stands; None where the file has no pages."""
        return next((page for start, page in reversed(self.pages) if start <= offset), None)


@dataclass(frozen=True, slots=True)
class Reference:
    """Another document that a document cites: 《…》 with its number where the text gives one."""

    title: str
    number: str | None = None


class EffectKind(StrEnum):
    """What one document of the corpus does to another, seen from either."""

    REPEALS = "repeals"
    REPEALED_BY = "repealed_by"
    SUPERSEDES = "supersedes"  # as the newer version of the same
    SUPERSEDED_BY = "superseded_by"


@dataclass(frozen=True, slots=True)
class Effect:
    """What another document of the corpus does to this one, or this one to it, and where that is written."""

    kind: EffectKind
    document_id: str  # the other document
    title: str  # its title
    day: date | None  # the first day on which the older one holds no more; None where no date is known
    clause_id: str  # the clause, always of the newer document, in which the words stand
    text: str  # these words, verbatim


@dataclass(frozen=True, slots=True)
class Document:
    """One policy file: what its text and its manifest row say about it."""

    id: str
    title: str
    issuer: str | None
    number: str | None
    issued_on: date | None
    status: LegalStatus
    place: Place | None
    period: Period | None  # the period in the title: 2023-2025年, 2024年度
    attachments: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    file: str = ""
    digest: str = ""  # SHA-256 of the file's bytes
    warnings: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()  # between it and other documents of the corpus


@dataclass(frozen=True, slots=True)
class Passage:
    """What is searched: a clause or a part of a long one, with the headings above it."""

    id: str  # the clause's id, and ":n" behind it for the n-th part
    clause_id: str
    document_id: str
    place_code: str
    heading: str  # the headings above, as one line
    text: str
    topics: tuple[str, ...] = ()

    @property
    def content(self) -> str:
        """The passage as it is encoded and indexed."""
        return f"{self.heading}\n{self.text}" if self.heading else self.text
