"""An answer as a text to read out on the telephone: warnings first, no marks, the formal source at the end.

Where there is no basis that comes first: the warnings are then of a reference alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.contract import AskResponse
from bot.conversation import without_notices
from prompts.desk_messages import AnswerWords

_MARKS = re.compile(r"\s*\[\d{1,2}\]|\*\*|^\s*(?:[-*>#]+|⚠\ufe0f?)\s+", re.MULTILINE)
_RULE = re.compile(r"[|\s:-]+")  # the line below a table's head
_BAR = re.compile(r"(?<!\\)\|")


def read_out(response: AskResponse, sources: Sequence[str], words: AnswerWords) -> str:
    """The text, a thought a line.

    Args:
        response: the answer.
        sources: the formal sources of its citations, in their order; none where it cites nothing.
        words: what it is put together with.
    """
    warnings, told = [f"{words.first}{notice.message}" for notice in response.notices], speak(response, words)
    opening = told[:1] if response.status == "no_basis" else []
    lines = [*opening, *warnings, *told[len(opening) :]]
    if sources:
        lines.append(f"{words.basis}{'；'.join(dict.fromkeys(sources))}{words.basis_end}")
    return "\n".join(lines)


def speak(response: AskResponse, words: AnswerWords) -> list[str]:
    """The lines of an answer, warnings aside; a table's rows become sentences, its head is left out."""
    markdown = without_notices(response.answer, response.notices)
    lines = [line.strip() for line in _MARKS.sub("", markdown).splitlines() if line.strip()]
    rules = {number for number, line in enumerate(lines) if "|" in line and _RULE.fullmatch(line)}
    heads = {number - 1 for number in rules}
    return [_speak_row(line, words) for number, line in enumerate(lines) if number not in rules | heads]


def _speak_row(line: str, words: AnswerWords) -> str:
    if not line.startswith("|"):
        return line
    cells = [cell.strip().replace("\\|", "|") for cell in _BAR.split(line.strip("|"))]
    return words.row.format(place=cells[0], told="，".join(cells[1:]))
