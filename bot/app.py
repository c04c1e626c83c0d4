"""The composition root: every object is made here, once, and passed in."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterator, Sequence

from bot.answer import answer
from bot.chat_model import open_chat_model
from bot.compose import ExtractiveComposer
from bot.compose_model import ModelComposer
from bot.contract import AskRequest, AskResponse, SearchResponse
from bot.metrics import Metrics
from bot.orders import OrderFilter
from bot.ports import DoneEvent, Event, SearchQuery
from bot.resources import Resources
from bot.retrieve import ClauseFinder
from bot.rewrite import Rewriter
from bot.screen import Screen
from bot.search import search
from bot.steps import Steps
from bot.tracing import Tracing, open_tracing
from ingest.dates import today
from ingest.encoder import Encoder, load_encoder
from ingest.errors import HuiwenError, IndexUnavailable
from ingest.generation import current_name
from ingest.model import Clause, Document
from ingest.places import Gazetteer
from ingest.reranker import load_reranker
from ingest.settings import Settings
from ingest.store import open_index
from ingest.thesaurus import Thesaurus
from ingest.topics import Lexicon
from prompts.messages import Messages, load_messages
from prompts.phrases import Phrases, load_phrases
from prompts.rendering import Prompts

logger = logging.getLogger(__name__)

_PAUSE = 5.0  # seconds before a generation that could not be opened is tried again
_LONGEST_ANSWER = 300.0  # seconds within which an answer under way has ended, however slow its model and its reader


class Huiwen:
    """The assistant and its library, on the generation of the index that serves now.

    A new generation is picked up before the next question; questions under way end on the one that they began with.
    """

    def __init__(
        self, settings: Settings, encoder: Encoder, gazetteer: Gazetteer, phrases: Phrases, messages: Messages
    ) -> None:
        self._settings = settings
        self._encoder = encoder
        self._gazetteer = gazetteer
        self._phrases = phrases
        self._screen = Screen.load()
        self._orders = OrderFilter(self._screen)
        self._composer = ExtractiveComposer(phrases, messages.roles)
        self._reranker = load_reranker(settings.reranker)
        self._metrics = Metrics(settings.model_price_in, settings.model_price_out)
        self._tracing = open_tracing(os.environ)
        prompts, states = Prompts(), messages.states
        self._model, self._rewriter = None, None
        if chat := open_chat_model(settings, self._metrics):
            stand_in = ExtractiveComposer(phrases, messages.roles, tables=False)
            self._model = ModelComposer(stand_in, chat, prompts, phrases, states, settings)
            self._rewriter = Rewriter(chat, prompts, gazetteer, self._screen, settings.model_rewrite)
        self._lock = threading.Lock()
        self._resources = self._open()
        self._refused = ("", "")  # the generation that could not be opened, and why
        self._again = 0.0  # from when on it is tried again, on the clock that only goes forward
        self._retired: list[tuple[float, Resources]] = []  # generations before, since when: answers under way end there

    @property
    def gazetteer(self) -> Gazetteer:
        """The places that it knows."""
        return self._gazetteer

    @property
    def metrics(self) -> Metrics:
        """The figures of what it does."""
        return self._metrics

    @property
    def tracing(self) -> Tracing:
        """The spans of what it does."""
        return self._tracing

    def ask(self, request: AskRequest) -> AskResponse:
        """Answer one question."""
        for event in self.stream(request):
            if isinstance(event, DoneEvent):
                return event.response
        raise AssertionError("an answer ends with DoneEvent")

    def stream(self, request: AskRequest) -> Iterator[Event]:
        """Answer one question piece by piece."""
        return answer(request, self.resources())

    def search(self, query: SearchQuery) -> SearchResponse:
        """Find clauses, best first."""
        return search(query, self.resources(), today())

    def topic_of(self, text: str) -> str | None:
        """The topic that a text is plainly about, if there is one."""
        topics = self.resources().finder.topics_of(text)
        return topics[0].topic.name if topics and topics[0].score >= self._settings.own_topic else None

    def documents(self) -> Sequence[Document]:
        """Every document, in the order of their ids."""
        return self.resources().index.catalog.documents()

    def document(self, document_id: str) -> Document | None:
        """One document."""
        return self.resources().index.catalog.document(document_id)

    def clauses(self, document_id: str) -> Sequence[Clause]:
        """A document's clauses in the order of its text."""
        return self.resources().index.catalog.clauses(document_id)

    def clause(self, clause_id: str) -> Clause | None:
        """One clause."""
        return self.resources().index.catalog.clause(clause_id)

    def ready(self) -> bool:
        """Whether questions can be answered: there are documents, and their vectors can be searched."""
        index = self.resources().index
        try:
            index.vectors.search([1.0] * self._encoder.dimensions, place_codes=None, limit=1)
        except IndexUnavailable:
            return False
        return index.info.documents > 0

    def resources(self) -> Resources:
        """What the generation that serves now answers from."""
        if current_name(self._settings.index) != self._resources.index.name:
            with self._lock:
                if current_name(self._settings.index) != self._resources.index.name:
                    self._follow()
        return self._resources

    def _follow(self) -> None:
        """Serve the new generation; why one cannot be opened is told once, and the one before serves on."""
        now, name = time.monotonic(), str(current_name(self._settings.index))
        if name == self._refused[0] and now < self._again:
            return
        try:
            fresh = self._open()
        except HuiwenError as error:
            self._again = now + _PAUSE
            if (name, str(error)) != self._refused:
                self._refused = name, str(error)
                logger.error("generation %s serves on: %s", self._resources.index.name, error)
            return
        for since, retired in self._retired:
            if now - since > _LONGEST_ANSWER:
                retired.index.close()
        kept = [(since, retired) for since, retired in self._retired if now - since <= _LONGEST_ANSWER]
        self._retired = [*kept, (now, self._resources)]
        self._resources = fresh

    def _open(self) -> Resources:
        lexicon = Lexicon.load(self._settings.corpus / "topics")
        thesaurus = Thesaurus.load(self._settings.corpus / "everyday_words.yaml")
        index = open_index(self._settings, self._encoder, lexicon)
        return Resources(
            settings=self._settings,
            encoder=self._encoder,
            index=index,
            gazetteer=self._gazetteer,
            screen=self._screen,
            finder=ClauseFinder(index, self._encoder, thesaurus, self._settings, self._reranker, self._orders),
            composer=self._composer,
            phrases=self._phrases,
            metrics=self._metrics,
            steps=Steps(self._metrics, self._tracing),
            model=self._model,
            rewriter=self._rewriter,
        )


def open_huiwen(settings: Settings) -> Huiwen:
    """Load the encoder, the gazetteer and the texts, and open the index.

    Raises:
        IndexMissing, IndexDamaged, EncoderMismatch, EncoderError, LexiconError: with what to do.
    """
    return Huiwen(settings, load_encoder(settings.encoder), Gazetteer.load(), load_phrases(), load_messages())
