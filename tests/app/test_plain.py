"""Text of people in pages: what Markdown and Plotly do with it is seen in `tests/browser/test_titles.py`."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aelib.report import Figure, Line
from app.components.plain import JOINER, plain
from app.sections.figures import draw


def read(markdown: str) -> str:
    """What CommonMark makes of a line in which signs are escaped and every reference stands for a space."""
    parts = re.split(r"&#(\d+);", markdown)
    text = [re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", part) for part in parts[::2]]
    spaces = [chr(int(number)) for number in parts[1::2]]
    return "".join(a + b for a, b in zip(text, [*spaces, ""], strict=True)).replace(JOINER, "")


@given(st.text().filter(lambda text: JOINER not in text))
def test_nothing_is_lost_and_nothing_is_left_to_read_as_markup(text):
    found = plain(text)
    assert read(found) == text
    assert not set(re.sub(r"\\.|&#\d+;", "", found)) & set("\\`*_{}[]()<>#+-.!|$:~&")
    assert not re.search(r"^\s|\s$|[^\S ]", found)


@pytest.mark.parametrize("text", ["a title", "β", "お", ""])
def test_what_has_no_signs_stays_as_it_is(text):
    assert plain(text) == text


@pytest.mark.parametrize("text", ["A &amp; B", "<b>bold</b>", "a < b", "x<br>y", "&lt;"])
@pytest.mark.parametrize("kind", ["bars", "lines"])
def test_names_in_a_figure_are_no_html(text, kind):
    """Plotly reads tags and entities."""
    figure = Figure("name", "title", "sentence", text, text, (Line(text, (0.0, 1.0), (2.0, 3.0)),), kind)
    drawn = draw(figure)
    for shown in (drawn.data[0].name, drawn.layout.xaxis.title.text, drawn.layout.yaxis.title.text):
        assert html.unescape(shown) == text
        assert "<" not in shown
