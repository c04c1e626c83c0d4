"""A real local server of the OpenAI protocol, which says what a test tells it to, as well or as badly."""

from __future__ import annotations

import json
import re
import select
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from pydantic import SecretStr

from bot.app import Huiwen
from ingest.sentences import split_sentences
from prompts.messages import load_messages
from prompts.phrases import load_phrases
from tests.corpus_fixture import Corpus

KEY = "sk-a-secret-of-the-tests"
_SOURCE = re.compile(r'<source n="(\d+)">\n地方：(.+)\n文件：.+\n状态：(.+)\n位置：.+\n原文：\n((?s:.+?))\n</source>')
TOKENS = {"prompt_tokens": 700, "completion_tokens": 50, "total_tokens": 750}


@dataclass(frozen=True)
class Script:
    """How one call is answered."""

    says: str | Sequence[str] | Callable[[str], str] = (
        ""  # pieces, or a text that is cut into some, or made of the prompt
    )
    pause: float = 0.0  # seconds before each piece
    silent: bool = False  # nothing at all comes, until the caller leaves
    held: threading.Event | None = None  # nothing comes until it is set
    stays: bool = False  # nothing more comes after the pieces, until the caller leaves
    status: int = 200
    cut: bool = False  # the connection breaks after the pieces
    ends: bool = True  # it is said that that was all
    raw: bytes = b""  # goes out as it is, in place of the pieces


class ModelServer(ThreadingHTTPServer):
    """Answers each call by the next script, the last one again and again; keeps the requests."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.scripts: list[Script] = [Script()]
        self.requests: list[dict[str, Any]] = []
        self.called = threading.Event()  # a call has got its script
        self.left = threading.Event()  # a caller hung up before all was said
        self.closing = threading.Event()
        self.together = 0  # calls under way
        self.most_together = 0
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        """Its base URL."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    @property
    def prompts(self) -> list[str]:
        """The last message of each request."""
        return [str(request["messages"][-1]["content"]) for request in self.requests]

    def play(self, *scripts: Script) -> None:
        """Begin anew with these."""
        self.scripts = list(scripts)
        self.requests.clear()
        self.called.clear()
        self.left.clear()

    def next_script(self) -> Script:
        """The script of the call that has come."""
        with self.lock:
            return self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]

    def count(self, change: int) -> None:
        """A call has begun or ended."""
        with self.lock:
            self.together += change
            self.most_together = max(self.most_together, self.together)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: ModelServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append({"path": self.path, "key": self.headers["Authorization"], **body})
        script = self.server.next_script()
        self.server.called.set()
        self.server.count(1)
        try:
            self._answer(script)
        except OSError:
            self.server.left.set()
            self.close_connection = True
        finally:
            self.server.count(-1)

    def _answer(self, script: Script) -> None:
        if script.silent:
            self._wait(3600)
        if script.status != 200:
            self._refuse(script.status)
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        if script.held:
            script.held.wait(60)
        for data in [script.raw] if script.raw else _events(script, self.server.prompts[-1]):
            self._wait(script.pause)
            self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        if script.stays:
            self._wait(3600)
        if script.cut:
            self.close_connection = True
            return
        self.wfile.write(b"0\r\n\r\n")

    def _refuse(self, status: int) -> None:
        data = json.dumps({"error": {"message": f"no: {KEY}", "type": "x", "code": "x"}}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _wait(self, seconds: float) -> None:
        """Let time pass; raises ConnectionError as soon as the caller has left."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and not self.server.closing.is_set():
            readable, _, _ = select.select([self.connection], [], [], min(left, 0.02))
            if readable:
                raise ConnectionError("the caller has left")

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def _events(script: Script, prompt: str) -> Iterator[bytes]:
    text = script.says(prompt) if callable(script.says) else script.says
    pieces = [text[at : at + 4] for at in range(0, len(text), 4)] if isinstance(text, str) else text
    yield _event([{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}])
    for piece in pieces:
        yield _event([{"index": 0, "delta": {"content": piece}, "finish_reason": None}])
    if script.cut or not script.ends:
        return
    yield _event([{"index": 0, "delta": {}, "finish_reason": "stop"}])
    yield _event([], usage=TOKENS)
    yield b"data: [DONE]\n\n"


def _event(choices: list[dict[str, Any]], **more: object) -> bytes:
    body = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "local", "choices": choices, **more}
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n".encode()


@contextmanager
def serving() -> Iterator[ModelServer]:
    """A server on a free port of this machine, for as long as the block lasts."""
    with ModelServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()
            thread.join()


def repeat_sources(prompt: str) -> str:
    """What an obedient model says: the longest sentence of each source in a frame of its own, by its number."""
    said = []
    for number, place, state, text in _SOURCE.findall(prompt):
        lead = "征求意见稿拟规定，" if state.startswith("征求意见稿") else ""
        sentence = max((one.text for one in split_sentences(text)), key=len).rstrip("。；")
        said.append(f"{place}：{lead}{sentence}。[{number}]")
    return "".join(said)


def open_with_model(corpus: Corpus, server: ModelServer, **settings: object) -> Huiwen:
    """Huiwen on a corpus with the server as its language model; patient, and slow to give the model up."""
    limits = {"model_first_token": 5.0, "model_gap": 5.0, "model_timeout": 20.0, "breaker_failures": 100}
    own = {"model": "openai:local", "model_url": server.url, "model_key": SecretStr(KEY), **limits, **settings}
    encoder, gazetteer, _ = corpus.tools
    return Huiwen(corpus.settings.model_copy(update=own), encoder, gazetteer, load_phrases(), load_messages())
