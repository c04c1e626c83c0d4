"""Put the evaluators' page at /eval, beside the chat page, with the same guard on what it may load."""

from __future__ import annotations

from collections.abc import Callable

import gradio as gr
from fastapi import FastAPI, Request

from bot.mount import guard_page
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
    options = {"auth_dependency": allow, "max_file_size": _UPLOAD_LIMIT}
    app.mount(PATH, guard_page(app, page, PATH, page_css(), _CLOSED, **options))
