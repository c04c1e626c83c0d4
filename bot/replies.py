"""What is said in the end: an answer with its warnings first, or why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.cite import cite
from bot.contract import Citation, NoticeOut, Status
from bot.evidence import Evidence, Finding
from bot.notice import give_foreign_notice, give_notices
from bot.question import Aspect, Question
from bot.resources import Resources
from bot.retrieve import Found
from bot.verify import Line
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

    @property
    def text(self) -> str:
        """The answer as Markdown: what must be known first, then the lines, a paragraph each."""
        warnings = [f"{_WARNING_SIGN}{notice.message}" for notice in self.notices]
        return "\n\n".join([*warnings, *(line.text for line in self.lines)])


def refused(phrases: Phrases) -> Reply:
    """An attack."""
    return Reply("refused", lines=[Line(phrases.refused)])


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
    lines = [Line(_searched(question, resources))]
    asked = question.places[0] if question.places else None
    foreign = [one for one in elsewhere if asked and one.document.place and one.document.place.code not in asked.chain]
    citations = [cite(number, one, asked) for number, one in enumerate(foreign, 1)]
    notices = give_notices(list(enumerate(foreign, 1)), phrases)
    if foreign and asked:
        places = [one.document.place for one in foreign if one.document.place]
        numbers = list(range(1, len(foreign) + 1))
        names = "、".join(place.name for place in places)
        marks = "".join(f"[{number}]" for number in numbers)
        lines.append(
            Line(phrases.no_basis.reference.format(asked=asked.name, places=names, markers=marks), tuple(numbers))
        )
        notices.insert(0, give_foreign_notice(places, asked, numbers, phrases))
    return Reply(
        "no_basis",
        notices,
        [*lines, _whom_to_ask(findings, phrases)],
        citations,
    )


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


def _searched(question: Question, resources: Resources) -> str:
    words = resources.phrases.no_basis
    if not question.places:
        return words.place_unknown
    place = question.places[0]
    count = sum(1 for d in resources.index.catalog.documents() if d.place and d.place.code in place.chain)
    return (
        words.not_covered.format(place=place.name, count=count)
        if count
        else words.place_uncovered.format(place=place.name)
    )


def _whom_to_ask(findings: Sequence[Finding], phrases: Phrases) -> Line:
    """The department of the nearest clause on the same topic in that place, if there is one; else the hotline."""
    for finding in findings:
        for found, _ in finding.considered[:1]:
            if found.topic > 0 and found.clause.facts.departments:
                return Line(phrases.no_basis.ask_department.format(department=found.clause.facts.departments[0].name))
    return Line(phrases.no_basis.ask_hotline)
