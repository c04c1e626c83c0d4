"""How the chat page looks and moves: a calm theme of system fonts, large type, the project's own style and script."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

STATIC = Path(__file__).with_name("static")
SCRIPTS = (
    "conversation.js",
    "copy.js",
    "keep.js",
    "network.js",
    "vote.js",
    "frame.js",
)  # one behind the other, in one function
FONTS = ("system-ui", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")
MONOSPACED = ("ui-monospace", "monospace")

# Gradio writes lang="en": screen readers would read Chinese as English, browsers would pick Japanese glyphs.
# In a frame, as widget.js makes one, the bar above it shows the title already.
HEAD = (
    '<script>document.documentElement.lang = "zh-CN"; '
    'if (window !== top) document.documentElement.classList.add("framed");</script>'
    "<style>.framed #masthead h1, .framed #masthead .what { display: none; }</style>"
)


def page_head() -> str:
    """What stands in the chat page's head: HEAD, and what the page needs before all else."""
    return f"{HEAD}<script>{(STATIC / 'store.js').read_text(encoding='utf-8')}</script>"


def page_css() -> str:
    """The style sheet as text: Gradio writes it into the page."""
    return (STATIC / "chat.css").read_text(encoding="utf-8")


def page_script() -> str:
    """What the conversation does by itself in the browser, as text."""
    return "".join((STATIC / name).read_text(encoding="utf-8") for name in SCRIPTS)


def place_script() -> str:
    """What the box for the place does by itself in the browser, as text."""
    return (STATIC / "place.js").read_text(encoding="utf-8")


def page_theme() -> gr.themes.Base:
    """Gradio's plainest theme with larger type, a green of enough contrast and no fonts to fetch."""
    green = gr.themes.Color(
        "#eef7f3",
        "#d8ede4",
        "#b3dccb",
        "#82c4aa",
        "#4fa586",
        "#2a866a",
        "#0b6b53",
        "#0a5a46",
        "#094a3a",
        "#073c30",
        "#04251d",
    )
    large = gr.themes.Size("14px", "15px", "16px", "17px", "19px", "22px", "26px", name="text_owner")
    theme = gr.themes.Base(
        primary_hue=green,
        secondary_hue=green,
        neutral_hue="stone",
        text_size=large,
        radius_size="lg",
        font=FONTS,
        font_mono=MONOSPACED,
    )
    return theme.set(
        body_background_fill="#f6f7f5",
        body_background_fill_dark="#131816",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        button_primary_background_fill_dark="*primary_600",
        button_primary_background_fill_hover_dark="*primary_500",
        button_primary_text_color="#ffffff",
        button_primary_text_color_dark="#ffffff",
        input_placeholder_color="#5f6b65",
        input_placeholder_color_dark="#a3afa9",
        block_label_text_size="17px",
        block_title_text_color="#1d2521",
        block_title_text_color_dark="#e8eeea",
        block_info_text_color="#55605a",
        block_info_text_color_dark="#a9b5ae",
        block_info_text_size="16px",
        block_background_fill_dark="#1b221f",
        block_border_color_dark="#37423c",
        input_background_fill_dark="#26302b",
        button_secondary_background_fill_dark="#26302b",
    )
