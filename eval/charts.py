"""Charts as inline SVG, without a library: they stand alone and follow the page's colours.

Positions across are percentages and heights are pixels, so a chart fills a phone and a desk alike while its letters
stay as large as the text around it. Colours are the page's variables, each with a value behind it for a chart saved by
itself.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

BINS = 16  # bars of a histogram, about
TALL = 200  # pixels between the axis and the top of a curve or a histogram
TONES = ("var(--other-1, #7a8794)", "var(--other-2, #b08a3e)", "var(--other-3, #8a6aa8)", "var(--other-4, #5b8fa8)")

_MAIN = "var(--main, #1f7a60)"
_BAD = "var(--bad, #b3321f)"
_INK = "var(--ink, #1d2521)"
_SOFT = "var(--soft, #55605a)"
_LINE = "var(--line, #d8ddd9)"
_BAR, _THIN, _GAP = 20, 8, 4  # heights in pixels
_TOP, _BOTTOM = 46, 30  # room for what stands above and below the plot
_LEFT, _RIGHT = 9.0, 95.0  # per cent: where the plot begins and ends


@dataclass(frozen=True, slots=True)
class Interval:
    """A share between 0 and 1 with the bounds of its confidence interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a curve: its points as label and share between 0 and 1."""

    name: str
    points: tuple[tuple[str, float], ...]


def tone_of(number: int) -> str:
    """The colour of the n-th other run, from 0, the same in every chart."""
    return TONES[number % len(TONES)]


def draw_bars(main: Interval, others: Sequence[Interval | None], label: str, bad: bool = False) -> Markup:
    """One run's bar with its interval as a whisker; below, a thin bar for each other run, None for one without."""
    rows = [_tag("rect", width="100%", height=_BAR, rx=3, style=f"fill:{_LINE}")]
    rows += [*_bar(main, 0, _BAR, _BAD if bad else _MAIN), *_whisker(main, _BAR / 2)]
    for number, other in enumerate(others):
        if other is not None:
            rows += _bar(other, _BAR + _GAP + number * (_THIN + _GAP), _THIN, tone_of(number))
    height = _BAR + len(others) * (_THIN + _GAP) + 1
    return _svg(label, height, rows)


def draw_curve(series: Sequence[Series], label: str) -> Markup:
    """Shares over a few labelled steps; the first series is the run itself, drawn last, with its figures."""
    names = [name for name, _ in series[0].points] if series else []
    at = {name: _LEFT + (_RIGHT - _LEFT) * (number + 0.5) / len(names) for number, name in enumerate(names)}
    parts = list(_grid())
    parts += [_text(name, at[name], _TOP + TALL + 21) for name in names]
    for number in range(len(series) - 1, -1, -1):
        tone = tone_of(number - 1) if number else _MAIN
        points = [(at[name], _height(share), share) for name, share in series[number].points if name in at]
        parts += _line(points, tone, thick=not number)
        if not number:
            parts += [_text(f"{share:.1%}", x, y - 12, bold=True) for x, y, share in points]
    return _svg(label, _TOP + TALL + _BOTTOM, parts)


def draw_histogram(values: Sequence[float], label: str, unit: str, marks: Sequence[tuple[str, float]] = ()) -> Markup:
    """How often which value came, with labelled marks; the last bar holds what is beyond 99 % of the values."""
    if not values:
        return Markup()
    ordered = sorted(values)
    step = nice_step(max(ordered[math.ceil(len(ordered) * 0.99) - 1], 1e-9) / BINS)
    bins = int(ordered[math.ceil(len(ordered) * 0.99) - 1] / step) + 1
    counts = Counter(min(int(value / step), bins) for value in values)
    width = (_RIGHT - _LEFT) / (bins + 1)
    parts = [_tag("line", x1=f"{_LEFT}%", x2=f"{_RIGHT}%", y1=_TOP + TALL, y2=_TOP + TALL, style=f"stroke:{_LINE}")]
    for number, count in sorted(counts.items()):
        high = TALL * count / max(counts.values())
        title = f"{'≥ ' * (number == bins)}{number * step:g} {unit}: {count}"
        style = f"fill:{_SOFT if number == bins else _MAIN}"
        place = {"x": f"{_LEFT + number * width + 0.2:.2f}%", "y": f"{_TOP + TALL - high:.1f}"}
        size = {"width": f"{width - 0.4:.2f}%", "height": f"{high:.1f}"}
        parts.append(_tag("rect", _tag("title", title), rx=2, style=style, **place, **size))
    for number in range(0, bins + 1, max(1, (bins + 1) // 5)):
        parts.append(_text(f"{number * step:g}", _LEFT + number * width, _TOP + TALL + 21))
    for row, (name, value) in enumerate(marks):
        x = min(_LEFT + value / step * width, _RIGHT)
        parts.append(
            _tag("line", x1=f"{x:.2f}%", x2=f"{x:.2f}%", y1=row * 20 + 8, y2=_TOP + TALL, style=f"stroke:{_INK}")
        )
        parts.append(_text(f"{name} {value:.0f} {unit}", x, row * 20 + 14, anchor="end" if x > 60 else "start"))
    return _svg(label, _TOP + TALL + _BOTTOM, parts)


def nice_step(least: float) -> float:
    """The smallest of 1, 2 or 5 times a power of ten that is at least as large."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least * (1 - 1e-9))


def _bar(interval: Interval, top: float, high: float, tone: str) -> Iterator[Markup]:
    yield _tag("rect", y=top, width=_percent(interval.value), height=high, rx=3, style=f"fill:{tone}")


def _whisker(interval: Interval, middle: float) -> Iterator[Markup]:
    """The interval, drawn twice, wide and pale below narrow and dark, so that it shows on the bar and beside it."""
    low, high = _percent(interval.low), _percent(interval.high)
    if low == high:
        return
    for tone, wide in (("var(--paper, #fff)", 5), (_INK, 2)):
        style = f"stroke:{tone};stroke-width:{wide}"
        yield _tag("line", x1=low, x2=high, y1=middle, y2=middle, style=style)
        for end in (low, high):
            yield _tag("line", x1=end, x2=end, y1=middle - 5, y2=middle + 5, style=style)


def _grid() -> Iterator[Markup]:
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = _height(share)
        yield _tag("line", x1=f"{_LEFT}%", x2=f"{_RIGHT}%", y1=y, y2=y, style=f"stroke:{_LINE}")
        if share in (0.0, 0.5, 1.0):
            yield _text(f"{share:.0%}", _LEFT - 1, y + 5, anchor="end")


def _line(points: Sequence[tuple[float, float, float]], tone: str, thick: bool) -> Iterator[Markup]:
    """Piece by piece: a polyline takes no percentages."""
    style = f"stroke:{tone};stroke-width:{3 if thick else 2};stroke-dasharray:{'none' if thick else '5 4'}"
    for (x1, y1, _), (x2, y2, _) in pairwise(points):
        yield _tag("line", x1=f"{x1:.2f}%", y1=y1, x2=f"{x2:.2f}%", y2=y2, style=style)
    for x, y, share in points:
        title = _tag("title", f"{share:.1%}")
        yield _tag("circle", title, cx=f"{x:.2f}%", cy=y, r=5 if thick else 4, style=f"fill:{tone}")


def _height(share: float) -> float:
    return round(_TOP + TALL * (1 - min(max(share, 0.0), 1.0)), 1)


def _percent(share: float) -> str:
    return f"{min(max(share, 0.0), 1.0) * 100:.2f}%"


def _text(text: str, x: float, y: float, anchor: str = "middle", bold: bool = False) -> Markup:
    # The edge in the colour of the paper keeps letters legible where they cross a line.
    style = (
        f"fill:{_INK if bold else _SOFT};font-weight:{600 if bold else 400};stroke:var(--paper, #fff);stroke-width:4"
    )
    return _tag("text", text, x=f"{x:.2f}%", y=y, text_anchor=anchor, paint_order="stroke", style=style)


def _svg(label: str, height: float, parts: Sequence[Markup]) -> Markup:
    return _tag(
        "svg",
        Markup().join(parts),
        xmlns="http://www.w3.org/2000/svg",
        role="img",
        aria_label=label,
        width="100%",
        height=height,
        style="display:block;overflow:visible;font:14px system-ui,sans-serif",
    )


def _tag(name: str, content: str = "", /, **attributes: object) -> Markup:
    """One element; what is not markup already is escaped."""
    pairs = [Markup(' {}="{}"').format(key.replace("_", "-"), value) for key, value in attributes.items()]
    return Markup("<{}{}>{}</{}>").format(Markup(name), Markup().join(pairs), content, Markup(name))
