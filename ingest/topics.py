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

import rjieba
import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from ingest.errors import LexiconError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

Phrase = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2)]

HAN = re.compile(r"[\u3400-\u9fff]+")
WORD = re.compile(r"[0-9a-z\u3400-\u9fff]+")
NESTED = 0.4  # what a term still weighs where it stands inside a longer one: 贷款 in 创业担保贷款
SATURATION = 3.0  # how fast a topic's repeated use of a word stops adding to its score
SINGLE = 0.45  # what a word of one character weighs against one of two: 税, 店, 照
UNSHARED = 0.35  # what the words that only one side has weigh against a likeness (Tversky 1977)
OWN = 0.25  # how much more a word says if it is seldom used of other topics
BEST = 0.25  # what the best phrase counts; all the topic's phrases together count the rest
TELLING = 0.4  # the rarity, against a word that no phrase has, at which a word is named as a reason
FLOOR = 0.2  # below this score the question speaks for no topic


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
        self._terms = _TermIndex(self.topics)
        self._phrases = _PhraseIndex(self.topics)

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


def search_words(text: str) -> list[str]:
    """The words of a text, long ones also in their parts (rjieba, search mode)."""
    return list(rjieba.cut_for_search(text))


def features(text: str) -> set[str]:
    """What two phrases can have in common: words, and bigrams of Chinese characters that no punctuation parts."""
    found = {word for word in search_words(text) if WORD.fullmatch(word)}
    found.update(run[i : i + 2] for run in HAN.findall(text) for i in range(len(run) - 1))
    return found


class _TermIndex:
    """Which official terms stand in a text, and how much each says about its topic."""

    def __init__(self, topics: tuple[Topic, ...]) -> None:
        self._owners: dict[str, set[int]] = defaultdict(set)
        for number, topic in enumerate(topics):
            for term in topic.terms:
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

    def score(self, weights: dict[str, float]) -> dict[int, float]:
        """The score of each topic that reaches the floor: one term of its own gives a half, two give two thirds."""
        sums: dict[int, float] = defaultdict(float)
        for term, weight in weights.items():
            for topic in self._owners[term]:
                sums[topic] += weight
        return {topic: total / (total + 1.0) for topic, total in sums.items() if total / (total + 1.0) >= FLOOR}

    def select(self, weights: dict[str, float], topic: int) -> tuple[str, ...]:
        """Those of the terms that are the topic's."""
        return tuple(term for term in weights if topic in self._owners[term])


class _PhraseIndex:
    """How like a question is to each topic: to all its phrases together, and to its best one."""

    def __init__(self, topics: tuple[Topic, ...]) -> None:
        owned = ((number, phrase) for number, topic in enumerate(topics) for phrase in topic.phrases)
        parts = [(number, features(normalize(phrase))) for number, phrase in owned]
        self._owner = [number for number, _ in parts]
        self._counts: dict[str, Counter[int]] = defaultdict(Counter)
        self._postings: dict[str, list[int]] = defaultdict(list)
        for phrase, (number, found) in enumerate(parts):
            for feature in found:
                self._counts[feature][number] += 1
                self._postings[feature].append(phrase)
        self._rarest = math.log(2.0 * (len(topics) + 1))
        self._weight = {feature: self._weigh(feature, len(topics)) for feature in self._counts}
        self._mass = [self._sum_weights(found) for _, found in parts]
        self._shares = {feature: self._share(feature) for feature in self._counts}

    def _weigh(self, feature: str, topics: int) -> float:
        rarity = math.log((topics + 1) / (len(self._counts[feature]) - 0.5))
        return rarity * (SINGLE if len(feature) == 1 else 1.0)

    def _share(self, feature: str) -> list[tuple[int, float]]:
        """What the feature adds to each topic: more where it is frequent, and where it is seldom used of others."""
        held = self._counts[feature]
        total = held.total()
        return [(t, self._weight[feature] * n / (n + SATURATION) * (n / total) ** OWN) for t, n in held.items()]

    def _sum_weights(self, found: Iterable[str]) -> float:
        unknown = (SINGLE * self._rarest, self._rarest)
        return sum(self._weight.get(feature, unknown[len(feature) > 1]) for feature in found)

    def score(self, question: str) -> dict[int, float]:
        """The score of each topic that reaches the floor."""
        found = features(question)
        asked = self._sum_weights(found)
        known = found & self._weight.keys()
        together: dict[int, float] = defaultdict(float)
        for feature in known:
            for topic, share in self._shares[feature]:
                together[topic] += share
        best = self._liken(known, asked)
        scores = {topic: BEST * best[topic] + (1.0 - BEST) * total / asked for topic, total in together.items()}
        return {topic: score for topic, score in scores.items() if score >= FLOOR}

    def _liken(self, known: set[str], asked: float) -> dict[int, float]:
        """For each topic, how like its best phrase is to a question of these features and this weight."""
        shared: dict[int, float] = defaultdict(float)
        for feature in known:
            weight = self._weight[feature]
            for phrase in self._postings[feature]:
                shared[phrase] += weight
        best: dict[int, float] = defaultdict(float)
        for phrase, common in shared.items():
            likeness = common / (common + UNSHARED * (self._mass[phrase] + asked - 2 * common))
            topic = self._owner[phrase]
            best[topic] = max(best[topic], likeness)
        return best

    def find_terms(self, question: str, topic: int) -> tuple[str, ...]:
        """The parts of the question, of two characters or more, that the topic shares and few others do."""
        marks = bytearray(len(question))
        for feature in features(question):
            if self._tells(feature, topic):
                for found in re.finditer(re.escape(feature), question):
                    marks[found.start() : found.end()] = b"\1" * len(feature)
        runs = (question[m.start() : m.end()] for m in re.finditer(rb"\x01{2,}", bytes(marks)))
        return tuple(dict.fromkeys(runs))

    def _tells(self, feature: str, topic: int) -> bool:
        known = feature in self._counts and topic in self._counts[feature]
        return known and self._weight[feature] >= self._rarest * TELLING
