"""What an answer rests on: clauses with the sentences that answer, for the places that were asked about."""

from __future__ import annotations

from dataclasses import dataclass

from bot.retrieve import Found
from bot.validity import Validity
from ingest.model import Blank, Clause, Document, Place
from ingest.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Evidence:
    """One clause that an answer rests on."""

    document: Document
    clause: Clause
    sentences: tuple[Sentence, ...]  # those that answer, in the order of the clause
    validity: Validity  # of these sentences, on the day of asking
    blank: Blank | None = None  # the figure that was asked for and that the text leaves open

    @property
    def quote(self) -> str:
        """The part of the clause that the answer rests on, verbatim: from the first chosen sentence to the last."""
        return self.clause.text[self.sentences[0].start : self.sentences[-1].end]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for one place."""

    place: Place
    evidence: tuple[Evidence, ...]
    missing: tuple[str, ...] = ()  # parts of the question that nothing covers here
    considered: tuple[tuple[Found, str], ...] = ()  # what was found, with what became of it: cited, weaker, no_basis
    confidence: float | None = None  # from 0 to 1, that there is a basis here: that of the surest part

    @property
    def covered(self) -> bool:
        """Whether anything answers here."""
        return bool(self.evidence)
