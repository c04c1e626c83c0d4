"""What an answer rests on: clauses with the sentences that answer, for the places that were asked about."""

from __future__ import annotations

from dataclasses import dataclass

from bot.question import Aspect
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
    then: Validity | None = None  # the same on the day that the question itself speaks of, if it speaks of one

    @property
    def quote(self) -> str:
        """The part of the clause that the answer rests on, verbatim: from the first chosen sentence to the last."""
        return self.clause.text[self.sentences[0].start : self.sentences[-1].end]

    @property
    def told_length(self) -> int:
        """How many characters the chosen sentences have."""
        return sum(len(sentence.text) for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class Premise:
    """A figure that a question takes for granted in a place, and what its documents say."""

    text: str  # as typed: 10万
    place: Place  # where it is taken for granted
    holds: bool  # a clause of that place on the matter has it
    evidence: Evidence | None = None  # the clause that has it, or another figure for the same; else another place's
    instead: str = ""  # the words of that place's clause that say another figure: 稳定经营2年以上
    unsaid: bool = False  # the clause that grants, or else the best cited, sets no such condition

    @property
    def elsewhere(self) -> Place | None:
        """The other place whose figure it is, if it is one's."""
        return self.evidence.document.place if self.evidence and not self.here else None

    @property
    def here(self) -> Evidence | None:
        """The clause of the place itself that bears on it."""
        return self.evidence if self.holds or self.instead or self.unsaid else None


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for one place."""

    place: Place
    evidence: tuple[Evidence, ...]
    missing: tuple[str, ...] = ()  # parts of the question that nothing covers here
    considered: tuple[tuple[Found, str], ...] = ()  # what was found, with what became of it: cited, weaker, no_basis
    confidence: float | None = None  # from 0 to 1, that there is a basis here: that of the surest part
    told: tuple[Aspect, ...] = ()  # asked for, and what is cited tells it
    premises: tuple[Premise, ...] = ()  # what the question takes for granted here
    untold: tuple[Aspect, ...] = ()  # asked for, but nothing that is cited tells it: no figure, no department, no end

    @property
    def covered(self) -> bool:
        """Whether anything answers here."""
        return bool(self.evidence)

    @property
    def complete(self) -> bool:
        """Whether each of several things asked is told; one thing asked and plainly not written is an answer."""
        return self.covered and not self.missing and not (self.untold and self.told)
