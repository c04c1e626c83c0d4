"""Where the asker is: looked for while it is typed, chosen once, remembered by the browser."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from bot.contract import PLACE_LENGTH
from bot.corpus_contract import PlaceOut
from bot.describe import count_documents, describe_place
from bot.errors_http import describe_ambiguity
from bot.ports import Library, Places
from ingest.errors import AmbiguousPlace, UnknownPlace
from prompts.messages import PageMessages
from prompts.rendering import template_environment


@dataclass(frozen=True, slots=True)
class ChosenPlace:
    """What follows from a place chosen or typed."""

    code: str | None  # None where it is not one place
    label: str  # what the box shows; empty where what was typed is left there to be mended
    line: str  # what the line below it says, as HTML


class PlaceChooser:
    """Settles on a place; the search itself is `GET /api/jurisdictions`, which place.js asks."""

    def __init__(self, library: Library, places: Places, words: PageMessages) -> None:
        self.library = library
        self.places = places
        self.words = words

    def render(self) -> str:
        """The box as HTML."""
        return template_environment().get_template("place.html").render(words=self.words, length=PLACE_LENGTH)

    def choose(self, wanted: str | None) -> ChosenPlace:
        """Settle on what was chosen, typed or remembered: a name, a path or a code."""
        typed = (wanted or "").strip()[:PLACE_LENGTH]
        if not typed:
            return ChosenPlace(None, "", self.words.place_none)
        try:
            counts = count_documents(self.library)
            place = describe_place(self.places.resolve(typed), counts)
        except AmbiguousPlace as error:
            return ChosenPlace(None, "", escape(self.words.place_ambiguous.format(**describe_ambiguity(typed, error))))
        except UnknownPlace:
            return ChosenPlace(None, "", escape(self.words.place_unknown.format(name=typed)))
        return ChosenPlace(place.code, label_place(place), self._coverage(place, counts[place.code]))

    def _coverage(self, place: PlaceOut, own: int) -> str:
        words = self.words
        sentence = words.place_covered if own else words.place_above_only if place.applies else words.place_uncovered
        return escape(sentence.format(place=place.name, own=own, applies=place.applies))


def label_place(place: PlaceOut) -> str:
    """A place with the one that it lies in, so that namesakes can be told apart."""
    return f"{place.name}（{place.path[-2]}）" if len(place.path) > 1 else place.name
