"""Paragraphs become a tree of clauses: what is cited, with its path from the section down.

The tree grows from the labels at the beginnings of paragraphs. A style of label that is open already closes back to
its level; a new one opens a level below. A weak label (1., （1）, 一是) counts only where its number follows, so that a
line that happens to begin with a figure stays text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ingest.articles import LOOKED_AHEAD, begins_kuan, find_articles, find_contents
from ingest.labels import Label, read_label
from ingest.lines import (
    ATTACHMENT,
    ATTACHMENT_LIST,
    ATTACHMENT_TITLED,
    SENTENCE_MARK,
    Paragraph,
    is_addressee_line,
    is_date_line,
    is_imprint_line,
    is_number_line,
    is_organisation_line,
    is_prose,
    is_publicity_line,
)
from ingest.model import Clause, ClauseKind
from ingest.notes import is_note_line, is_open
from ingest.tree import Tree
from ingest.units import ARTICLE, ATTACHMENTS, CONTENTS, CONTINUATION, IMPRINT, LETTERHEAD, NOTES, to_clauses

_LETTERHEAD = re.compile(r"文件$")
# Kinds that a title may follow; a table above it is what a government's site says about the document.
_ABOVE_TITLE = (None, ClauseKind.NUMBER, ClauseKind.SIGNATURE, ClauseKind.ATTACHMENT, ClauseKind.TABLE)
_WHOLE_TITLE = re.compile(r"关于.+(?:通知|意见|公告|通告|决定)$")  # 关于印发…的通知
_COMMENCES = re.compile(
    r"本(?:决定|通知|办法|意见|方案|措施|公告|通告|细则|规定)自[^，。；]{2,20}起?(?:施行|实施|执行)"
)
_END_MARK = re.compile(r"\s*[（(]完[）)]$")  # where a text ends that its publisher adds something to
_NOTE_LINES = 10  # a note below a title has at most so many lines
_ISSUERS = 6  # a signature has at most so many lines with organisations above its date


def outline(paragraphs: Sequence[Paragraph], document_id: str) -> tuple[list[Clause], list[str]]:
    """Build a document's clauses in the order of its text, and what looked odd on the way.

    Args:
        paragraphs: the cleaned document.
        document_id: what the clauses' ids begin with.
    """
    tree = Tree()
    paragraphs = list(_part_end_mark(paragraphs))
    contents = find_contents(paragraphs)
    articles = {index + contents.stop for index in find_articles(paragraphs[contents.stop :])}
    for index, paragraph in enumerate(paragraphs):
        if index in contents:
            _extend_or_add(tree, ClauseKind.CONTENTS, paragraph.text, CONTENTS)
        else:
            _place(tree, paragraph, paragraphs[index + 1 : index + 1 + LOOKED_AHEAD], is_article=index in articles)
    if paragraphs and not _has_body(tree) and not any(unit.kind is ClauseKind.TABLE for unit in tree.units):
        tree.warnings.append("no numbered units: put every unit (一、, 第一条, 1.) at the beginning of a line")
    return to_clauses(tree.units, document_id), tree.warnings


def _part_end_mark(paragraphs: Iterable[Paragraph]) -> Iterator[Paragraph]:
    """Give the mark behind the last sentence of a text, （完）, a paragraph of its own."""
    for paragraph in paragraphs:
        mark = _END_MARK.search(paragraph.text)
        pieces = (paragraph.text[: mark.start()], mark.group().strip()) if mark else (paragraph.text,)
        yield from (replace(paragraph, text=piece) for piece in pieces if piece)


def _extend_or_add(tree: Tree, kind: ClauseKind, text: str, label: str) -> None:
    if tree.current and tree.current.label == label:
        tree.extend(text)
    else:
        tree.add(kind, text, label)


def _place(tree: Tree, paragraph: Paragraph, following: Sequence[Paragraph], *, is_article: bool) -> None:
    """Give one paragraph its place in the tree."""
    text = paragraph.text
    label = read_label(text)
    if label and label.style == ARTICLE and not is_article:
        label = None
    if match := ATTACHMENT.match(text) or _titled_attachment(tree, text):
        tree.begin_attachment(text, match.group(1))
    elif ATTACHMENT_LIST.match(text):
        tree.leave_body()
        tree.add(ClauseKind.ATTACHMENT, text, ATTACHMENTS)
    elif _goes_on_listing_attachments(tree, label, text):
        tree.extend(text)
    elif _is_imprint(tree, text, following) or _END_MARK.match(text):
        tree.leave_body()
        _extend_or_add(tree, ClauseKind.SIGNATURE, text, IMPRINT)
    elif "\t" in text and (tree.kind is ClauseKind.TABLE or not is_organisation_line(text)):
        _place_row(tree, text)
    elif _begins_signature(tree, text, following[:_ISSUERS]):
        tree.open = []
        tree.add(ClauseKind.SIGNATURE, text)
    elif _goes_on_signing(tree, text):
        tree.extend(text)
    elif "\t" in text:
        _place_row(tree, text)
    elif label and tree.counts(label, paragraph):
        tree.add_labelled(label, paragraph)
    elif tree.open or (tree.attachment and _follows_text(tree)):
        _place_in_body(tree, paragraph, following)
    else:
        _place_in_head(tree, paragraph)


def _is_imprint(tree: Tree, text: str, following: Sequence[Paragraph]) -> bool:
    """What stands below the signature, or the name of the office above the day on which it was printed."""
    if not (_has_body(tree) or tree.kind is ClauseKind.SIGNATURE):
        return False
    printed = bool(following) and is_imprint_line(following[0].text) and is_organisation_line(text)
    return is_imprint_line(text) or printed


def _goes_on_listing_attachments(tree: Tree, label: Label | None, text: str) -> bool:
    listing = tree.current is not None and tree.current.label == ATTACHMENTS
    return listing and label is not None and label.weak and not SENTENCE_MARK.search(text)


def _place_row(tree: Tree, text: str) -> None:
    if tree.kind is ClauseKind.TABLE:
        tree.extend(text)
    else:
        tree.add(ClauseKind.TABLE, text)


def _begins_signature(tree: Tree, text: str, following: Sequence[Paragraph]) -> bool:
    """The issuers' lines above a date line, or a date line alone; not the lines of a title."""
    if tree.current is None or tree.kind is ClauseKind.SIGNATURE:
        return False
    lines = [text, *(paragraph.text for paragraph in following)]
    below = next((line for line in lines if not is_organisation_line(line)), "")
    return is_date_line(below)


def _goes_on_signing(tree: Tree, text: str) -> bool:
    if tree.current is None or tree.kind is not ClauseKind.SIGNATURE:
        return False
    if is_date_line(text) or is_publicity_line(text):
        return True
    dated = any(is_date_line(line) for line in tree.current.lines)
    return is_organisation_line(text) and not dated


def _has_body(tree: Tree) -> bool:
    """Whether a numbered unit came before."""
    return any(unit.style for unit in tree.units)


def _titled_attachment(tree: Tree, text: str) -> re.Match[str] | None:
    """The head of an attachment with its title; above the signature it is an entry of their list."""
    match = ATTACHMENT_TITLED.match(text)
    return match if match and any(unit.kind is ClauseKind.SIGNATURE for unit in tree.units) else None


def _follows_text(tree: Tree) -> bool:
    """Whether the attachment stands behind a title or a numbered unit, and does not mark the file above its title."""
    told = (unit for unit in tree.units if unit.style or (unit.kind is ClauseKind.TITLE and unit.label != LETTERHEAD))
    return next(told, None) is not None


def _place_in_body(tree: Tree, paragraph: Paragraph, following: Sequence[Paragraph]) -> None:
    """Text without a number goes on with what came before, unless that is complete."""
    text = paragraph.text
    if begins_kuan(tree, paragraph, following):
        tree.add_kuan(text)
    elif tree.kind in (ClauseKind.TABLE, ClauseKind.SIGNATURE):
        tree.add(ClauseKind.CLAUSE, text, CONTINUATION)
    elif _closes_document(tree, text):
        tree.open = []
        tree.add(ClauseKind.CLAUSE, text, CONTINUATION)
    else:
        tree.extend(text)


def _closes_document(tree: Tree, text: str) -> bool:
    """本决定自公布之日起施行。 below the entries of the last unit speaks of all units, and belongs to no entry."""
    styles = [unit.style for unit in tree.open]
    return len(styles) > 1 and ARTICLE not in styles and bool(_COMMENCES.match(text))


def _place_in_head(tree: Tree, paragraph: Paragraph) -> None:
    """What stands above the numbered units: number, title, addressee, preamble."""
    text = paragraph.text
    noted = tree.current is not None and tree.current.label == NOTES
    if is_number_line(text):
        tree.add(ClauseKind.NUMBER, text)
    elif noted and (is_note_line(text) or is_open("".join(tree.units[-1].lines[-_NOTE_LINES:]))):
        tree.extend(text)
    elif is_note_line(text):
        tree.add(ClauseKind.PREAMBLE, text, NOTES)
    elif _begins_title_anew(tree, text):
        tree.add(ClauseKind.TITLE, text)
    elif _goes_on_heading(tree, text):
        tree.extend(text)
        _mark_letterhead(tree)
    elif (noted or _stands_above_title(tree) or _heads_sheet(tree, paragraph)) and not is_prose(text):
        tree.attachment = None  # 附件1 above a title marks the whole file
        tree.add(ClauseKind.TITLE, text)
        _mark_letterhead(tree)
    elif (noted or tree.kind in (ClauseKind.TITLE, ClauseKind.NUMBER)) and is_addressee_line(text):
        tree.add(ClauseKind.ADDRESSEE, text)
    elif tree.kind is ClauseKind.PREAMBLE and not noted:
        tree.extend(text)
    else:
        tree.add(ClauseKind.PREAMBLE, text)


def _goes_on_heading(tree: Tree, text: str) -> bool:
    """Whether a line belongs to the title above it; the title itself does not belong to a letterhead."""
    return tree.kind is ClauseKind.TITLE and tree.units[-1].label != LETTERHEAD and not is_prose(text)


def _begins_title_anew(tree: Tree, text: str) -> bool:
    """Whether a title, complete with what it is about, is a page's own, and the text's begins below it."""
    if tree.kind is not ClauseKind.TITLE or not _WHOLE_TITLE.search("".join(tree.units[-1].lines)):
        return False
    return is_organisation_line(text) or text.startswith("关于")


def _stands_above_title(tree: Tree) -> bool:
    """Whether a title may follow what was begun last."""
    return tree.kind in _ABOVE_TITLE or (tree.current is not None and tree.current.label == LETTERHEAD)


def _mark_letterhead(tree: Tree) -> None:
    """The first line of a file, or several with its issuers, that end with 文件 are no title."""
    first = tree.units[-1]
    above = first.lines[:-1]
    if len(tree.units) == 1 and _LETTERHEAD.search(first.lines[-1]) and all(map(is_organisation_line, above)):
        first.label = LETTERHEAD


def _heads_sheet(tree: Tree, paragraph: Paragraph) -> bool:
    """Whether a heading stands behind a table, where nothing is numbered: the name of a book's next sheet."""
    return paragraph.marked and any(unit.kind is ClauseKind.TABLE for unit in tree.units)
