"""What is said of rows of a table on the latent space page: their columns, and their numbers as they are."""

from dataclasses import replace

import numpy as np
import torch

from aelib import load_dataset
from aelib.desk.answers import asks
from aelib.desk.answers.example import _warning
from aelib.desk.answers.space import pictures, row_of
from aelib.frames.message import unpack


def quietly(share, text):
    pass


def test_numbers_of_rows_travel_beside_their_pictures(subject):
    data = load_dataset("iris")
    of = replace(subject, examples=replace(subject.examples, x=data.test.x, table=data.table))
    assert [column["name"] for column in row_of(of)["columns"]] == [*data.table.places]
    _, arrays = unpack(pictures(of, asks.Pictures(indices=[3, 0]), quietly))
    np.testing.assert_array_equal(arrays["values"], data.test.x[[3, 0]])
    lacking = replace(of, examples=replace(of.examples, lacking="It is not here."))
    assert row_of(lacking) is None


def test_pictures_travel_alone(subject):
    assert row_of(subject) is None
    assert "values" not in unpack(pictures(subject, asks.Pictures(count=2), quietly))[1]


def test_numbers_that_nobody_has_seen_are_not_named(subject):
    far = torch.full((1, 4), 1e3)
    assert "outside the range" in _warning(far, subject.examples)
    assert "further out" in _warning(far, replace(subject.examples, table=load_dataset("iris").table))
