"""Clauses become passages: what is searched."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.departments import strip_departments
from ingest.model import Clause, ClauseKind, Document, Passage
from ingest.sentences import split_sentences
from ingest.words import close_gaps

# What people call the parts of a document that do not say what they are: its number, its title, its date.
_CALLED = {
    ClauseKind.TITLE: "标题 文件名称",
    ClauseKind.NUMBER: "文号 发文字号",
    ClauseKind.SIGNATURE: "落款 成文日期 印发日期 发布时间",
    ClauseKind.ADDRESSEE: "主送单位 发给谁",
}
_ARTICLE = re.compile(r"第[^编章节款]+条(?:之.+)?$")
_SHORTEST = 10  # characters; a shorter sentence says too little to be found by


def make_passages(document: Document, clauses: Sequence[Clause]) -> list[Passage]:
    """Each clause as a whole, and its sentences or table rows by themselves where it has several."""
    place = document.place.code if document.place else ""
    by_id = {clause.id: clause for clause in clauses}
    parents = {clause.parent_id for clause in clauses}
    lists = _lists(clauses)
    passages = []
    for clause in clauses:
        if clause.kind in (ClauseKind.HEADING, ClauseKind.CONTENTS) or (clause.id in parents and _is_heading(clause)):
            continue
        above = " ".join(filter(None, [_CALLED.get(clause.kind), _headings_above(clause, by_id)]))
        pieces = list(_pieces(clause))
        for number, text in enumerate(
            map(close_gaps, [clause.text + lists.get(clause.id, ""), *(pieces if len(pieces) > 1 else [])])
        ):
            identity = clause.id if number == 0 else f"{clause.id}:{number}"
            heading = above if number == 0 else " ".join(filter(None, [above, clause.heading]))
            passages.append(Passage(identity, clause.id, document.id, place, heading, text, clause.topics))
    return passages


def lead_of(clause: Clause) -> str:
    """The words of an article that open the list below it: 有下列情形之一的，不予登记：; "" if it opens none."""
    last = clause.text.split("\n")[-1]
    in_article = any(_ARTICLE.match(label) for label in clause.labels)
    return split_sentences(last)[-1].text if in_article and last.endswith(("：", ":")) else ""


def _lists(clauses: Sequence[Clause]) -> dict[str, str]:
    """What stands in the lists that articles open, by the ids of the clauses that open them."""
    opening = {clause.id for clause in clauses if lead_of(clause)}
    lists: dict[str, str] = {}
    for clause in clauses:
        if clause.parent_id in opening and clause.labels[-1][-1] != "款":
            lists[clause.parent_id] = f"{lists.get(clause.parent_id, '')}\n{clause.text}"
    return lists


def _is_heading(clause: Clause) -> bool:
    """An attachment that says no more than its number and its name."""
    return clause.kind is ClauseKind.ATTACHMENT and clause.text.replace("\n", "").endswith(clause.heading)


def _headings_above(clause: Clause, by_id: dict[str, Clause]) -> str:
    headings: list[str] = []
    parent = by_id.get(clause.parent_id or "")
    while parent:
        headings.insert(0, parent.heading or lead_of(parent))
        parent = by_id.get(parent.parent_id or "")
    return " ".join(filter(None, headings))


def _pieces(clause: Clause) -> Iterator[str]:
    if clause.kind is ClauseKind.TABLE:
        yield from (_row_text(part.header, part.text) for part in clause.parts)
        return
    for sentence in split_sentences(clause.text):
        text = strip_departments(sentence.text)
        if len(text) >= _SHORTEST and text.lstrip("（(0123456789.、 ") != clause.heading:
            yield text


def _row_text(header: str, row: str) -> str:
    """A table row with each cell behind its column's name."""
    pairs = zip(header.split("\t"), row.split("\t"), strict=False)
    return "，".join(f"{name}：{cell}" if name else cell for name, cell in pairs if cell.strip()) or row
