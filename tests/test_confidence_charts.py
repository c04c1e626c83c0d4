"""Charts of confidence hold what they are given, inside their frame."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from eval.confidence_charts import draw_reliability, draw_risk
from eval.selective import Bin, Sureness, bin_confidence, trace_risk

FOUND = st.lists(st.builds(Sureness, st.floats(0, 1), st.booleans()), min_size=1, max_size=50)
TAG = "{http://www.w3.org/2000/svg}"


@given(FOUND, FOUND)
def test_every_curve_is_one_line_inside_the_plot(found: list[Sureness], other: list[Sureness]) -> None:
    chart = ElementTree.fromstring(draw_risk([trace_risk(found), trace_risk(other), ()], "图<b>", ("线 &", 0.75)))
    lines = [line.attrib["points"] for line in chart.iter(f"{TAG}polyline")]
    assert len(lines) == 3
    assert all(0 <= float(number) <= 1 for line in lines for number in re.findall(r"[\d.]+", line))
    assert "线 &" in [text.text for text in chart.iter(f"{TAG}text")]


@given(FOUND)
def test_every_bin_has_a_point_that_tells_its_size(found: list[Sureness]) -> None:
    bins = bin_confidence(found)
    chart = ElementTree.fromstring(draw_reliability(bins, "图"))
    points = list(chart.iter(f"{TAG}circle"))
    assert len(points) == len(bins)
    assert [f"(n = {one.n})" in (point[0].text or "") for one, point in zip(bins, points, strict=True)]
    assert all(0 <= float(point.attrib["cx"].rstrip("%")) <= 100 for point in points)


def test_a_point_lies_where_its_bin_says() -> None:
    (low, high) = ElementTree.fromstring(draw_reliability([Bin(1, 0.0, 0.0), Bin(100, 1.0, 1.0)], "图")).iter(
        f"{TAG}circle"
    )
    assert float(low.attrib["cx"].rstrip("%")) < float(high.attrib["cx"].rstrip("%"))
    assert float(low.attrib["cy"]) > float(high.attrib["cy"])
    assert float(low.attrib["r"]) < float(high.attrib["r"])
