"""Choose the sentences of a clause that answer: not the whole clause where one sentence will do."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.asked_figure import NAMED, share_of_blank
from bot.question import Aspect
from ingest.departments import strip_departments
from ingest.model import Blank, Clause, ClauseKind, Quantity
from ingest.sentences import Sentence, split_sentences
from ingest.words import bigrams, close_gaps, search_words

Encode = Callable[[list[str]], list[list[float]]]

_BUDGET = 170  # characters of quotation for one clause
_LIST_BUDGET = 420  # where a whole list was asked for
_LONG = 110  # characters; a longer sentence is cut at its semicolons
_NEXT = 0.6  # of the best sentence's score, from which another one is quoted too
_ASPECT_BONUS = 0.15
_TERM_WORDS = re.compile(r"期限|内|前|以上|日起|工作日|个月|年底|月底")
_CONDITION_WORDS = re.compile(r"符合|条件|对.{2,40}的|满足|具有|具备|以上")
_PROCEDURE_WORDS = re.compile(r"申请|办理|提交|登记|窗口|网上|通过|平台|向.{2,12}申")


@dataclass(frozen=True, slots=True)
class _Scored:
    sentence: Sentence
    score: float


def select_sentences(question: str, aspects: frozenset[Aspect], clause: Clause, encode: Encode) -> tuple[Sentence, ...]:
    """The sentences of a clause that answer a question, in the order of the clause; at least one.

    Args:
        question: one part of the question, made whole.
        aspects: what is asked for.
        clause: the clause that answers.
        encode: turns texts into vectors of length 1.
    """
    pieces = _pieces(clause)
    scored = _score(question, aspects, clause, pieces, encode)
    best = max(one.score for one in scored)
    budget = _LIST_BUDGET if Aspect.LIST in aspects or clause.kind is ClauseKind.TABLE else _BUDGET
    chosen: list[Sentence] = []
    for one in sorted(scored, key=lambda one: -one.score):
        used = sum(len(sentence.text) for sentence in chosen)
        near = one.score >= best * _NEXT or (clause.kind is ClauseKind.TABLE and Aspect.LIST in aspects)
        if not chosen or (near and used + len(one.sentence.text) <= budget):
            chosen.append(one.sentence)
    return tuple(sorted(chosen, key=lambda sentence: sentence.start))


def find_blank(question: str, clause: Clause, sentences: Sequence[Sentence]) -> Blank | None:
    """The figure that a question asks for and that the chosen sentences leave open, if there is one."""
    inside = [b for b in clause.facts.blanks if any(one.start <= b.start < one.end for one in sentences)]
    best = max(inside, key=lambda blank: share_of_blank(question, blank), default=None)
    return best if best and share_of_blank(question, best) >= NAMED else None


def _pieces(clause: Clause) -> list[Sentence]:
    """Sentences without headings and brackets of departments; long ones cut at semicolons; rows and members whole."""
    if clause.kind is ClauseKind.TABLE:
        return [Sentence(part.text, part.start, part.end) for part in clause.parts] or split_sentences(clause.text)
    pieces: list[Sentence] = []
    for sentence in split_sentences(clause.text):
        text = strip_departments(sentence.text)
        if text and not _is_heading(text, clause):
            pieces += _cut(
                Sentence(text, sentence.start, sentence.start + len(text))
                if sentence.text.startswith(text)
                else sentence
            )
    return pieces or split_sentences(clause.text)


def _is_heading(text: str, clause: Clause) -> bool:
    bare = text.rstrip("。：:")
    return bool(clause.heading) and bare.endswith(clause.heading) and len(bare) <= len(clause.heading) + 6


def _cut(sentence: Sentence) -> list[Sentence]:
    if len(sentence.text) <= _LONG:
        return [sentence]
    pieces, start = [], 0
    for match in re.finditer(r"[；;]|$", sentence.text):
        text = sentence.text[start : match.end()]
        if text.strip():
            pieces.append(Sentence(text, sentence.start + start, sentence.start + match.end()))
        start = match.end()
    return pieces


def _score(
    question: str, aspects: frozenset[Aspect], clause: Clause, pieces: Sequence[Sentence], encode: Encode
) -> list[_Scored]:
    """How near each piece is to the question: by vectors, by rare shared words, by the kind of fact asked for."""
    texts = [close_gaps(piece.text) for piece in pieces]
    vectors = np.array(encode([question, *texts]))
    near = vectors[1:] @ vectors[0]
    terms = [set(search_words(text)) | set(bigrams(text)) for text in texts]
    asked = set(search_words(question)) | set(bigrams(question))
    weights = {term: 1 / (1 + sum(term in other for other in terms)) for term in asked}
    total = sum(weights.values()) or 1.0
    scored = []
    for number, piece in enumerate(pieces):
        shared = sum(weights[term] for term in asked & terms[number]) / total
        bonus = _bonus(piece, aspects, clause.facts.quantities) + _role_bonus(question, piece, clause)
        scored.append(_Scored(piece, float(near[number]) + 2 * shared + bonus))
    return scored


def _role_bonus(question: str, piece: Sentence, clause: Clause) -> float:
    """Who has the role that was asked for: 组长是谁; 副组长 is another role."""
    roles = {part.header for part in clause.parts if part.kind == "member" and part.start == piece.start}
    return float(any(re.search(rf"(?<!副){re.escape(role)}", question) for role in roles if role))


def _bonus(piece: Sentence, aspects: frozenset[Aspect], quantities: Sequence[Quantity]) -> float:
    kinds = {quantity.kind for quantity in quantities if piece.start <= quantity.start < piece.end}
    hits = (
        (Aspect.AMOUNT in aspects and bool(kinds & {"amount", "percentage", "count"})),
        (Aspect.TERM in aspects and ("term" in kinds or bool(_TERM_WORDS.search(piece.text)))),
        (Aspect.CONDITION in aspects and bool(_CONDITION_WORDS.search(piece.text))),
        (Aspect.PROCEDURE in aspects and bool(_PROCEDURE_WORDS.search(piece.text))),
        (Aspect.LIST in aspects and piece.text.count("、") >= 2),
    )
    return _ASPECT_BONUS * sum(hits)
