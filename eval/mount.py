"""Put the evaluators' page at /eval, beside the chat page, with the same guard on what it may load."""

from __future__ import annotations

from collections.abc import Callable

import gradio as gr
from fastapi import FastAPI, Request
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.mount import PAGE_POLICY
from bot.page_style import HEAD, page_theme
from eval.page_style import page_css

PATH = "/eval"

_UPLOAD_LIMIT = "20mb"
# Parts of Gradio that the page does not use; uploads and files it does.
_CLOSED = tuple(f"{PATH}{part}" for part in ("/gradio_api/proxy=", "/gradio_api/vibe", "/monitoring"))


def mount_eval_page(app: FastAPI, page: gr.Blocks, allow: Callable[[Request], str | None] | None = None) -> None:
    """Serve `page` at /eval.

    Args:
        app: the service; the chat page may be mounted already, since it gets only what no route takes.
        page: what `build_eval_page` made.
        allow: tells who asks, None for somebody who may not see the page; left out, everybody may.
    """
    gr.mount_gradio_app(
        app,
        page,
        path=PATH,
        auth_dependency=allow,
        max_file_size=_UPLOAD_LIMIT,
        theme=page_theme(),
        css=page_css(),
        head=HEAD,
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        mcp_server=False,
        enable_monitoring=False,
    )
    mounted = app.router.routes.pop()
    app.mount(PATH, _Guard(mounted.app))  # type: ignore[attr-defined]


class _Guard:
    """Gradio's application, less the parts that the page does not use."""

    def __init__(self, gradio_app: ASGIApp) -> None:
        self.gradio_app = gradio_app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith(_CLOSED):
            raise HTTPException(404)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = PAGE_POLICY
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
            await send(message)

        await self.gradio_app(scope, receive, send_guarded)
