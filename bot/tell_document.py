"""What was asked about a document itself, in plain words: its number, its date, whether it was issued at all."""

from __future__ import annotations

from bot.evidence import Finding
from bot.notice import short_title
from bot.question import Aspect, Question
from bot.verify import Line, markers
from ingest.dates import format_date
from ingest.model import Document, LegalStatus
from prompts.phrases import AnswerPhrases


def tell_document(question: Question, finding: Finding, numbers: dict[str, int], words: AnswerPhrases) -> list[Line]:
    """Number, date and status of the document itself, where they were asked for."""
    lines = []
    for one in {one.document.id: one for one in finding.evidence}.values():
        cited = [numbers[other.clause.id] for other in finding.evidence if other.document is one.document]
        marks, title = markers(cited), short_title(one.document.title)
        if Aspect.ISSUED in question.aspects:
            for form in _issue_forms(one.document, words):
                issued_on = format_date(one.document.issued_on) if one.document.issued_on else ""
                lines.append(Line(form.format(title=title, issued_on=issued_on, markers=marks), tuple(cited)))
        if Aspect.NUMBER in question.aspects and Aspect.SOURCE not in question.aspects:
            form = words.number if one.document.number else words.number_missing
            lines.append(Line(form.format(number=one.document.number, markers=marks), tuple(cited)))
    return lines


def _issue_forms(document: Document, words: AnswerPhrases) -> list[str]:
    """How it is said when a document was issued, or that it was not."""
    if document.status is LegalStatus.DRAFT:
        return [words.status_draft, *([words.status_draft_dated] if document.issued_on else [])]
    return [words.status_issued if document.issued_on else words.status_issued_undated]
