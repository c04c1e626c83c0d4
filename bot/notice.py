"""What an asker must know before relying on an answer: draft, expired, not yet in force, blank, another place's."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

from bot.contract import NoticeCode, NoticeOut
from bot.evidence import Evidence
from ingest.dates import format_date
from ingest.model import LegalStatus, Place
from prompts.phrases import Phrases

_INNER_TITLE = re.compile(r"《(.+)》")
_DRAFT_MARK = re.compile(r"[（(][^（()）]*(?:征求意见稿|草案|送审稿)[^（()）]*[）)]")

Numbered = Sequence[tuple[int, Evidence]]


def give_notices(numbered: Numbered, phrases: Phrases) -> list[NoticeOut]:
    """The warnings of the evidence that an answer cites: one for all that it is true of in the same words."""
    words = phrases.notices
    notices = _grouped("draft", [(n, one) for n, one in numbered if _is_draft(one)], lambda _: "", words.draft, phrases)
    lapsed = [
        (n, one) for n, one in numbered if one.validity.lapsed and one.document.status is not LegalStatus.REPEALED
    ]
    notices += _grouped("expired", lapsed, lambda one: _day(one.validity.ends), words.expired, phrases)
    repealed = [(n, one) for n, one in numbered if one.document.status is LegalStatus.REPEALED]
    notices += _grouped("expired", repealed, lambda _: "", words.repealed, phrases)
    coming = [(n, one) for n, one in numbered if one.validity.state == "not_yet"]
    notices += _grouped("not_yet", coming, lambda one: _day(one.validity.begins), words.not_yet, phrases)
    return notices + [_blank(number, one, phrases) for number, one in numbered if one.blank]


def give_foreign_notice(places: Sequence[Place], asked: Place, numbers: list[int], phrases: Phrases) -> NoticeOut:
    """The warning that what is shown belongs to other places."""
    names = "、".join(dict.fromkeys(place.name for place in places))
    message = phrases.notices.other_jurisdiction.format(places=names, asked=asked.name)
    return NoticeOut(code="other_jurisdiction", message=message, citations=numbers)


def contact_of(evidence: Evidence, phrases: Phrases) -> str:
    """Whom to ask whether it still holds: the first department that the clause names."""
    departments = evidence.clause.facts.departments
    return departments[0].name if departments else phrases.notices.contact


def _grouped(
    code: NoticeCode, numbered: Numbered, day: Callable[[Evidence], str], form: str, phrases: Phrases
) -> list[NoticeOut]:
    """One notice for each day that ends or begins something."""
    groups: dict[str, list[tuple[int, Evidence]]] = {}
    for number, one in numbered:
        groups.setdefault(day(one), []).append((number, one))
    notices = []
    for when, members in groups.items():
        evidence = [one for _, one in members]
        contacts = list(dict.fromkeys(contact_of(one, phrases) for one in evidence))
        contact = contacts[0] if len({one.document.id for one in evidence}) == 1 else phrases.notices.contact
        message = form.format(subject=_subject(evidence, phrases), ends=when, begins=when, contact=contact)
        notices.append(NoticeOut(code=code, message=message, citations=[number for number, _ in members]))
    return notices


def _is_draft(one: Evidence) -> bool:
    return one.document.status is LegalStatus.DRAFT


def _day(day: date | None) -> str:
    return format_date(day) if day else ""


def _blank(number: int, one: Evidence, phrases: Phrases) -> NoticeOut:
    subject = (one.blank.subject if one.blank else "") or one.clause.heading or one.clause.path[-1]
    message = phrases.notices.blank.format(subject=subject, contact=contact_of(one, phrases))
    return NoticeOut(code="blank", message=message, citations=[number])


def _subject(evidence: Sequence[Evidence], phrases: Phrases) -> str:
    """What a warning is about: the clause's own words, the document, or the places of several documents."""
    words, first = phrases.notices, evidence[0]
    if len({one.document.id for one in evidence}) > 1:
        names = dict.fromkeys(one.document.place.name for one in evidence if one.document.place)
        return words.subject_places.format(places="、".join(names))
    bases = {one.validity.basis for one in evidence}
    by_clause = first.validity.lapsed and bases != {first.document.period.text if first.document.period else None}
    return (
        words.subject_clause.format(basis=first.validity.basis)
        if by_clause
        else words.subject_document.format(title=_title(first))
    )


def _title(one: Evidence) -> str:
    return short_title(one.document.title)


def short_title(title: str) -> str:
    """What people call a document: the name inside 印发《…》的通知, without 征求意见稿, in title marks."""
    inner = _INNER_TITLE.search(title)
    return f"《{_DRAFT_MARK.sub('', inner.group(1) if inner else title)}》"
