"""Inline SVG for charts: elements, axes and colours.

Positions across are percentages and heights are pixels, so a chart fills a phone and a desk alike while its letters
stay as large as the text around it. Colours are the page's variables, each with a value behind it for a chart saved by
itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

MAIN = "var(--main, #1f7a60)"
BAD = "var(--bad, #b3321f)"
INK = "var(--ink, #1d2521)"
SOFT = "var(--soft, #55605a)"
LINE = "var(--line, #d8ddd9)"
TALL = 200  # pixels between the axis and the top of a plot
TOP, BOTTOM = 46, 30  # room for what stands above and below it
LEFT, RIGHT = 12.0, 95.0  # per cent: where it begins and ends


def draw_grid() -> Iterator[Markup]:
    """Lines across a plot of shares, labelled on the left."""
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = height_of(share)
        yield make_tag("line", x1=f"{LEFT}%", x2=f"{RIGHT}%", y1=y, y2=y, style=f"stroke:{LINE}")
        if share in (0.0, 0.5, 1.0):
            yield write_text(f"{share:.0%}", LEFT - 1, y + 5, anchor="end")


def height_of(share: float) -> float:
    """Where a share lies in a plot, in pixels from above."""
    return round(TOP + TALL * (1 - min(max(share, 0.0), 1.0)), 1)


def percent(share: float) -> str:
    """A share as a coordinate."""
    return f"{min(max(share, 0.0), 1.0) * 100:.2f}%"


def write_text(text: str, x: float, y: float, anchor: str = "middle", bold: bool = False) -> Markup:
    """Letters at a place: `x` in per cent, `y` in pixels."""
    # The edge in the colour of the paper keeps letters legible where they cross a line.
    style = f"fill:{INK if bold else SOFT};font-weight:{600 if bold else 400};stroke:var(--paper, #fff);stroke-width:4"
    return make_tag("text", text, x=f"{x:.2f}%", y=y, text_anchor=anchor, paint_order="stroke", style=style)


def make_svg(label: str, height: float, parts: Sequence[Markup]) -> Markup:
    """The whole chart; `label` is what is read aloud in its place."""
    return make_tag(
        "svg",
        Markup().join(parts),
        xmlns="http://www.w3.org/2000/svg",
        role="img",
        aria_label=label,
        width="100%",
        height=height,
        style="display:block;overflow:visible;font:14px system-ui,sans-serif",
    )


def make_tag(name: str, content: str = "", /, **attributes: object) -> Markup:
    """One element; what is not markup already is escaped."""
    pairs = [Markup(' {}="{}"').format(key.replace("_", "-"), value) for key, value in attributes.items()]
    return Markup("<{}{}>{}</{}>").format(Markup(name), Markup().join(pairs), content, Markup(name))
