"""The lexicon of topics: what maps everyday words to the terms of policy texts.

`corpus/topics/*.yaml` holds it, so that staff widen it without touching code. `Lexicon.tag` says which topics a clause
is about, `Lexicon.understand` which topics an everyday question is about. Both are plain counting over an inverted
index: no language model, no training.
"""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from ingest.errors import LexiconError
from ingest.words import bigrams, search_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

Phrase = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2)]

NESTED = 0.4  # what a term still weighs where it stands inside a longer one: 贷款 in 创业担保贷款
TAGGED = 0.2  # below this score a clause is not about the topic
SATURATION = 8.0  # at so many uses of a word the topic's share of it is half of what it can be
SINGLE = 0.45  # what a word of one character counts against a longer one: 税, 店, 照
PAIR = 0.5  # what a pair of characters counts that is no word: 找人
HALF = 0.5  # what a topic shares of the root of a question's weight where its score is a half
ASKED = 0.4  # below this score a question is not about the topic: 95 in 100 questions about other things stay below
TELLING = 0.4  # the rarity, against a word that no phrase has, at which a word is named as a reason


class Entry(BaseModel):
    """One topic as staff write it."""

    model_config = ConfigDict(extra="forbid")

    topic: Phrase
    official: list[Phrase] = Field(min_length=3)
    colloquial: list[Phrase] = Field(min_length=1)
    audiences: list[Phrase] = Field(default_factory=list)
    near: list[Phrase] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject of policy, with the terms that texts use and the phrases that people use."""

    name: str
    official: tuple[str, ...]
    colloquial: tuple[str, ...]
    audiences: tuple[str, ...]
    near: tuple[str, ...]

    @property
    def terms(self) -> tuple[str, ...]:
        """The name and the official terms, each once."""
        return tuple(dict.fromkeys((self.name, *self.official)))

    @property
    def phrases(self) -> tuple[str, ...]:
        """All that speaks for the topic, in official and in everyday words."""
        return tuple(dict.fromkeys((*self.terms, *self.colloquial)))


@dataclass(frozen=True, slots=True)
class TopicMatch:
    """A topic that a text speaks for: how strongly (0 to 1), and the words of the text that do."""

    topic: Topic
    score: float
    terms: tuple[str, ...]


class Lexicon:
    """All topics, indexed for clauses (by official terms) and for questions (by everything)."""

    def __init__(self, topics: Iterable[Topic], digest: str = "") -> None:
        """Index the topics; `digest` tells one state of the files from another."""
        self.topics = tuple(topics)
        self.digest = digest
        self._terms = _TermIndex([topic.terms for topic in self.topics])
        self._phrases = _PhraseIndex([topic.phrases for topic in self.topics])

    @classmethod
    def load(cls, folder: Path) -> Lexicon:
        """Read every .yaml file of a folder; raises LexiconError naming the file and the entry."""
        files = sorted(folder.glob("*.yaml"))
        if not files:
            raise LexiconError(f"{folder}: no .yaml file with topics here; restore corpus/topics or set HUIWEN_CORPUS")
        digest = hashlib.sha256()
        placed: list[tuple[Path, Topic]] = []
        for path in files:
            data = path.read_bytes()
            digest.update(path.name.encode() + b"\0" + data)
            placed.extend((path, topic) for topic in _parse_file(path, data))
        _check(placed)
        return cls((topic for _, topic in placed), digest.hexdigest())

    def tag(self, text: str, limit: int = 4) -> tuple[TopicMatch, ...]:
        """The topics of a clause, given with its headings: by its official terms, best first."""
        weights = self._terms.find(normalize(text))
        scores = self._terms.score(weights)
        return self._best(scores, limit, lambda topic: self._terms.select(weights, topic))

    def understand(self, question: str, limit: int = 4) -> tuple[TopicMatch, ...]:
        """The topics of an everyday question, best first; none when it speaks for none."""
        asked = normalize(question)
        return self._best(self._phrases.score(asked), limit, lambda topic: self._phrases.find_terms(asked, topic))

    def _best(
        self, scores: dict[int, float], limit: int, explain: Callable[[int], tuple[str, ...]]
    ) -> tuple[TopicMatch, ...]:
        ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:limit]
        return tuple(TopicMatch(self.topics[topic], score, explain(topic)) for topic, score in ranked)


def normalize(text: str) -> str:
    """One form for full and half width and for upper and lower case (NFKC, lower)."""
    return unicodedata.normalize("NFKC", text).lower()


def _parse_file(path: Path, data: bytes) -> list[Topic]:
    try:
        entries = yaml.load(data, Loader=yaml.CSafeLoader)  # the safe loader in C: ten times as fast as yaml.safe_load
    except yaml.YAMLError as error:
        raise LexiconError(f"{path}: not valid YAML: {error}; mend it there (see corpus/topics/README.md)") from error
    if not isinstance(entries, list):
        raise LexiconError(f"{path}: not a list of topics; begin each with '- topic:' (see corpus/topics/README.md)")
    return [_parse_entry(path, number, entry) for number, entry in enumerate(entries, 1)]


def _parse_entry(path: Path, number: int, data: object) -> Topic:
    try:
        entry = Entry.model_validate(data)
    except ValidationError as error:
        name = data.get("topic") if isinstance(data, dict) else None
        faults = "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'entry'}: {fault['msg']}" for fault in error.errors())
        raise LexiconError(f"{path}: entry {number} ({name or 'no name'}): {faults}; mend the entry") from error
    return Topic(entry.topic, tuple(entry.official), tuple(entry.colloquial), tuple(entry.audiences), tuple(entry.near))


def _check(placed: list[tuple[Path, Topic]]) -> None:
    """What no entry can see by itself: names are unique, an everyday phrase belongs to one topic, `near` exists."""
    names: dict[str, Path] = {}
    phrases: dict[str, tuple[Path, str]] = {}
    for path, topic in placed:
        if topic.name in names:
            raise LexiconError(f"{path}: topic {topic.name} is already in {names[topic.name]}; merge the two entries")
        names[topic.name] = path
        for phrase in topic.colloquial:
            if phrase in phrases:
                other, owner = phrases[phrase]
                raise LexiconError(f"{path}: {topic.name}: '{phrase}' is also in {owner} ({other}); keep it in one")
            phrases[phrase] = path, topic.name
    for path, topic in placed:
        for name in topic.near:
            if name not in names or name == topic.name:
                raise LexiconError(f"{path}: {topic.name}: near names '{name}', which is no other topic; mend the name")


def features(text: str) -> list[str]:
    """What two texts can have in common: words, and pairs of neighbouring characters, which are all words of two."""
    words = (word for word in search_words(text) if len(word) != 2 or word.isascii())
    return [*words, *bigrams(text)]


def _stress(question: str) -> dict[str, float]:
    """How much each feature counts in a question: a pair that no word is, and a single character, less than a word."""
    stress = dict.fromkeys(bigrams(question), PAIR) | dict.fromkeys(search_words(question), 1.0)
    return {feature: SINGLE if len(feature) == 1 else weight for feature, weight in stress.items()}


class _TermIndex:
    """Which of the topics' terms stand in a text, and how much each says about its topic."""

    def __init__(self, topics: Sequence[tuple[str, ...]]) -> None:
        self._owners: dict[str, set[int]] = defaultdict(set)
        for number, terms in enumerate(topics):
            for term in terms:
                self._owners[normalize(term)].add(number)
        self._by_start: dict[str, list[str]] = defaultdict(list)
        for term in sorted(self._owners, key=len, reverse=True):
            self._by_start[term[:2]].append(term)
        holders: dict[str, set[int]] = defaultdict(set)
        for term, owners in self._owners.items():
            for _, _, inner in self._hits(term):
                holders[inner] |= owners
        scale = math.log(len(topics) + 1)
        self._weight = {term: math.log((len(topics) + 1) / len(held)) / scale for term, held in holders.items()}

    def _hits(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Every term with its span, from left to right, longest first."""
        for start in range(len(text) - 1):
            for term in self._by_start.get(text[start : start + 2], ()):
                if text.startswith(term, start):
                    yield start, start + len(term), term

    def find(self, text: str) -> dict[str, float]:
        """The terms that stand in the text, each with its weight there."""
        weights: dict[str, float] = {}
        covered = 0
        for _, end, term in self._hits(text):
            weight = self._weight[term] * (1.0 if end > covered else NESTED)
            covered = max(covered, end)
            weights[term] = max(weight, weights.get(term, 0.0))
        return weights

    def add_up(self, weights: dict[str, float]) -> dict[int, float]:
        """The weights of each topic's terms together."""
        sums: dict[int, float] = defaultdict(float)
        for term, weight in weights.items():
            for topic in self._owners[term]:
                sums[topic] += weight
        return sums

    def score(self, weights: dict[str, float]) -> dict[int, float]:
        """The score of each topic that reaches the floor: one term of its own gives a half, two give two thirds."""
        sums = self.add_up(weights)
        return {topic: total / (total + 1.0) for topic, total in sums.items() if total / (total + 1.0) >= TAGGED}

    def select(self, weights: dict[str, float], topic: int) -> tuple[str, ...]:
        """Those of the terms that are the topic's."""
        return tuple(term for term in weights if topic in self._owners[term])


class _PhraseIndex:
    """What each word and pair of characters of the phrases says about their topics."""

    def __init__(self, topics: Sequence[tuple[str, ...]]) -> None:
        self._verbatim = _TermIndex(topics)
        counts: dict[str, dict[int, int]] = defaultdict(dict)
        for number, phrases in enumerate(topics):
            for feature, uses in Counter(features("\n".join(phrases))).items():
                counts[feature][number] = uses
        self._rarest = math.log(2.0 * (len(topics) + 1))
        self._rarity = {feature: math.log((len(topics) + 1) / (len(held) - 0.5)) for feature, held in counts.items()}
        self._shares = {
            feature: {number: self._rarity[feature] * uses / (uses + SATURATION) for number, uses in held.items()}
            for feature, held in counts.items()
        }

    def score(self, question: str) -> dict[int, float]:
        """The score of each topic that reaches the floor: what its phrases share with the question, for all it has.

        A word that no phrase has counts as the rarest one, so that a question about something else stays low; the root
        keeps a long question from drowning its subject.
        """
        stress = _stress(question)
        shared: dict[int, float] = defaultdict(float)
        for feature in stress.keys() & self._shares.keys():
            for topic, share in self._shares[feature].items():
                shared[topic] += stress[feature] * share
        asked = sum(weight * self._rarity.get(feature, self._rarest) for feature, weight in stress.items())
        scores = defaultdict(float, {topic: total / math.sqrt(asked) for topic, total in shared.items()})
        for topic, part in self._quoted(question).items():
            scores[topic] += part
        return {topic: score / (score + HALF) for topic, score in scores.items() if score / (score + HALF) >= ASKED}

    def _quoted(self, question: str) -> dict[int, float]:
        """How much of the question is phrases of a topic, letter by letter."""
        found = self._verbatim.find(question)
        return self._verbatim.add_up({term: weight * len(term) / len(question) for term, weight in found.items()})

    def find_terms(self, question: str, topic: int) -> tuple[str, ...]:
        """The parts of the question, of two characters or more, that the topic shares and few others do."""
        marks = bytearray(len(question))
        for feature in set(features(question)):
            if topic in self._shares.get(feature, ()) and self._rarity[feature] >= self._rarest * TELLING:
                for found in re.finditer(re.escape(feature), question):
                    marks[found.start() : found.end()] = b"\1" * len(feature)
        runs = (question[run.start() : run.end()] for run in re.finditer(rb"\x01{2,}", bytes(marks)))
        return tuple(dict.fromkeys(runs))
