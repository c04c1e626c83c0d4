"""Evidence becomes an answer without a language model: quoted sentences in a fixed order, with plain words around them.

The order is: the document's number and date where these were asked for, the answer itself with yes or no before it,
until when it holds, whom to ask, what nothing tells of. Warnings go before it and are made elsewhere (`bot/notice.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.evidence import Evidence, Finding
from bot.question import Aspect, Question
from bot.tell_document import tell_document
from bot.tell_untold import tell_untold
from bot.tell_validity import tell_validity
from bot.untold import read_told
from bot.verdict import Verdict, judge_yes_no
from bot.verify import Line, markers
from bot.whom_to_ask import whom_to_ask
from bot.wording import quoted_text
from ingest.model import NATION, ClauseKind, LegalStatus
from prompts.messages import RoleLabels
from prompts.phrases import Phrases

_SURE = 0.85  # confidence in the clause from which a yes or no is drawn from it


class ExtractiveComposer:
    """Puts the clauses' own sentences together.

    Args:
        phrases: what answers are worded with.
        roles: what the roles of departments are called.
        tables: whether several places make a table; else paragraphs, one of which a language model can replace.
    """

    def __init__(self, phrases: Phrases, roles: RoleLabels, tables: bool = True) -> None:
        self._phrases = phrases
        self._words = phrases.answer
        self._roles = roles
        self._tables = tables

    def compose(self, question: Question, findings: Sequence[Finding], numbers: dict[str, int]) -> list[Line]:
        """The answer's lines.

        Args:
            question: what was asked.
            findings: what was found for each place asked about, in their order.
            numbers: the citation's number of each clause, by its id.
        """
        if not question.places:
            return self._wherever(question, findings, numbers)
        if len(findings) > 1:
            return self._compared(question, findings, numbers)
        return [*self._of_place(question, findings[0], numbers), *self._missing(findings[0])]

    def _of_place(self, question: Question, finding: Finding, numbers: dict[str, int]) -> list[Line]:
        """All that is to be said of one place."""
        return [
            *tell_document(question, finding, numbers, self._words),
            *self._answer(question, finding, numbers),
            *tell_untold(question, finding, numbers, self._words),
            *tell_validity(question, finding, numbers, self._phrases),
            *self._whom_to_ask(question, finding, numbers),
        ]

    def _wherever(self, question: Question, findings: Sequence[Finding], numbers: dict[str, int]) -> list[Line]:
        """No place is known: a line for each that says something, and the question which one it is."""
        if len(findings) == 1:
            lines = _led(self._place_lead(findings[0]), self._of_place(question, findings[0], numbers))
            everywhere = findings[0].place.code == NATION
            return lines if everywhere else [*lines, Line(self._words.other_place)]
        lines = [Line(self._words.several_places)]
        silent = [finding for finding in findings if _lacks_amount(question, finding.evidence[0])]
        for finding in findings:
            if finding not in silent:
                lines += _led(self._place_lead(finding), self._answer(question, finding, numbers)[:1])
        return [*lines, *self._without_amount(silent, numbers), Line(self._words.which_place)]

    def _without_amount(self, silent: Sequence[Finding], numbers: dict[str, int]) -> list[Line]:
        """The places whose clauses give no amount, where one was asked for: together, drafts by themselves."""
        lines = []
        for form, draft in ((self._words.places_no_amount, False), (self._words.places_no_amount_draft, True)):
            alike = [one for one in silent if (one.evidence[0].document.status is LegalStatus.DRAFT) is draft]
            if alike:
                cited = tuple(numbers[one.evidence[0].clause.id] for one in alike)
                names = "、".join(one.place.name for one in alike)
                lines.append(Line(form.format(places=names, markers=markers(cited)), cited))
        return lines

    def _compared(self, question: Question, findings: Sequence[Finding], numbers: dict[str, int]) -> list[Line]:
        """Several places were named: each by itself."""
        rows = [Line(self._words.table_head, kind="row")]
        paragraphs: list[Line] = []
        for finding in findings:
            lines = self._of_place(question, finding, numbers) if finding.covered else [Line(self._words.nothing_here)]
            paragraphs += _led(self._place_lead(finding), lines)
            rows.append(self._row(finding, _as_one(lines)[0]))
        return rows if self._tables else paragraphs

    def _row(self, finding: Finding, told: Line) -> Line:
        cell = told.text.replace("|", "\\|").replace("\n", " ")
        return Line(self._words.table_row.format(place=finding.place.name, text=cell), told.citations, "row")

    def _place_lead(self, finding: Finding) -> str:
        return self._words.place_lead.format(place=finding.place.name)

    def _answer(self, question: Question, finding: Finding, numbers: dict[str, int]) -> list[Line]:
        """The sentences that answer, yes or no before the first."""
        told = [one for one in finding.evidence if _is_said(one, question)]
        lines = [self._quoted(one, numbers[one.clause.id]) for one in told]
        put_right = any(not one.holds for one in finding.premises)  # then a yes would confirm what was put right
        plain = Aspect.AMOUNT not in finding.untold and (finding.confidence or 0.0) >= _SURE and not put_right
        return _led(self._yes_no(question, told[0]), lines) if told and plain else lines

    def _quoted(self, one: Evidence, number: int) -> Line:
        """The chosen sentences, one behind the other, as the clause has them."""
        lead = self._words.draft_lead if one.document.status is LegalStatus.DRAFT else ""
        return Line(f"{lead}{quoted_text(one)}[{number}]", (number,), "quoted")

    def _yes_no(self, question: Question, one: Evidence) -> str:
        """Yes, or that the text only encourages; nothing where the words do not plainly say so."""
        verdict = judge_yes_no(question.text, one.quote)
        if verdict is None:
            return ""
        kind, word = verdict
        draft = one.document.status is LegalStatus.DRAFT
        forms = self._words.verdicts_draft if draft else self._words.verdicts
        said = {
            Verdict.GIVEN: forms.given,
            Verdict.CONDITIONAL: forms.conditional,
            Verdict.ALLOWED: forms.allowed,
            Verdict.ONLY_MENTIONED: forms.only_mentioned.format(word=word),
        }
        return said[kind]

    def _whom_to_ask(self, question: Question, finding: Finding, numbers: dict[str, int]) -> list[Line]:
        every = Aspect.DEPARTMENT in question.aspects
        return whom_to_ask(finding.evidence, numbers, question.whole, every, self._words, self._roles)

    def _missing(self, finding: Finding) -> list[Line]:
        """What nothing here tells of; where nothing at all was found, that is said already."""
        missing = finding.missing if finding.covered else ()
        return [Line(self._words.part_missing.format(part=part)) for part in missing]


def _led(lead: str, lines: Sequence[Line]) -> list[Line]:
    """Lines with words before the first."""
    return [replace(lines[0], text=lead + lines[0].text), *lines[1:]] if lines else []


def _as_one(lines: Sequence[Line]) -> list[Line]:
    """Several lines as one."""
    citations = tuple(dict.fromkeys(number for line in lines for number in line.citations))
    return [Line(" ".join(line.text for line in lines), citations, lines[0].kind)] if lines else []


def _is_said(one: Evidence, question: Question) -> bool:
    """Title, number and signature are told in own words where the document itself was asked about."""
    about = {ClauseKind.TITLE, ClauseKind.NUMBER, ClauseKind.SIGNATURE}
    asked = question.aspects & {Aspect.ISSUED, Aspect.NUMBER, Aspect.VALIDITY}
    return not (asked and one.clause.kind in about)


def _lacks_amount(question: Question, one: Evidence) -> bool:
    _, untold = read_told(question, [one])
    return Aspect.AMOUNT in untold and Aspect.MONEY in question.aspects
