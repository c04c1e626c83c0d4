"""The widget that puts the chat on other pages, and an example of such a page."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from bot.describe import list_places
from bot.ports import Library, Places
from prompts.messages import WidgetMessages
from prompts.rendering import template_environment

STATIC = Path(__file__).with_name("static")

_FRESH = 3600  # seconds for which a browser may keep the script
_SCRIPT_HEADERS = {
    "Cache-Control": f"public, max-age={_FRESH}",
    "Cross-Origin-Resource-Policy": "cross-origin",  # pages that isolate themselves load nothing else
    "X-Content-Type-Options": "nosniff",
}
# As strict as a page can be that has the widget: no style or script that is not named.
_DEMO_POLICY = (
    "default-src 'none'; script-src 'self'; frame-src 'self'; style-src '{style}'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def write_widget(words: WidgetMessages) -> str:
    """The script with its words and its style in it, so that one request is all."""
    style = re.sub(r"/\*.*?\*/|\s*\n\s*", "", (STATIC / "widget.css").read_text(encoding="utf-8"), flags=re.S)
    script = (STATIC / "widget.js").read_text(encoding="utf-8")
    for name, value in (("__WORDS__", words.model_dump(exclude={"demo"})), ("__STYLE__", style)):
        script = script.replace(name, json.dumps(value, ensure_ascii=False))
    return script


def widget_routes(library: Library, places: Places, words: WidgetMessages) -> APIRouter:
    """`/widget.js`, and `/widget-demo` as an example of a page that has it."""
    router = APIRouter()
    script = write_widget(words)
    style = (STATIC / "widget_demo.css").read_text(encoding="utf-8")
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = _DEMO_POLICY.format(style=f"sha256-{digest}")
    template = template_environment().get_template("widget_demo.html")

    @router.get("/widget.js", response_class=Response)
    def widget() -> Response:
        return Response(script, media_type="text/javascript", headers=_SCRIPT_HEADERS)

    @router.get("/widget-demo", response_class=HTMLResponse)
    def widget_demo(page: int = 1) -> HTMLResponse:
        covered = list_places(places, library, "")
        place = covered[0].name if covered else ""
        html = template.render(words=words.demo, title=words.title, place=place, page=page, style=style)
        return HTMLResponse(html, headers={"Content-Security-Policy": policy})

    return router
