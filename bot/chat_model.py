"""The language model: any that LangChain's `init_chat_model` opens by its name. The only file that knows those.

It is asked on an event loop of its own, so that whoever waits can hang up at any moment: the call is cancelled there
and its connection closed. Nothing of what a provider says in an error is told or logged: it may repeat the key.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections.abc import AsyncGenerator, Callable, Generator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from bot.breaker import Breaker
from bot.metrics import Metrics
from ingest.errors import ModelFailed, ModelFailure, SettingsError
from ingest.settings import Settings, share_of

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk

logger = logging.getLogger(__name__)

_TICK = 0.5  # seconds after which who waits is told that nothing has come
_BACK_OFF = (0.1, 2.0)  # seconds before the first try again, and at most; doubled from one to the next, by chance less
_ENDS = frozenset({"finish_reason", "stop_reason", "stopReason", "done_reason"})  # says that the model was done
_OFF_PROTOCOL = (ValueError, LookupError, TypeError, AttributeError)  # what reading a reply raises that is none

Messages = Sequence[tuple[str, str]]  # the role and the text of each


@dataclass(frozen=True, slots=True)
class Limits:
    """How long one call may take, in seconds, and how often it may be tried."""

    first: float  # until the first piece, tries and the wait for a free line included
    gap: float  # between two pieces
    whole: float
    attempts: int = 1


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that were read and written."""

    tokens_in: int = 0
    tokens_out: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.tokens_in + other.tokens_in, self.tokens_out + other.tokens_out)


class ChatModel:
    """One model with its circuit breaker and its lines.

    Args:
        model: as LangChain has it.
        name: what it is called in answers.
        breaker: knows whether it is worth asking.
        lines: calls that may be under way together.
        metrics: counts calls and tokens.
    """

    def __init__(self, model: BaseChatModel, name: str, breaker: Breaker, lines: int, metrics: Metrics) -> None:
        self.name = name
        self._model = model
        self._breaker = breaker
        self._lines = asyncio.Semaphore(lines)
        self._metrics = metrics
        self._loop = _shared_loop()

    def stream(self, messages: Messages, limits: Limits) -> Generator[str | Usage]:
        """What the model says, piece by piece; an empty piece now and then while nothing comes.

        Closing it hangs up. A TimeoutError thrown into it does too, and counts against the model.

        Args:
            messages: what it is told, each as its role (system, human, ai) and its text.
            limits: how long it may take.

        Raises:
            ModelFailed: it is left alone for now, it fell silent, it failed, or what came is no reply.
        """
        if not self._breaker.admits():
            raise self._failure("breaker_open", None)
        inbox: queue.SimpleQueue[str | Usage | None] = queue.SimpleQueue()
        call = _Call(limits, inbox.put)
        task = asyncio.run_coroutine_threadsafe(self._talk(messages, call), self._loop)
        task.add_done_callback(lambda _: inbox.put(None))
        error: BaseException | None = None
        try:
            yield from _receive(inbox)
            error = task.exception()
        except TimeoutError as impatience:
            error = impatience
        except GeneratorExit:
            self._breaker.succeeded() if call.answered else self._breaker.broken_off()
            self._metrics.count_call("cancelled")
            raise
        finally:
            task.cancel()
            self._metrics.count_tokens(call.usage.tokens_in, call.usage.tokens_out)
        if error is not None:
            raise self._judge(error, call) from None
        self._breaker.succeeded()
        self._metrics.count_call("ok")

    async def _talk(self, messages: Messages, call: _Call) -> None:
        """Put what comes where the caller waits for it."""
        limits, now = call.limits, asyncio.get_running_loop().time
        async with asyncio.timeout(limits.whole), asyncio.timeout(limits.first) as patience, self._lines:
            call.began = True
            ended = False
            async with aclosing(self._read(messages, limits.attempts)) as chunks:
                async for chunk in chunks:
                    ended = ended or not _ENDS.isdisjoint(chunk.response_metadata)
                    if call.take(chunk):
                        patience.reschedule(now() + limits.gap)
        if not ended:
            raise ConnectionError("the stream was cut")
        if not call.answered:
            raise ValueError("the reply was empty")

    async def _read(self, messages: Messages, attempts: int) -> AsyncGenerator[AIMessageChunk]:
        """The chunks of a reply; where none comes for a reason that may pass, it is asked for again."""
        first, most = _BACK_OFF
        again = AsyncRetrying(
            stop=stop_after_attempt(attempts),
            wait=wait_random_exponential(multiplier=first, max=most),
            retry=retry_if_exception(_may_pass),
            reraise=True,
        )
        async for attempt in again:
            with attempt:
                # A generator in all but its type: it must be closed, or the connection stays open.
                chunks = cast("AsyncGenerator[AIMessageChunk]", self._model.astream(list(messages)))
                chunk = await anext(chunks)
        async with aclosing(chunks):
            yield chunk
            async for chunk in chunks:
                yield chunk

    def _judge(self, error: BaseException, call: _Call) -> ModelFailed:
        """What an error means; only the model's own faults count against it."""
        if not call.began:
            self._breaker.broken_off()
            self._metrics.count_call("busy")
            return ModelFailed("unavailable", f"{self.name}: too many calls are under way; see HUIWEN_MODEL_AT_ONCE")
        self._breaker.failed()
        if isinstance(error, TimeoutError):
            return self._failure("timeout", error)
        return self._failure("malformed" if isinstance(error, _OFF_PROTOCOL) else "unavailable", error)

    def _failure(self, code: ModelFailure, error: BaseException | None) -> ModelFailed:
        self._metrics.count_call(code)
        status = _status_of(error)
        reason = f"{type(error).__name__}{f' {status}' if status else ''}" if error else "it failed too often"
        logger.warning("%s: %s (%s)", self.name, code, reason)
        return ModelFailed(code, f"{self.name}: {reason}; see HUIWEN_MODEL and HUIWEN_MODEL_URL")


class _Call:
    """One call under way."""

    def __init__(self, limits: Limits, put: Callable[[str | Usage], None]) -> None:
        self.limits = limits
        self.began = False  # it has a line
        self.answered = False  # text has come
        self.usage = Usage()
        self._put = put

    def take(self, chunk: AIMessageChunk) -> bool:
        """Hand a chunk on; whether it held text."""
        if chunk.usage_metadata:
            usage = Usage(chunk.usage_metadata["input_tokens"], chunk.usage_metadata["output_tokens"])
            self.usage += usage
            self._put(usage)
        if text := str(chunk.text):
            self.answered = True
            self._put(text)
        return bool(text)


def open_chat_model(settings: Settings, metrics: Metrics) -> ChatModel | None:
    """The model that the settings name; None where they name none.

    Raises:
        SettingsError: the name is unknown, its package is not installed, or it takes no such key or address.
    """
    if settings.model is None:
        return None
    from langchain.chat_models import init_chat_model  # takes a second to import: only those who use a model wait

    key = settings.model_key.get_secret_value() if settings.model_key else ""
    options: dict[str, Any] = {
        "temperature": 0,
        "timeout": settings.model_timeout,
        "max_retries": 0,  # tried again here, within the limits
        "stream_usage": True,
    }
    if settings.model_url:
        # A key that the environment holds for the provider itself is not for another address.
        options |= {"base_url": settings.model_url, "api_key": key or "none"}
    elif key:
        options["api_key"] = key
    try:
        model = init_chat_model(settings.model, **options)
    except Exception as error:  # every provider's package raises errors of its own
        told = str(error).replace(key, "***") if key else str(error)
        raise SettingsError(f"HUIWEN_MODEL={settings.model!r}: {told}; name it as in openai:qwen3") from None
    breaker = Breaker(settings.breaker_failures, settings.breaker_pause)
    return ChatModel(model, settings.model, breaker, share_of(settings.model_at_once, settings.workers), metrics)


@cache
def _shared_loop() -> asyncio.AbstractEventLoop:
    """The loop of all models: the providers' packages share connections, and a connection belongs to one loop."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="language-model", daemon=True).start()
    return loop


def _receive(inbox: queue.SimpleQueue[str | Usage | None]) -> Iterator[str | Usage]:
    """What comes until the end is told; an empty piece each time that nothing came for a while."""
    while True:
        try:
            piece = inbox.get(timeout=_TICK)
        except queue.Empty:
            piece = ""
        if piece is None:
            return
        yield piece


def _may_pass(error: BaseException) -> bool:
    """Whether it is worth asking again: too many requests, or a fault of the server's."""
    status = _status_of(error)
    return status == 429 or 500 <= status < 600


def _status_of(error: BaseException | None) -> int:
    """The HTTP status of a provider's error, 0 if it has none."""
    response = getattr(error, "response", None)
    status = getattr(error, "status_code", None) or getattr(response, "status_code", None)
    return status if isinstance(status, int) else 0
