"""What a question takes for granted is looked for in the place's clauses: where it stands, what stands there instead.

A condition (满一年就给十万) is looked for where its grant stands: that another clause of the place speaks of one year
does not make it hold for the ten times ten thousand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.claims import judge_claims
from bot.conditions import set_instead, sets
from bot.evidence import Evidence, Finding, Premise
from bot.matter import likely_topics
from bot.question import Question
from bot.quote import merge, quote
from bot.resources import Resources
from bot.select import pieces_of
from bot.taken import Taken, figures_in, normal, read_taken
from ingest.figures import Figure, locate_figures
from ingest.model import Clause, Document, Place
from ingest.sentences import Sentence

_WIDE = 30  # clauses that are looked through for a figure, of the place and of the whole corpus
_BORROWED = re.compile("贷款|借款|额度")  # as much as one wants, up to the limit; other sums are what they are
_AT_MOST = re.compile("(?:最[长多高]|不(?:得|能)?超过|上限)[^，。；\\d]{0,4}$")
_TOGETHER = re.compile("配套|另外?[再给奖补]|再(?:给予?|奖|补)|叠加|合计")  # one figure comes on top of another


def judge_premises(question: Question, finding: Finding, resources: Resources) -> Finding:
    """A finding with what the question takes for granted, and the clauses of its place that bear on it cited.

    A figure of the question that stands in a clause of the place, on the matter, is a basis where there was none.

    Args:
        question: the question; only its own text is read, not what it leans on.
        finding: what was found for its one place.
        resources: where the place's and other places' clauses are looked up.
    """
    taken = read_taken(question.text)
    premises = _judge(taken, finding, _Matter(question, finding.place, resources)) if taken else []
    evidence = list(finding.evidence)
    for one, premise in zip(taken, premises, strict=True):
        if not premise.holds and not one.condition:  # what is granted instead is told first
            evidence.sort(key=lambda cited: not _tells_unit([cited], one.figure[1]))
    for one, premise in sorted(zip(taken, premises, strict=True), key=lambda pair: pair[0].condition):
        if premise.here:
            first = not one.condition and not _tells_unit(finding.evidence, one.figure[1])
            evidence = _with(premise.here, evidence, question, first=first)
    claims = judge_claims(question.text, finding)
    return replace(finding, evidence=tuple(evidence), premises=(*premises, *claims))


def _with(one: Evidence, evidence: Sequence[Evidence], question: Question, *, first: bool) -> list[Evidence]:
    """Evidence with a clause, quoted also by what bears on a premise: where it is cited, else first or last."""
    if one.clause.id not in {other.clause.id for other in evidence}:
        return [one, *evidence] if first else [*evidence, one]
    return [merge(other, one, question) if other.clause.id == one.clause.id else other for other in evidence]


def _tells_unit(evidence: Sequence[Evidence], unit: str) -> bool:
    """Whether what is quoted has a figure of the kind that is taken for granted."""
    return any(unit == other for one in evidence for _, other in figures_in(one.quote))


def _judge(taken: Sequence[Taken], finding: Finding, matter: _Matter) -> list[Premise]:
    """Grants first, each by itself; conditions where their grants stand, else in what is cited."""
    grants = {one: _judge_grant(one, finding, matter) for one in taken if not one.condition}
    given = [one.here for one in grants.values() if one.here]
    return [grants.get(one) or _judge_condition(one, given if one.of_grant else (), finding, matter) for one in taken]


def _judge_grant(one: Taken, finding: Finding, matter: _Matter) -> Premise:
    """Look in what is cited, then in the place's other clauses on the matter, then in other places'."""

    def gives(text: str) -> bool:
        return one.figure in figures_in(text) or _is_sum(one.figure, text)

    for cited in finding.evidence:
        if pieces := _pieces(cited.clause, gives) or _pieces(cited.clause, partial(_is_within, one.figure)):
            return Premise(one.text, finding.place, True, matter.quote(cited.document, cited.clause, pieces[:1]))
    for holds, clauses in ((True, matter.here), (False, matter.elsewhere)):
        for document, clause in clauses():
            on_matter = [piece for piece in _pieces(clause, gives) if matter.covers(piece, clause if holds else None)]
            if on_matter:
                return Premise(one.text, finding.place, holds, matter.quote(document, clause, on_matter[:1]))
    return Premise(one.text, finding.place, False)


def _judge_condition(one: Taken, given: Sequence[Evidence], finding: Finding, matter: _Matter) -> Premise:
    """Whether what grants sets the condition, else what it sets instead.

    Args:
        one: the condition.
        given: the grants that it leads to, each quoted by what gives it; where the question names none, the condition
            may stand in any clause of the place on the matter.
        finding: what was found for the place.
        matter: the other clauses.
    """
    basis = given or finding.evidence
    for cited in basis:
        if any(_holds(one, piece.text) for piece in cited.sentences):
            return Premise(one.text, finding.place, True, cited)
    if not given and (found := _set_in(one, [(cited.document, cited.clause) for cited in basis], matter)):
        return Premise(one.text, finding.place, True, found)
    for cited in basis:
        for piece in cited.sentences:
            if instead := set_instead(piece.text, one):
                evidence = matter.quote(cited.document, cited.clause, [piece])
                return Premise(one.text, finding.place, False, evidence, instead)
    if not given:
        for holds, clauses in ((True, matter.here), (False, matter.elsewhere)):
            if found := _set_in(one, clauses(), matter, by_itself=not holds):
                return Premise(one.text, finding.place, holds, found)
    return Premise(one.text, finding.place, False, next(iter(basis), None), unsaid=bool(basis))


def _holds(one: Taken, text: str) -> bool:
    """Whether a text sets a condition, or has its figure and sets no other of the kind."""
    return sets(text, one) or (one.figure in figures_in(text) and not set_instead(text, one))


def _set_in(
    one: Taken, clauses: Iterable[tuple[Document, Clause]], matter: _Matter, *, by_itself: bool = False
) -> Evidence | None:
    """The first clause on the matter that sets a condition, quoted by what sets it, which may have to be on it too."""
    for document, clause in clauses:
        told = None if by_itself else clause
        on_matter = [piece for piece in _pieces(clause, partial(sets, taken=one)) if matter.covers(piece, told)]
        if on_matter:
            return matter.quote(document, clause, on_matter[:1])
    return None


def _is_sum(figure: Figure, text: str) -> bool:
    """Whether it is what two figures of a text make together: 市级补助500元，县级配套补助1500元."""
    value, unit = figure
    if unit != "元" or not value.isdigit() or not _TOGETHER.search(text):
        return False
    parts = {int(other) for other, kind in figures_in(text) if kind == unit and other.isdigit()}
    return any(int(value) - part in parts - {part} for part in parts)


def _is_within(figure: Figure, text: str) -> bool:
    """Whether it is less than the most that a text lets one have: two years where a loan may run for three."""
    value, unit = figure
    if not re.fullmatch(r"[\d.]+", value) or (unit == "元" and not _BORROWED.search(text)):
        return False
    seen, located = locate_figures(text)
    limits = (normal(other) for other, (start, _) in located if _AT_MOST.search(seen[:start]))
    return any(kind == unit and re.fullmatch(r"[\d.]+", most) and float(value) < float(most) for most, kind in limits)


def _pieces(clause: Clause, holds: Callable[[str], bool]) -> list[Sentence]:
    """What of a clause has what is looked for."""
    return [piece for piece in pieces_of(clause) if holds(piece.text)] if holds(clause.text) else []


@dataclass(frozen=True, slots=True)
class _Matter:
    """The clauses in which what a question takes for granted is looked for besides those cited."""

    question: Question
    place: Place
    resources: Resources

    def here(self) -> Iterator[tuple[Document, Clause]]:
        """The place's clauses that may be on a topic of the question, best first."""
        return self._found(self.place.chain)

    def elsewhere(self) -> Iterator[tuple[Document, Clause]]:
        """Other places' clauses that may be."""
        codes = set(self.place.chain)
        return (pair for pair in self._found(None) if pair[0].place and pair[0].place.code not in codes)

    def covers(self, piece: Sentence, clause: Clause | None) -> bool:
        """Whether a piece or its clause is on a topic of the question: a figure for another matter is no trace.

        Without a clause the piece must be by itself: that another place wrote it is worse said wrongly than not at all.
        """
        topics = self.question.topics
        key = {topics[0].topic.name} | likely_topics(topics) if topics else set()
        own = likely_topics(self.resources.finder.topics_of(piece.text))
        return not key.isdisjoint({*own, *(clause.topics if clause else ())})

    def quote(self, document: Document, clause: Clause, pieces: Sequence[Sentence]) -> Evidence:
        """A clause as evidence by what of it bears on a premise."""
        return quote(document, clause, pieces, self.question)

    def _found(self, codes: Sequence[str] | None) -> Iterator[tuple[Document, Clause]]:
        text, finder = self.question.whole, self.resources.finder
        found = finder.find(text, place_codes=codes, limit=_WIDE, topics=finder.topics_of(text))
        return ((one.document, one.clause) for one in found)
