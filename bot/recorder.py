"""Keep what an assistant answers: a wrapper for the service, which evaluation does without."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.contract import AskRequest, AskResponse, SearchResponse
from bot.ports import Assistant, DoneEvent, Event, Places, SearchQuery

if TYPE_CHECKING:
    from bot.answer_log import AnswerLog


class Recorder:
    """An assistant whose answers go into the log, by the code of the place that was named."""

    def __init__(self, assistant: Assistant, places: Places, log: AnswerLog) -> None:
        self._assistant = assistant
        self._places = places
        self._log = log

    def ask(self, request: AskRequest) -> AskResponse:
        """Answer one question."""
        response = self._assistant.ask(request)
        self._keep(request, response)
        return response

    def stream(self, request: AskRequest) -> Iterator[Event]:
        """Answer one question piece by piece; it is kept before the last piece goes out, so that a vote finds it."""
        for event in self._assistant.stream(request):
            if isinstance(event, DoneEvent):
                self._keep(request, event.response)
            yield event

    def search(self, query: SearchQuery) -> SearchResponse:
        """Find clauses, best first."""
        return self._assistant.search(query)

    def _keep(self, request: AskRequest, response: AskResponse) -> None:
        code = self._places.resolve(request.jurisdiction).code if request.jurisdiction else None
        self._log.add(request.model_copy(update={"jurisdiction": code}), response)
