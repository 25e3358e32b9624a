"""Which columns are used for what, which rows are held out, and what is said of the rest."""

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.datasets import load_iris

from aelib import MLP, Autoencoder, DataError, Dataset, TrainConfig, Vanilla, measure, train
from aelib.data import TableOptions

RANDOM = np.random.default_rng(0)
N = 100
FRAME = pd.DataFrame(
    {
        "row": range(N),
        "customer_id": RANDOM.permutation(N) + 500,
        "code": [f"x{i}" for i in range(N)],
        "age": RANDOM.integers(18, 80, N),
        "when": [f"2020-{1 + i % 12:02d}-{1 + i % 28:02d}" for i in range(N)],
        "at": [f"{i % 24}:{i % 60:02d}" for i in range(N)],
        "note": ["a long text about nothing in particular that goes on and on, number " + str(i % 9) for i in range(N)],
        "many": [f"kind {i % 40}" for i in range(N)],
        "size": RANDOM.choice(["S", "M", "L"], N),
        "member": RANDOM.choice(["yes", "no"], N),
        "same": "x",
        "zero": 0,
        "mixed": ["n/a?" if i % 9 == 0 else str(i * 0.5) for i in range(N)],
        "mostly gone": [1.5 + i if i % 3 == 0 else None for i in range(N)],
        "gone": None,
        "Class": RANDOM.choice(["good", "bad"], N, p=[0.1, 0.9]),
    }
)
CSV = FRAME.to_csv(index=False).encode()


def test_defaults_take_numbers_and_few_categories_and_say_why_not_the_others():
    data = Dataset.from_table(CSV)
    assert [feature.name for feature in data.table.features] == ["age", "size", "member"]
    assert {left.name: left.reason for left in data.table.left_out} == {
        "row": "counts the rows",
        "customer_id": "is an id, different in every row",
        "code": "is an id or a text, different in every row",
        "when": "holds dates",
        "at": "holds dates",
        "note": "is free text",
        "many": "has 40 different texts, more than 20",
        "same": "is the same in every row",
        "zero": "is the same in every row",
        "mixed": "mixes numbers with texts such as 'n/a?'",
        "mostly gone": "lacks 66% of its values",
        "gone": "has no values",
    }
    assert (data.table.label, data.classes) == ("Class", ("bad", "good"))
    assert "'Class' is the label." in data.table.notes
    places = np.array(data.table.rows[: len(data.train)]) - 1
    assert [data.classes[y] for y in data.train.labels] == FRAME["Class"].iloc[places].tolist()


def test_truth_values_are_numbers():
    data = Dataset.from_table(CSV, TableOptions(features=("member",), scaling="none"))
    places = np.array(data.table.rows[: len(data.train)]) - 1
    assert data.train.x[:, 0].tolist() == (FRAME["member"].iloc[places] == "yes").astype(float).tolist()
    assert data.table.features[0].words == ("no", "yes")


@pytest.mark.parametrize("name", ["label", "CLASS", "Target", "species", "Y", "Category", "group"])
def test_a_column_of_classes_with_the_name_of_a_label_is_the_label(name):
    for values in (["u", "v", "w"], [3, 7, 9], [True, False]):
        frame = pd.DataFrame({"a": np.arange(12) % 5 * 0.5, name: (values * 12)[:12]})
        data = Dataset.from_table(frame)
        assert data.table.label == name
        assert [*map(str.casefold, data.classes)] == sorted(str(value).casefold() for value in values)


def guessed(**columns):
    frame = pd.DataFrame({"a": np.arange(40) % 7 * 0.5, **columns})
    data = Dataset.from_table(frame)
    return data.table.label, data.table.notes


def test_the_only_column_of_few_texts_is_taken_for_the_label_and_that_is_said():
    few, two = ["u", "v", "w", "u"] * 10, ["m", "n"] * 20
    label, notes = guessed(kind=few)
    assert label == "kind"
    assert "'kind' is taken for the label, as the only column of a few texts." in notes
    assert guessed(kind=few, side=two)[0] is None  # two of them
    assert guessed(kind=few, group=two)[0] == "group"  # a name says more
    assert guessed(kind=[f"k{i % 5}" for i in range(40)])[0] is None  # too few rows to each
    assert guessed(wild=["yes", "no"] * 20)[0] is None  # truth values are numbers
    assert not Dataset.from_table(pd.DataFrame({"kind": few})).is_labelled  # it alone can be learned
    frame = pd.DataFrame({"a": np.arange(40) % 7 * 0.5, "kind": few})
    unlabelled = Dataset.from_table(frame, TableOptions(labels=()))
    assert not unlabelled.is_labelled
    assert [feature.name for feature in unlabelled.table.features] == ["a", "kind"]


def test_a_column_of_measurements_is_no_label_unless_it_is_chosen():
    frame = pd.DataFrame({"a": np.arange(12) % 5 * 0.5, "target": np.linspace(0, 1, 12)})
    data = Dataset.from_table(frame)
    assert not data.is_labelled
    assert "'target' is no label, as it has no few classes." in data.table.notes
    assert [feature.name for feature in data.table.features] == ["a", "target"]
    chosen = Dataset.from_table(frame, TableOptions(labels=("target",)))
    assert chosen.classes == ()
    assert chosen.train.labels.dtype == torch.float32
    assert [feature.name for feature in chosen.table.features] == ["a"]
    assert not Dataset.from_table(CSV, TableOptions(labels=())).is_labelled


def test_several_labels_and_factors():
    options = TableOptions(features=("age",), labels=("Class", "size"), factors=("member", "customer_id"))
    data = Dataset.from_table(CSV, options)
    assert data.factors == data.table.factors == ("size", "member", "customer_id")
    assert data.factor_classes == (("L", "M", "S"), ("no", "yes"), ())
    places = np.array(data.table.rows[: len(data.train)]) - 1
    names = [data.factor_classes[0][int(value)] for value in data.train.factors[:, 0]]
    assert names == FRAME["size"].iloc[places].tolist()
    assert data.train.factors[:, 2].tolist() == FRAME["customer_id"].iloc[places].tolist()
    assert "was not chosen" in {left.reason for left in data.table.left_out if left.name == "row"}


def test_rows_without_a_label_are_left_out_whatever_becomes_of_other_gaps():
    frame = FRAME.assign(Class=FRAME["Class"].where(FRAME.index % 4 > 0))
    data = Dataset.from_table(frame, TableOptions(missing="mean"))
    assert sorted(data.table.rows) == [i + 1 for i in range(N) if i % 4]
    assert any("Rows without a value of 'Class' are left out (25)" in note for note in data.table.notes)


REFUSED = {
    "a date": ({"features": ("age", "when")}, "'when' holds dates, which cannot be learned: make it a number first"),
    "a mixture": ({"features": ("mixed",)}, r"'mixed' mixes numbers with texts such as 'n/a\?'"),
    "too many categories": ({"features": ("many",)}, "'many' has 40 different texts, more than 20: .* max_categories"),
    "no values": ({"features": ("gone",)}, "'gone' has no values"),
    "no such feature": ({"features": ("weight",)}, "no column 'weight'; it has row, customer_id"),
    "no such label": ({"labels": ("colour",)}, "no column 'colour'"),
    "no such factor": ({"factors": ("colour",)}, "no column 'colour'"),
    "a label of dates": ({"labels": ("when",)}, "'when' holds dates: choose another label"),
    "only the same": ({"features": ("zero", "same")}, "'zero', 'same' have the same value in every training row"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_choice_that_cannot_be_is_refused_in_a_sentence(case):
    options, said = REFUSED[case]
    with pytest.raises(DataError, match=said):
        Dataset.from_table(CSV, TableOptions(**options))


def test_a_chosen_column_that_is_constant_is_dropped_and_named():
    data = Dataset.from_table(CSV, TableOptions(features=("age", "zero")))
    assert [feature.name for feature in data.table.features] == ["age"]
    assert ("zero", "is the same in every training row") in {(left.name, left.reason) for left in data.table.left_out}


def test_more_categories_can_be_asked_for():
    data = Dataset.from_table(CSV, TableOptions(features=("many",), max_categories=40))
    assert data.shape == (40,)


def test_the_split_is_of_the_share_and_of_each_class_alike_and_of_the_seed():
    options = TableOptions(held_out=0.3)
    data = Dataset.from_table(CSV, options)
    bad = (FRAME["Class"] == "bad").sum()
    assert torch.bincount(data.test.labels).tolist() == [round(0.3 * bad), round(0.3 * (N - bad))]
    assert sorted(data.table.rows) == list(range(1, N + 1))
    assert Dataset.from_table(CSV, options).table == data.table
    assert Dataset.from_table(CSV, options.replace(seed=1)).table.rows != data.table.rows
    loose = Dataset.from_table(CSV, options.replace(stratified=False))
    assert len(loose.test) == 30
    assert loose.table.rows != data.table.rows


def test_at_most_so_many_rows_are_used():
    data = Dataset.from_table(CSV, TableOptions(at_most=20, stratified=False))
    assert len(data.train), len(data.test) == (16, 4)
    assert len({*data.table.rows}) == 20
    assert "20 of 100 rows are used, chosen at random." in data.table.notes


def test_a_class_of_one_row_is_learned_from():
    frame = pd.DataFrame({"a": np.arange(11) * 0.5, "label": [*"xy" * 5, "z"]})
    data = Dataset.from_table(frame, TableOptions(held_out=0.9))
    data.check_no_class_is_empty()


def test_a_table_is_trained_on_and_measured_as_any_data():
    iris = load_iris(as_frame=True).frame
    data = Dataset.from_table(iris, TableOptions(factors=("petal width (cm)",)))
    assert (data.table.label, data.classes, data.shape) == ("target", ("0", "1", "2"), (3,))
    model = Autoencoder(MLP(data.shape, hidden=(8,), latent=2, output="identity"), Vanilla())
    for _ in train(model, data, TrainConfig(epochs=2)):
        pass
    assert measure(model, data, limit=50).to_json()
