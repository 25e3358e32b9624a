"""The colour of a map in a link: what may be one, and what is none."""

import pytest

from aelib import Conv
from aelib.networks.mlp import MLP
from app.settings.map_colour import known_colour

ROWS, PICTURES = MLP((4,), hidden=(8,), latent=2), Conv((1, 28, 28), latent=3)


@pytest.mark.parametrize(
    "text", ["label", "errors", "kl", "split", "clusters k-means", "clusters hdbscan", "unit 1", "factor 3", "column 3"]
)
def test_what_the_page_offers_is_taken(text):
    assert known_colour(text, ROWS) == text


@pytest.mark.parametrize(
    "text",
    ["", "unit 2", "column 4", "column -1", "column 01", "column 99999999", "column", "clusters", "clusters dbscan",
     "label ", "LABEL", "unit 1\n", "<script>", "unit ١", "x" * 10_000],
)  # fmt: skip
def test_anything_else_is_no_colour(text):
    assert known_colour(text, ROWS) == ""


def test_pictures_have_no_columns():
    assert known_colour("column 0", PICTURES) == ""
    assert known_colour("unit 2", PICTURES) == "unit 2"
