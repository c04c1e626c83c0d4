"""Consider one text in one place: the clauses that can answer it, how sure that is, and which are chosen."""

from __future__ import annotations

from collections.abc import Sequence

from bot.basis import basis_score
from bot.decide import Choice, choose, prefer_facts
from bot.question import Aspect
from bot.resources import Resources
from bot.retrieve import Found
from ingest.model import ClauseKind, Place

_ELSEWHERE = 3  # clauses of the whole corpus, to compare those that apply with
_SPARE = 5  # clauses that may be titles, numbers or signatures: they tell about the document, not about a measure
_ABOUT_DOCUMENT = frozenset({ClauseKind.TITLE, ClauseKind.NUMBER, ClauseKind.ADDRESSEE, ClauseKind.SIGNATURE})


def consider(
    text: str, place: Place, aspects: frozenset[Aspect], resources: Resources, at_least: float = 0.0
) -> Choice:
    """The clauses that answer a question or a part of one in one place; none chosen where nothing there covers it.

    Args:
        text: the question, made whole, or the part.
        place: where a clause must apply.
        aspects: what the question wants to know.
        resources: what finding needs.
        at_least: how sure it must be, where that is more than for a question as a whole.
    """
    found = retrieve(text, place.chain, resources.settings.results, aspects, resources)
    return choose_among(found, text, aspects, resources, at_least)


def choose_among(
    found: Sequence[Found], text: str, aspects: frozenset[Aspect], resources: Resources, at_least: float = 0.0
) -> Choice:
    """The same of clauses that were found already, best first."""
    if not found:
        return Choice((), (), 0.0)
    confidence = basis_score(text, found[0], (), resources.finder)
    if confidence >= at_least:  # else what fits better elsewhere, which is another search, changes nothing
        confidence = basis_score(text, found[0], best_anywhere(text, resources), resources.finder)
    return choose(found, confidence, aspects, resources.settings, at_least)


def retrieve(
    text: str, place_codes: Sequence[str] | None, limit: int, aspects: frozenset[Aspect], resources: Resources
) -> list[Found]:
    """Clauses that can answer, those first that hold the kind of fact that was asked for."""
    found = resources.finder.find(
        text, place_codes=place_codes, limit=limit + _SPARE, topics=resources.finder.topics_of(text)
    )
    told = [one for one in found if one.clause.kind not in _ABOUT_DOCUMENT][:limit]
    return prefer_facts(told, text, aspects, resources.settings)


def best_anywhere(text: str, resources: Resources) -> list[Found]:
    """The best clauses of the whole corpus."""
    return retrieve(text, None, _ELSEWHERE, frozenset(), resources)
