"""Retrieve and decide: for each place that was asked about, the clauses and sentences that an answer rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.about_document import clauses_about, wanted_kinds
from bot.asked_figure import find_blank
from bot.basis import basis_score
from bot.consider import best_anywhere, choose_among, consider, retrieve
from bot.decide import Choice, domain_score, holds_fact
from bot.evidence import Evidence, Finding
from bot.follow_up import only_asks
from bot.listed import with_lists
from bot.matter import is_beside, keep_same_matter, likely_topics
from bot.question import Aspect, Question
from bot.quote import quote
from bot.resources import Resources
from bot.retrieve import Found
from bot.select import FURTHER, WHOLE, select_sentences
from bot.untold import read_told
from ingest.model import Place
from ingest.places import applies
from ingest.sentences import Sentence

_WIDE = 30  # clauses looked at where no place is known: enough to meet every place
_REFERENCES = 3  # clauses of the whole corpus: the best is a reference if it is a basis in its place
_MAIN_TOPICS = 1  # of a clause: what it is about before all else
_PIECES = 6  # of one question that are looked at by themselves
_LONGEST_FURTHER = 2 * FURTHER  # characters; a longer quote beside the best clause's is a preamble's, or a list's
_READABLE = 340  # characters of quotation in all, for one place


def find(question: Question, resources: Resources) -> list[Finding]:
    """What was found for each place asked about; for every place that says something where none was."""
    findings = (
        [_find_for(question, place, resources) for place in question.places]
        if question.places
        else _find_everywhere(question, resources)
    )
    compared = keep_same_matter(question, findings, resources)
    return [_told(question, finding) for finding in compared if finding.covered or question.places]


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
        return [_evidence(found[0], question, text, resources, FURTHER)]
    return []


def _find_for(question: Question, place: Place, resources: Resources) -> Finding:
    """The question as a whole first, then each of its parts: a part may ask for another clause, or for none."""
    whole = consider(question.whole, place, question.aspects, resources)
    chosen = {one.clause.id: (one, question.whole) for one in whole.chosen}
    considered, confidence = _considered(whole), whole.confidence
    missing = []
    for part in question.parts if len(question.parts) > 1 else ():
        choice = consider(part, place, question.aspects, resources, resources.settings.piece_threshold)
        for one in choice.chosen[:1]:
            chosen.setdefault(one.clause.id, (one, part))
            confidence = max(confidence, choice.confidence)
        if not choice.chosen and _own_topic(part, resources):
            missing.append(part)
        considered += _considered(choice)
    asked = likely_topics(question.topics)
    told = {
        topic
        for one, _ in chosen.values()
        for number, topic in enumerate(one.clause.topics)
        if number < _MAIN_TOPICS or topic in asked
    }
    for one, piece in _of_pieces(question, place, told, resources) if chosen else ():
        chosen.setdefault(one.clause.id, (one, piece))
    first = WHOLE if len(question.places) == 1 else FURTHER
    evidence = _readable(
        [
            _evidence(one, question, text, resources, FURTHER if number else first)
            for number, (one, text) in enumerate(chosen.values())
        ]
    )
    if wanted_kinds(question) and whole.confidence < resources.settings.piece_threshold:
        evidence = []  # the document itself was asked about, and no measure in it
    evidence = _with_document(question, place, with_lists(evidence, question, resources), resources)
    return Finding(place, tuple(evidence), tuple(missing) if evidence else (), tuple(considered), confidence)


def _readable(evidence: Sequence[Evidence]) -> list[Evidence]:
    """As much as can be read on a phone: the first, and what fits beside it; a blank that was asked for always."""
    kept = list(evidence[:1])
    for one in evidence[1:]:
        length = sum(other.told_length for other in kept) + one.told_length
        if one.blank or (one.told_length <= _LONGEST_FURTHER and length <= _READABLE):
            kept.append(one)
    return kept


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
                kept.setdefault(code, {})[one.clause.id] = _evidence(one, question, text, resources, FURTHER)
    codes = list(kept)[: resources.settings.places_listed]
    findings = [_of_code(code, list(kept[code].values()), question, resources) for code in codes]
    return [replace(finding, considered=tuple(considered)) for finding in findings[:1]] + findings[1:]


def _of_code(code: str, evidence: list[Evidence], question: Question, resources: Resources) -> Finding:
    place = resources.gazetteer.by_code(code)
    return Finding(place, tuple(_with_document(question, place, evidence, resources)))


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


def _evidence(found: Found, question: Question, part: str, resources: Resources, budget: int) -> Evidence:
    encode, rate_words = resources.encoder.embed_documents, resources.finder.rate_words
    sentences = select_sentences(part, question.aspects, found.clause, encode, rate_words, budget)
    blank = find_blank(part, found.clause, sentences) if Aspect.AMOUNT in question.aspects else None
    return quote(found.document, found.clause, sentences, question, blank)


def _with_document(question: Question, place: Place, evidence: list[Evidence], resources: Resources) -> list[Evidence]:
    """Title, number and signature of the documents, first, where the question is about these."""
    kinds = wanted_kinds(question)
    if not kinds:
        return evidence
    documents = {one.document.id: one.document for one in evidence}
    if not documents:
        found = [d for d in resources.index.catalog.documents() if d.place and applies(d.place.code, place)]
        documents = {document.id: document for document in found[:1]}
    about = [
        quote(document, clause, [Sentence(clause.text, 0, len(clause.text))], question)
        for document in documents.values()
        for clause in clauses_about(resources.index.catalog.clauses(document.id), kinds)
    ]
    known = {one.clause.id for one in about}
    return about + [one for one in evidence if one.clause.id not in known]
