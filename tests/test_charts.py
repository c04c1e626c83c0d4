"""Charts say what the figures say, whatever the figures and the labels are."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.charts import Interval, Series, draw_bars, draw_curve, draw_histogram, nice_step, tone_of

SHARES = st.floats(0, 1)
LABELS = st.text(alphabet="甲乙<>&\"'/{}%[] a1", max_size=20)
TAG = "{http://www.w3.org/2000/svg}"


def parse(svg: str) -> ElementTree.Element:
    """The chart as XML: it must be well formed to be saved by itself."""
    return ElementTree.fromstring(svg)


def widths(svg: str) -> list[str]:
    """The widths of the bars, the ground below them first."""
    return [rect.attrib["width"] for rect in parse(svg).iter(f"{TAG}rect")]


def test_a_bar_is_as_long_as_its_share_and_its_whisker_as_its_interval() -> None:
    svg = draw_bars(Interval(0.5, 0.4, 0.65), [Interval(0.25, 0.2, 0.3), None, Interval(1.0, 1.0, 1.0)], "类")
    assert widths(svg) == ["100%", "50.00%", "25.00%", "100.00%"]
    assert {(line.attrib["x1"], line.attrib["x2"]) for line in parse(svg).iter(f"{TAG}line")} == {
        ("40.00%", "65.00%"),
        ("40.00%", "40.00%"),
        ("65.00%", "65.00%"),
    }
    assert [tone_of(number) in svg for number in range(3)] == [True, False, True]  # the second run has no such type


def test_an_interval_without_width_has_no_whisker() -> None:
    assert "<line" not in draw_bars(Interval(1.0, 1.0, 1.0), [], "类")


def test_a_bad_bar_has_another_colour() -> None:
    assert draw_bars(Interval(0.5, 0.4, 0.6), [], "类", bad=True) != draw_bars(Interval(0.5, 0.4, 0.6), [], "类")


@given(SHARES, SHARES, SHARES, LABELS)
def test_bars_are_well_formed_and_stay_inside(value: float, low: float, high: float, label: str) -> None:
    svg = draw_bars(Interval(value, low, high), [Interval(low, low, high)], label)
    assert parse(svg).attrib["aria-label"] == label
    assert all(0 <= float(percent) <= 100 for percent in re.findall(r'(?:width|x1|x2)="([\d.]+)%"', svg))


@given(st.lists(st.tuples(LABELS, SHARES), max_size=5, unique_by=lambda point: point[0]))
def test_a_curve_shows_each_point_with_its_figure(points: list[tuple[str, float]]) -> None:
    chart = parse(draw_curve([Series("甲", tuple(points)), Series("乙", tuple(points))], "曲线"))
    texts = [text.text or "" for text in chart.iter(f"{TAG}text")]
    assert len(list(chart.iter(f"{TAG}circle"))) == 2 * len(points)
    assert all(f"{share:.1%}" in texts and label in texts for label, share in points)


def test_a_curve_rises_with_its_shares() -> None:
    chart = parse(draw_curve([Series("甲", (("前 1 条", 0.2), ("前 3 条", 0.9)))], "曲线"))
    low, high = (float(circle.attrib["cy"]) for circle in chart.iter(f"{TAG}circle"))
    assert low > high


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=200))
def test_every_value_is_in_one_bar_of_the_histogram(values: list[float]) -> None:
    titles = [title.text or "" for title in parse(draw_histogram(values, "耗时", "ms")).iter(f"{TAG}title")]
    assert sum(int(title.rpartition(": ")[2]) for title in titles) == len(values)
    assert len(titles) <= 41


def test_what_is_slowest_goes_into_one_last_bar_and_marks_stand_where_they_belong() -> None:
    values = [10.0] * 99 + [12.0] * 900 + [9000.0]
    svg = draw_histogram(values, "耗时", "ms", [("中位", 12.0), ("p95", 12.0)])
    assert "≥ 13 ms: 1" in svg
    assert [text.text for text in parse(svg).iter(f"{TAG}text")][-2:] == ["中位 12 ms", "p95 12 ms"]


def test_no_values_no_chart() -> None:
    assert draw_histogram([], "耗时", "ms") == ""


@pytest.mark.parametrize(("least", "step"), [(0.03, 0.05), (1, 1), (1.1, 2), (3, 5), (7, 10), (120, 200), (1e-9, 1e-9)])
def test_steps_are_round(least: float, step: float) -> None:
    assert nice_step(least) == pytest.approx(step)
