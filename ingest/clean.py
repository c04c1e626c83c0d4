"""Lines of a file become paragraphs: debris goes, hard wraps and page breaks in mid-sentence are undone.

What is taken away is declared in `ARTEFACTS` and in the joining of lines; everything else stays as it was.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from ingest.labels import is_plausible_next, read_label

# Marks that a converter left behind: Word bookmarks, Markdown headings, emphasis, list dashes, escapes.
ARTEFACTS = re.compile(r"\[bookmark:[^\]]*\]|^\s*#{1,6}(?=\s)|\*\*|^\s*[-*+](?=\s)|\\(?=[_*#\[\]()\-.])|\f|\ufeff", re.MULTILINE)
_MARKDOWN_HEADING = re.compile(r"^\s*(?:\[bookmark:[^\]]*\])?\s*#{1,6}\s")
# One space between a Chinese character and a figure is an artefact of PDF extraction: 2023 年, 10 万元.
_FIGURE_SPACE = re.compile(r"(?<=[\u4e00-\u9fff，。、；：（“]) (?=[0-9])|(?<=[0-9%A-Za-z]) (?=[\u4e00-\u9fff，。、；：）”])")
_SENTENCE_END = re.compile(r"[。！？；：!?;:…]$")
_BRACKET_END = re.compile(r"[）)》”]$")
_DATE_LINE = re.compile(r"^[0-9〇○零一二三四五六七八九十]{4}\s*年\s*[0-9一二三四五六七八九十]{1,3}\s*月\s*[0-9一二三四五六七八九十]{1,3}\s*日$")
_NUMBER_LINE = re.compile(r"^\S{1,15}[〔\[【（(]\s*\d{4}\s*[〕\]】）)]\s*第?\s*\d+\s*号$")  # 文号 on a line of its own
_ATTACHMENT_LINE = re.compile(r"^附\s*件\s*[0-9一二三四五六七八九十]*\s*[：:]?")
_ROLE_LINE = re.compile(r"^(?:组\s*长|副\s*组\s*长|成\s*员|主\s*任|副\s*主\s*任|主要职责)\s*[：:]")
_MEMBER_LINE = re.compile(r"^(?:[\u4e00-\u9fff·]{2,8}|[\u4e00-\u9fff]\s+[\u4e00-\u9fff]|X\s?X\s?X)\s+[\u4e00-\u9fff]\S*$")
_POST_END = re.compile(r"(?:长|主任|书记|经理|员|领导|同志)$")
_ADDRESSEE = re.compile(r"^[^，。；]{2,60}[：:]$")
_INDENT = 10  # columns that a full line may lack: a first line's indent and a word that did not fit
_HEADING_LENGTH = 40  # characters; a labelled line without a full stop is a heading up to here


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
    last = ""  # the physical line before, as it stood
    for line in lines:
        if paragraphs and _continues(paragraphs[-1], last, line, width, seen):
            previous = paragraphs[-1]
            paragraphs[-1] = Paragraph(_glue(previous.text, line.text), previous.line, previous.marked, line.broken)
        else:
            paragraphs.append(line)
            if label := read_label(line.text):
                seen[label.style] = label.number
        last = line.text
    return [Paragraph(_FIGURE_SPACE.sub("", p.text), p.line, p.marked) for p in paragraphs]


def is_date_line(text: str) -> bool:
    """Whether a line is nothing but a full date, as below a signature."""
    return bool(_DATE_LINE.match(text.replace(" ", "")))


def is_number_line(text: str) -> bool:
    """Whether a line is nothing but a document number (文号)."""
    return bool(_NUMBER_LINE.match(text.strip()))


def is_member_line(text: str) -> bool:
    """Whether a line lists one member of a group: a name, space, a post; or a role and those."""
    return bool(_MEMBER_LINE.match(text) or _ROLE_LINE.match(text))


def _clean_line(raw: str, number: int) -> Paragraph | None:
    text = ARTEFACTS.sub("", raw).replace("\u3000", " ").replace("\xa0", " ").strip(" \r\v\u200b")
    text = text.rstrip("\t") if not text.rstrip("\t").count("\t") else text
    broken = raw.endswith("  ") and not raw.endswith("   ")
    return Paragraph(text, number, bool(_MARKDOWN_HEADING.match(raw)), broken) if text.strip() else None


def _continues(previous: Paragraph, last: str, line: Paragraph, width: int | None, seen: dict[str, int]) -> bool:
    """Whether `line` goes on in mid-sentence where the line before broke off."""
    if previous.marked or line.marked or "\t" in last or "\t" in line.text:
        return False
    if _stands_alone(line.text) or _stands_alone(last):
        return False
    if is_member_line(last) and _POST_END.search(last):
        return False
    if not _inside_brackets(previous.text) and (
        _SENTENCE_END.search(last) or (_BRACKET_END.search(last) and not _is_full(last, width))
    ):
        return False
    label = read_label(line.text)
    if label and (not _is_full(last, width) or is_plausible_next(label, seen)):
        return False
    if _inside_brackets(previous.text) or last[-1] in "、，,":
        return True
    if is_member_line(line.text) and not _is_full(last, width):
        return False
    if width:
        return _is_full(last, width) or is_member_line(last)
    if previous.broken:
        return True
    if _ADDRESSEE.match(line.text) and len(previous.text) <= _HEADING_LENGTH:
        return False
    return len(previous.text) > _HEADING_LENGTH or (read_label(previous.text) is None and bool(re.search(r"[，、。；]", previous.text)))


def _stands_alone(text: str) -> bool:
    """Lines that neither go on nor are gone on from: dates, document numbers, 附件, roles."""
    return bool(is_date_line(text) or is_number_line(text) or _ATTACHMENT_LINE.match(text))


def _inside_brackets(text: str) -> bool:
    """Whether a bracket of a title or of a list of departments is still open at the end."""
    tail = text[-200:]
    return tail.count("《") > tail.count("》") or bool(re.search(r"[（(](?:责任|牵头|配合)单位[^）)]*$", tail))


def _is_full(text: str, width: int | None) -> bool:
    return width is not None and _display_width(text) >= width - _INDENT


def _display_width(text: str) -> int:
    """Columns that a line takes: two for a wide character, one for others."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" or c in "“”‘’—…·" else 1 for c in text)


def _wrap_width(lines: list[Paragraph]) -> int | None:
    """The columns at which the file was hard-wrapped; None if its lines are whole paragraphs."""
    widths = sorted(_display_width(line.text) for line in lines)
    if len(widths) < 10:
        return None
    width = widths[int(len(widths) * 0.9)]
    if widths[-1] > width * 1.25 or width > 120:
        return None
    full = [line for line in lines if _display_width(line.text) >= width - _INDENT]
    broken = sum(1 for line in full if not _SENTENCE_END.search(line.text))
    return width if broken >= len(full) * 0.4 else None


def _glue(before: str, after: str) -> str:
    """Join two halves of a line; Latin words keep a space between them."""
    joint = " " if before[-1].isascii() and after[0].isascii() and before[-1].isalpha() and after[0].isalpha() else ""
    return before + joint + after
