"""A question as typed becomes a question made whole: where, when, what, and which topics."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Protocol

from bot.aspects import read_aspects
from bot.contract import PlaceSource, Turn
from bot.question import Question
from ingest.model import Place
from ingest.places import Gazetteer, Mention
from ingest.spelling import Correction
from ingest.topics import TopicMatch

# Signs that a question leans on an earlier turn: that, then, this matter, what about…
_LEANING = re.compile(
    r"^(?:那|这|它|还有|另外|再问|要是|如果)|呢[？?。！!]*$|^.{0,4}呢|这块|这项|这个(?:事|政策|钱)|上面|刚才|前面说"
)
_ELLIPTIC_LENGTH = 14  # characters; a shorter question with no topic of its own leans on the turn before
_WHEREABOUTS_BEFORE = re.compile(r"(?:人|还|正|一直)在$")
_NEGATED_BEFORE = re.compile(r"(?:不是|不在|不问|没问)$")
_OURS_BEFORE = re.compile(r"(?:咱|俺|[我咱俺]们)[这那]?[儿里边]?$")
_WHEREABOUTS_BEHIND = re.compile(
    r"(?:那边|的)?(?:打工|搞混|弄混|务工|上班|出差|上学|读书|念书|当兵|服役|旅游|回来|回乡|户口)"
)
_SEPARATORS = re.compile(r"[？?！!。；;\n]+")
_FILLER = re.compile(
    r"(?:两件事)?一起问|谢谢|请问|[你您]好|麻烦[你您]?|帮[我忙][查看问]一?下?|我?想问(?:一?下)?|咨询(?:一?下)?"
)  # politeness
# Inside a sentence, what may join two things asked for: 房租、检验费怎么优惠; 又…又…; 一个…一个….
_JOINTS = re.compile(r"[？?！!。；;\n，,、：:]+|还有|以及|另外|同时|再就是|一个(?:是|讲)")
_SHORTEST_PART = 5  # characters; less is no question by itself
_STRONG_TOPIC = 0.7  # from this score on, a question has a topic of its own


class Vocabulary(Protocol):
    """What an index knows of words."""

    def topics_of(self, text: str) -> Sequence[TopicMatch]:
        """The topics that a text is about, best first."""
        ...

    def correct(self, text: str) -> tuple[str, tuple[Correction, ...]]:
        """A text with its slips of the pen mended, and what was mended."""
        ...


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
    mentions = gazetteer.find(text)
    bare, corrections = vocabulary.correct(_without(text, mentions))  # what names a place is out of it by now
    mentions = [one for one in mentions if not _is_beside_the_point(text, one, place)]
    follows_up = bool(earlier) and _leans(bare, vocabulary)
    context = _context(earlier, gazetteer, vocabulary) if follows_up else ""
    places, source, ambiguous = _where(mentions, earlier, place, gazetteer)
    parts = tuple(" ".join(filter(None, [context, part])) for part in _split(bare, _SEPARATORS)) or (context or text,)
    pieces = tuple(piece for piece in _split(bare, _JOINTS) if piece not in parts and len(piece) > _SHORTEST_PART)
    topics = tuple(vocabulary.topics_of(" ".join(parts)))
    aspects = read_aspects(text)
    return Question(text, parts, pieces, places, source, ambiguous, as_of, aspects, topics, follows_up, corrections)


def _is_whereabouts(text: str, mention: Mention) -> bool:
    """Whether a place is only where somebody is or was: 人在新疆打工, 从广东回来."""
    return bool(_WHEREABOUTS_BEFORE.search(text[: mention.start]) or _WHEREABOUTS_BEHIND.match(text, mention.end))


def _is_beside_the_point(text: str, mention: Mention, page: Place | None) -> bool:
    """Whether a place is named without being asked about."""
    negated = bool(_NEGATED_BEFORE.search(text[: mention.start]))
    return negated or _is_whereabouts(text, mention) or _is_home(text, mention, page)


def _is_home(text: str, mention: Mention, page: Place | None) -> bool:
    """Whether a place is only where the asker's own lies: 咱内蒙的牌子, asked in a county there."""
    if page is None or not _OURS_BEFORE.search(text[: mention.start]):
        return False
    return all(place.code in page.chain[1:] for place in mention.places)


def _without(text: str, mentions: Sequence[Mention]) -> str:
    """A text without the names of places: they choose the documents and would only blur the search."""
    for mention in reversed(mentions):
        text = f"{text[: mention.start]} {text[mention.end :]}"
    return re.sub(r"\s+", " ", _FILLER.sub(" ", text)).strip()


def _leans(bare: str, vocabulary: Vocabulary) -> bool:
    if _LEANING.search(bare):
        return True
    if len(bare) > _ELLIPTIC_LENGTH:
        return False
    return not any(match.score >= _STRONG_TOPIC for match in vocabulary.topics_of(bare))


def _context(earlier: Sequence[str], gazetteer: Gazetteer, vocabulary: Vocabulary) -> str:
    """What the earlier turns were about: back to the last one that stood by itself."""
    turns: list[str] = []
    for turn in reversed(earlier):
        bare, _ = vocabulary.correct(_without(turn, gazetteer.find(turn)))
        turns.insert(0, bare)
        if not _leans(bare, vocabulary):
            break
    return " ".join(turns)


def _where(
    mentions: Sequence[Mention], earlier: Sequence[str], page: Place | None, gazetteer: Gazetteer
) -> tuple[tuple[Place, ...], PlaceSource | None, tuple[Place, ...]]:
    """The places asked about: in the question, else in an earlier turn, else the page's."""
    places, ambiguous = _settle(mentions, page)
    if places or ambiguous:
        return places, "question", ambiguous
    for turn in reversed(earlier):
        places, _ = _settle(gazetteer.find(turn), page)
        if places:
            return places, "history", ()
    return ((page,), "request", ()) if page else ((), None, ())


def _settle(mentions: Sequence[Mention], page: Place | None) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    """One place a mention; of places that share a name, the one that lies nearest to the page's place."""
    found: dict[str, Place] = {}
    ambiguous: tuple[Place, ...] = ()
    for mention in mentions:
        choice = mention.places if len(mention.places) == 1 else _nearest(mention.places, page)
        if len(choice) == 1:
            found[choice[0].code] = choice[0]
        else:
            ambiguous = mention.places
    return tuple(found.values()), () if found else ambiguous


def _nearest(places: Sequence[Place], page: Place | None) -> tuple[Place, ...]:
    """The places that share most of the page's chain, below the nation; all if none shares any."""
    shared = {place.code: len(set(place.chain[:-1]) & set(page.chain[:-1])) if page else 0 for place in places}
    return tuple(place for place in places if shared[place.code] == max(shared.values()))


def _split(bare: str, separators: re.Pattern[str]) -> list[str]:
    """The things asked, each by itself; what is too short to stand alone stays with its neighbour."""
    pieces: list[str] = []
    for piece in (piece.strip(" ，,、") for piece in separators.split(bare)):
        if pieces and len(piece) < _SHORTEST_PART:
            pieces[-1] = f"{pieces[-1]} {piece}".strip()
        elif piece:
            pieces.append(piece)
    return pieces
