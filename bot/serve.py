"""The service as a process: the assistant, the routes and the chat page behind uvicorn."""

from __future__ import annotations

from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from bot.api import create_api
from bot.app import Huiwen
from bot.page import build_page
from ingest.settings import Settings
from prompts.messages import load_messages

_GRACE = 5  # seconds that open connections of the page may take to end


def make_service(huiwen: Huiwen) -> FastAPI:
    """Put routes and page on top of the assistant."""
    page = build_page(huiwen, huiwen, huiwen.gazetteer, load_messages())
    return create_api(huiwen, huiwen, huiwen.gazetteer, ready=huiwen.ready, page=page)


def serve(service: FastAPI, settings: Settings, on_ready: Callable[[], None]) -> None:
    """Serve until interrupted; `on_ready` is called once connections are accepted."""
    config = uvicorn.Config(
        service,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        timeout_graceful_shutdown=_GRACE,
    )
    _Server(config, on_ready).run()


class _Server(uvicorn.Server):
    """Tells when it accepts connections."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets)  # type: ignore[arg-type]
        if self.started:
            self._on_ready()
