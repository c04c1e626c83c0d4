"""Text files: plain, Markdown, or a table as CSV."""

from __future__ import annotations

import csv
import re

from ingest.errors import UnreadableFile
from ingest.loaders.encoding import DAMAGED, decode_text
from ingest.loaders.grid import Cell, table_lines
from ingest.loaders.loaded import MOST_CHARACTERS, TOO_LONG, Loaded

_FRONT_MATTER = re.compile(r"\A---\n(?:[\w-]+:.*\n|[ -].*\n)+---\n")
_PICTURE = re.compile(r"!\[[^\[\]\n]*+\]\([^()\n]*+\)")
_LINK = re.compile(r"\[([^\[\]\n]++)\]\((?:https?:|mailto:|[./#])[^()\n]*+\)")
_RULE = re.compile(r"^[ \t]*([=\-*_])(?:[ \t]*\1){2,}[ \t]*$", re.MULTILINE)  # also below a heading
_PIPE_ROW = re.compile(r"^[ \t]*\|.*\|[ \t]*$")
_PIPE_RULE = re.compile(r"^[ \t]*\|(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*$")
_DELIMITERS = (",", "\t", ";")
_FEWEST_ROWS = 2


def load_plain(data: bytes) -> Loaded:
    """A text file's text, line ends as `\\n`.

    Raises:
        UnreadableFile: the bytes are no text, or hold nothing but white space.
    """
    text = read_text(data)
    damaged = text.count(DAMAGED)
    warnings = (f"{damaged} damaged characters; compare with the original",) if damaged else ()
    if rows := _read_table(text):
        lines = table_lines([[Cell((cell,) if cell else ()) for cell in row] for row in rows])
        return Loaded("\n".join(lines), whole=True, warnings=warnings)
    return Loaded(_without_markdown(text), warnings=warnings)


def read_text(data: bytes) -> str:
    """The characters of a text file as they stand, line ends as `\\n`.

    Raises:
        UnreadableFile: the bytes are no text, or hold nothing but white space.
    """
    text = decode_text(data)
    if text is None:
        raise UnreadableFile("is neither UTF-8, UTF-16 nor GB18030 text; save it in UTF-8")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise UnreadableFile("is empty; remove it or put the document's text into it")
    if len(text) > MOST_CHARACTERS:
        raise UnreadableFile(TOO_LONG)
    return text


def _read_table(text: str) -> list[list[str]]:
    """The rows of a text that is a table and nothing else: every line has the same number of cells."""
    for delimiter in _DELIMITERS:
        if text.count(delimiter) < _FEWEST_ROWS or delimiter not in text[: text.find("\n")]:
            continue
        try:
            read = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
            rows = [[" ".join(cell.split()) for cell in row] for row in read if row]
        except csv.Error:
            continue
        if len(rows) >= _FEWEST_ROWS and len(rows[0]) > 1 and len({len(row) for row in rows}) == 1:
            return rows
    return []


def _without_markdown(text: str) -> str:
    """Without comments, pictures and the addresses of links; a table's rows with tabs between their cells."""
    text = _drop_comments(_FRONT_MATTER.sub("", text))
    text = _LINK.sub(r"\1", _PICTURE.sub("", text))
    if not any(_PIPE_RULE.match(line) for line in text.split("\n")):
        return _RULE.sub("", text)
    return _RULE.sub("", "\n".join(map(_open_row, text.split("\n"))))


def _drop_comments(text: str) -> str:
    """Without <!-- … -->; one that never ends is text."""
    kept, *rest = text.split("<!--")
    for piece in rest:
        _, end, after = piece.partition("-->")
        kept += after if end else f"<!--{piece}"
    return kept


def _open_row(line: str) -> str:
    """A row of a Markdown table, its cells parted by tabs; the rule below its header becomes an empty line."""
    if _PIPE_RULE.match(line):
        return ""
    if not _PIPE_ROW.match(line):
        return line
    cells = re.split(r"(?<!\\)\|", line.strip()[1:-1])
    return "\t".join(cell.strip().replace("\\|", "|") for cell in cells)
