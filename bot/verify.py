"""Nothing leaves that no clause says: quotes, figures and markers of an answer are checked, and what fails is cut."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.contract import Citation
from bot.figures import Figure, figures, grounds, lacking

_MARKER = re.compile(r"\[(\d+)\]")
_HOTLINES: frozenset[Figure] = frozenset({("12345", "")})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an answer, with the numbers of the citations that it rests on."""

    text: str
    citations: tuple[int, ...] = ()


def verify(lines: Sequence[Line], citations: Sequence[Citation], asked: str) -> list[Line]:
    """The lines that hold: every marker has its citation, every figure stands in what the line cites or in the question.

    Args:
        lines: the answer as composed.
        citations: what it cites.
        asked: the question and the day of asking, whose figures an answer may repeat.
    """
    given = {citation.n: _grounds_of(citation) for citation in citations if quote_stands(citation)}
    allowed = grounds(asked) | _HOTLINES
    return [line for line in lines if _holds(line, given, allowed)]


def quote_stands(citation: Citation) -> bool:
    """Whether a quote stands in its clause, white space aside."""
    quote = _plain(citation.quote)
    return bool(quote) and quote in _plain(citation.text)


def _holds(line: Line, given: dict[int, set[Figure]], allowed: set[Figure]) -> bool:
    cited = {int(number) for number in _MARKER.findall(line.text)} | set(line.citations)
    if not cited <= set(given):
        return False
    return not lacking(figures(_MARKER.sub("", line.text)), allowed.union(*(given[number] for number in cited)))


def _grounds_of(citation: Citation) -> set[Figure]:
    """The figures of all that a citation shows."""
    validity = citation.validity
    parts: Iterable[object] = (
        citation.text, *citation.clause_path, citation.document_title, citation.document_number,
        citation.issued_on, validity.from_, validity.to, validity.basis,
    )  # fmt: skip
    return {figure for part in parts if part for figure in grounds(str(part))}


def _plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
