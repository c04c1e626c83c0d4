"""Nothing leaves that no clause says: quotes, figures and markers of an answer are checked, and what fails is cut."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.contract import Citation
from ingest.labels import parse_number

_MARKER = re.compile(r"\[(\d+)\]")
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_CHINESE_FIGURE = re.compile(r"[零〇一二两三四五六七八九十百千]+(?=[万亿]?(?:元|块|户|家|个月|年|天|日|人|次|名|倍|折|成|%))")
_HOTLINES = frozenset({"12345"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an answer, with the numbers of the citations that it rests on."""

    text: str
    citations: tuple[int, ...] = ()


def verify(lines: Sequence[Line], citations: Sequence[Citation], asked: str) -> list[Line]:
    """The lines that hold: every marker has its citation, every figure stands in a cited clause or in the question.

    Args:
        lines: the answer as composed.
        citations: what it cites.
        asked: the question and the day of asking, whose figures an answer may repeat.
    """
    by_number = {citation.n: citation for citation in citations if quote_stands(citation)}
    allowed = figures(asked) | _HOTLINES
    for citation in by_number.values():
        allowed |= figures(_basis(citation))
    return [line for line in lines if _holds(line, by_number, allowed)]


def quote_stands(citation: Citation) -> bool:
    """Whether a quote stands in its clause, white space aside."""
    return _plain(citation.quote) in _plain(citation.text)


def figures(text: str) -> set[str]:
    """The figures of a text in Arabic digits: 10万, 十万元 and ２０２５年 give 10 (both) and 2025."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "")
    found = {figure.lstrip("0") or "0" for figure in _FIGURE.findall(plain)}
    return found | {str(parse_number(figure)) for figure in _CHINESE_FIGURE.findall(plain)}


def _holds(line: Line, by_number: dict[int, Citation], allowed: set[str]) -> bool:
    markers = {int(number) for number in _MARKER.findall(line.text)} | set(line.citations)
    return markers <= set(by_number) and figures(_MARKER.sub("", line.text)) <= allowed


def _basis(citation: Citation) -> str:
    """All that a citation shows: a figure that stands there may stand in the answer."""
    validity = citation.validity
    parts: Iterable[object] = (
        citation.text, " ".join(citation.clause_path), citation.document_title, citation.document_number,
        citation.issued_on, validity.from_, validity.to, validity.basis,
    )  # fmt: skip
    return " ".join(str(part) for part in parts if part)


def _plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
