"""The reply that rests on what was found: cited, put into words, warned of, verified, and short enough for a phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.cite import cite
from bot.contract import Citation, NoticeOut
from bot.correct import correct
from bot.endings import find_endings
from bot.evidence import Evidence, Finding
from bot.notice import give_foreign_notice, give_notices
from bot.question import Question
from bot.replies import Reply, suggest
from bot.resources import Resources
from bot.verify import Line, verify

_LONGEST = 450  # characters of an answer for one place; a whole list may be longer


def reply_found(question: Question, findings: list[Finding], resources: Resources) -> tuple[Reply, list[Finding]]:
    """An answer that is read on a phone, and what it rests on: for one place, what fits least goes if it is too long.

    A clause for each thing asked stays, and the best one whole.
    """
    reply = _worded(question, findings, resources)
    while len(reply.text) > _LONGEST and len(findings) == 1 and len(findings[0].evidence) > len(question.parts):
        findings = [_without_last(findings[0])]
        reply = _worded(question, findings, resources)
    return reply, findings


def _without_last(finding: Finding) -> Finding:
    """A finding without its last clause that puts nothing right; without its last one if all do."""
    needed = {one.here.clause.id for one in finding.premises if one.here and not one.holds}
    spare = [number for number, one in enumerate(finding.evidence) if number and one.clause.id not in needed]
    last = spare[-1] if spare else len(finding.evidence) - 1
    return replace(finding, evidence=(*finding.evidence[:last], *finding.evidence[last + 1 :]))


def numbers_of(citations: Sequence[Citation]) -> dict[str, int]:
    """The citation's number of each clause, by its id."""
    return {citation.clause_id: citation.n for citation in citations}


def said(question: Question) -> str:
    """The question as typed and as made whole: an answer may repeat its figures."""
    return f"{question.text} {question.whole}"


def _worded(question: Question, findings: list[Finding], resources: Resources) -> Reply:
    """Compose, warn and verify."""
    numbered = _number(findings)
    citations = [
        cite(number, one, finding.place if question.places else None) for number, (finding, one) in numbered.items()
    ]
    with resources.step("compose"):
        lines = list(resources.composer.compose(question, findings, numbers_of(citations)))
    endings = find_endings([one for _, one in numbered.values()], question, resources)
    citations += [cite(number, one, None) for number, one in enumerate(endings, len(citations) + 1)]
    with resources.step("notice"):
        warned = [(number, one) for number, (_, one) in numbered.items()]
        notices = give_notices(warned, resources.phrases, numbers_of(citations))
    if len(findings) == 1:  # where places are compared, each row says what is written there
        corrections, more, warnings = _correct(findings[0], numbers_of(citations), resources)
        lines, citations, notices = [*corrections, *lines], [*citations, *more], [*notices, *warnings]
    with resources.step("verify"):
        lines = verify(lines, citations, said(question), question.as_of)
    told = not question.places or all(finding.complete for finding in findings)
    follow_ups = suggest(question, findings, resources.phrases)
    return Reply("answered" if told else "partial", notices, lines, citations, follow_ups)


def _number(findings: Sequence[Finding]) -> dict[int, tuple[Finding, Evidence]]:
    """Each clause that is cited, once, by its number: two places may share a clause of the one above them."""
    by_clause: dict[str, tuple[Finding, Evidence]] = {}
    for finding in findings:
        for one in finding.evidence:
            by_clause.setdefault(one.clause.id, (finding, one))
    return dict(enumerate(by_clause.values(), 1))


def _correct(
    finding: Finding, numbers: Mapping[str, int], resources: Resources
) -> tuple[list[Line], list[Citation], list[NoticeOut]]:
    """What puts false premises right: the lines, the other places' clauses, numbered on, and their one warning."""
    lines, foreign = correct(finding.premises, numbers, resources.phrases.premises)
    citations = [cite(number, one, finding.place) for number, one in foreign]
    places = [one.document.place for _, one in foreign if one.document.place]
    if not places:
        return lines, citations, []
    form, shown = resources.phrases.notices.mentioned, [number for number, _ in foreign]
    return lines, citations, [give_foreign_notice(places, finding.place, shown, form)]
