"""What an asker must know before relying on an answer: draft, expired, not yet in force, blank, another place's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from bot.contract import NoticeCode, NoticeOut
from bot.evidence import Evidence
from bot.verify import markers
from ingest.dates import format_date
from ingest.model import Effect, EffectKind, LegalStatus, Place
from prompts.phrases import NoticePhrases, Phrases

_INNER_TITLE = re.compile(r"《(.+)》")
# An issuer's name before 关于 (about): 某县人民政府办公室关于做好…的通知.
_ISSUER = re.compile(r"^[^《》（）]{2,40}?(?=关于.{4})")
_DRAFT_MARK = re.compile(r"[（(][^（()）]*(?:征求意见稿|草案|送审稿)[^（()）]*[）)]")

Members = list[tuple[int, Evidence]]
Numbered = Sequence[tuple[int, Evidence]]

_LONG_TITLE = 40  # characters with the title marks; the citation below gives it in full


def give_notices(numbered: Numbered, phrases: Phrases, sources: Mapping[str, int] | None = None) -> list[NoticeOut]:
    """The warnings of the evidence that an answer cites: one for all that it is true of in the same words.

    Args:
        numbered: the evidence with its numbers.
        phrases: how it is worded.
        sources: the numbers of the clauses, by id, in which it stands that a cited document is over.
    """
    many = len({one.document.id for _, one in numbered}) > 1
    notices: list[NoticeOut] = []
    for code, form, members in _groups(numbered, phrases.notices):
        if members:
            subject = _subject([one for _, one in members], many, bool(notices), phrases)
            notices.append(_warn(code, form.replace("{subject}", subject), members, phrases, sources or {}))
    return notices + [_blank(number, one, phrases) for number, one in numbered if one.blank]


def give_foreign_notice(places: Sequence[Place], asked: Place, numbers: list[int], form: str) -> NoticeOut:
    """The warning that what is shown, or is mentioned beside the place's own, belongs to other places."""
    names = "、".join(dict.fromkeys(place.name for place in places))
    message = form.format(places=names, asked=asked.name)
    return NoticeOut(code="other_jurisdiction", message=message, citations=numbers)


def contact_of(evidence: Evidence, phrases: Phrases) -> str:
    """Whom to ask whether it still holds: the first department that the clause names."""
    departments = evidence.clause.facts.departments
    return departments[0].name if departments else phrases.notices.contact


def _groups(numbered: Numbered, words: NoticePhrases) -> Iterator[tuple[NoticeCode, str, Members]]:
    """Each warning with its wording and what it is true of; there may be nothing."""
    yield "draft", words.draft, [(n, one) for n, one in numbered if one.document.status is LegalStatus.DRAFT]
    for effect, members in _by_effect(numbered):
        yield "expired", words.repealed_by if effect.kind is EffectKind.REPEALED_BY else words.superseded_by, members
    rest = [(n, one) for n, one in numbered if one.validity.ended is None]
    repealed = [(n, one) for n, one in rest if one.document.status is LegalStatus.REPEALED]
    lapsed = [(n, one) for n, one in rest if one.validity.lapsed and (n, one) not in repealed]
    for members in _by_day(lapsed, lambda one: one.validity.ends):
        yield "expired", words.expired, members
    yield "expired", words.repealed, repealed
    coming = [(n, one) for n, one in numbered if one.validity.state == "not_yet"]
    for members in _by_day(coming, lambda one: one.validity.begins):
        yield "not_yet", words.not_yet, members


def _by_day(numbered: Numbered, day: Callable[[Evidence], date | None]) -> list[Members]:
    """What ends or begins on one day, together."""
    groups: dict[date | None, Members] = {}
    for number, one in numbered:
        groups.setdefault(day(one), []).append((number, one))
    return list(groups.values())


def _by_effect(numbered: Numbered) -> list[tuple[Effect, Members]]:
    """What one document has ended, together."""
    groups: dict[Effect, Members] = {}
    for number, one in numbered:
        if one.validity.ended:
            groups.setdefault(one.validity.ended, []).append((number, one))
    return list(groups.items())


def _warn(code: NoticeCode, form: str, members: Members, phrases: Phrases, sources: Mapping[str, int]) -> NoticeOut:
    first = members[0][1]
    effect = first.validity.ended
    told_in = [sources[effect.clause_id]] if effect and effect.clause_id in sources else []
    one_document = len({one.document.id for _, one in members}) == 1
    message = form.format(
        ends=_day(first.validity.ends),
        begins=_day(first.validity.begins),
        contact=contact_of(first, phrases) if one_document else phrases.notices.contact,
        newer=short_title(effect.title) if effect else "",
        day=_day(effect.day if effect else None),
        words=effect.text.strip() if effect else "",
        markers=markers(told_in),
    )
    return NoticeOut(code=code, message=message, citations=[*(number for number, _ in members), *told_in])


def _day(day: date | None) -> str:
    return format_date(day) if day else ""


def _blank(number: int, one: Evidence, phrases: Phrases) -> NoticeOut:
    subject = (one.blank.subject if one.blank else "") or one.clause.heading or one.clause.path[-1]
    message = phrases.notices.blank.format(subject=subject, contact=contact_of(one, phrases))
    return NoticeOut(code="blank", message=message, citations=[number])


def _subject(evidence: Sequence[Evidence], many: bool, again: bool, phrases: Phrases) -> str:
    """What a warning is about: the clause's own words, the place where documents of several are cited or the one's
    title is too long to be read first, the document.

    Args:
        evidence: what the warning is true of.
        many: whether the answer cites more than one document.
        again: whether a warning before has named the one document.
        phrases: how it is worded.
    """
    words, first = phrases.notices, evidence[0]
    by_clause = {one.validity.basis for one in evidence} != {
        first.document.period.text if first.document.period else None
    }
    if (
        first.validity.lapsed
        and not first.validity.ended
        and by_clause
        and len({one.document.id for one in evidence}) == 1
    ):
        return words.subject_clause.format(basis=first.validity.basis)
    title = short_title(first.document.title)
    names = dict.fromkeys(one.document.place.name for one in evidence if one.document.place)
    if many or (names and not again and len(title) > _LONG_TITLE):
        return words.subject_places.format(places="、".join(names))
    return words.subject_again if again else words.subject_document.format(title=title)


def short_title(title: str) -> str:
    """What people call a document, in title marks.

    The name inside 印发《…》的通知, without 征求意见稿, and without the issuer before 关于.
    """
    inner = _INNER_TITLE.search(title)
    name = _DRAFT_MARK.sub("", inner.group(1) if inner else title)
    return f"《{_ISSUER.sub('', name)}》"
