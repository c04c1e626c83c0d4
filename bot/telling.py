"""What of an answer has been told, and what of its stand-in, the extractive answer, is still to be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from bot.contract import Citation
from bot.evidence import Evidence
from bot.verify import Line
from ingest.figures import figures

_SHARE_OF_SENTENCE = 0.5  # of a chosen sentence that stands in a line from which on the line quotes it


@dataclass(frozen=True, slots=True)
class Source:
    """A clause as an answer cites it, and the places that it was found for."""

    evidence: Evidence
    citation: Citation
    places: tuple[str, ...]


class Telling:
    """Keeps count while a model tells in its own words what the stand-in quotes.

    Only quotations give way to the model: whom to ask, until when and what nothing tells of the stand-in always says.

    Args:
        lines: the stand-in.
        sources: what it cites, by number.
        lead: begins a line that is about one of several places, with {place}; empty where there is only one.
        units: of the figures that were asked for; empty where none were.
    """

    def __init__(self, lines: Sequence[Line], sources: Mapping[int, Source], lead: str, units: frozenset[str]) -> None:
        self._left = list(lines)
        self._sources = sources
        self._lead = lead
        self._units = units
        self._told: set[int] = set()  # numbers of the clauses that the model has told
        self._said: set[str] = set()
        self._begun = False
        self.shown = 0  # sentences of the model's

    def opening(self) -> list[Line]:
        """What the stand-in says before its first quotation."""
        count = next((n for n, line in enumerate(self._left) if self._quotes(line)), len(self._left))
        head, self._left = self._left[:count], self._left[count:]
        return head

    def placed(self, line: Line) -> Line | None:
        """A line that says which place it is about; None if it mixes places without naming each."""
        if not self._lead:
            return line
        groups = {self._sources[number].places for number in line.citations}
        names = {name for group in groups for name in group}
        if all(name in line.text for name in names):
            return line
        if len(groups) > 1:
            return None
        return replace(line, text=self._lead.format(place="、".join(*groups)) + line.text)

    def tell(self, line: Line) -> Line:
        """A sentence of the model's is shown."""
        self._begun = True
        self._said.add(line.text)
        self._told.update(line.citations)
        self.shown += 1
        return line

    def repeats(self, line: Line) -> bool:
        """Whether the model has said this before."""
        return line.text in self._said

    def instead_of(self, line: Line) -> list[Line]:
        """The quotation that takes the place of a sentence that failed: of the same clause, else the next; or none."""
        quotations = [one for one in self._left if self._quotes(one) and not self._told.issuperset(one.citations)]
        same = [one for one in quotations if set(one.citations) & set(line.citations)]
        chosen = (same or quotations)[:1]
        self._begun = self._begun or bool(chosen)
        for one in chosen:
            self._left.remove(one)
        return [self.placed(one) or one for one in chosen]

    def rest(self, *, everything: bool, each_clause: bool) -> list[Line]:
        """What is still to be said, in the stand-in's order: of the quotations those that the model left out.

        Args:
            everything: all of them, as if the model had told nothing.
            each_clause: those of each clause that it did not tell; else those of each place that it did not speak of,
                and those with the kind of figure that was asked for, if it told none.
        """
        left = [one for one in self._left if not self._quotes(one) or everything or self._is_owed(one, each_clause)]
        self._left = []
        return [self.placed(one) or one for one in left] if self._begun else left

    def _is_owed(self, line: Line, each_clause: bool) -> bool:
        if self._answers(line.text) and not any(map(self._answers, self._said)):
            return True
        if each_clause:
            return not self._told.issuperset(line.citations)
        spoken_of = {self._sources[number].places for number in self._told}
        return not spoken_of.issuperset(self._sources[number].places for number in line.citations)

    def _answers(self, text: str) -> bool:
        """Whether a text holds a figure of the kind that was asked for."""
        return any(unit in self._units for _, unit in figures(text))

    def _quotes(self, line: Line) -> bool:
        """Whether a line is a clause's own sentences."""
        return any(_holds(line.text, self._sources[number].evidence) for number in line.citations)


def _holds(text: str, evidence: Evidence) -> bool:
    """Whether a good part of one of the chosen sentences stands in a text, word for word."""
    sentences = [sentence.text for sentence in evidence.sentences]
    return any(_shared(sentence, text) >= _SHARE_OF_SENTENCE * len(sentence) for sentence in sentences)


def _shared(sentence: str, text: str) -> int:
    """The length of the longest piece of a sentence that stands in a text."""
    return SequenceMatcher(None, sentence, text, autojunk=False).find_longest_match().size
