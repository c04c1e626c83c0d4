"""Charts of confidence: how many answers go wrong, and whether what is held for likely is as often right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from markupsafe import Markup

from eval.charts import tone_of
from eval.selective import Bin
from eval.svg import (
    BOTTOM,
    INK,
    LEFT,
    MAIN,
    RIGHT,
    SOFT,
    TALL,
    TOP,
    draw_grid,
    height_of,
    make_svg,
    make_tag,
    write_text,
)  # fmt: skip

_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
_SMALLEST, _LARGEST = 3.0, 9.0  # pixels: radius of the point of a bin

Curve = Sequence[tuple[float, float]]  # coverage and risk


def draw_risk(curves: Sequence[Curve], label: str, mark: tuple[str, float] | None = None) -> Markup:
    """Risk over coverage; the first curve is the run itself, drawn last. `mark` is a labelled coverage."""
    parts = [*draw_grid(), *_ticks()]
    for number in range(len(curves) - 1, -1, -1):
        parts.append(_path(curves[number], tone_of(number - 1) if number else MAIN, thick=not number))
    if mark:
        parts += _mark(*mark)
    return make_svg(label, TOP + TALL + BOTTOM, parts)


def draw_reliability(bins: Sequence[Bin], label: str) -> Markup:
    """The share right over the mean confidence of each bin; a point is the larger, the more cases its bin has."""
    ends = {"x1": f"{LEFT}%", "x2": f"{RIGHT}%", "y1": height_of(0), "y2": height_of(1)}
    parts = [*draw_grid(), *_ticks(), make_tag("line", style=f"stroke:{SOFT};stroke-dasharray:4 4", **ends)]
    for one, other in pairwise(bins):
        ends = {"x1": _across(one.confidence), "x2": _across(other.confidence)}
        ends |= {"y1": height_of(one.right), "y2": height_of(other.right)}
        parts.append(make_tag("line", style=f"stroke:{MAIN};stroke-width:2", **ends))
    most = max((one.n for one in bins), default=1)
    for one in bins:
        title = make_tag("title", f"{one.confidence:.0%} → {one.right:.0%} (n = {one.n})")
        radius = _SMALLEST + (_LARGEST - _SMALLEST) * (one.n / most) ** 0.5
        place = {"cx": _across(one.confidence), "cy": height_of(one.right), "r": f"{radius:.1f}"}
        parts.append(make_tag("circle", title, style=f"fill:{MAIN}", **place))
    return make_svg(label, TOP + TALL + BOTTOM, parts)


def _ticks() -> Iterator[Markup]:
    for share in _TICKS:
        yield write_text(f"{share:.0%}", LEFT + (RIGHT - LEFT) * share, TOP + TALL + 21)


def _path(points: Curve, tone: str, thick: bool) -> Markup:
    """One line of many points: a drawing of its own that is stretched to the plot, its stroke left as wide as it is."""
    drawn = " ".join(f"{x:.4f},{1 - y:.4f}" for x, y in points)
    style = f"fill:none;stroke:{tone};stroke-width:{3 if thick else 2};stroke-dasharray:{'none' if thick else '5 4'}"
    line = make_tag("polyline", points=drawn, style=style, vector_effect="non-scaling-stroke")
    return make_tag(
        "svg", line, x=f"{LEFT}%", y=TOP, width=f"{RIGHT - LEFT}%", height=TALL,
        viewBox="0 0 1 1", preserveAspectRatio="none", overflow="visible",
    )  # fmt: skip


def _mark(label: str, share: float) -> Iterator[Markup]:
    x = LEFT + (RIGHT - LEFT) * share
    yield make_tag("line", x1=f"{x:.2f}%", x2=f"{x:.2f}%", y1=TOP - 20, y2=TOP + TALL, style=f"stroke:{INK}")
    yield write_text(label, x, TOP - 26, anchor="end" if x > 60 else "start" if x < 30 else "middle")


def _across(share: float) -> str:
    return f"{LEFT + (RIGHT - LEFT) * share:.2f}%"
