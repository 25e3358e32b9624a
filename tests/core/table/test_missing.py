"""Missing values: what becomes of them, by the training rows alone, and what is said of that."""

import numpy as np
import pandas as pd
import pytest
from sklearn.impute import SimpleImputer

from aelib import Dataset
from aelib.data import TableOptions

RANDOM = np.random.default_rng(0)
N = 200
FRAME = pd.DataFrame({
    "income": RANDOM.lognormal(10, 1.5, N),
    "height": RANDOM.normal(170, 10, N),
    "city": RANDOM.choice(["Oslo", "Rome", "Bern"], N).astype(object),
    "wild": RANDOM.choice(["yes", "no"], N, p=[0.8, 0.2]).astype(object),
})  # fmt: skip
GAPPY = FRAME.mask(np.random.default_rng(1).random(FRAME.shape) < 0.15)
OPTIONS = TableOptions(features=(*FRAME,), labels=(), scaling="none")
LACKING = int(GAPPY.isna().any(axis=1).sum())


def places(data, part):
    order = np.array(data.table.rows) - 1
    return order[: len(data.train)] if part == "train" else order[len(data.train) :]


def test_no_row_is_lost_and_numbers_become_the_median_of_the_training_rows():
    data = Dataset.from_table(GAPPY, OPTIONS)
    assert sorted(data.table.rows) == [*range(1, N + 1)]
    numbers = ["income", "height"]
    imputer = SimpleImputer(strategy="median").fit(GAPPY.iloc[places(data, "train")][numbers])
    assert not np.allclose(imputer.statistics_, GAPPY[numbers].median())  # of all rows it is another
    for part in ("train", "test"):
        expected = imputer.transform(GAPPY.iloc[places(data, part)][numbers])
        np.testing.assert_allclose(getattr(data, part).x[:, :2], expected, rtol=1e-6)


def test_a_missing_text_is_a_category_of_its_own_and_a_truth_value_the_most_frequent_one():
    data = Dataset.from_table(GAPPY, OPTIONS)
    city, wild = data.table.features[2:]
    assert city.categories == ("(missing)", "Bern", "Oslo", "Rome")
    assert wild.fill == 1
    for part in ("train", "test"):
        decoded = data.table.decode(getattr(data, part).x)
        there = GAPPY.iloc[places(data, part)]
        assert [*decoded["city"]] == there["city"].fillna("(missing)").tolist()
        assert [*decoded["wild"]] == (there["wild"].fillna("yes") == "yes").astype(float).tolist()


@pytest.mark.parametrize(
    ("missing", "done"),
    [
        ("median", "a number becomes the median of its column's training rows, a text becomes a category of its own, "
                   "'(missing)'"),
        ("mean", "a number becomes the mean of its column's training rows, a text the most frequent one"),
        ("most frequent", "it becomes the most frequent value of the training rows"),
        ("drop rows", "these rows are left out"),
    ],
)  # fmt: skip
def test_what_becomes_of_them_is_said_with_counts(missing, done):
    data = Dataset.from_table(GAPPY, OPTIONS.replace(missing=missing))
    assert data.report.missing == (
        f"{LACKING} of {N} rows have a missing value in 'income', 'height', 'city' and 1 more column: {done}."
    )
    assert len(data.table.rows) == (N - LACKING if missing == "drop rows" else N)


def test_where_none_are_missing_nothing_is_said():
    assert Dataset.from_table(FRAME, OPTIONS).report.missing == ""
    one = FRAME.assign(height=FRAME["height"].where(FRAME.index != 7))
    assert Dataset.from_table(one, OPTIONS).report.missing == (
        "1 of 200 rows has a missing value in 'height': a number becomes the median of its column's training rows."
    )
