"""Evidence becomes an answer without a language model: quoted sentences in a fixed order, with plain words around them.

The order is: the document's number and date where these were asked for, the answer itself, until when it holds where
that was asked, whom to ask, what nothing tells of. Warnings go before it and are made elsewhere (`bot/notice.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.evidence import Evidence, Finding
from bot.notice import contact_of, short_title
from bot.question import Aspect, Question
from bot.verify import Line, markers
from ingest.dates import format_date
from ingest.labels import read_label
from ingest.model import ClauseKind, Department, LegalStatus, Role
from ingest.sentences import Sentence
from prompts.messages import RoleLabels
from prompts.phrases import Phrases

_DEPARTMENTS_SHOWN = 3  # where whom to ask was not the question


class ExtractiveComposer:
    """Puts the clauses' own sentences together."""

    name = "extractive"

    def __init__(self, phrases: Phrases, roles: RoleLabels) -> None:
        self._phrases = phrases
        self._roles = roles

    def compose(self, question: Question, findings: Sequence[Finding], numbers: dict[str, int]) -> list[Line]:
        """The answer's lines.

        Args:
            question: what was asked.
            findings: what was found for each place asked about, in their order.
            numbers: the citation's number of each clause, by its id.
        """
        words = self._phrases.answer
        if len(findings) == 1:
            return [*self._of_place(question, findings[0], numbers), *self._missing(findings[0])]
        lines = [Line(words.several_places)] if not question.places else []
        for finding in findings:
            lead = words.place_lead.format(place=finding.place.name)
            body = self._of_place(question, finding, numbers) if finding.covered else [Line(words.nothing_here)]
            lines += [Line(lead + body[0].text, body[0].citations), *body[1:], *self._missing(finding)]
        return lines if question.places else [*lines, Line(words.which_place)]

    def _of_place(self, question: Question, finding: Finding, numbers: dict[str, int]) -> list[Line]:
        lines = self._about_documents(question, finding, numbers)
        lines += [self._quoted(one, numbers[one.clause.id]) for one in finding.evidence if _is_said(one, question)]
        if Aspect.MONEY in question.aspects and Aspect.AMOUNT in question.aspects and _lacks_amount(finding):
            cited = list(dict.fromkeys(numbers[one.clause.id] for one in finding.evidence))
            lines.append(Line(self._phrases.answer.no_amount.format(markers=markers(cited)), tuple(cited)))
        if Aspect.VALIDITY in question.aspects:
            lines += self._validity(question, finding, numbers)
        return [*lines, *self._departments(question, finding, numbers)]

    def _quoted(self, one: Evidence, number: int) -> Line:
        """The chosen sentences, one behind the other, as the clause has them."""
        text = _join([_without_label(sentence) for sentence in one.sentences])
        text = re.sub(r"[ \t]{2,}|_{2,}", "＿＿", text) if one.clause.facts.blanks else text.replace("\t", " ")
        lead = self._phrases.answer.draft_lead if one.document.status is LegalStatus.DRAFT else ""
        return Line(f"{lead}{text.strip()}[{number}]", (number,))

    def _about_documents(self, question: Question, finding: Finding, numbers: dict[str, int]) -> list[Line]:
        """Number, date and status of the document itself, where they were asked for."""
        words, lines = self._phrases.answer, []
        for one in {one.document.id: one for one in finding.evidence}.values():
            cited = [numbers[other.clause.id] for other in finding.evidence if other.document is one.document]
            marks, title = markers(cited), short_title(one.document.title)
            if Aspect.ISSUED in question.aspects:
                if one.document.status is LegalStatus.DRAFT:
                    lines.append(Line(words.status_draft.format(title=title, markers=marks), tuple(cited)))
                day = one.document.issued_on
                form = words.status_issued if day else words.status_issued_undated
                if day or one.document.status is not LegalStatus.DRAFT:
                    issued_on = format_date(day) if day else ""
                    lines.append(Line(form.format(title=title, issued_on=issued_on, markers=marks), tuple(cited)))
            if Aspect.NUMBER in question.aspects and Aspect.SOURCE not in question.aspects:
                form = words.number if one.document.number else words.number_missing
                lines.append(Line(form.format(number=one.document.number, markers=marks), tuple(cited)))
        return lines

    def _validity(self, question: Question, finding: Finding, numbers: dict[str, int]) -> list[Line]:
        """Until when it holds, in the words that say so; or that the text does not say."""
        alike: dict[str, list[Evidence]] = {}
        for one in finding.evidence:
            alike.setdefault(self._until(one, question, ""), []).append(one)
        lines = []
        for members in alike.values():
            cited = tuple(numbers[one.clause.id] for one in members)
            lines.append(Line(self._until(members[0], question, markers(cited)), cited))
        return lines

    def _until(self, one: Evidence, question: Question, marks: str) -> str:
        words, validity = self._phrases.answer, one.validity
        if validity.ends is None:
            return words.validity_unknown.format(contact=contact_of(one, self._phrases), markers=marks)
        form = words.validity_expired if validity.lapsed else words.validity_in_force
        state = form.format(as_of=format_date(question.as_of))
        ends = format_date(validity.ends)
        return words.validity_until.format(ends=ends, basis=validity.basis, state=state, markers=marks)

    def _departments(self, question: Question, finding: Finding, numbers: dict[str, int]) -> list[Line]:
        words = self._phrases.answer
        cited = {one.clause.id: one for one in finding.evidence if one.clause.facts.departments}
        found: dict[Department, int] = {}
        for one in cited.values():
            for department in one.clause.facts.departments:
                found.setdefault(department, numbers[one.clause.id])
        if not found:
            return []
        shown = list(found) if Aspect.DEPARTMENT in question.aspects else list(found)[:_DEPARTMENTS_SHOWN]
        more = words.more_departments if len(shown) < len(found) else ""
        sources = sorted({found[department] for department in shown})
        text = "、".join(
            self._named(role, [d.name for d in shown if d.role is role])
            for role in Role
            if any(d.role is role for d in shown)
        )
        return [Line(words.departments.format(departments=text + more, markers=markers(sources)), tuple(sources))]

    def _named(self, role: Role, names: Sequence[str]) -> str:
        label = self._roles.lead if role is Role.LEAD else self._roles.responsible
        return self._phrases.answer.department.format(name="、".join(names), role=label)

    def _missing(self, finding: Finding) -> list[Line]:
        """What nothing here tells of; where nothing at all was found, that is said already."""
        missing = finding.missing if finding.covered else ()
        return [Line(self._phrases.answer.part_missing.format(part=part)) for part in missing]


def _is_said(one: Evidence, question: Question) -> bool:
    """Title, number and signature are told in own words where the document itself was asked about."""
    about = {ClauseKind.TITLE, ClauseKind.NUMBER, ClauseKind.SIGNATURE}
    asked = question.aspects & {Aspect.ISSUED, Aspect.NUMBER}
    return not (asked and one.clause.kind in about)


def _lacks_amount(finding: Finding) -> bool:
    """Whether no clause that is cited holds a figure of money, a rate or a count."""
    quantities = [quantity for one in finding.evidence for quantity in one.clause.facts.quantities]
    blanks = any(one.clause.facts.blanks for one in finding.evidence)
    return not blanks and not any(quantity.kind in ("amount", "percentage", "count") for quantity in quantities)


def _without_label(sentence: Sentence) -> str:
    """A clause's first sentence without the number that the clause is cited by."""
    label = read_label(sentence.text) if sentence.start == 0 else None
    return sentence.text[label.length :].strip() if label else sentence.text


def _join(texts: Sequence[str]) -> str:
    """Sentences as one text; what does not end like a sentence gets a comma."""
    pieces = [text.strip() for text in texts]
    closed = [
        piece if re.search(r"[。；！？：，,;:]$", piece) or i == len(pieces) - 1 else f"{piece}；"
        for i, piece in enumerate(pieces)
    ]
    return "".join(closed)
