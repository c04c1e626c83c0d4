"""Retrieve and decide: for each place that was asked about, the clauses and sentences that an answer rests on."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.decide import Choice, basis_score, choose, domain_score
from bot.evidence import Evidence, Finding
from bot.question import Aspect, Question
from bot.resources import Resources
from bot.retrieve import Found
from bot.select import find_blank, select_sentences
from bot.validity import judge
from ingest.model import Blank, Clause, ClauseKind, Document, Place
from ingest.sentences import Sentence

_WIDE = 30  # clauses looked at where no place is known: enough to meet every place
_ELSEWHERE = 3
# Words that mean the document itself and not a measure in it: 这个方案, 那份通知, 是稿子还是正式的.
_DOCUMENT_WORDS = re.compile(r"方案|通知|措施|文件|计划|意见(?!建议)|办法|条例|规划|稿|红头")


def find(question: Question, resources: Resources) -> list[Finding]:
    """What was found for each place asked about; for every place that says something where none was."""
    if question.places:
        return [_find_for(question, place, resources) for place in question.places]
    return _find_everywhere(question, resources)


def is_about_policy(question: Question, resources: Resources) -> bool:
    """Whether a question that nothing answers is one about policy at all."""
    threshold = resources.settings.domain_threshold
    return any(domain_score(part, _elsewhere(part, resources), resources.finder.topics_of(part)) >= threshold for part in question.parts)


def nearest_elsewhere(question: Question, resources: Resources) -> list[Evidence]:
    """What another place says on the same matter, to be shown as a reference: the best clause, if it is a basis there."""
    for part in question.parts:
        elsewhere = _elsewhere(part, resources)
        topics = resources.finder.topics_of(part)
        if elsewhere and basis_score(part, elsewhere[0], elsewhere, topics) >= resources.settings.basis_threshold:
            return [_evidence(elsewhere[0], question, part, resources)]
    return []


def _find_for(question: Question, place: Place, resources: Resources) -> Finding:
    choices = [_choose(part, place, resources) for part in question.parts]
    chosen = {one.clause.id: (one, choice.part) for choice in choices for one in choice.chosen}
    evidence = [_evidence(one, question, part, resources) for one, part in chosen.values()]
    evidence = _with_document(question, place, evidence, resources)
    missing = tuple(choice.part for choice in choices if not choice.chosen) if evidence else ()
    rejected = tuple(pair for choice in choices for pair in choice.rejected)
    return Finding(place, tuple(evidence), missing, rejected)


def _choose(part: str, place: Place, resources: Resources) -> Choice:
    settings = resources.settings
    topics = resources.finder.topics_of(part)
    found = resources.finder.find(part, place_codes=place.chain, limit=settings.results, topics=topics)
    return choose(part, found, _elsewhere(part, resources), topics, settings)


def _elsewhere(part: str, resources: Resources) -> list[Found]:
    return resources.finder.find(part, place_codes=None, limit=_ELSEWHERE, topics=resources.finder.topics_of(part))


def _find_everywhere(question: Question, resources: Resources) -> list[Finding]:
    """No place is known: the best clauses of each place that has a basis, best place first."""
    by_place: dict[str, tuple[Place, dict[str, Evidence]]] = {}
    for part in question.parts:
        topics = resources.finder.topics_of(part)
        found = resources.finder.find(part, place_codes=None, limit=_WIDE, topics=topics)
        for one in _best_of_place(found):
            if basis_score(part, one, found[:_ELSEWHERE], topics) >= resources.settings.basis_threshold and one.document.place:
                _, kept = by_place.setdefault(one.document.place.code, (one.document.place, {}))
                kept[one.clause.id] = _evidence(one, question, part, resources)
    places = list(by_place.values())[: resources.settings.places_listed]
    return [Finding(place, tuple(_with_document(question, place, list(kept.values()), resources))) for place, kept in places]


def _best_of_place(found: Sequence[Found]) -> list[Found]:
    best: dict[str, Found] = {}
    for one in found:
        if one.document.place:
            best.setdefault(one.document.place.code, one)
    return list(best.values())


def _evidence(found: Found, question: Question, part: str, resources: Resources) -> Evidence:
    sentences = select_sentences(part, question.aspects, found.clause, resources.encoder.embed_documents)
    blank = find_blank(part, question.aspects, found.clause, sentences)
    return _judged(found.document, found.clause, sentences, question, blank)


def _judged(document: Document, clause: Clause, sentences: Sequence[Sentence], question: Question, blank: Blank | None = None) -> Evidence:
    validity = judge(document, clause, [(sentence.start, sentence.end) for sentence in sentences], question.as_of)
    return Evidence(document, clause, tuple(sentences), validity, blank)


def _with_document(question: Question, place: Place, evidence: list[Evidence], resources: Resources) -> list[Evidence]:
    """Title, number and signature of the documents, first, where the question is about these."""
    wanted = _wanted_kinds(question)
    if not wanted:
        return evidence
    documents = {one.document.id: one.document for one in evidence}
    if not documents:
        found = [d for d in resources.index.catalog.documents() if d.place and d.place.code in place.chain]
        documents = {document.id: document for document in found[:1]}
    about = [
        _judged(document, clause, [Sentence(clause.text, 0, len(clause.text))], question)
        for document in documents.values()
        for clause in resources.index.catalog.clauses(document.id)
        if clause.kind in wanted and clause.labels[-1] != "版头" and not _is_second(clause)
    ]
    known = {one.clause.id for one in about}
    return about + [one for one in evidence if one.clause.id not in known]


def _wanted_kinds(question: Question) -> set[ClauseKind]:
    kinds: set[ClauseKind] = set()
    if Aspect.ISSUED in question.aspects:
        kinds |= {ClauseKind.TITLE, ClauseKind.SIGNATURE}
    if Aspect.NUMBER in question.aspects:
        kinds |= {ClauseKind.NUMBER, ClauseKind.TITLE}
    if Aspect.VALIDITY in question.aspects and _DOCUMENT_WORDS.search(question.text):
        kinds.add(ClauseKind.TITLE)
    return kinds


def _is_second(clause: Clause) -> bool:
    """A title above the attached text repeats the document's own."""
    return clause.kind is ClauseKind.TITLE and "~" in clause.id
