"""The corpus keepers' pages: what is kept, and each document's clauses beside its file's own text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from fastapi.responses import HTMLResponse

from bot.contract import ValidityOut
from bot.corpus_audit import CorpusAudit
from bot.corpus_keeper import CorpusKeeper, Counts, Draft, Original, count
from bot.describe import badge_of, state_validity
from bot.desk_parts import Desk
from bot.original import locate
from bot.session import Session
from bot.validity import legal_status
from ingest.dates import today
from ingest.errors import AnswerLogError
from ingest.model import Clause, Document
from ingest.parse import ParsedDocument
from prompts.corpus_messages import CorpusMessages, tell_note

RECORDED = 50  # changes shown at the bottom of the page
_AT_LINE = re.compile(r"line (\d+):")  # how a remark on one line begins


@dataclass(frozen=True, slots=True)
class Row:
    """A document as it stands in the list."""

    document: Document
    badge: str
    validity: ValidityOut
    counts: Counts


@dataclass(frozen=True, slots=True)
class Beside:
    """A clause of the outline, and the line of the file's text on which it begins."""

    clause: Clause
    depth: int
    line: int | None
    odd: bool  # the parser remarks on this line


class CorpusPages:
    """Renders the pages."""

    def __init__(self, desk: Desk, keeper: CorpusKeeper, audit: CorpusAudit | None, told: CorpusMessages) -> None:
        self.desk, self.keeper, self.audit, self.told = desk, keeper, audit, told

    def list(self, session: Session | None, status: int = 200, problem: str = "") -> HTMLResponse:
        """All documents; for who is logged in the way to add one, and what was changed."""
        try:
            changes = self.audit.latest(RECORDED) if session and self.audit else []
        except AnswerLogError:
            changes, problem = [], problem or self.told.unrecorded
        rows = [self._row(one) for one in self.desk.library.documents()]
        state, most = self.keeper.rebuilder.state, self.keeper.settings.file_size
        values = {"rows": rows, "changes": changes, "state": state, "most": most, "problem": problem}
        return self._page("corpus", session, status, **values, changeable=self.audit is not None)

    def document(self, document: Document, session: Session | None, problem: str = "") -> HTMLResponse:
        """A document of the corpus beside its file's own text."""
        parsed = ParsedDocument(document, tuple(self.desk.library.clauses(document.id)))
        original = self.keeper.original(self.keeper.path_of(document))
        stale = bool(original.digest) and original.digest != document.digest
        values = self._describe(parsed, original) | {"draft": None, "stale": stale, "problem": problem}
        return self._page("corpus_document", session, changeable=self.audit is not None, **values)

    def draft(self, draft: Draft, session: Session, status: int = 200, problem: str = "") -> HTMLResponse:
        """What a file would become, beside its text."""
        if draft.report.parsed is None:
            return self._page("corpus_refused", session, 422, draft=draft)
        values = self._describe(draft.report.parsed, self.keeper.original(draft.path))
        values |= {"draft": draft, "stale": False, "problem": problem}
        return self._page("corpus_document", session, status, changeable=True, **values)

    def _row(self, document: Document) -> Row:
        return Row(document, _badge(document), state_validity(document, today()), self.keeper.counts(document))

    def _describe(self, parsed: ParsedDocument, original: Original) -> dict[str, Any]:
        document = parsed.document
        return {
            "document": document,
            "badge": _badge(document),
            "validity": state_validity(document, today()),
            "outline": outline_beside(parsed, locate(parsed.clauses, original.lines)),
            "original": original,
            "counts": count(parsed.clauses),
        }

    def _page(self, name: str, session: Session | None, status: int = 200, **values: Any) -> HTMLResponse:
        functions = {"tell_note": partial(tell_note, self.told), "span": self._span}
        return self.desk.page(name, session, status, told=self.told, **functions, **values)

    def _span(self, validity: ValidityOut) -> str:
        """From when until when, as far as it is known."""
        words, begins, ends = self.told.list, validity.from_, validity.to
        form = words.span if begins and ends else words.until if ends else words.since if begins else words.undated
        return form.format(from_=begins, to=ends)


def outline_beside(parsed: ParsedDocument, lines: Mapping[str, int]) -> list[Beside]:
    """The clauses in the order of the text, each with how deep it stands in the tree and where in the file."""
    odd = {int(found[1]) for note in parsed.document.warnings if (found := _AT_LINE.match(note))}
    depth: dict[str | None, int] = {None: -1}
    for clause in parsed.clauses:
        depth[clause.id] = depth.get(clause.parent_id, -1) + 1
    return [Beside(one, depth[one.id], lines.get(one.id), lines.get(one.id) in odd) for one in parsed.clauses]


def _badge(document: Document) -> str:
    return badge_of(legal_status(document, today()), state_validity(document, today()).state)
