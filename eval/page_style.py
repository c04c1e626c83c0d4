"""How the evaluators' page looks: the report's own style sheet, and a few rules for what Gradio draws around it."""

from __future__ import annotations

from pathlib import Path

from eval.report import STYLE

PAGE_STYLE = Path(__file__).with_name("static") / "eval_page.css"


def page_css() -> str:
    """Both style sheets as text: Gradio writes them into the page."""
    return "\n".join(file.read_text(encoding="utf-8") for file in (STYLE, PAGE_STYLE))
