"""Facets of a search: by which values a clause can be filtered, and how many clauses have each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.contract import Badge, Facets, FacetValue, ValidityState
from bot.describe import badge_of
from bot.ports import SearchQuery
from bot.retrieve import Found
from bot.validity import judge, legal_status
from ingest.model import LegalStatus

_SHOWN = 8  # values of a facet; more would not be read
_NEAR = 0.3  # share of the best clause's strength: below it stands what vectors find for any text


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause that was found, with its document's status and whether it holds on the day that was asked about."""

    found: Found
    status: LegalStatus
    state: ValidityState

    @property
    def badge(self) -> Badge:
        """The state as it is shown."""
        return badge_of(self.status.value, self.state)


def judge_hits(found: Iterable[Found], as_of: date) -> list[Hit]:
    """Clauses with their state on a day, in the same order."""
    return [
        Hit(one, legal_status(one.document, as_of), judge(one.document, one.clause, (), as_of).state) for one in found
    ]


def keep_near(found: Sequence[Found], terms: Sequence[str]) -> list[Found]:
    """Clauses without the tail that has next to nothing of what was asked: it would blur every count.

    Of several terms that were typed apart, those clauses come first that hold all of them to the letter.
    """
    near = [one for one in found if one.strength >= _NEAR * found[0].strength]
    return sorted(near, key=lambda one: any(term not in one.clause.text for term in terms)) if len(terms) > 1 else near


def passes(hit: Hit, query: SearchQuery) -> bool:
    """Whether a clause passes every filter but the place's, which the search itself has applied."""
    clause = hit.found.clause
    return not (
        (query.topic and query.topic not in clause.topics)
        or (query.department and not any(query.department in one.name for one in clause.facts.departments))
        or (query.audience and query.audience not in {one.name for one in clause.facts.audiences})
        or (query.status and hit.status is not LegalStatus(query.status))
        or (query.state and hit.badge != query.state)
        or (query.valid_on and hit.state not in ("in_force", "unknown"))
    )


def count_facets(hits: Sequence[Hit], query: SearchQuery) -> Facets:
    """The values of each filter; a filter does not narrow its own values, so that one can go over to another."""
    names = {_path(one.found): place.name for one in hits if (place := one.found.document.place)}
    return Facets(
        place=_count(hits, query, lambda one: {_path(one.found)} - {""}, None, names),
        topic=_count(hits, replace(query, topic=None), lambda one: one.found.clause.topics, query.topic),
        department=_count(
            hits,
            replace(query, department=None),
            lambda one: {each.name for each in one.found.clause.facts.departments},
            query.department,
        ),
        audience=_count(
            hits,
            replace(query, audience=None),
            lambda one: {each.name for each in one.found.clause.facts.audiences},
            query.audience,
        ),
        state=_count(hits, replace(query, state=None), lambda one: {one.badge}, query.state),
    )


def _path(found: Found) -> str:
    """The full name of the document's place: several places may share the short one."""
    return "".join(found.document.place.path) if found.document.place else ""


def _count(
    hits: Sequence[Hit],
    query: SearchQuery,
    values_of: Callable[[Hit], Iterable[str]],
    chosen: str | None,
    names: Mapping[str, str] | None = None,
) -> list[FacetValue]:
    """The most frequent values of the hits that pass; the chosen one is always among them."""
    counts = Counter(value for hit in hits if passes(hit, query) for value in values_of(hit))
    ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    shown = ranked[:_SHOWN]
    if chosen and chosen not in dict(shown):
        shown.append((chosen, counts[chosen]))
    labels = names or {}
    return [FacetValue(value=value, label=labels.get(value, value), count=count) for value, count in shown]
