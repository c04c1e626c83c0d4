"""Retrieve and decide: for each place that was asked about, the clauses and sentences that an answer rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce

from bot.about_document import wanted_kinds
from bot.basis import basis_score
from bot.consider import best_anywhere, choose_among, consider, retrieve
from bot.decide import Choice, domain_score, holds_fact
from bot.evidence import Evidence, Finding
from bot.follow_up import only_asks
from bot.gather import quote_found, readable, with_document
from bot.listed import with_lists
from bot.matter import is_beside, keep_same_matter, likely_topics, meant_topics
from bot.premise import judge_premises
from bot.question import Aspect, Question
from bot.quote import merge
from bot.resources import Resources
from bot.retrieve import Found
from bot.select import FURTHER, WHOLE
from bot.untold import read_told
from ingest.model import Place

_WIDE = 30  # clauses looked at where no place is known: enough to meet every place
_REFERENCES = 3  # clauses of the whole corpus: the best is a reference if it is a basis in its place
_MAIN_TOPICS = 1  # of a clause: what it is about before all else
_PIECES = 6  # of one question that are looked at by themselves


def find(question: Question, resources: Resources) -> list[Finding]:
    """What was found for each place asked about; for every place that says something where none was."""
    findings = (
        [_find_for(question, place, resources) for place in question.places]
        if question.places
        else _find_everywhere(question, resources)
    )
    if len(question.places) == 1:  # where places are compared, each row says what is written there
        findings = [_with_premises(question, findings[0], resources)]
    compared = keep_same_matter(question, findings, resources)
    return [_told(question, finding) for finding in compared if finding.covered or question.places]


def _with_premises(question: Question, finding: Finding, resources: Resources) -> Finding:
    """With what the question takes for granted; that nothing here grants it speaks against a basis that is not sure."""
    judged = judge_premises(question, finding, resources)
    topics = meant_topics(question.topics)
    sure = (finding.confidence or 0.0) >= resources.settings.piece_threshold
    on_matter = any(not topics.isdisjoint(one.clause.topics) for one in judged.evidence)
    denied = any(one.unsaid or not one.here for one in judged.premises)
    return replace(judged, evidence=()) if denied and not sure and not on_matter else judged


def _told(question: Question, finding: Finding) -> Finding:
    told, untold = read_told(question, finding.evidence) if finding.covered else ((), ())
    return replace(finding, told=told, untold=untold, missing=finding.missing if finding.covered else ())


def is_about_policy(question: Question, resources: Resources) -> bool:
    """Whether a question is about policy, or about a document of the corpus, at all."""
    if question.courtesy:
        return False
    if wanted_kinds(question):
        return True
    text = question.whole
    score = domain_score(best_anywhere(text, resources), question.topics, resources.finder.off_topic(text))
    return score >= resources.settings.domain_threshold


def nearest_elsewhere(question: Question, resources: Resources) -> list[Evidence]:
    """What another place says on the same matter, to be shown as a reference, if it is a basis there."""
    text = question.whole
    found = retrieve(text, None, _REFERENCES, question.aspects, resources)
    if found and basis_score(text, found[0], found, resources.finder) >= resources.settings.piece_threshold:
        return [quote_found(found[0], question, text, resources, FURTHER)]
    return []


def _find_for(question: Question, place: Place, resources: Resources) -> Finding:
    """The question as a whole first, then each of its parts: a part may ask for another clause, or for none."""
    surely = resources.settings.piece_threshold
    whole = consider(question.whole, place, question.aspects, resources)
    parts = {
        part: consider(part, place, question.aspects, resources, surely)
        for part in (question.parts if len(question.parts) > 1 else ())
    }
    based = [whole, *(choice for choice in parts.values() if choice.chosen)]
    missing = [part for part, choice in parts.items() if not choice.chosen and _own_topic(part, resources)]
    evidence = _gather(question, place, whole, parts, resources)
    none_by_itself = bool(parts) and len(missing) == len(parts)
    if whole.confidence < surely and (none_by_itself or wanted_kinds(question)):
        evidence = []  # the document itself was asked about, and no measure in it; or each part about another matter
    evidence = with_document(question, place, with_lists(evidence, question, resources), resources)
    return Finding(
        place,
        tuple(evidence),
        tuple(missing) if evidence and not none_by_itself else (),  # what answers the whole answers its parts
        tuple(pair for choice in (whole, *parts.values()) for pair in _considered(choice)),
        max(choice.confidence for choice in based),
    )


def _gather(
    question: Question, place: Place, whole: Choice, parts: Mapping[str, Choice], resources: Resources
) -> list[Evidence]:
    """What answers the question as a whole, then each of its parts, then each piece on a topic of its own."""
    chosen = {one.clause.id: (one, [question.whole]) for one in whole.chosen}
    for part, choice in parts.items():
        for one in choice.chosen[:1]:
            chosen.setdefault(one.clause.id, (one, []))[1].append(part)
    told = _topics_told(question, [one for one, _ in chosen.values()])
    for one, piece in _of_pieces(question, place, told, resources) if chosen else ():
        chosen.setdefault(one.clause.id, (one, [piece]))
    first = WHOLE if len(question.places) == 1 else FURTHER
    quoted = []
    for number, (one, texts) in enumerate(chosen.values()):
        budget = FURTHER if number else first
        each = [quote_found(one, question, text, resources, budget if text == texts[0] else FURTHER) for text in texts]
        quoted.append(reduce(lambda before, other: merge(before, other, question), each))
    return readable(quoted)


def _topics_told(question: Question, chosen: Sequence[Found]) -> set[str]:
    """The topics that clauses answer: what each is about before all else, and those that were asked about."""
    asked = likely_topics(question.topics)
    return {
        topic
        for one in chosen
        for number, topic in enumerate(one.clause.topics)
        if number < _MAIN_TOPICS or topic in asked
    }


def _considered(choice: Choice) -> list[tuple[Found, str]]:
    """What became of each clause that was found."""
    return [*((one, "cited") for one in choice.chosen), *choice.rejected]


def _of_pieces(question: Question, place: Place, told: set[str], resources: Resources) -> Iterator[tuple[Found, str]]:
    """The best clause of each piece that has a topic of its own: 房租和检验费各怎么优惠 asks for two clauses.

    `told` are the topics that are answered already.
    """
    for piece in question.pieces[:_PIECES]:
        topic = None if only_asks(piece) else _own_topic(piece, resources)
        if topic and topic not in told:
            choice = consider(piece, place, question.aspects, resources, resources.settings.piece_threshold)
            if choice.chosen:
                yield choice.chosen[0], piece


def _own_topic(part: str, resources: Resources) -> str | None:
    """The topic of a part, if it has one so clearly that it asks for something of its own."""
    topics = resources.finder.topics_of(part)
    clear = topics and topics[0].score >= resources.settings.own_topic
    return topics[0].topic.name if clear else None


def _find_everywhere(question: Question, resources: Resources) -> list[Finding]:
    """No place is known: the best clause of each place that has a basis, best place first."""
    kept: dict[str, dict[str, Evidence]] = {}
    considered: list[tuple[Found, str]] = []
    for text in dict.fromkeys((question.whole, *question.parts)):
        found = retrieve(text, None, _WIDE, question.aspects, resources)
        topics = resources.finder.topics_of(text)
        for code, of_place in _by_place(found).items():
            choice = choose_among(of_place, text, question.aspects, resources)
            one = _telling(choice.chosen or of_place[:1], question.aspects)
            # Some place's clause is always the best one anywhere: on none of the question's topics, it must be as sure
            # as one for a part of a question has to be.
            sure = choice.confidence >= resources.settings.piece_threshold or not is_beside(one, topics)
            based = bool(choice.chosen) and sure
            considered.append((one, "cited" if based else "no_basis"))
            if based:
                kept.setdefault(code, {})[one.clause.id] = quote_found(one, question, text, resources, FURTHER)
    codes = list(kept)[: resources.settings.places_listed]
    findings = [_of_code(code, list(kept[code].values()), question, resources) for code in codes]
    return [replace(finding, considered=tuple(considered)) for finding in findings[:1]] + findings[1:]


def _of_code(code: str, evidence: list[Evidence], question: Question, resources: Resources) -> Finding:
    place = resources.gazetteer.by_code(code)
    return Finding(place, tuple(with_document(question, place, evidence, resources)))


def _by_place(found: Sequence[Found]) -> dict[str, list[Found]]:
    """What was found by the code of its place, the place of the best first."""
    places: dict[str, list[Found]] = {}
    for one in found:
        if one.document.place:
            places.setdefault(one.document.place.code, []).append(one)
    return places


def _telling(chosen: Sequence[Found], aspects: frozenset[Aspect]) -> Found:
    """The one clause that stands for a place: the best that holds what was asked for, else the best."""
    return next((one for one in chosen if holds_fact(one, aspects)), chosen[0])
