"""Lines of a file become paragraphs: debris goes; hard wraps, page breaks in mid-sentence, lost line ends are undone.

What is taken away is declared in `ARTEFACTS`; besides, only white space changes.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.inline import split_units
from ingest.joints import INDENT, SENTENCE_END, Joint, continues, display_width
from ingest.labels import read_label
from ingest.lines import Paragraph

# Marks that a converter left behind: Markdown headings, Word bookmarks, emphasis, list dashes, escapes, page breaks,
# comments, page numbers between dashes.
ARTEFACTS = re.compile(
    r"^\s*[-—–－]\s?\d{1,4}\s?[-—–－]\s*$|"
    r"^(?:\s*\[bookmark:[^\]]*\])*\s*#{1,6}(?=\s)|\[bookmark:[^\]]*\]|\*\*|^\s*[-*+](?=\s)"
    r"|\\(?=[_*#\[\]()\-.])|[\f\ufeff\u200b]|<!--[^<>]*-->",
    re.MULTILINE,
)
_MARKDOWN_HEADING = re.compile(r"^(?:\s*\[bookmark:[^\]]*\])*\s*#{1,6}\s")
# One space between a Chinese character and a figure is an artefact of PDF extraction: 2023 年, 10 万元.
_FIGURE_SPACE = re.compile(
    r"(?<=[\u4e00-\u9fff，。、；：（“]) (?=[0-9])|(?<=[0-9%A-Za-z]) (?=[\u4e00-\u9fff，。、；：）”])"
)
_TELLING_LINES = 10  # fewer lines do not show at which width a file was wrapped
_WIDEST_WRAP = 120  # columns
_WIDEST_CHARACTER = 2  # columns
_INDENTED = 4  # columns that the first line of a paragraph lacks
_INDENT = re.compile(r"\s*(?:\u3000|\s{3,})\S")


def clean(text: str, *, whole: bool = False) -> list[Paragraph]:
    """Undo what conversion did to a document; returns its paragraphs in order.

    Args:
        text: the file's text.
        whole: every line is a whole paragraph, so that none is joined with the next.
    """
    lines = [line for number, raw in enumerate(text.split("\n"), 1) if (line := _clean_line(raw, number))]
    width = _wrap_width(lines)
    paragraphs: list[Paragraph] = []
    seen: dict[str, int] = {}
    last: Paragraph | None = None
    for line in lines:
        if last and not whole and continues(Joint(paragraphs[-1], last.text, line, width, seen)):
            glued = _glue(paragraphs[-1].text, line.text)
            paragraphs[-1] = replace(paragraphs[-1], text=glued, broken=line.broken)
        else:
            paragraphs.append(replace(line, runs_on=not line.indented and _fills(last, width)))
            if label := read_label(line.text):
                seen[label.style] = label.number
        last = line
    return [replace(one, text=_FIGURE_SPACE.sub("", one.text)) for one in split_units(paragraphs)]


def _fills(line: Paragraph | None, width: int | None) -> bool:
    """Whether a line is as full as the file's lines are wrapped."""
    if line is None or width is None:
        return False
    return display_width(line.text) >= width - _WIDEST_CHARACTER - (_INDENTED if line.indented else 0)


def _clean_line(raw: str, number: int) -> Paragraph | None:
    text = ARTEFACTS.sub("", raw).replace("\u3000", " ").replace("\xa0", " ").strip(" \r\v")
    text = text.rstrip("\t") if "\t" not in text.rstrip("\t") else text
    label = read_label(text)
    if label and text.count("\t") == 1 and text[label.length] == "\t":
        text = text.replace("\t", " ")  # Word's own numbering, not a table
    broken = raw.endswith("  ") and not raw.endswith("   ")
    if not text.strip():
        return None
    return Paragraph(text, number, bool(_MARKDOWN_HEADING.match(raw)), broken, bool(_INDENT.match(raw)))


def _wrap_width(lines: list[Paragraph]) -> int | None:
    """The columns at which the file was hard-wrapped; None if its lines are whole paragraphs."""
    widths = sorted(display_width(line.text) for line in lines)
    if len(widths) < _TELLING_LINES:
        return None
    width = widths[int(len(widths) * 0.9)]
    if widths[-1] > width * 1.25 or width > _WIDEST_WRAP:
        return None
    full = [line for line in lines if display_width(line.text) >= width - INDENT]
    broken = sum(1 for line in full if not SENTENCE_END.search(line.text))
    return width if broken >= len(full) * 0.4 else None


def _glue(before: str, after: str) -> str:
    """Join two halves of a line; Latin words keep a space between them."""
    joint = " " if before[-1].isascii() and after[0].isascii() and before[-1].isalpha() and after[0].isalpha() else ""
    return before + joint + after
