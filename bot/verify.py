"""Nothing leaves that no clause says: quotes, figures, departments and markers are checked, and what fails is cut.

A line holds if each figure and each department of it stands in a clause that it cites: what is written before its first
markers in the clauses of these, what is said of one place in a clause that applies there. The most may not be told as
the least. A figure of the question may be spoken of, not granted: 您问的50万元，文件没有写. What only drafts say is
told as what drafts say.

Not checked: whether a figure is given to the right thing within one clause, and a bound that is left out (30万元 for
不超过30万元).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from bot.bounds import Bound, bounds, turned
from bot.contract import Citation
from bot.offices import plain_name, unnamed
from ingest.figures import Figure, figures, grounds, lacking
from ingest.model import NATION

_MARKER = re.compile(r"\[(\d+)\]")
_MARKERS = re.compile(r"\[\d+\](?:[\s、，,和及与]*\[\d+\])*")
_TITLE = re.compile(r"《([^《》]+)》")
_PIECES = re.compile(r"(?<!\d)[，,。；;：:|\n]|[，,。；;：:|\n](?!\d)")
_EACH = re.compile("分别|均|都|各地|两地|几个地方")  # speaks of all places again
# What is spoken of and not granted: 您问的50万元; 没有50万元; 您经营了3年
_SPOKEN_OF = re.compile(r"[问说]|提到|没有|未|并非|(?<![得能可])不(?![超高低多少足满到得能可大小])")
_OF_ASKER = re.compile(r"^(?:[您你]|如果|若)")
_MONEY = frozenset({"元", "%"})
_DRAFT_WORDS = re.compile("征求意见|(?<![虚模])拟(?!人)")
_SAYS_NOTHING = re.compile("没有(?:这样)?写|没有填|未写明")
_LABEL = re.compile(r"(?:^|[：:])[^：:，。]{1,5}[：:]")  # 找谁问：, 期限：
_PLACE_KIND = re.compile("(?<=..)(?:特别行政区|自治[区州县旗]|地区|[省市区县旗盟])$")
_HOTLINES: frozenset[Figure] = frozenset({("12345", "")})


# Sentences of clauses, plain words about them, a row of a table, what puts a false premise right.
LineKind = Literal["quoted", "told", "row", "premise"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an answer, with the numbers of the citations that it rests on."""

    text: str
    citations: tuple[int, ...] = ()
    kind: LineKind = "told"


def markers(numbers: Iterable[int]) -> str:
    """What leads from a line to its citations, each once: [1][3]."""
    return "".join(f"[{number}]" for number in dict.fromkeys(numbers))


def verify(lines: Sequence[Line], citations: Sequence[Citation], asked: str, as_of: date) -> list[Line]:
    """The lines that hold.

    Args:
        lines: the answer as composed.
        citations: what it cites.
        asked: the question, whose figures an answer may speak of.
        as_of: the day of asking, which it may name as a whole.
    """
    sources = {citation.n: _Source(citation) for citation in citations if quote_stands(citation)}
    spare = _Spare(_HOTLINES | figures(as_of.isoformat()), grounds(asked), plain_name(asked))
    return [line for line in lines if _holds(line, sources, spare)]


def quote_stands(citation: Citation) -> bool:
    """Whether a quote stands in its clause, white space aside."""
    quote = _plain(citation.quote)
    return bool(quote) and quote in _plain(citation.text)


@dataclass(frozen=True)
class _Source:
    """A citation and what it gives grounds for, each read when it is needed."""

    citation: Citation

    @cached_property
    def figures(self) -> frozenset[Figure]:
        """The figures of what it shows, its title aside."""
        validity = self.citation.validity
        dates = (self.citation.issued_on, validity.from_, validity.to)
        parts = (self.citation.text, *self.citation.clause_path, self.citation.document_number, validity.basis, *dates)
        return frozenset[Figure]().union(*(grounds(str(part)) for part in parts if part))

    @cached_property
    def bounds(self) -> set[tuple[Figure, Bound]]:
        return bounds(self.citation.text)

    @cached_property
    def words(self) -> str:
        """All that it shows, as names are looked for in it."""
        one = self.citation
        return plain_name("\n".join([one.text, *one.clause_path, one.document_title, one.issuer or ""]))

    @cached_property
    def place_names(self) -> list[str]:
        """What people call its place: 达拉特旗, 达拉特, 达旗."""
        place = self.citation.jurisdiction
        if place is None:
            return []
        banner = [place.name[0] + "旗"] if place.name.endswith("旗") and len(place.name) > 3 else []
        return [place.name, _PLACE_KIND.sub("", place.name), *banner]

    def applies_to(self, other: _Source) -> bool:
        """Whether its clause applies to another's place."""
        here, there = self.citation.jurisdiction, other.citation.jurisdiction
        return here is None or there is None or here.code == NATION or there.path[: len(here.path)] == here.path


@dataclass(frozen=True, slots=True)
class _Spare:
    """What a line may say besides: figures of the day, and of the question where these are spoken of."""

    figures: frozenset[Figure]
    asked: frozenset[Figure]
    words: str


def _holds(line: Line, sources: dict[int, _Source], spare: _Spare) -> bool:
    marked = [int(number) for number in _MARKER.findall(line.text)]
    numbers = {*marked, *line.citations}
    if not numbers <= set(sources):
        return False
    cited = {number: sources[number] for number in numbers}
    text = _without_titles(line.text, cited.values())
    told, basis = _MARKER.sub("", text), list(cited.values())
    if not _told_as_draft(told, basis) or not _grounded(told, basis, spare, echo=True):
        return False
    places = {place.code for source in sources.values() if (place := source.citation.jurisdiction)}
    if len(_MARKERS.findall(text)) < 2 and len(places) < 2 and _grounded(told, basis, spare, echo=False):
        return True
    pieces = _of_places(_before_markers(text, cited, numbers - set(marked)), list(sources.values()))
    return all(_grounded(piece, allowed, spare, echo=_speaks_of(piece)) for piece, allowed in pieces)


def _grounded(text: str, cited: Sequence[_Source], spare: _Spare, *, echo: bool) -> bool:
    """Whether the figures, the bounds and the offices of a text all stand in what it rests on."""
    given = spare.figures.union(*(source.figures for source in cited), spare.asked if echo else ())
    if lacking(figures(text), given):
        return False
    told = bounds(text)
    if told and turned(told, set[tuple[Figure, Bound]]().union(*(source.bounds for source in cited))):
        return False
    names = [department.name for source in cited for department in source.citation.departments]
    places = [name for source in cited for name in source.place_names]
    words = [*(source.words for source in cited), *([spare.words] if echo else [])]
    return not unnamed(text, "\n".join(words), names, places)


def _before_markers(text: str, cited: dict[int, _Source], unmarked: set[int]) -> Iterator[tuple[str, list[_Source]]]:
    """The parts of a line between its markers, each with what is cited so far: the first with its own markers only."""
    start, numbers = 0, set(unmarked)
    for run in _MARKERS.finditer(text):
        numbers |= {int(number) for number in _MARKER.findall(run.group())}
        yield text[start : run.start()], [cited[number] for number in numbers]
        start = run.end()
    yield text[start:], list(cited.values())


def _of_places(
    parts: Iterable[tuple[str, list[_Source]]], sources: Sequence[_Source]
) -> Iterator[tuple[str, list[_Source]]]:
    """The pieces of a line, each with those of its sources that apply to the place that it speaks of."""
    of: list[_Source] = []
    for part, cited in parts:
        for piece in filter(None, _PIECES.split(part)):
            words = plain_name(piece)
            named = [source for source in sources if any(name in words for name in source.place_names)]
            if _EACH.search(words):
                of = []
            elif named and not any(
                words in source.words for source in cited
            ):  # the clause's own words name whom they like
                of = named
            yield piece, [one for one in cited if not of or any(one.applies_to(place) for place in of)]


def _speaks_of(piece: str) -> bool:
    """Whether a piece only speaks of what was asked."""
    granted = {unit for _, unit in figures(piece)} & _MONEY
    return bool(_SPOKEN_OF.search(piece) or (_OF_ASKER.search(piece) and not granted))


def _told_as_draft(told: str, cited: Sequence[_Source]) -> bool:
    """Whether what rests on drafts alone says so, unless it grants nothing: 找谁问：县财政局."""
    if not cited or any(source.citation.legal_status != "draft" for source in cited) or _DRAFT_WORDS.search(told):
        return True
    granted = {unit for _, unit in figures(told)} & _MONEY
    return bool(_SAYS_NOTHING.search(told) or (_LABEL.search(told) and not granted))


def _without_titles(text: str, cited: Iterable[_Source]) -> str:
    """A text without the titles of what it cites: 三年 in 《三年成长计划》 is no term that anybody is granted."""
    titles = [_plain(source.citation.document_title) for source in cited]
    return _TITLE.sub(lambda match: "" if any(_plain(match[1]) in title for title in titles) else match[0], text)


def _plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
