"""Charts without a library: they stand alone and follow the page's colours."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from eval.svg import (
    BAD,
    BOTTOM,
    INK,
    LEFT,
    LINE,
    MAIN,
    RIGHT,
    SOFT,
    TALL,
    TOP,
    draw_grid,
    height_of,
    make_svg,
    make_tag,
    percent,
    write_text,
)  # fmt: skip

BINS = 16  # bars of a histogram, about
TONES = ("var(--other-1, #7a8794)", "var(--other-2, #b08a3e)", "var(--other-3, #8a6aa8)", "var(--other-4, #5b8fa8)")

_BAR, _THIN, _GAP = 20, 8, 4  # heights in pixels


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
    rows = [make_tag("rect", width="100%", height=_BAR, rx=3, style=f"fill:{LINE}")]
    rows += [*_bar(main, 0, _BAR, BAD if bad else MAIN), *_whisker(main, _BAR / 2)]
    for number, other in enumerate(others):
        if other is not None:
            rows += _bar(other, _BAR + _GAP + number * (_THIN + _GAP), _THIN, tone_of(number))
    height = _BAR + len(others) * (_THIN + _GAP) + 1
    return make_svg(label, height, rows)


def draw_curve(series: Sequence[Series], label: str) -> Markup:
    """Shares over a few labelled steps; the first series is the run itself, drawn last, with its figures."""
    names = [name for name, _ in series[0].points] if series else []
    at = {name: LEFT + (RIGHT - LEFT) * (number + 0.5) / len(names) for number, name in enumerate(names)}
    parts = list(draw_grid())
    parts += [write_text(name, at[name], TOP + TALL + 21) for name in names]
    for number in range(len(series) - 1, -1, -1):
        tone = tone_of(number - 1) if number else MAIN
        points = [(at[name], height_of(share), share) for name, share in series[number].points if name in at]
        parts += _line(points, tone, thick=not number)
        if not number:
            parts += [write_text(f"{share:.1%}", x, y - 12, bold=True) for x, y, share in points]
    return make_svg(label, TOP + TALL + BOTTOM, parts)


def draw_histogram(values: Sequence[float], label: str, unit: str, marks: Sequence[tuple[str, float]] = ()) -> Markup:
    """How often which value came, with labelled marks; the last bar holds what is beyond 99 % of the values."""
    if not values:
        return Markup()
    ordered = sorted(values)
    step = nice_step(max(ordered[math.ceil(len(ordered) * 0.99) - 1], 1e-9) / BINS)
    bins = int(ordered[math.ceil(len(ordered) * 0.99) - 1] / step) + 1
    counts = Counter(min(int(value / step), bins) for value in values)
    width = (RIGHT - LEFT) / (bins + 1)
    parts = [make_tag("line", x1=f"{LEFT}%", x2=f"{RIGHT}%", y1=TOP + TALL, y2=TOP + TALL, style=f"stroke:{LINE}")]
    for number, count in sorted(counts.items()):
        high = TALL * count / max(counts.values())
        title = f"{'≥ ' * (number == bins)}{number * step:g} {unit}: {count}"
        style = f"fill:{SOFT if number == bins else MAIN}"
        place = {"x": f"{LEFT + number * width + 0.2:.2f}%", "y": f"{TOP + TALL - high:.1f}"}
        size = {"width": f"{width - 0.4:.2f}%", "height": f"{high:.1f}"}
        parts.append(make_tag("rect", make_tag("title", title), rx=2, style=style, **place, **size))
    for number in range(0, bins + 1, max(1, (bins + 1) // 5)):
        parts.append(write_text(f"{number * step:g}", LEFT + number * width, TOP + TALL + 21))
    for row, (name, value) in enumerate(marks):
        x = min(LEFT + value / step * width, RIGHT)
        parts.append(
            make_tag("line", x1=f"{x:.2f}%", x2=f"{x:.2f}%", y1=row * 20 + 8, y2=TOP + TALL, style=f"stroke:{INK}")
        )
        parts.append(write_text(f"{name} {value:.0f} {unit}", x, row * 20 + 14, anchor="end" if x > 60 else "start"))
    return make_svg(label, TOP + TALL + BOTTOM, parts)


def nice_step(least: float) -> float:
    """The smallest of 1, 2 or 5 times a power of ten that is at least as large."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least * (1 - 1e-9))


def _bar(interval: Interval, top: float, high: float, tone: str) -> Iterator[Markup]:
    yield make_tag("rect", y=top, width=percent(interval.value), height=high, rx=3, style=f"fill:{tone}")


def _whisker(interval: Interval, middle: float) -> Iterator[Markup]:
    """The interval, drawn twice, wide and pale below narrow and dark, so that it shows on the bar and beside it."""
    low, high = percent(interval.low), percent(interval.high)
    if low == high:
        return
    for tone, wide in (("var(--paper, #fff)", 5), (INK, 2)):
        style = f"stroke:{tone};stroke-width:{wide}"
        yield make_tag("line", x1=low, x2=high, y1=middle, y2=middle, style=style)
        for end in (low, high):
            yield make_tag("line", x1=end, x2=end, y1=middle - 5, y2=middle + 5, style=style)


def _line(points: Sequence[tuple[float, float, float]], tone: str, thick: bool) -> Iterator[Markup]:
    """Piece by piece: a polyline takes no percentages."""
    style = f"stroke:{tone};stroke-width:{3 if thick else 2};stroke-dasharray:{'none' if thick else '5 4'}"
    for (x1, y1, _), (x2, y2, _) in pairwise(points):
        yield make_tag("line", x1=f"{x1:.2f}%", y1=y1, x2=f"{x2:.2f}%", y2=y2, style=style)
    for x, y, share in points:
        title = make_tag("title", f"{share:.1%}")
        yield make_tag("circle", title, cx=f"{x:.2f}%", cy=y, r=5 if thick else 4, style=f"fill:{tone}")
