"""Put the evaluators' page at /eval, beside the chat page, with the same guard on what it may load."""

from __future__ import annotations

import gradio as gr
from fastapi import FastAPI

from bot.mount import Allow, guard_page
from eval.page_style import page_css

PATH = "/eval"

_UPLOAD_LIMIT = "20mb"
# Parts of Gradio that the page does not use; uploads and files it does.
_CLOSED = tuple(f"{PATH}{part}" for part in ("/gradio_api/proxy=", "/gradio_api/vibe", "/monitoring"))


def mount_eval_page(app: FastAPI, page: gr.Blocks, allow: Allow | None = None) -> None:
    """Serve `page` at /eval.

    Args:
        app: the service; the chat page may be mounted already, since it gets only what no route takes.
        page: what `build_eval_page` made.
        allow: asked before every request, raises HTTPException for somebody who may not see the page; left out,
            everybody may.
    """
    app.mount(PATH, guard_page(app, page, PATH, page_css(), _CLOSED, allow, max_file_size=_UPLOAD_LIMIT))
