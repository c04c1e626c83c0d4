"""What was asked of a matter and what the cited clauses tell of it: a figure, a department, until when, a number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from bot.aspects import read_aspects
from bot.evidence import Evidence
from bot.question import Aspect, Question
from ingest.model import ClauseKind, Quantity

_FIGURE = re.compile(r"\d")  # of a table's row, whose unit stands in the head
_WHOLE_OR_HALF = re.compile(r"减半|半价|全额|免费|免[收征除缴交]|全免|零成本")  # a figure in words
_WHEN = re.compile(r"[\d一二三四五六七八九十]\s*月|每年|每月|年底|季度|\d日前")  # a time that is no term: 每年9月份
_MONEY = frozenset({"amount", "percentage"})
_FIGURES = frozenset({*_MONEY, "count"})
_TERMS = frozenset({"term", "deadline"})


def read_told(question: Question, evidence: Sequence[Evidence]) -> tuple[tuple[Aspect, ...], tuple[Aspect, ...]]:
    """The aspects asked for that the clauses tell, and those that they do not; each kind of thing once.

    Whether conditions and procedures are told nobody can tell from facts: they count as told.
    """
    asked = _asked(question)
    untold = tuple(aspect for aspect in asked if aspect in _TELLS and not _TELLS[aspect](question, evidence))
    return tuple(aspect for aspect in asked if aspect not in untold), untold


def _asked(question: Question) -> list[Aspect]:
    """What was asked for, each thing once: 补多少 is money and an amount, 什么时候截止 an end and a term."""
    aspects = set(question.aspects) & {*_TELLS, Aspect.PROCEDURE, Aspect.CONDITION}
    if Aspect.CONDITION not in read_aspects(question.text.replace("标准", "")) and Aspect.AMOUNT in aspects:
        aspects.discard(Aspect.CONDITION)  # 补助标准是什么 asks for a figure
    if Aspect.VALIDITY in aspects:
        aspects.discard(Aspect.TERM)
    return sorted(aspects)


def _tells_amount(question: Question, evidence: Sequence[Evidence]) -> bool:
    kinds = _MONEY if Aspect.MONEY in question.aspects else _FIGURES | _TERMS
    return (
        any(quantity.kind in kinds for quantity in _quantities(evidence))
        or any(one.clause.facts.blanks for one in evidence)
        or any(_WHOLE_OR_HALF.search(one.quote) for one in evidence)
        or any(one.clause.kind is ClauseKind.TABLE and _FIGURE.search(one.quote) for one in evidence)
    )


def _tells_department(_: Question, evidence: Sequence[Evidence]) -> bool:
    return any(one.clause.facts.departments for one in evidence)


def _tells_end(_: Question, evidence: Sequence[Evidence]) -> bool:
    return any(one.validity.ends for one in evidence)


def _tells_term(_: Question, evidence: Sequence[Evidence]) -> bool:
    return (
        any(quantity.kind in _TERMS for quantity in _quantities(evidence))
        or any(one.clause.facts.periods for one in evidence)
        or any(_WHEN.search(one.quote) for one in evidence)
    )


def _tells_number(_: Question, evidence: Sequence[Evidence]) -> bool:
    return any(one.document.number for one in evidence)


def _quantities(evidence: Iterable[Evidence]) -> list[Quantity]:
    return [quantity for one in evidence for quantity in one.clause.facts.quantities]


_TELLS: dict[Aspect, Callable[[Question, Sequence[Evidence]], bool]] = {
    Aspect.AMOUNT: _tells_amount,
    Aspect.DEPARTMENT: _tells_department,
    Aspect.VALIDITY: _tells_end,
    Aspect.TERM: _tells_term,
    Aspect.NUMBER: _tells_number,
}
