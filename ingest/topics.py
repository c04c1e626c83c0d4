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


class _Finder:
    """Which phrases stand in a text, letter by letter, and whose they are."""

    def __init__(self, topics: Sequence[tuple[str, ...]]) -> None:
        self.owners: dict[str, set[int]] = defaultdict(set)
        for number, phrases in enumerate(topics):
            for phrase in phrases:
                self.owners[normalize(phrase)].add(number)
        self._by_start: dict[str, list[str]] = defaultdict(list)
        for phrase in sorted(self.owners, key=len, reverse=True):
            self._by_start[phrase[:2]].append(phrase)

    def find(self, text: str) -> Iterator[tuple[int, str]]:
        """Every phrase in the text with where it begins, from left to right, longest first."""
        for start in range(len(text) - 1):
            for phrase in self._by_start.get(text[start : start + 2], ()):
                if text.startswith(phrase, start):
                    yield start, phrase


class _TermIndex:
    """How much each official term in a text says about its topics."""

    def __init__(self, topics: Sequence[tuple[str, ...]]) -> None:
        self._finder = _Finder(topics)
        self._owners = self._finder.owners
        holders: dict[str, set[int]] = defaultdict(set)
        for term, owners in self._owners.items():
            for _, inner in self._finder.find(term):
                holders[inner] |= owners
        scale = math.log(len(topics) + 1)
        self._weight = {term: math.log((len(topics) + 1) / len(held)) / scale for term, held in holders.items()}

    def find(self, text: str) -> dict[str, float]:
        """The terms that stand in the text, each with its weight there."""
        weights: dict[str, float] = {}
        covered = 0
        for start, term in self._finder.find(text):
            weight = self._weight[term] * (1.0 if start + len(term) > covered else NESTED)
            covered = max(covered, start + len(term))
            weights[term] = max(weight, weights.get(term, 0.0))
        return weights

    def score(self, weights: dict[str, float]) -> dict[int, float]:
        """The score of each topic that reaches the floor: one term of its own gives a half, two give two thirds."""
        sums: dict[int, float] = defaultdict(float)
        for term, weight in weights.items():
            for topic in self._owners[term]:
                sums[topic] += weight
        return {topic: total / (total + 1.0) for topic, total in sums.items() if total / (total + 1.0) >= TAGGED}

    def select(self, weights: dict[str, float], topic: int) -> tuple[str, ...]:
        """Those of the terms that are the topic's."""
        return tuple(term for term in weights if topic in self._owners[term])


class _PhraseIndex:
    """What each word and pair of characters of the phrases says about their topics."""

    def __init__(self, topics: Sequence[tuple[str, ...]]) -> None:
        self._finder = _Finder(topics)
        self._uses: dict[str, dict[int, int]] = defaultdict(dict)
        for number, phrases in enumerate(topics):
            for feature, uses in Counter(features("\n".join(phrases))).items():
                self._uses[feature][number] = uses
        self._rarest = math.log(2.0 * (len(topics) + 1))
        self._rarity = {
            feature: math.log((len(topics) + 1) / (len(uses) - 0.5)) for feature, uses in self._uses.items()
        }

    def score(self, question: str) -> dict[int, float]:
        """The score of each topic that reaches the floor: what its phrases share with the question, for all it has.

        A word that no phrase has counts as the rarest one, so that a question about something else stays low; the root
        keeps a long question from drowning its subject.
        """
        stress = _stress(question)
        asked = sum(weight * self._rarity.get(feature, self._rarest) for feature, weight in stress.items())
        scores = self._find_quoted(question)
        for feature in stress.keys() & self._uses.keys():
            weight = stress[feature] * self._rarity[feature] / math.sqrt(asked)
            for topic, uses in self._uses[feature].items():
                scores[topic] += weight * uses / (uses + SATURATION)
        return {topic: score / (score + HALF) for topic, score in scores.items() if score / (score + HALF) >= ASKED}

    def _find_quoted(self, question: str) -> dict[int, float]:
        """For each topic, the part of the question that is one of its phrases, letter by letter."""
        quoted: dict[int, float] = defaultdict(float)
        for _, phrase in self._finder.find(question):
            for topic in self._finder.owners[phrase]:
                quoted[topic] = max(quoted[topic], len(phrase) / len(question))
        return quoted

    def find_terms(self, question: str, topic: int) -> tuple[str, ...]:
        """The parts of the question, of two characters or more, that the topic shares and few others do."""
        marks = bytearray(len(question))
        for feature in set(features(question)):
            if topic in self._uses.get(feature, ()) and self._rarity[feature] >= self._rarest * TELLING:
                for found in re.finditer(re.escape(feature), question):
                    marks[found.start() : found.end()] = b"\1" * len(feature)
        runs = (question[run.start() : run.end()] for run in re.finditer(rb"\x01{2,}", bytes(marks)))
        return tuple(dict.fromkeys(runs))
