"""Decide whether what was found is a basis for an answer, and which clauses it rests on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot.asked_figure import NAMED, share_of_figure
from bot.question import Aspect
from bot.retrieve import Found
from ingest.settings import Settings
from ingest.topics import TopicMatch

# Weights of the signals (see _signals), and the constant, fitted by logistic regression on the evaluation's questions.
_BASIS = ((3.6, 2.2, 2.0, -1.2, -3.2, -2.3), -0.8)
_DOMAIN = ((2.8, 2.7, 3.2, 4.1, -5.0), -3.1)  # of the first four, and of how near the question is to what is no policy
_TOPIC = 3  # where the score of the question's best topic stands among the signals
_SAME_TOPIC = 0.55  # a topic that question and clause share as clearly as this
_PLAINLY_OFF = 0.7  # a question as near as this to what is no policy, and nearer than to any topic, is none


@dataclass(frozen=True, slots=True)
class Choice:
    """The clauses that answer a text, and those that were rejected, with the reason."""

    chosen: tuple[Found, ...]
    rejected: tuple[tuple[Found, str], ...]
    confidence: float  # between 0 and 1: how sure it is that the best clause covers what was asked


def choose(
    text: str,
    found: Sequence[Found],
    elsewhere: Sequence[Found],
    topics: Sequence[TopicMatch],
    aspects: frozenset[Aspect],
    settings: Settings,
) -> Choice:
    """Choose the clauses that answer a question or a part of one; none if nothing here covers it.

    Args:
        text: the question or the part, made whole.
        found: clauses that apply, best first.
        elsewhere: the best clauses of the whole corpus: a far better one there says that it is not covered here.
        topics: the text's topics, best first.
        aspects: what the question wants to know.
        settings: thresholds.
    """
    if not found:
        return Choice((), (), 0.0)
    confidence = basis_score(text, found[0], elsewhere, topics)
    if found[0].topic >= _SAME_TOPIC and _holds_fact(found[0], aspects) == 1.0:
        confidence = max(
            confidence, settings.basis_threshold
        )  # on the topic, with the fact: better words elsewhere or not
    if confidence < settings.basis_threshold:
        return Choice((), tuple((one, "no_basis") for one in found), confidence)
    floor = found[0].score * settings.company_ratio
    wanted = _holds_fact(found[0], aspects)  # then another clause that lacks the fact asked for adds nothing
    chosen = [
        one
        for one in found[: settings.clauses_per_part]
        if one is found[0] or (one.score >= floor and (_holds_fact(one, aspects) or not wanted))
    ]
    rejected = tuple((one, "weaker") for one in found if one not in chosen)
    return Choice(tuple(chosen), rejected, confidence)


def prefer_facts(found: Sequence[Found], text: str, aspects: frozenset[Aspect], settings: Settings) -> list[Found]:
    """The same clauses, those nearer the front that hold the kind of fact, or the very figure, that was asked for."""

    def strength(one: Found) -> float:
        share = share_of_figure(text, one.clause) if Aspect.AMOUNT in aspects else 0.0
        figure = settings.figure_bonus * share if share >= NAMED else 0.0
        return one.score + settings.fact_bonus * _holds_fact(one, aspects) + figure

    return sorted(found, key=strength, reverse=True)


def _holds_fact(found: Found, aspects: frozenset[Aspect]) -> float:
    """Whether a clause holds the kind of fact that was asked for: 1 if so, a half for a rate where money was."""
    facts = found.clause.facts
    kinds = {quantity.kind for quantity in facts.quantities}
    if Aspect.MONEY in aspects:
        return 1.0 if "amount" in kinds else 0.5 if "percentage" in kinds else 0.0
    if Aspect.AMOUNT in aspects:
        return float(bool(kinds & {"amount", "percentage", "count"} or facts.blanks))
    if Aspect.TERM in aspects:
        return float(bool(kinds & {"term", "deadline"} or facts.periods))
    return 0.0


def basis_score(text: str, best: Found, elsewhere: Sequence[Found], topics: Sequence[TopicMatch]) -> float:
    """How sure it is that a clause covers a question: a logistic model of a handful of signals."""
    return _logistic(_BASIS, _signals(text, best, elsewhere, topics))


def domain_score(text: str, elsewhere: Sequence[Found], topics: Sequence[TopicMatch], off_topic: float) -> float:
    """How sure it is that a question is about policy at all, wherever.

    Args:
        text: the question, made whole.
        elsewhere: the best clauses of the whole corpus.
        topics: the question's topics, best first.
        off_topic: how near it is to what is no policy, from 0 to 1.
    """
    signals = _signals(text, elsewhere[0], elsewhere, topics) if elsewhere else ()
    if not signals or (off_topic >= _PLAINLY_OFF and off_topic > signals[_TOPIC]):
        return 0.0
    return _logistic(_DOMAIN, (*signals[:4], off_topic))


def _signals(text: str, best: Found, elsewhere: Sequence[Found], topics: Sequence[TopicMatch]) -> tuple[float, ...]:
    """The clause by vectors, words and topic; the question's best topic; how much nearer clauses elsewhere are."""
    topic = topics[0].score if topics else 0.0
    words = best.words / max(1, len(text))
    widest = max((one.similarity for one in elsewhere), default=best.similarity)
    shared = max((one.topic for one in elsewhere), default=best.topic)
    return best.similarity, min(words, 3.0), best.topic, topic, widest - best.similarity, shared - best.topic


def _logistic(model: tuple[tuple[float, ...], float], signals: Sequence[float]) -> float:
    weights, constant = model
    return 1 / (1 + math.exp(-sum(w * s for w, s in zip(weights, signals, strict=True)) - constant))
