"""Where one line ends and the next begins: whether a paragraph goes on there or a new one begins."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from ingest.labels import is_plausible_next, read_label
from ingest.lines import (
    ATTACHMENT_LINE,
    ROLE,
    Paragraph,
    is_addressee_line,
    is_date_line,
    is_imprint_line,
    is_member_line,
    is_number_line,
)
from ingest.notes import is_field_line, is_note_line

SENTENCE_END = re.compile(r"[。！？；：!?;:…]$")
_BRACKET_END = re.compile(r"[）)》”]$")
_OPEN_DEPARTMENTS = re.compile(r"[（(](?:责任|牵头|配合)单位[^）)]*$")
TITLE_END = re.compile(r"(?:通知|意见|办法|方案|措施|细则|规定|条例|公告|决定|通告)(?:[（(][^（()）]{2,8}[）)])?$")
_NUMBER_IN_BRACKET = re.compile(r"\d{1,2}）")
_YEAR_IN_BRACKETS = re.compile(r"〔\s?\d{4}\s?〕\s?\d")
_BRACKET_LENGTH = 100  # characters; a bracket open for longer was never closed
_PROSE = re.compile(r"[，。；]|^(?:为|根据|按照)")
_POST_END = re.compile(r"(?:长|主任|书记|经理|员|领导|同志)$")
INDENT = 10  # columns that a full line may lack: a first line's indent and a word that did not fit
_HEADING_LENGTH = 40  # characters; a labelled line without a full stop is a heading up to here
_ADDRESSEE_LENGTH = 61  # characters


@dataclass(frozen=True, slots=True)
class Joint:
    """Where one line ends and the next begins."""

    paragraph: Paragraph  # what has been joined so far
    last: str  # the last of its lines, as it stood
    line: Paragraph  # the next line
    width: int | None  # at which the file was wrapped; None if it was not
    seen: dict[str, int]  # the last number of each style of label

    @property
    def full(self) -> bool:
        """Whether the line before reaches the width at which the file was wrapped."""
        return self.width is not None and display_width(self.last) >= self.width - INDENT

    @property
    def open_bracket(self) -> bool:
        """Whether a bracket of a title or of a list of departments is still open."""
        tail = self.paragraph.text[-200:]
        return tail.count("《") > tail.count("》") or bool(_OPEN_DEPARTMENTS.search(tail))


def _is_set_apart(joint: Joint) -> bool:
    """Markdown headings and table rows keep to themselves, those too that are drawn with bars."""
    bars = joint.last.startswith("|") or joint.line.text.startswith("|")
    return bars or joint.paragraph.marked or joint.line.marked or "\t" in joint.last or "\t" in joint.line.text


def _stands_alone(joint: Joint) -> bool:
    """Dates, document numbers and 附件 neither go on nor are gone on from."""
    return any(
        is_date_line(text) or is_number_line(text) or is_imprint_line(text) or ATTACHMENT_LINE.match(text)
        for text in (joint.line.text, joint.last)
    )


def _notes(joint: Joint) -> bool:
    """What tells about the document has lines of its own: 发布日期：…, （2021年7月27日…公布）."""
    return is_field_line(joint.last) or is_note_line(joint.line.text)


def _ends_title(joint: Joint) -> bool:
    """关于…的通知, …方案（征求意见稿）: a line without prose that ends with what documents are called."""
    return bool(TITLE_END.search(joint.last)) and not _PROSE.search(joint.paragraph.text) and not joint.open_bracket


def _begins_role(joint: Joint) -> bool:
    return bool(ROLE.match(joint.line.text))


def _ends_with_post(joint: Joint) -> bool:
    return is_member_line(joint.last) and bool(_POST_END.search(joint.last))


def _ends_sentence(joint: Joint) -> bool:
    ended = SENTENCE_END.search(joint.last) or (_BRACKET_END.search(joint.last) and not joint.full)
    return bool(ended) and not joint.open_bracket


def _closes_bracket(joint: Joint) -> bool:
    """（见附件 at the end of a line and 1） at the beginning of the next are no label."""
    tail = joint.paragraph.text[-_BRACKET_LENGTH:]
    return bool(_NUMBER_IN_BRACKET.match(joint.line.text)) and tail.count("（") > tail.count("）")


def _begins_inside(joint: Joint) -> bool:
    """〔2020〕41号 is the rest of a document number."""
    return bool(_YEAR_IN_BRACKETS.match(joint.line.text))


def _begins_unit(joint: Joint) -> bool:
    label = read_label(joint.line.text)
    return label is not None and (not joint.full or is_plausible_next(label, joint.seen))


def _breaks_off(joint: Joint) -> bool:
    return joint.open_bracket or joint.last[-1] in "、，,"


def _begins_member(joint: Joint) -> bool:
    return is_member_line(joint.line.text) and not joint.full


def _fills_line(joint: Joint) -> bool:
    return joint.full or (joint.width is not None and is_member_line(joint.last))


def _is_wrapped(joint: Joint) -> bool:
    return joint.width is not None


def _has_hard_break(joint: Joint) -> bool:
    return joint.paragraph.broken


def _precedes_addressee(joint: Joint) -> bool:
    line = joint.line.text
    return is_addressee_line(line) and len(line) <= _ADDRESSEE_LENGTH and len(joint.paragraph.text) <= _HEADING_LENGTH


def _is_mid_prose(joint: Joint) -> bool:
    text = joint.paragraph.text
    return len(text) > _HEADING_LENGTH or (read_label(text) is None and bool(_PROSE.search(text)))


# Whether a line goes on where the line before broke off: the first rule that applies says so.
_RULES: tuple[tuple[Callable[[Joint], bool], bool], ...] = (
    (_is_set_apart, False),
    (_stands_alone, False),
    (_notes, False),
    (_ends_title, False),
    (_begins_role, False),
    (_ends_with_post, False),
    (_ends_sentence, False),
    (_closes_bracket, True),
    (_begins_inside, True),
    (_begins_unit, False),
    (_breaks_off, True),
    (_begins_member, False),
    (_fills_line, True),
    (_is_wrapped, False),
    (_has_hard_break, True),
    (_precedes_addressee, False),
    (_is_mid_prose, True),
)


def continues(joint: Joint) -> bool:
    """Whether the next line goes on where the line before broke off."""
    return next((verdict for applies, verdict in _RULES if applies(joint)), False)


def display_width(text: str) -> int:
    """Columns that a line takes: two for a wide character, one for others."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" or c in "“”‘’—…·" else 1 for c in text)
