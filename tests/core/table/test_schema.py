"""From columns to numbers and back, against scikit-learn."""

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, StandardScaler

from aelib import DataError, Dataset
from aelib.data import TableOptions, TableSchema

RANDOM = np.random.default_rng(0)
N = 60
FRAME = pd.DataFrame(
    {
        "height": RANDOM.normal(170, 10, N),
        "colour": RANDOM.choice(["red", "green", "blue"], N),
        "income": RANDOM.lognormal(10, 1, N).round(),
        "smoker": RANDOM.choice([True, False], N),
    }
)
NUMBERS = ["height", "income"]
OPTIONS = TableOptions(features=("height", "colour", "income", "smoker"))
SCALERS = {"standardise": StandardScaler(), "unit": MinMaxScaler(), "none": None}


def gappy(share=0.2):
    frame = FRAME.astype({"smoker": object})
    return frame.mask(np.random.default_rng(1).random(frame.shape) < share)


def rows(data, split):
    """Places in the frame of the examples of a split."""
    places = np.array(data.table.rows) - 1
    return places[: len(data.train)] if split == "train" else places[len(data.train) :]


@pytest.mark.parametrize("scaling", SCALERS)
def test_numbers_are_scaled_by_the_training_rows_as_scikit_learn_does(scaling):
    data = Dataset.from_table(FRAME, OPTIONS.replace(scaling=scaling))
    train, test = (FRAME.iloc[rows(data, split)][NUMBERS] for split in ("train", "test"))
    assert sorted(data.table.rows) == list(range(1, N + 1))
    assert len(test) == N // 5
    scaler = SCALERS[scaling]
    expected = (
        (train.to_numpy(), test.to_numpy()) if scaler is None else (scaler.fit_transform(train), scaler.transform(test))
    )
    places = [data.table.places[name].start for name in NUMBERS]
    for split, values in zip((data.train, data.test), expected, strict=True):
        np.testing.assert_allclose(split.x[:, places], values, rtol=1e-6, atol=1e-6)


def test_categories_are_one_hot_as_scikit_learn_has_them():
    data = Dataset.from_table(FRAME, OPTIONS)
    expected = OneHotEncoder(sparse_output=False).fit_transform(FRAME[["colour"]])[rows(data, "train")]
    assert data.table.features[1].categories == ("blue", "green", "red")
    np.testing.assert_array_equal(data.train.x[:, data.table.places["colour"]], expected)


def test_missing_values_are_filled_in_as_scikit_learn_does():
    frame = gappy()
    for missing, strategy in (("mean", "mean"), ("most frequent", "most_frequent")):
        data = Dataset.from_table(frame, OPTIONS.replace(missing=missing, scaling="none"))
        train = frame.iloc[rows(data, "train")]
        imputer = SimpleImputer(strategy=strategy).fit(train[NUMBERS].astype(float))
        places = [data.table.places[name].start for name in NUMBERS]
        for split in ("train", "test"):
            expected = imputer.transform(frame.iloc[rows(data, split)][NUMBERS].astype(float))
            np.testing.assert_allclose(getattr(data, split).x[:, places], expected, rtol=1e-6)
        colours = SimpleImputer(strategy="most_frequent", missing_values=None).fit(
            train[["colour"]].astype(object).where(train[["colour"]].notna(), None)
        )
        assert data.table.features[1].fill == colours.statistics_[0]
        said = " ".join(data.table.notes)
        assert all(f"Missing values of {name!r} ({frame[name].isna().sum()})" in said for name in OPTIONS.features)


def test_the_scaling_of_what_was_filled_in_is_that_of_a_pipeline():
    frame = gappy()
    data = Dataset.from_table(frame, OPTIONS.replace(missing="mean"))
    train = frame.iloc[rows(data, "train")][NUMBERS].astype(float)
    scaler = StandardScaler().fit(SimpleImputer().fit_transform(train))
    numeric = [feature for feature in data.table.features if feature.name in NUMBERS]
    np.testing.assert_allclose([feature.deviation for feature in numeric], scaler.scale_)


def test_rows_with_missing_values_are_left_out_or_refused_and_counted():
    frame = gappy()
    data = Dataset.from_table(frame, OPTIONS.replace(missing="drop rows"))
    whole = frame.dropna()
    assert sorted(data.table.rows) == (whole.index + 1).tolist()
    assert f"{len(whole)} of {N} rows have all values and are used." in data.table.notes
    with pytest.raises(DataError, match=r"The column 'height' lacks \d+ of 60 values"):
        Dataset.from_table(frame, OPTIONS.replace(missing="refuse"))


@pytest.mark.parametrize("scaling", SCALERS)
def test_what_is_decoded_is_what_was_encoded(scaling):
    data = Dataset.from_table(FRAME, OPTIONS.replace(scaling=scaling))
    for split in ("train", "test"):
        found = pd.DataFrame(data.table.decode(getattr(data, split).x))
        expected = FRAME.iloc[rows(data, split)].reset_index(drop=True)
        assert found["colour"].tolist() == expected["colour"].tolist()
        for name in ("height", "income", "smoker"):
            span = expected[name].astype(float).max() - expected[name].astype(float).min()
            np.testing.assert_allclose(found[name], expected[name].astype(float), rtol=1e-6, atol=1e-6 * span)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_numbers_come_back(data):
    finite = st.floats(-1e9, 1e9, allow_subnormal=False).map(lambda value: 0.0 if abs(value) < 1e-9 else value)
    values = data.draw(st.lists(finite, min_size=4, max_size=20).filter(lambda found: np.ptp(found[2:]) > 1e-3))
    scaling = data.draw(st.sampled_from([*SCALERS]))
    frame = {"a": np.array(values), "b": np.array([*"xy"] * len(values))[: len(values)]}
    schema = TableSchema.model_validate(
        {
            "scaling": scaling,
            "features": [
                {"kind": "numeric", "name": "a", "mean": np.mean(values), "deviation": np.std(values),
                 "low": min(values), "high": max(values)},
                {"kind": "category", "name": "b", "categories": ["x", "y"]},
            ],
        }
    )  # fmt: skip
    found = schema.decode(schema.encode(frame))
    # float32 keeps 24 bits of the scaled number, whose greatest is as the span or the offset.
    np.testing.assert_allclose(found["a"], values, rtol=0, atol=2e-7 * (np.ptp(values) * 4 + np.abs(values).max()))
    assert found["b"].tolist() == frame["b"].tolist()
    assert TableSchema.from_json(schema.model_dump_json()) == schema


def test_later_rows_are_encoded_as_those_of_the_file_were():
    data = Dataset.from_table(FRAME.to_csv(index=False).encode(), OPTIONS)
    for later in (FRAME, FRAME.astype({"smoker": str}), FRAME.iloc[:, ::-1], dict(FRAME.items())):
        np.testing.assert_array_equal(data.table.encode(later)[rows(data, "test")], data.test.x)
    filling = Dataset.from_table(gappy(), OPTIONS.replace(missing="mean")).table
    assert torch.isfinite(filling.encode(gappy(0.9))).all()


REFUSED = {
    "a column is gone": (FRAME.drop(columns="income"), "no column 'income'"),
    "a category is new": (FRAME.assign(colour="pink"), "'pink', which training never saw"),
    "a category is missing": (FRAME.assign(colour=None), "which training never saw"),
    "a number is missing": (FRAME.assign(height=np.nan), "lacks 60 values"),
    "a text is no number": (FRAME.assign(height="tall"), "must hold numbers"),
    "a number is infinite": (FRAME.assign(height=np.inf), "infinite"),
    "a number is too far": (FRAME.assign(height=1e300), "far from all others"),
    "rows differ": ({**dict(FRAME.items()), "income": [1, 2]}, "one value for each row"),
    "no table": (7, "no column 'height'"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_rows_that_do_not_fit_are_refused_in_a_sentence(case):
    schema = Dataset.from_table(FRAME, OPTIONS).table
    frame, said = REFUSED[case]
    with pytest.raises(DataError, match=said):
        schema.encode(frame)
    with pytest.raises(DataError, match="Rows of this table have 6 numbers"):
        schema.decode(torch.zeros(2, 5))


def test_a_rebuilt_row_is_shown_in_units_of_the_table():
    schema = Dataset.from_table(FRAME, OPTIONS).table
    x = schema.encode(FRAME[:2])
    rebuilt = x.clone()
    rebuilt[0, schema.places["height"]] += 1
    rebuilt[1, schema.places["colour"]] = torch.tensor([0.2, 0.9, 0.4])
    first, second = schema.compare(x, rebuilt)
    height, deviation = first[0], schema.features[0].deviation
    assert (height.column, height.value) == ("height", pytest.approx(FRAME["height"][0], rel=1e-6))
    assert height.rebuilt == pytest.approx(FRAME["height"][0] + deviation, rel=1e-6)
    assert height.error == pytest.approx(deviation, rel=1e-6)
    assert first[1].error == 0
    assert (second[1].value, second[1].rebuilt) == (FRAME["colour"][1], "green")
    assert second[1].error == float(FRAME["colour"][1] != "green")


def test_a_schema_that_cannot_be_is_refused():
    data = Dataset.from_table(FRAME, OPTIONS)
    with pytest.raises(DataError, match="its table has rows of 6 numbers"):
        Dataset("odd", *[split.__class__(split.x[:, :3]) for split in (data.train, data.test)], table=data.table)
