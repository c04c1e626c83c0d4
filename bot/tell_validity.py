"""Until when a measure holds, in the words that say so, or that the text does not say."""

from __future__ import annotations

from bot.evidence import Evidence, Finding
from bot.notice import contact_of
from bot.question import Aspect, Question
from bot.validity import Validity
from bot.verify import Line, markers
from ingest.dates import format_date
from ingest.model import LegalStatus
from prompts.phrases import AnswerPhrases, Phrases


def tell_validity(question: Question, finding: Finding, numbers: dict[str, int], phrases: Phrases) -> list[Line]:
    """A line for what ends alike: at length where that was asked, else the bare day where the quote does not tell it.

    Args:
        question: what was asked, and of which days.
        finding: what was found for one place.
        numbers: the citation's number of each clause, by its id.
        phrases: how it is worded.
    """
    asked = Aspect.VALIDITY in question.aspects
    alike: dict[str, list[Evidence]] = {}
    for one in finding.evidence:
        if asked or _holds_until(one):
            alike.setdefault(_until(one, question, asked, "", phrases), []).append(one)
    lines = []
    for members in alike.values():
        cited = tuple(numbers[one.clause.id] for one in members)
        lines.append(Line(_until(members[0], question, asked, markers(cited), phrases), cited))
    return lines


def _holds_until(one: Evidence) -> bool:
    """Whether what is quoted ends on a day to come that the quote itself does not tell."""
    validity = one.validity
    return validity.state == "in_force" and validity.ends is not None and (validity.basis or "") not in one.quote


def _until(one: Evidence, question: Question, asked: bool, marks: str, phrases: Phrases) -> str:
    words, validity = phrases.answer, one.validity
    if validity.ends is None:
        return words.validity_unknown.format(contact=contact_of(one, phrases), markers=marks)
    ends = format_date(validity.ends)
    if one.document.status is LegalStatus.DRAFT and not validity.lapsed:
        return words.validity_draft.format(ends=ends, basis=validity.basis, markers=marks)
    if not asked:
        return words.validity_short.format(ends=ends, markers=marks)
    state = _state(validity, words).format(as_of=format_date(question.as_of))
    then = ""
    if one.then and question.asked_on:
        then = _state(one.then, words).format(as_of=format_date(question.asked_on))
    return words.validity_until.format(ends=ends, basis=validity.basis, state=then + state, markers=marks)


def _state(validity: Validity, words: AnswerPhrases) -> str:
    return words.validity_expired if validity.lapsed else words.validity_in_force
