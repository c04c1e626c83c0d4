"""Quoted sentences as people read them: without running numbers, blanks to be seen, table rows with their heads."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.evidence import Evidence
from ingest.labels import read_label
from ingest.sentences import Sentence

_GAP = re.compile(r"[ \t]{2,}|_{2,}")  # where a text leaves a figure open
_BLANK = "＿＿"
_MORE = "……"  # the sentence goes on
_CLOSED = re.compile(r"[。；！？：，,;:]$")
_RUNNING_NUMBER = "序号"  # the head of a column that says nothing


def quoted_text(one: Evidence) -> str:
    """The chosen sentences, one behind the other, as the clause has them; a table's rows each with their heads."""
    text = _rows(one) or _join([_without_label(sentence) for sentence in one.sentences])
    text = (_GAP.sub(_BLANK, text) if one.clause.facts.blanks else text.replace("\t", " ")).strip()
    return f"{text[:-1]}{_MORE}" if text.endswith(("，", ",")) else text


def _rows(one: Evidence) -> str:
    """Rows of a table as people say them: each cell with the head of its column, running numbers left out."""
    parts = {part.start: part for part in one.clause.parts if part.kind == "row" and part.header}
    rows = [parts[sentence.start] for sentence in one.sentences if sentence.start in parts]
    if len(rows) != len(one.sentences):
        return ""
    return "；".join(_row(part.header.split("\t"), part.text.split("\t")) for part in rows) + "。"


def _row(heads: Sequence[str], cells: Sequence[str]) -> str:
    pairs = [(head.strip(), cell.strip()) for head, cell in zip(heads, cells, strict=False) if cell.strip()]
    named = [(head, cell) for head, cell in pairs if head != _RUNNING_NUMBER]
    return "，".join(cell if not number else f"{head} {cell}" for number, (head, cell) in enumerate(named))


def _without_label(sentence: Sentence) -> str:
    """A clause's first sentence without the number that the clause is cited by."""
    label = read_label(sentence.text) if sentence.start == 0 else None
    return sentence.text[label.length :].strip() if label else sentence.text


def _join(texts: Sequence[str]) -> str:
    """Sentences as one text; what does not end like a sentence gets a comma."""
    pieces = [text.strip() for text in texts]
    closed = [
        piece if _CLOSED.search(piece) or i == len(pieces) - 1 else f"{piece}；" for i, piece in enumerate(pieces)
    ]
    return "".join(closed)
