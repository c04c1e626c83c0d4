"""What an asker must know before relying on an answer: draft, expired, not yet in force, blank, another place's."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bot.contract import NoticeCode, NoticeOut
from bot.evidence import Evidence
from ingest.dates import format_date
from ingest.model import LegalStatus, Place
from prompts.phrases import Phrases

_INNER_TITLE = re.compile(r"《(.+)》")
_DRAFT_MARK = re.compile(r"[（(][^（()）]*(?:征求意见稿|草案|送审稿)[^（()）]*[）)]")

Numbered = Sequence[tuple[int, Evidence]]


def give_notices(numbered: Numbered, phrases: Phrases) -> list[NoticeOut]:
    """The warnings of the evidence that an answer cites, at most one a code and document."""
    words = phrases.notices
    return [
        *_each("draft", numbered, _is_draft, lambda one: words.draft.format(title=_title(one))),
        *_each("expired", numbered, lambda one: one.validity.lapsed, lambda one: _expired(one, phrases)),
        *_each("not_yet", numbered, lambda one: one.validity.state == "not_yet", lambda one: _not_yet(one, phrases)),
        *_each("blank", numbered, lambda one: one.blank is not None, lambda one: _blank(one, phrases)),
    ]


def give_foreign_notice(places: Sequence[Place], asked: Place | None, numbers: list[int], phrases: Phrases) -> NoticeOut:
    """The warning that what is shown belongs to other places."""
    names = "、".join(dict.fromkeys(place.name for place in places))
    message = phrases.notices.other_jurisdiction.format(places=names, asked=asked.name if asked else "您那里")
    return NoticeOut(code="other_jurisdiction", message=message, citations=numbers)


def contact_of(evidence: Evidence, phrases: Phrases) -> str:
    """Whom to ask whether it still holds: the first department that the clause names."""
    departments = evidence.clause.facts.departments
    return departments[0].name if departments else phrases.notices.contact


def _each(
    code: NoticeCode, numbered: Numbered, applies: Callable[[Evidence], bool], say: Callable[[Evidence], str]
) -> list[NoticeOut]:
    """One notice a message, with all the citations that it is about."""
    messages: dict[str, list[int]] = {}
    for number, one in numbered:
        if applies(one):
            messages.setdefault(say(one), []).append(number)
    return [NoticeOut(code=code, message=message, citations=numbers) for message, numbers in messages.items()]


def _is_draft(one: Evidence) -> bool:
    return one.document.status is LegalStatus.DRAFT


def _expired(one: Evidence, phrases: Phrases) -> str:
    return phrases.notices.expired.format(
        subject=_subject(one, phrases), ends=format_date(one.validity.ends) if one.validity.ends else "", contact=contact_of(one, phrases)
    )


def _not_yet(one: Evidence, phrases: Phrases) -> str:
    begins = one.validity.begins
    return phrases.notices.not_yet.format(subject=_subject(one, phrases), begins=format_date(begins) if begins else "")


def _blank(one: Evidence, phrases: Phrases) -> str:
    subject = one.blank.subject if one.blank else ""
    return phrases.notices.blank.format(subject=subject, contact=contact_of(one, phrases))


def _subject(one: Evidence, phrases: Phrases) -> str:
    period = one.document.period
    if period and one.validity.basis == period.text:
        return phrases.notices.subject_document.format(title=_title(one))
    return phrases.notices.subject_clause.format(basis=one.validity.basis or "")


def _title(one: Evidence) -> str:
    return short_title(one.document.title)


def short_title(title: str) -> str:
    """What people call a document: the name inside 印发《…》的通知, without 征求意见稿, in title marks."""
    inner = _INNER_TITLE.search(title)
    return f"《{_DRAFT_MARK.sub('', inner.group(1) if inner else title)}》"
