"""What is said in the end: an answer with its warnings first, or first that there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.cite import cite
from bot.contract import Citation, NoticeOut, Status
from bot.evidence import Evidence, Finding
from bot.notice import Numbered, give_foreign_notice, give_notices
from bot.question import Aspect, Question
from bot.resources import Resources
from bot.retrieve import Found
from bot.verify import Line, markers
from ingest.model import Place
from ingest.places import applies
from prompts.phrases import Phrases

_WARNING_SIGN = "⚠ "
_FOLLOW_UPS = 3


@dataclass(frozen=True, slots=True)
class Reply:
    """The status and all that goes with it."""

    status: Status
    notices: list[NoticeOut] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    follow_ups: list[str] = field(default_factory=list)
    considered: list[tuple[Found, str]] = field(default_factory=list)
    confidence: float | None = None
    opening: list[Line] = field(default_factory=list)  # told before the warnings, which are of a reference alone

    @property
    def text(self) -> str:
        """The answer as Markdown: what must be known first, then the lines, a paragraph each."""
        warnings = [Line(f"{_WARNING_SIGN}{notice.message}") for notice in self.notices]
        return join_lines([*self.opening, *warnings, *self.lines])


def join_lines(lines: Sequence[Line]) -> str:
    """Lines as Markdown."""
    pairs = zip([None, *lines], lines, strict=False)
    return "".join(_gap_before(line, before) + line.text for before, line in pairs)


def _gap_before(line: Line, before: Line | None) -> str:
    """What parts a line from the one before: lines are paragraphs, but the rows of a table stand close together."""
    if before is None:
        return ""
    return "\n" if line.kind == before.kind == "row" else "\n\n"


def refused(phrases: Phrases) -> Reply:
    """An attack."""
    return Reply("refused", lines=[Line(phrases.refused)])


def courtesy(phrases: Phrases) -> Reply:
    """Thanks and the like, with nothing asked."""
    return Reply("out_of_scope", lines=[Line(phrases.courtesy)])


def out_of_scope(phrases: Phrases) -> Reply:
    """Not a question about policy."""
    return Reply("out_of_scope", lines=[Line(phrases.out_of_scope)])


def ask_which_place(question: Question, phrases: Phrases) -> Reply:
    """Several places share the name that was given."""
    candidates = "、".join("".join(place.path) for place in question.ambiguous)
    text = phrases.ambiguous_place.format(name=question.ambiguous[0].name, candidates=candidates)
    return Reply("no_basis", lines=[Line(text)])


def no_basis(
    question: Question, findings: Sequence[Finding], elsewhere: Sequence[Evidence], resources: Resources
) -> Reply:
    """In the domain, but nothing that applies covers it: what was searched, a reference, whom to ask."""
    phrases = resources.phrases
    said, whom = Line(_searched(question, resources)), _whom_to_ask(findings, phrases)
    asked = question.places[0] if question.places else None
    foreign = [one for one in elsewhere if asked and _is_foreign(one, asked)]
    if asked is None or not foreign:
        return Reply("no_basis", lines=[said, whom])
    numbered = list(enumerate(foreign, 1))
    numbers = [number for number, _ in numbered]
    names = "、".join(one.document.place.name for one in foreign if one.document.place)
    reference = phrases.no_basis.reference.format(asked=asked.name, places=names, markers=markers(numbers))
    notices = give_foreign_notices(numbered, asked, phrases)
    citations = [cite(number, one, asked) for number, one in numbered]
    return Reply("no_basis", notices, [Line(reference, tuple(numbers)), whom], citations, opening=[said])


def give_foreign_notices(numbered: Numbered, asked: Place, phrases: Phrases) -> list[NoticeOut]:
    """The warnings of clauses of other places: first that they do not apply; none where nothing is shown."""
    places = [one.document.place for _, one in numbered if one.document.place]
    if not places:
        return []
    form = phrases.notices.other_jurisdiction
    first = give_foreign_notice(places, asked, [number for number, _ in numbered], form)
    return [first, *give_notices(numbered, phrases)]


def suggest(question: Question, findings: Sequence[Finding], phrases: Phrases) -> list[str]:
    """What the asker may go on with: what was not asked yet and what the clauses can tell."""
    words, aspects = phrases.follow_ups, question.aspects
    clauses = [one.clause for finding in findings for one in finding.evidence]
    offers = (
        (words.condition, Aspect.CONDITION not in aspects),
        (words.department, Aspect.DEPARTMENT not in aspects and any(clause.facts.departments for clause in clauses)),
        (words.validity, Aspect.VALIDITY not in aspects),
        (
            words.amount,
            Aspect.AMOUNT not in aspects
            and any(q.kind == "amount" for clause in clauses for q in clause.facts.quantities),
        ),
    )
    return [text for text, fits in offers if fits][:_FOLLOW_UPS]


def _is_foreign(one: Evidence, asked: Place) -> bool:
    return one.document.place is not None and not applies(one.document.place.code, asked)


def _searched(question: Question, resources: Resources) -> str:
    words = resources.phrases.no_basis
    if not question.places:
        return words.place_unknown
    place = question.places[0]
    count = sum(1 for d in resources.index.catalog.documents() if d.place and applies(d.place.code, place))
    form = words.not_covered if count else words.place_uncovered
    return form.format(place=place.name, count=count)


def _whom_to_ask(findings: Sequence[Finding], phrases: Phrases) -> Line:
    """The department of the nearest clause on the same topic in that place, if there is one; else the hotline."""
    for finding in findings:
        for found, _ in finding.considered[:1]:
            if found.signals.topic > 0 and found.clause.facts.departments:
                return Line(phrases.no_basis.ask_department.format(department=found.clause.facts.departments[0].name))
    return Line(phrases.no_basis.ask_hotline)
