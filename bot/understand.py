"""A question as typed becomes a question made whole: where, when, what, and which topics."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from bot.asked_day import read_asked_day
from bot.contract import Turn
from bot.follow_up import Matter, Vocabulary, hear, is_courtesy, without_courtesy
from bot.question import Question
from bot.where import locate
from ingest.model import Place
from ingest.places import Gazetteer, Mention
from ingest.spelling import Correction

__all__ = ["Vocabulary", "understand"]

_SEPARATORS = re.compile(r"[？?！!。；;\n]+")
_FILLER = re.compile(
    r"(?:两件事)?一起问|谢谢|请问|[你您]好|麻烦[你您]?|帮[我忙][查看问]一?下?|我?想问(?:一?下)?|咨询(?:一?下)?"
)  # politeness
# Inside a sentence, what may join two things asked for: 房租、检验费怎么优惠; 又…又…; 一个…一个….
_JOINTS = re.compile(r"[？?！!。；;\n，,、：:]+|还有|以及|另外|同时|再就是|一个(?:是|讲)")
_SHORTEST_PART = 5  # characters; less is no question by itself


def understand(
    text: str, place: Place | None, history: Sequence[Turn], as_of: date, gazetteer: Gazetteer, vocabulary: Vocabulary
) -> Question:
    """Read a question in the light of the page's place and the earlier turns.

    Args:
        text: the question as typed.
        place: the place that the page knows, or None.
        history: earlier turns, oldest first.
        as_of: the day for which validity is judged.
        gazetteer: knows places.
        vocabulary: tells the topics of a text, and mends its spelling.
    """
    earlier = [turn.content for turn in history if turn.role == "user"]
    bare, corrections = _bare(text, gazetteer, vocabulary)
    heard = hear(bare, _matter_of(earlier, gazetteer, vocabulary), vocabulary)
    places, source, ambiguous = locate(text, earlier, place, gazetteer, leans=bool(heard.context))
    whole = [" ".join(filter(None, [heard.context, part])) for part in _split(heard.own, _SEPARATORS)]
    parts = tuple(whole) or (heard.context or text,)
    pieces = _split(heard.own, _JOINTS)
    if heard.context and len(pieces) < 2:  # it is a piece of the matter, not one by itself
        pieces = []
    return Question(
        text=text,
        parts=parts,
        pieces=tuple(piece for piece in pieces if piece not in parts and len(piece) > _SHORTEST_PART),
        places=places,
        source=source,
        ambiguous=ambiguous,
        as_of=as_of,
        aspects=heard.aspects,
        topics=tuple(vocabulary.topics_of(" ".join(parts))),
        follows_up=bool(heard.context),
        corrections=corrections,
        courtesy=is_courtesy(text),
        asked_on=read_asked_day([text, *reversed(earlier)] if heard.context else [text], as_of),
    )


def _matter_of(earlier: Sequence[str], gazetteer: Gazetteer, vocabulary: Vocabulary) -> Matter:
    """What the earlier turns were about in the end."""
    matter = Matter()
    for turn in earlier:
        if not is_courtesy(turn):
            matter = hear(_bare(turn, gazetteer, vocabulary)[0], matter, vocabulary).matter
    return matter


def _bare(text: str, gazetteer: Gazetteer, vocabulary: Vocabulary) -> tuple[str, tuple[Correction, ...]]:
    """A text without places and politeness, its slips mended; what names a place is out of it by then."""
    return vocabulary.correct(_without(text, gazetteer.find(text)))


def _without(text: str, mentions: Sequence[Mention]) -> str:
    """A text without the names of places: they choose the documents and would only blur the search."""
    for mention in reversed(mentions):
        text = f"{text[: mention.start]} {text[mention.end :]}"
    return re.sub(r"\s+", " ", _FILLER.sub(" ", without_courtesy(text))).strip()


def _split(bare: str, separators: re.Pattern[str]) -> list[str]:
    """The things asked, each by itself; what is too short to stand alone stays with its neighbour."""
    pieces: list[str] = []
    for piece in (piece.strip(" ，,、") for piece in separators.split(bare)):
        if pieces and len(piece) < _SHORTEST_PART:
            pieces[-1] = f"{pieces[-1]} {piece}".strip()
        elif piece:
            pieces.append(piece)
    return pieces
