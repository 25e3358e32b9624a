"""A figure as SVG: every number of it stands where it should."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

from aelib.compare.chart import BOTTOM, HEIGHT, LEFT, RIGHT, WIDTH, Scale, chart
from aelib.palette import Look
from aelib.report import Figure, Line

LOOKS = [Look("#111111"), Look("#222222", dashed=True)]


def drawn(*lines, logarithmic=False):
    """The picture's elements."""
    text = chart(Figure("f", "Title", "Sentence.", "x label", "y label", lines, logarithmic=logarithmic), LOOKS)
    return ElementTree.fromstring(text[text.index("<svg") :])


def points_of(picture):
    return [
        [tuple(map(float, point.split(","))) for point in line.get("points").split()]
        for line in picture.iter("polyline")
    ]


def test_points_stand_on_the_scales():
    picture = drawn(Line("a", (0, 5, 10), (4, 2, 0)), Line("b", (0, 10), (1, 1)))
    first, second = points_of(picture)
    bottom = HEIGHT - BOTTOM
    assert [x for x, _ in first] == [LEFT, pytest.approx((LEFT + WIDTH - RIGHT) / 2, abs=0.06), WIDTH - RIGHT]
    heights = [bottom - y for _, y in first]
    assert heights[2] == 0
    assert heights[0] == pytest.approx(2 * heights[1], abs=0.2)
    assert bottom - second[0][1] == pytest.approx(heights[0] / 4, abs=0.2)
    colours = [(line.get("stroke"), line.get("stroke-dasharray") is not None) for line in picture.iter("polyline")]
    assert colours == [(look.colour, look.dashed) for look in LOOKS]


def test_a_single_point_is_a_disc_that_tells_its_values():
    picture = drawn(Line("model & co", (2,), (3.4063,)), Line("b", (1, 2, 3), (1, 2, 3)))
    large = [circle for circle in picture.iter("circle") if float(circle.get("r")) > 5]
    assert [circle.find("title").text for circle in large] == ["model & co: 2.000 · 3.406"]


def test_a_logarithmic_axis_leaves_out_zero():
    first, _ = points_of(drawn(Line("a", (0, 1, 10, 100), (9, 3, 2, 1)), Line("b", (1,), (1,)), logarithmic=True))
    assert len(first) == 3
    assert first[1][0] == pytest.approx((first[0][0] + first[2][0]) / 2, abs=0.1)


@pytest.mark.parametrize(
    ("low", "high", "logarithmic", "expected"),
    [
        (0, 1, False, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (0, 4.1, False, [0, 1, 2, 3, 4]),
        (-0.3, 0.3, False, [-0.2, 0, 0.2]),
        (1, 64, True, [1, 2, 5, 10, 20, 50]),
        (1, 10_000, True, [1, 10, 100, 1000, 10_000]),
        (3, 3, False, [3]),
    ],
)
def test_axes_have_round_numbers(low, high, logarithmic, expected):
    assert Scale(low, high, 0, 100, logarithmic).ticks() == pytest.approx(expected)


def test_labels_are_text():
    text = chart(Figure("f", "<b>", "", "<i>", "&", (Line('"<script>', (1, 2, 3), (1, 2, 3)),)), LOOKS[:1])
    assert "<script" not in text
    assert not re.search("<[bi]>", text)


def test_nothing_to_draw_is_no_picture():
    assert chart(Figure("f", "", "", "", "", (Line("a", (), ()),)), LOOKS[:1]) == ""
