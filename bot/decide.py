"""Decide whether what was found is a basis for an answer, and which clauses it rests on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.about_document import clauses_about
from bot.asked_figure import NAMED, share_of_figure
from bot.question import Aspect
from bot.retrieve import Found
from ingest.model import ClauseKind
from ingest.settings import Settings
from ingest.topics import TopicMatch

# Weights and constant of a logistic model, fitted on the core questions of the evaluation alone: of the best score
# anywhere, of the best topic's, of how near to what is no policy.
_DOMAIN = ((7.3, 9.3, -5.3), -4.99)
_PLAINLY_OFF = 0.7  # a question as near as this to what is no policy, and nearer than to any topic, is none


@dataclass(frozen=True, slots=True)
class Choice:
    """The clauses that answer a text, and those that were rejected, with the reason."""

    chosen: tuple[Found, ...]
    rejected: tuple[tuple[Found, str], ...]
    # Between 0 and 1: how sure it is that the best clause covers what was asked; where that was not enough, at most.
    confidence: float


def choose(
    found: Sequence[Found],
    confidence: float,
    aspects: frozenset[Aspect],
    settings: Settings,
    at_least: float = 0.0,
) -> Choice:
    """Choose the clauses that answer a question or a part of one; none if nothing here covers it.

    Args:
        found: clauses that apply to a question or a part of one, best first; at least one.
        confidence: how sure it is that the first covers it, from 0 to 1.
        aspects: what the question wants to know.
        settings: thresholds.
        at_least: how sure it must be, where that is more than the threshold.
    """
    if confidence < max(settings.basis_threshold, at_least):
        return Choice((), tuple((one, "no_basis") for one in found), confidence)
    floor = found[0].strength * settings.company_ratio
    wanted = holds_fact(found[0], aspects)  # then another clause that lacks the fact asked for adds nothing
    chosen = [
        one
        for one in found[: settings.clauses_per_part]
        if one is found[0] or (one.strength >= floor and (holds_fact(one, aspects) or not wanted))
    ]
    rejected = tuple((one, "weaker") for one in found if one not in chosen)
    return Choice(tuple(chosen), rejected, confidence)


def prefer_facts(
    found: Sequence[Found],
    text: str,
    aspects: frozenset[Aspect],
    settings: Settings,
    kinds: Mapping[ClauseKind, float] | None = None,
) -> list[Found]:
    """The same clauses, those nearer the front that hold what was asked for.

    That is the kind of fact, the very figure, or, where the document itself was asked about, one of its `kinds`.
    """
    wanted = kinds or {}
    about = {clause.id: wanted[clause.kind] for clause in clauses_about([one.clause for one in found], wanted)}

    def bonus(one: Found) -> float:
        share = share_of_figure(text, one.clause) if Aspect.AMOUNT in aspects else 0.0
        figure = settings.figure_bonus * share if share >= NAMED else 0.0
        document = settings.document_bonus * about.get(one.clause.id, 0.0)
        return settings.fact_bonus * holds_fact(one, aspects) + figure + document

    return sorted((replace(one, bonus=bonus(one)) for one in found), key=lambda one: -one.strength)


def holds_fact(found: Found, aspects: frozenset[Aspect]) -> float:
    """How much of the kind of fact asked for a clause holds: 1, nothing, or a half for a rate where money was."""
    facts = found.clause.facts
    kinds = {quantity.kind for quantity in facts.quantities}
    if Aspect.MONEY in aspects:
        return 1.0 if "amount" in kinds else 0.5 if "percentage" in kinds else 0.0
    if Aspect.AMOUNT in aspects:
        table = found.clause.kind is ClauseKind.TABLE  # the heads of its columns have the units of its figures
        return float(bool(kinds & {"amount", "percentage", "count"} or facts.blanks or table))
    if Aspect.TERM in aspects:
        return float(bool(kinds & {"term", "deadline"} or facts.periods))
    return 0.0


def domain_score(elsewhere: Sequence[Found], topics: Sequence[TopicMatch], off_topic: float) -> float:
    """How sure it is that a question is about policy at all, wherever.

    Args:
        elsewhere: the best clauses of the whole corpus.
        topics: the question's topics, best first.
        off_topic: how near it is to what is no policy, from 0 to 1.
    """
    score = max((one.score for one in elsewhere), default=0.0)
    topic = topics[0].score if topics else 0.0
    if not elsewhere or off_topic >= max(_PLAINLY_OFF, topic):
        return 0.0
    return _logistic(_DOMAIN, (score, topic, off_topic))


def _logistic(model: tuple[tuple[float, ...], float], signals: Sequence[float]) -> float:
    weights, constant = model
    return 1 / (1 + math.exp(-sum(w * s for w, s in zip(weights, signals, strict=True)) - constant))
