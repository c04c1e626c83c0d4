"""What answering needs, made once in `bot/app.py` and passed in."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass

from bot.compose import ExtractiveComposer
from bot.metrics import Metrics
from bot.ports import Composer
from bot.retrieve import ClauseFinder
from bot.rewrite import Rewriter
from bot.screen import Screen
from bot.steps import Steps
from ingest.encoder import Encoder
from ingest.places import Gazetteer
from ingest.settings import Settings
from ingest.store import Index
from prompts.phrases import Phrases


@dataclass(frozen=True, slots=True)
class Resources:
    """One state of the corpus with the tools that answer from it."""

    settings: Settings
    encoder: Encoder
    index: Index
    finder: ClauseFinder
    gazetteer: Gazetteer
    screen: Screen
    composer: ExtractiveComposer
    phrases: Phrases
    metrics: Metrics
    steps: Steps
    model: Composer | None = None  # words answers in place of the composer, where a language model is set
    rewriter: Rewriter | None = None

    def step(self, name: str) -> AbstractContextManager[None]:
        """Measures the step of answering that is done within."""
        return self.steps.step(name)
