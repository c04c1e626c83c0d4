"""Examples of clauses and of the questions that they answer, by topic: what the encoder learns from.

`corpus/examples/*.yaml` holds them. Nothing of them is shown to anybody: they are how texts put a measure and how
people ask for it, written for training.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingest.errors import LexiconError
from ingest.topics import Phrase

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path


class ExampleClause(BaseModel):
    """A clause as texts write it, with questions that it answers and the topic's other clauses do not."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Phrase
    questions: tuple[Phrase, ...] = ()


class Examples(BaseModel):
    """What is asked on a topic, and what texts say on it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    topic: Phrase
    questions: tuple[Phrase, ...] = ()
    clauses: tuple[ExampleClause, ...] = Field(min_length=1)


def load_examples(folder: Path, topics: Collection[str]) -> dict[str, Examples]:
    """Read every .yaml file of a folder, by topic; nothing if there is no such folder.

    Raises:
        LexiconError: naming the file and the entry.
    """
    found: dict[str, Examples] = {}
    for path in sorted(folder.glob("*.yaml")):
        for number, examples in enumerate(_read(path), 1):
            if examples.topic not in topics:
                raise LexiconError(f"{path}: entry {number}: no topic is called {examples.topic}; mend the name")
            if examples.topic in found:
                raise LexiconError(f"{path}: entry {number}: {examples.topic} has examples already; merge the two")
            found[examples.topic] = examples
    return found


def _read(path: Path) -> Iterator[Examples]:
    try:
        entries = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader) or []
    except yaml.YAMLError as error:
        raise LexiconError(f"{path}: not valid YAML: {error}; mend it there") from error
    if not isinstance(entries, list):
        raise LexiconError(f"{path}: not a list of examples; begin each with '- topic:'")
    for number, entry in enumerate(entries, 1):
        try:
            yield Examples.model_validate(entry)
        except ValidationError as error:
            fault = error.errors()[0]
            where = ".".join(map(str, fault["loc"])) or "entry"
            raise LexiconError(f"{path}: entry {number}: {where}: {fault['msg']}; mend the entry") from error
