"""Put the Gradio page at / without letting it shadow a route, take an upload or call another host."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import gradio as gr
from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.errors_http import Refused
from bot.page_style import HEAD, page_css, page_head, page_theme

# Gradio's code evaluates its templates, hence unsafe-eval; what counts is that nothing but this host is reached.
PAGE_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; form-action 'none'"
)

Allow = Callable[[HTTPConnection], Awaitable[object]]  # raises HTTPException for whom it does not let in

_OURS = ("/api/", "/documents/", "/v1/", "/desk/")  # what no route takes under these is an error, not a page
_CLOSED = ("/gradio_api/upload", "/gradio_api/file=", "/monitoring")
# On no page: what works past Gradio's queue, and what tells of the inside.
_NEVER = (
    *(f"/gradio_api/{part}" for part in ("run", "call", "api", "proxy=", "vibe", "component_server", "openapi.json")),
    "/openapi.json",
    "/login",
)


def mount_page(app: FastAPI, page: gr.Blocks, widget_origins: str = "") -> None:
    """Serve `page` at / for whatever none of the application's routes takes; these origins may show it in a frame."""
    # Gradio mounts itself as a route at / that matches everything, so a wrong method on one of ours would reach it
    # and never be told 405. As the router's default it gets only what no route knows.
    app.router.default = guard_page(
        app, page, "/", page_css(), (*_OURS, *_CLOSED), head=page_head(), frames=widget_origins
    )


def guard_page(
    app: FastAPI,
    page: gr.Blocks,
    path: str,
    css: str,
    closed: tuple[str, ...],
    allow: Allow | None = None,
    head: str = HEAD,
    frames: str = "",
    **options: Any,
) -> ASGIApp:
    """Make a page an application of its own, which the caller puts where it belongs.

    Args:
        app: the service that the page is to be part of.
        page: the page.
        path: where it will be served.
        css: its style.
        closed: beginnings of paths that it must not answer, besides those that no page may.
        allow: asked before anything is answered; Gradio's own hook leaves some of its routes open.
        head: what stands in its head.
        frames: origins, separated by blanks, whose pages may show it in a frame; its own may always.
        options: what else `gradio.mount_gradio_app` is to know.
    """
    gr.mount_gradio_app(
        app,
        page,
        path=path,
        theme=page_theme(),
        css=css,
        head=head,
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        mcp_server=False,
        enable_monitoring=False,
        **options,
    )
    mounted = app.router.routes.pop()
    standing_connections(app).append(mounted.app.stop_event)  # type: ignore[attr-defined]
    page.config["version"] = ""  # Gradio tells it to everybody, and no script of the page reads it
    policy = f"{PAGE_POLICY}; frame-ancestors 'self' {frames}".rstrip()
    never = tuple(f"{path.rstrip('/')}{part}" for part in _NEVER)
    return _Guard(mounted.app, (*closed, *never), allow, policy)  # type: ignore[attr-defined]


def standing_connections(app: FastAPI) -> list[asyncio.Event]:
    """What ends the connections by which Gradio sees that visitors are still there: one event a page."""
    if not hasattr(app.state, "standing_connections"):
        app.state.standing_connections = []
    events: list[asyncio.Event] = app.state.standing_connections
    return events


class _Guard:
    """Gradio's application, less the parts that the page does not use, for those who may see it."""

    def __init__(self, gradio_app: ASGIApp, closed: tuple[str, ...], allow: Allow | None, policy: str) -> None:
        self.gradio_app = gradio_app
        self.closed = closed
        self.allow = allow
        self.policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith(self.closed):
            raise HTTPException(404)
        if self.allow is not None:
            await self.allow(HTTPConnection(scope))

        refusal: HTTPException | None = None  # told in our words, not in Gradio's

        async def send_guarded(message: Message) -> None:
            nonlocal refusal
            refusal = refusal or _refusal_of(message.get("status"))
            if refusal:
                return
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = self.policy
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
            await send(message)

        await self.gradio_app(scope, receive, send_guarded)
        if refusal:
            raise refusal


def _refusal_of(status: int | None) -> HTTPException | None:
    """What Gradio's reply means, where it is a refusal; its 503 is a queue that is full."""
    if status == 503:
        return Refused(503, "busy")
    return HTTPException(404) if status in (404, 405) else None
