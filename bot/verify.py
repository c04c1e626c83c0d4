"""Nothing leaves that no clause says: quotes, figures and markers of an answer are checked, and what fails is cut."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.contract import Citation
from ingest.figures import Figure, figures, grounds, lacking

_MARKER = re.compile(r"\[(\d+)\]")
_TITLE = re.compile(r"《([^《》]+)》")
_HOTLINES: frozenset[Figure] = frozenset({("12345", "")})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an answer, with the numbers of the citations that it rests on."""

    text: str
    citations: tuple[int, ...] = ()


def markers(numbers: Iterable[int]) -> str:
    """What leads from a line to its citations, each once: [1][3]."""
    return "".join(f"[{number}]" for number in dict.fromkeys(numbers))


def verify(lines: Sequence[Line], citations: Sequence[Citation], asked: str, as_of: date) -> list[Line]:
    """The lines that hold: each marker has its citation, each figure stands in what the line cites or in the question.

    Args:
        lines: the answer as composed.
        citations: what it cites.
        asked: the question, whose figures an answer may repeat.
        as_of: the day of asking, which it may name as a whole.
    """
    standing = {citation.n: citation for citation in citations if quote_stands(citation)}
    allowed = grounds(asked) | figures(as_of.isoformat()) | _HOTLINES
    return [line for line in lines if _holds(line, standing, allowed)]


def quote_stands(citation: Citation) -> bool:
    """Whether a quote stands in its clause, white space aside."""
    quote = _plain(citation.quote)
    return bool(quote) and quote in _plain(citation.text)


def _holds(line: Line, standing: dict[int, Citation], allowed: set[Figure]) -> bool:
    numbers = {int(number) for number in _MARKER.findall(line.text)} | set(line.citations)
    if not numbers <= set(standing):
        return False
    cited = [standing[number] for number in numbers]
    told = _without_titles(_MARKER.sub("", line.text), cited)
    return not lacking(figures(told), allowed.union(*map(_grounds_of, cited)))


def _without_titles(text: str, cited: Iterable[Citation]) -> str:
    """A text without the titles of what it cites: 三年 in 《三年成长计划》 is no term that anybody is granted."""
    titles = [_plain(citation.document_title) for citation in cited]
    return _TITLE.sub(lambda match: "" if any(_plain(match[1]) in title for title in titles) else match[0], text)


def _grounds_of(citation: Citation) -> set[Figure]:
    """The figures of what a citation shows, its title aside."""
    validity = citation.validity
    parts: Iterable[object] = (
        citation.text,
        *citation.clause_path,
        citation.document_number,
        citation.issued_on,
        validity.from_,
        validity.to,
        validity.basis,
    )
    return {figure for part in parts if part for figure in grounds(str(part))}


def _plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
