"""The columns as which an example is shown: what a page needs to say a row in the table's own units."""

import pandas as pd
import pytest
import torch

from aelib import Dataset
from aelib.data import TableOptions
from aelib.data.table.shown import NUMBERS, UNNAMED_NUMBERS, shown_columns

FRAME = pd.DataFrame({
    "height": [150.0 + k for k in range(40)],
    "city": ["Oslo", "Rome", "Bern", "Rome"] * 10,
    "wild": ["no", "yes"] * 20,
})  # fmt: skip


def said(columns, x):
    """A row as the page says it."""
    for column in columns:
        numbers = x[column["at"] : column["at"] + column["width"]]
        if column["words"] is None:
            yield float(numbers[0] * column["scale"] + column["shift"])
        else:
            yield column["words"][round(float(numbers[0])) if column["width"] == 1 else int(numbers.argmax())]


@pytest.mark.parametrize("scaling", ["standardise", "none"])
def test_a_row_is_said_as_it_stands_in_the_table(scaling):
    options = TableOptions(features=("height", "city", "wild"), scaling=scaling)
    data = Dataset.from_table(FRAME.replace({"wild": {"no": "tame"}}), options)
    row = shown_columns(data.table, data.shape)
    assert (row["total"], row["numbers"]) == (3, data.table.width)
    for x, place in zip(data.train.x, data.table.rows, strict=False):
        height, city, wild = said(row["columns"], x)
        there = FRAME.iloc[place - 1]
        assert height == pytest.approx(there["height"], rel=1e-6)
        assert (city, wild.replace("tame", "no")) == (there["city"], there["wild"])


def test_truth_values_have_their_words():
    data = Dataset.from_table(FRAME, TableOptions(features=("wild",), scaling="none"))
    [column] = shown_columns(data.table, data.shape)["columns"]
    assert (column["width"], column["words"]) == (1, ("no", "yes"))


def test_of_a_wide_table_the_first_columns_are_shown():
    frame = pd.DataFrame({f"c{j}": [float(j), j + 1.0, j + 3.0, j + 7.0] for j in range(NUMBERS + 5)})
    data = Dataset.from_table(frame)
    row = shown_columns(data.table, data.shape)
    assert (len(row["columns"]), row["numbers"], row["total"]) == (NUMBERS, NUMBERS, NUMBERS + 5)


def test_few_numbers_without_a_table_are_columns_and_many_are_a_picture():
    row = shown_columns(None, (3,))
    assert [column["name"] for column in row["columns"]] == ["column 1", "column 2", "column 3"]
    assert [*said(row["columns"], torch.tensor([0.5, -2.0, 3.0]))] == [0.5, -2.0, 3.0]
    for shape in ((UNNAMED_NUMBERS + 1,), (1, 8, 8)):
        assert shown_columns(None, shape) is None
