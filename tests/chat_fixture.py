"""The chat page as visitors meet it: a real server on invented documents, and a visitor with a phone or at a desk."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from bot.answer_log import AnswerLog
from bot.api import create_api
from bot.contract import AskRequest
from bot.page import build_page
from bot.ports import DeltaEvent, Event, StatusEvent
from bot.recorder import Recorder
from prompts.messages import load_messages
from tests.browsing import Visit, launch, open_profile, serve
from tests.fakes import FakeLibrary, FakePlaces, NumberedAssistant

BOTH = pytest.mark.parametrize("visit", [390, 1280], indirect=True, ids=["phone", "desk"])


class TroubledAssistant(NumberedAssistant):
    """Breaks off where it is asked to, and stops in the midst of an answer on 慢 until the gate is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()

    def stream(self, request: AskRequest) -> Iterator[Event]:
        """The answer in pieces, or trouble."""
        if "出错" in request.question:
            yield StatusEvent("正在查适用的文件……")
            raise RuntimeError("planted by a test")
        for event in super().stream(request):
            yield event
            if "慢" in request.question and isinstance(event, DeltaEvent):
                self.gate.wait(timeout=20)


@dataclass(frozen=True, slots=True)
class Chat:
    """The service, and what stands behind it."""

    address: str
    assistant: TroubledAssistant
    log: AnswerLog
    log_file: Path


@pytest.fixture(scope="session")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chat]:
    """A real server on a free port."""
    file = tmp_path_factory.mktemp("log") / "answers.db"
    assistant, library, places = TroubledAssistant(), FakeLibrary(), FakePlaces()
    log = AnswerLog(f"sqlite:///{file}", 180)
    recorder = Recorder(assistant, places, log)
    page = build_page(recorder, library, places, load_messages(), log.keep_days)
    with serve(create_api(recorder, library, places, ready=lambda: True, page=page, log=log)) as address:
        yield Chat(address, assistant, log, file)
    log.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A module's: its event loop would be in the way of asynchronous tests if it ran on."""
    with launch() as browser:
        yield browser


@pytest.fixture(scope="module")
def profile(browser: Browser) -> Iterator[BrowserContext]:
    """One cache for the visitors of a module: the page is fetched once."""
    with open_profile(browser) as profile:
        yield profile


@pytest.fixture
def visit(request: pytest.FixtureRequest, profile: BrowserContext, chat: Chat) -> Iterator[Visit]:
    """A visitor with a phone unless a test says how wide; whatever it did, nothing left this host."""
    visited = Visit(profile, chat.address, getattr(request, "param", 390))
    try:
        yield visited
        visited.check()
    finally:
        visited.leave()
