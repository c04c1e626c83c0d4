"""Whether what a clause says holds on a day: from the sentence's own dates to the document's period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.contract import ValidityState
from ingest.model import Clause, Document, Effect, EffectKind, LegalStatus, Period

# Of what ends a document: words that end it before those of a newer version.
_ENDING = (EffectKind.REPEALED_BY, EffectKind.SUPERSEDED_BY)


@dataclass(frozen=True, slots=True)
class Validity:
    """From when until when something holds (either may be open), and the words that say so."""

    state: ValidityState
    begins: date | None
    ends: date | None
    basis: str | None
    lapsed: bool  # the end has passed: also told of a draft, whose state is draft whatever the date
    ended: Effect | None = None  # what another document did that ended this one


def judge(document: Document, clause: Clause, quoted: Sequence[tuple[int, int]], as_of: date) -> Validity:
    """Judge the quoted parts of a clause on a day.

    A date in the text governs what it governs; the document's own period ends whatever has no end of its own.

    Args:
        document: the clause's document.
        clause: the clause.
        quoted: the characters of the clause that an answer rests on, as (start, end); empty for the whole of it.
        as_of: the day of asking.
    """
    own, whole = _governing(clause, quoted), document.period
    begins = _begin(own, document)
    ends = min((period.ends for period in own if period.ends), default=whole.ends if whole else None)
    return _validity(document, begins, ends, [*own, whole] if whole else own, as_of)


def judge_document(document: Document, as_of: date) -> Validity:
    """Judge a document as a whole on a day."""
    period = document.period
    return _validity(document, _begin((), document), period.ends if period else None, [period] if period else [], as_of)


def ending_of(document: Document) -> Effect | None:
    """What another document of the corpus does that ends this one; of several, the first."""
    effects = [effect for kind in _ENDING for effect in document.effects if effect.kind is kind]
    return min(effects, key=lambda effect: effect.day or date.min, default=None)


def is_replaced(document: Document, day: date) -> bool:
    """Whether on a day not this version of a document answers but another one of the corpus."""
    return any(
        (effect.kind is EffectKind.SUPERSEDED_BY and (effect.day or day) <= day)
        or (effect.kind is EffectKind.SUPERSEDES and (effect.day or day) > day)
        for effect in document.effects
    )


def is_repealed(document: Document, day: date) -> bool:
    """Whether a document is over on a day because it, its site or another document of the corpus says so."""
    effect = ending_of(document)
    over = effect is not None and (effect.day or day) <= day
    return document.status is LegalStatus.REPEALED or over


def legal_status(document: Document, day: date) -> LegalStatus:
    """A document's status on a day: as issued, until another one repeals it."""
    ending = ending_of(document)
    repealed = ending is not None and ending.kind is EffectKind.REPEALED_BY and (ending.day or day) <= day
    return LegalStatus.REPEALED if repealed else document.status


def _governing(clause: Clause, quoted: Sequence[tuple[int, int]]) -> list[Period]:
    """The periods that govern a quoted part; where the whole is meant, those that govern all of it."""
    if not quoted:
        return [p for p in clause.facts.periods if p.governs[0] <= 0 and p.governs[1] >= len(clause.text)]
    return [
        p for p in clause.facts.periods if any(p.governs[0] < end and start < p.governs[1] for start, end in quoted)
    ]


def _begin(own: Sequence[Period], document: Document) -> date | None:
    """The first day: that of the text's own words, though no sooner than the document commences; else of the issue."""
    stated = [period.begins for period in own if period.begins]
    commenced = [document.period.begins] if document.period and document.period.begins else []
    issued = [document.issued_on] if document.issued_on and not stated else []
    return max([*stated, *commenced, *issued], default=None)


def _validity(
    document: Document, begins: date | None, ends: date | None, stated: Sequence[Period], as_of: date
) -> Validity:
    ending = ending_of(document)
    last = ending.day - timedelta(days=1) if ending and ending.day else None
    if ending and last:
        stated = [Period(ending.text, 0, 0, None, last, (0, 0)), *stated]
        ends = min(ends or last, last)
    lapsed = ends is not None and as_of > ends
    basis = _basis(begins, ends, stated, as_of)
    over = ending if ends == last and (lapsed or not last) else None
    return Validity(_state(document, begins, ends, basis, as_of), begins, ends, basis, lapsed, over)


def _basis(begins: date | None, ends: date | None, stated: Sequence[Period], as_of: date) -> str | None:
    """The words that decide, verbatim: those of what is still to begin, else of what ends it, else of any period."""
    coming = [period for period in stated if begins and as_of < begins and period.begins == begins]
    ending = [period for period in stated if ends and period.ends == ends]
    return next((period.text for period in [*coming, *ending, *stated]), None)


def _state(document: Document, begins: date | None, ends: date | None, basis: str | None, as_of: date) -> ValidityState:
    if document.status is LegalStatus.DRAFT:
        return "draft"
    if is_repealed(document, as_of) or (ends and as_of > ends):
        return "expired"
    if begins and as_of < begins:
        return "not_yet"
    return "in_force" if basis else "unknown"
