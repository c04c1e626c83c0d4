"""The lexicon of topics: what maps everyday words to the terms of policy texts.

`corpus/topics/*.yaml` holds it, so that staff widen it without touching code; `corpus/out_of_scope.yaml` beside it
holds what people ask that is no policy. `Lexicon.tag` says which topics a clause is about, by plain counting of
official terms; which topics an everyday question is about is told by the phrases' vectors (`ingest/topic_vectors.py`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from ingest.errors import LexiconError
from ingest.term_index import TermIndex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

Phrase = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2)]


class Entry(BaseModel):
    """One topic as staff write it."""

    model_config = ConfigDict(extra="forbid")

    topic: Phrase
    official: list[Phrase] = Field(min_length=3)
    colloquial: list[Phrase] = Field(min_length=1)
    audiences: list[Phrase] = Field(default_factory=list)
    near: list[Phrase] = Field(default_factory=list)


class OffTopic(BaseModel):
    """Something that people ask about and that is no policy, as staff write it."""

    model_config = ConfigDict(extra="forbid")

    topic: Phrase
    phrases: list[Phrase] = Field(min_length=1)


Model = TypeVar("Model", bound=BaseModel)


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
    """A topic that a text speaks for, and how strongly: 0 to 1."""

    topic: Topic
    score: float


class Lexicon:
    """All topics, indexed by their official terms, and the phrases of what is no policy."""

    def __init__(self, topics: Iterable[Topic], digest: str = "", off_topic: Iterable[str] = ()) -> None:
        """Index the topics; `digest` tells one state of the files from another.

        `off_topic` are phrases of questions that are about no policy.
        """
        self.topics = tuple(topics)
        self.digest = digest
        self.off_topic = tuple(off_topic)
        self._terms = TermIndex([topic.terms for topic in self.topics])

    @classmethod
    def load(cls, folder: Path) -> Lexicon:
        """Read every .yaml file of a folder, and `out_of_scope.yaml` beside the folder if there is one.

        Raises:
            LexiconError: naming the file and the entry.
        """
        files = sorted(folder.glob("*.yaml"))
        if not files:
            raise LexiconError(f"{folder}: no .yaml file with topics here; restore corpus/topics or set HUIWEN_CORPUS")
        digest = hashlib.sha256()
        placed: list[tuple[Path, Topic]] = []
        for path in files:
            data = path.read_bytes()
            digest.update(path.name.encode() + b"\0" + data)
            placed.extend((path, topic) for topic in _parse_file(path))
        _check(placed)
        off_topic = _read_off_topic(folder.with_name("out_of_scope.yaml"))
        digest.update("\n".join(off_topic).encode())
        return cls((topic for _, topic in placed), digest.hexdigest(), off_topic)

    def tag(self, text: str, limit: int = 8) -> tuple[TopicMatch, ...]:
        """The topics of a clause, given with its headings: by its official terms, best first."""
        ranked = sorted(self._terms.score(text).items(), key=lambda item: (-item[1], item[0]))[:limit]
        return tuple(TopicMatch(self.topics[topic], score) for topic, score in ranked)


def _read_off_topic(path: Path) -> list[str]:
    """The phrases of what is no policy, each once."""
    if not path.exists():
        return []
    return list(dict.fromkeys(phrase for entry in read_entries(path, OffTopic) for phrase in entry.phrases))


def read_entries(path: Path, model: type[Model]) -> Iterator[Model]:
    """Read a .yaml file that is a list of entries.

    Raises:
        LexiconError: naming the file and the entry.
    """
    for number, entry in enumerate(_parse_list(path), 1):
        yield _validate(model, path, number, entry)


def _parse_file(path: Path) -> list[Topic]:
    return [_parse_entry(path, number, entry) for number, entry in enumerate(_parse_list(path), 1)]


def _parse_list(path: Path) -> list[object]:
    data = path.read_bytes()
    try:
        entries = yaml.load(data, Loader=yaml.CSafeLoader)  # the safe loader in C: ten times as fast as yaml.safe_load
    except yaml.YAMLError as error:
        raise LexiconError(f"{path}: not valid YAML: {error}; mend it there (see corpus/topics/README.md)") from error
    if not isinstance(entries, list):
        raise LexiconError(f"{path}: not a list of topics; begin each with '- topic:' (see corpus/topics/README.md)")
    return entries


def _parse_entry(path: Path, number: int, data: object) -> Topic:
    entry = _validate(Entry, path, number, data)
    return Topic(entry.topic, tuple(entry.official), tuple(entry.colloquial), tuple(entry.audiences), tuple(entry.near))


def _validate(model: type[Model], path: Path, number: int, data: object) -> Model:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        name = data.get("topic") if isinstance(data, dict) else None
        faults = "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'entry'}: {fault['msg']}" for fault in error.errors())
        raise LexiconError(f"{path}: entry {number} ({name or 'no name'}): {faults}; mend the entry") from error


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
