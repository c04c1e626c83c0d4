"""Examples of clauses and of the questions that they answer, by topic: what the encoder learns from.

`corpus/examples/*.yaml` holds them. Nothing of them is shown to anybody: they are how texts put a measure and how
people ask for it, written for training.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from ingest.errors import LexiconError
from ingest.topics import Phrase, read_entries

if TYPE_CHECKING:
    from collections.abc import Collection
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
        for number, examples in enumerate(read_entries(path, Examples), 1):
            if examples.topic not in topics:
                raise LexiconError(f"{path}: entry {number}: no topic is called {examples.topic}; mend the name")
            if examples.topic in found:
                raise LexiconError(f"{path}: entry {number}: {examples.topic} has examples already; merge the two")
            found[examples.topic] = examples
    return found
