"""Choose the sentences of a clause that answer: not the whole clause where one sentence will do."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.question import Aspect
from ingest.departments import strip_departments
from ingest.model import Clause, ClauseKind, Quantity
from ingest.sentences import Sentence, split_sentences
from ingest.words import bigrams, close_gaps, search_words

Encode = Callable[[list[str]], list[list[float]]]
RateWords = Callable[[str, Sequence[str]], list[float]]

WHOLE = 170  # characters of quotation for the clause that answers best
FURTHER = 90  # for each clause beside it, and where several places are answered for
_LIST_BUDGET = 240  # where a whole list was asked for; a table's rows may take more
_TABLE_BUDGET = 420
_LONG = 110  # characters; a longer sentence is cut at its semicolons
_LONGEST = 200  # characters; what is longer still is cut at commas: preambles, lists of tasks
_SEMICOLONS, _COMMAS = re.compile(r"[；;]|$"), re.compile(r"[，,]|$")
_NEXT = 0.66  # of the best sentence's score, from which another one is quoted too
_SHARED, _EACH_WORD = 2.0, 2.0  # weights beside the cosine's 1, chosen on the core questions of the evaluation
_ASPECT_BONUS = 0.075
_TERM_WORDS = re.compile(r"期限|内|前|以上|日起|工作日|个月|年底|月底")
_CONDITION_WORDS = re.compile(r"符合|条件|对.{2,40}的|满足|具有|具备|以上")
_PROCEDURE_WORDS = re.compile(r"申请|办理|提交|登记|窗口|网上|通过|平台|向.{2,12}申")


@dataclass(frozen=True, slots=True)
class _Scored:
    sentence: Sentence
    score: float


def select_sentences(
    question: str,
    aspects: frozenset[Aspect],
    clause: Clause,
    encode: Encode,
    rate_words: RateWords,
    budget: int = WHOLE,
) -> tuple[Sentence, ...]:
    """The sentences of a clause that answer a question, in the order of the clause; at least one.

    Args:
        question: one part of the question, made whole.
        aspects: what is asked for.
        clause: the clause that answers.
        encode: turns texts into vectors of length 1.
        rate_words: how well the words of the question are met by those of each text.
        budget: characters to quote; the best sentence is quoted however long, a whole list as well.
    """
    pieces = pieces_of(clause)
    scored = _score(question, aspects, clause, pieces, encode, rate_words)
    best = max(one.score for one in scored)
    listed = Aspect.LIST in aspects and Aspect.DEPARTMENT not in aspects  # departments are listed by themselves
    if clause.kind is ClauseKind.TABLE:
        budget = _TABLE_BUDGET
    elif listed and budget == WHOLE:
        budget = _LIST_BUDGET
    chosen: list[Sentence] = []
    for one in sorted(scored, key=lambda one: -one.score):
        used = sum(len(sentence.text) for sentence in chosen)
        near = one.score >= best * _NEXT or (clause.kind is ClauseKind.TABLE and listed)
        if not chosen or (near and used + len(one.sentence.text) <= budget):
            chosen.append(one.sentence)
    return tuple(sorted(chosen, key=lambda sentence: sentence.start))


def pieces_of(clause: Clause) -> list[Sentence]:
    """What of a clause can be quoted, in its order.

    Sentences without headings and brackets of departments, long ones cut at semicolons; rows and members whole.
    """
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
    """A long sentence at its semicolons; what is still very long at commas, as evenly as these stand."""
    if len(sentence.text) <= _LONG:
        return [sentence]
    parts = _split(sentence, _SEMICOLONS)
    return [
        piece for part in parts for piece in (_gather(_split(part, _COMMAS)) if len(part.text) > _LONGEST else [part])
    ]


def _split(sentence: Sentence, separators: re.Pattern[str]) -> list[Sentence]:
    pieces, start = [], 0
    for match in separators.finditer(sentence.text):
        text = sentence.text[start : match.end()]
        if text.strip():
            pieces.append(Sentence(text, sentence.start + start, sentence.start + match.end()))
        start = match.end()
    return pieces


def _gather(pieces: Sequence[Sentence]) -> list[Sentence]:
    """Neighbours together up to a length that can be read."""
    gathered: list[Sentence] = []
    for piece in pieces:
        last = gathered[-1] if gathered else None
        if last and piece.end - last.start <= _LONG:
            gathered[-1] = Sentence(last.text + piece.text, last.start, piece.end)
        else:
            gathered.append(piece)
    return gathered


def _score(
    question: str,
    aspects: frozenset[Aspect],
    clause: Clause,
    pieces: Sequence[Sentence],
    encode: Encode,
    rate_words: RateWords,
) -> list[_Scored]:
    """How near each piece is to the question: as a whole, word by word, by shared words, by the fact asked for."""
    texts = [close_gaps(piece.text) for piece in pieces]
    vectors = np.array(encode([question, *texts]))
    signals = zip(vectors[1:] @ vectors[0], _shared(question, texts), rate_words(question, texts), strict=True)
    return [
        _Scored(
            piece,
            float(near)
            + _SHARED * shared
            + _EACH_WORD * each_word
            + _bonus(piece, aspects, clause.facts.quantities)
            + _role_bonus(question, piece, clause),
        )
        for piece, (near, shared, each_word) in zip(pieces, signals, strict=True)
    ]


def _shared(question: str, texts: Sequence[str]) -> list[float]:
    """The share of a question's words that stand in each text; a word that stands in few of them counts for more."""
    terms = [set(search_words(text)) | set(bigrams(text)) for text in texts]
    asked = set(search_words(question)) | set(bigrams(question))
    weights = {term: 1 / (1 + sum(term in other for other in terms)) for term in asked}
    total = sum(weights.values()) or 1.0
    return [sum(weights[term] for term in asked & told) / total for told in terms]


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
