"""Lines of a file become paragraphs: debris goes, hard wraps and page breaks in mid-sentence are undone.

What is taken away is declared in `ARTEFACTS`; besides, only white space changes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

from ingest.labels import is_plausible_next, read_label
from ingest.lines import ATTACHMENT_LINE, is_addressee_line, is_date_line, is_member_line, is_number_line

# Marks that a converter left behind: Markdown headings, Word bookmarks, emphasis, list dashes, escapes, page breaks.
ARTEFACTS = re.compile(
    r"^(?:\s*\[bookmark:[^\]]*\])*\s*#{1,6}(?=\s)|\[bookmark:[^\]]*\]|\*\*|^\s*[-*+](?=\s)"
    r"|\\(?=[_*#\[\]()\-.])|[\f\ufeff\u200b]",
    re.MULTILINE,
)
_MARKDOWN_HEADING = re.compile(r"^(?:\s*\[bookmark:[^\]]*\])*\s*#{1,6}\s")
# One space between a Chinese character and a figure is an artefact of PDF extraction: 2023 年, 10 万元.
_FIGURE_SPACE = re.compile(
    r"(?<=[\u4e00-\u9fff，。、；：（“]) (?=[0-9])|(?<=[0-9%A-Za-z]) (?=[\u4e00-\u9fff，。、；：）”])"
)
_SENTENCE_END = re.compile(r"[。！？；：!?;:…]$")
_BRACKET_END = re.compile(r"[）)》”]$")
_OPEN_DEPARTMENTS = re.compile(r"[（(](?:责任|牵头|配合)单位[^）)]*$")
_POST_END = re.compile(r"(?:长|主任|书记|经理|员|领导|同志)$")
_INDENT = 10  # columns that a full line may lack: a first line's indent and a word that did not fit
_HEADING_LENGTH = 40  # characters; a labelled line without a full stop is a heading up to here
_ADDRESSEE_LENGTH = 61  # characters
_TELLING_LINES = 10  # fewer lines do not show at which width a file was wrapped
_WIDEST_WRAP = 120  # columns


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of the document, with the number of its first line in the file (from 1)."""

    text: str
    line: int
    marked: bool = False  # a Markdown heading: never joined with its neighbours
    broken: bool = False  # ends in Markdown's hard break, two spaces: a page's own line ends


def clean(text: str) -> list[Paragraph]:
    """Undo what conversion did to a document; returns its paragraphs in order."""
    lines = [line for number, raw in enumerate(text.split("\n"), 1) if (line := _clean_line(raw, number))]
    width = _wrap_width(lines)
    paragraphs: list[Paragraph] = []
    seen: dict[str, int] = {}
    last = ""
    for line in lines:
        if paragraphs and _continues(_Joint(paragraphs[-1], last, line, width, seen)):
            glued = _glue(paragraphs[-1].text, line.text)
            paragraphs[-1] = replace(paragraphs[-1], text=glued, broken=line.broken)
        else:
            paragraphs.append(line)
            if label := read_label(line.text):
                seen[label.style] = label.number
        last = line.text
    return [replace(paragraph, text=_FIGURE_SPACE.sub("", paragraph.text)) for paragraph in paragraphs]


def _clean_line(raw: str, number: int) -> Paragraph | None:
    text = ARTEFACTS.sub("", raw).replace("\u3000", " ").replace("\xa0", " ").strip(" \r\v")
    text = text.rstrip("\t") if "\t" not in text.rstrip("\t") else text
    label = read_label(text)
    if label and text.count("\t") == 1 and text[label.length] == "\t":
        text = text.replace("\t", " ")  # Word's own numbering, not a table
    broken = raw.endswith("  ") and not raw.endswith("   ")
    return Paragraph(text, number, bool(_MARKDOWN_HEADING.match(raw)), broken) if text.strip() else None


@dataclass(frozen=True, slots=True)
class _Joint:
    """Where one line ends and the next begins."""

    paragraph: Paragraph  # what has been joined so far
    last: str  # the last of its lines, as it stood
    line: Paragraph  # the next line
    width: int | None  # see _wrap_width
    seen: dict[str, int]  # the last number of each style of label

    @property
    def full(self) -> bool:
        """Whether the line before reaches the width at which the file was wrapped."""
        return self.width is not None and _display_width(self.last) >= self.width - _INDENT

    @property
    def open_bracket(self) -> bool:
        """Whether a bracket of a title or of a list of departments is still open."""
        tail = self.paragraph.text[-200:]
        return tail.count("《") > tail.count("》") or bool(_OPEN_DEPARTMENTS.search(tail))


def _is_set_apart(joint: _Joint) -> bool:
    """Markdown headings and table rows keep to themselves."""
    return joint.paragraph.marked or joint.line.marked or "\t" in joint.last or "\t" in joint.line.text


def _stands_alone(joint: _Joint) -> bool:
    """Dates, document numbers and 附件 neither go on nor are gone on from."""
    return any(
        is_date_line(text) or is_number_line(text) or ATTACHMENT_LINE.match(text)
        for text in (joint.line.text, joint.last)
    )


def _ends_with_post(joint: _Joint) -> bool:
    return is_member_line(joint.last) and bool(_POST_END.search(joint.last))


def _ends_sentence(joint: _Joint) -> bool:
    ended = _SENTENCE_END.search(joint.last) or (_BRACKET_END.search(joint.last) and not joint.full)
    return bool(ended) and not joint.open_bracket


def _begins_unit(joint: _Joint) -> bool:
    label = read_label(joint.line.text)
    return label is not None and (not joint.full or is_plausible_next(label, joint.seen))


def _breaks_off(joint: _Joint) -> bool:
    return joint.open_bracket or joint.last[-1] in "、，,"


def _begins_member(joint: _Joint) -> bool:
    return is_member_line(joint.line.text) and not joint.full


def _fills_line(joint: _Joint) -> bool:
    return joint.full or (joint.width is not None and is_member_line(joint.last))


def _is_wrapped(joint: _Joint) -> bool:
    return joint.width is not None


def _has_hard_break(joint: _Joint) -> bool:
    return joint.paragraph.broken


def _precedes_addressee(joint: _Joint) -> bool:
    line = joint.line.text
    return is_addressee_line(line) and len(line) <= _ADDRESSEE_LENGTH and len(joint.paragraph.text) <= _HEADING_LENGTH


def _is_mid_prose(joint: _Joint) -> bool:
    text = joint.paragraph.text
    return len(text) > _HEADING_LENGTH or (read_label(text) is None and bool(re.search(r"[，。；]", text)))


# Whether a line goes on where the line before broke off: the first rule that applies says so.
_RULES: tuple[tuple[Callable[[_Joint], bool], bool], ...] = (
    (_is_set_apart, False),
    (_stands_alone, False),
    (_ends_with_post, False),
    (_ends_sentence, False),
    (_begins_unit, False),
    (_breaks_off, True),
    (_begins_member, False),
    (_fills_line, True),
    (_is_wrapped, False),
    (_has_hard_break, True),
    (_precedes_addressee, False),
    (_is_mid_prose, True),
)


def _continues(joint: _Joint) -> bool:
    return next((verdict for applies, verdict in _RULES if applies(joint)), False)


def _display_width(text: str) -> int:
    """Columns that a line takes: two for a wide character, one for others."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" or c in "“”‘’—…·" else 1 for c in text)


def _wrap_width(lines: list[Paragraph]) -> int | None:
    """The columns at which the file was hard-wrapped; None if its lines are whole paragraphs."""
    widths = sorted(_display_width(line.text) for line in lines)
    if len(widths) < _TELLING_LINES:
        return None
    width = widths[int(len(widths) * 0.9)]
    if widths[-1] > width * 1.25 or width > _WIDEST_WRAP:
        return None
    full = [line for line in lines if _display_width(line.text) >= width - _INDENT]
    broken = sum(1 for line in full if not _SENTENCE_END.search(line.text))
    return width if broken >= len(full) * 0.4 else None


def _glue(before: str, after: str) -> str:
    """Join two halves of a line; Latin words keep a space between them."""
    joint = " " if before[-1].isascii() and after[0].isascii() and before[-1].isalpha() and after[0].isalpha() else ""
    return before + joint + after
