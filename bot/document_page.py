"""A document as a readable page: what it is, whether it holds, and every clause under an anchor of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

from markupsafe import Markup

from bot.describe import badge_of, plant_tree, state_validity
from bot.validity import legal_status
from ingest.dates import format_date
from ingest.model import Clause, ClauseKind, Document, Effect
from prompts.messages import Messages
from prompts.rendering import template_environment

STYLE = Path(__file__).with_name("static") / "document.css"
CONTENTS_DEPTH = 2  # levels of headings in the list of contents; deeper ones make it longer than the text is worth


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """Running text, line by line."""

    lines: tuple[str, ...]
    table: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under one header, all as wide as the widest."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    table: bool = True


class DocumentPage:
    """Renders documents; made once."""

    def __init__(self, messages: Messages) -> None:
        self._messages = messages
        self._style = Markup(STYLE.read_text(encoding="utf-8"))  # the project's own file
        environment = template_environment()
        environment.globals.update(anchor=anchor_of, blocks=split_blocks, heading=split_heading)
        self._template = environment.get_template("document.html")

    def render(self, document: Document, clauses: Sequence[Clause], today: date) -> str:
        """The page's HTML, complete in itself."""
        title = next((clause for clause in clauses if _is_title(clause, document)), None)
        shown = [clause for clause in clauses if clause is not title]
        validity = state_validity(document, today)
        badge = badge_of(legal_status(document, today), validity.state)
        return self._template.render(
            document=document,
            title_anchor=title and anchor_of(title),
            nodes=plant_tree(shown),
            depth=CONTENTS_DEPTH,
            badge=badge,
            badge_label=getattr(self._messages.states, badge),
            note=getattr(self._messages.document, f"{badge}_note", None),
            words=self._messages.document,
            effects=[self._tell_effect(effect) for effect in document.effects],
            pages=dict(self._page_marks(shown)),
            style=self._style,
        )

    def _tell_effect(self, effect: Effect) -> tuple[str, str, str, str]:
        """What a document does to another or that one to it, the words that say so, their document and anchor."""
        form = getattr(self._messages.document, effect.kind.value)
        day = format_date(effect.day) if effect.day else self._messages.document.not_stated
        document_id, _, anchor = effect.clause_id.partition("#")
        return form.format(title=effect.title, day=day), effect.text.strip(), document_id, anchor

    def _page_marks(self, clauses: Sequence[Clause]) -> Iterator[tuple[str, str]]:
        """By clause, the pages of the file that it stands on, where these are not those of the clause before."""
        words, shown = self._messages.document, 0
        for clause in clauses:
            pages = [page for _, page in clause.pages]
            if pages and (pages[0], pages[-1]) != (shown, shown):
                several = words.pages.format(first=pages[0], last=pages[-1])
                yield clause.id, words.page.format(page=pages[0]) if len(set(pages)) == 1 else several
                shown = pages[-1]


def _is_title(clause: Clause, document: Document) -> bool:
    """Whether the head of the page shows this title already; a letterhead or an attached plan's title is another."""
    return clause.kind is ClauseKind.TITLE and "".join(clause.text.split()) == "".join(document.title.split())


def anchor_of(clause: Clause) -> str:
    """What stands behind # in the clause's id, and so in every link to it."""
    return clause.id.partition("#")[2]


def split_heading(clause: Clause) -> tuple[str, str]:
    """A clause's text as its heading with the number before it, and what follows; no heading: ("", text)."""
    at = clause.text.find(clause.heading) if clause.heading else -1
    if clause.kind in (ClauseKind.HEADING, ClauseKind.ATTACHMENT) and at < 0:
        first, _, rest = clause.text.partition("\n")
        return first, rest
    if at < 0 or "\n" in clause.text[:at].strip():
        return "", clause.text
    rest = clause.text[at + len(clause.heading) :]
    if rest and rest[0] in "。：:；":  # the mark that ends the heading stays with it
        rest = rest[1:]
    return clause.text[: len(clause.text) - len(rest)], rest


def split_blocks(clause: Clause, text: str) -> Iterator[Paragraphs | Table]:
    """What stands in a clause, in order: lines of text, and tables where its parts are rows.

    `text` is the clause's text or its end, without a heading shown apart; nothing of it is left out.
    """
    skipped = len(clause.text) - len(text)
    at = skipped
    rows = sorted(
        (part for part in clause.parts if part.kind == "row" and part.start >= skipped), key=lambda p: p.start
    )
    for header, group in groupby(rows, key=lambda part: part.header):
        parts = list(group)
        yield from _paragraphs(clause.text[at : parts[0].start], without=header)
        yield _table(header, [part.text for part in parts])
        at = parts[-1].end
    yield from _paragraphs(clause.text[at:])


def _paragraphs(text: str, without: str = "") -> Iterator[Paragraphs]:
    """The lines that hold something, less the header that the table below shows."""
    lines = tuple(line.strip() for line in text.splitlines() if line.strip() and line.strip() != without.strip())
    if lines:
        yield Paragraphs(lines)


def _table(header: str, rows: Sequence[str]) -> Table:
    cells = [tuple(row.split("\t")) for row in rows]
    head = tuple(header.split("\t")) if header else ()
    width = max(map(len, [head, *cells]))
    fill = tuple((*row, *[""] * (width - len(row))) for row in cells)
    return Table((*head, *[""] * (width - len(head))) if head else (), fill)
