"""Tables and points of scikit-learn: the same numbers, standardised or centred, with their labels."""

from dataclasses import replace

import pytest
import torch
from sklearn import datasets

from aelib import Experiment, load_dataset
from aelib.anomalies import worst_rows
from aelib.data import Split
from aelib.data.tables import CLASSES


def everything(data):
    return torch.cat([data.train.x, data.test.x]).double(), torch.cat([data.train.y, data.test.y])


@pytest.mark.parametrize("name", CLASSES)
def test_columns_are_standardised_by_the_training_rows(name):
    x = load_dataset(name).train.x
    torch.testing.assert_close(x.mean(0), torch.zeros(x.shape[1]), rtol=0, atol=1e-5)
    torch.testing.assert_close(x.std(0, correction=0), torch.ones(x.shape[1]), rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", CLASSES)
def test_a_table_is_that_of_scikit_learn_with_its_labels(name):
    """Standardised over all rows, both are the same numbers: each row is nearest to itself."""
    bunch = getattr(datasets, f"load_{name}")()
    x, y = everything(load_dataset(name))
    ours, theirs = ((rows - rows.mean(0)) / rows.std(0) for rows in (x, torch.from_numpy(bunch.data)))
    distance, which = torch.cdist(ours, theirs).min(1)
    assert len(ours) == len(theirs)
    assert distance.max() < 1e-3
    assert torch.bincount(which).max() <= 2  # of iris and wine a few rows are equal
    assert (torch.from_numpy(bunch.target)[which] == y).all()


@pytest.mark.parametrize("name", CLASSES)
def test_classes_are_in_the_order_of_scikit_learn(name):
    theirs = [str(word) for word in getattr(datasets, f"load_{name}")().target_names]
    if name == "wine":  # there class_0, class_1, class_2
        assert CLASSES[name] == tuple(f"cultivar {k + 1}" for k in range(len(theirs)))
    else:
        assert CLASSES[name] == tuple(theirs)


@pytest.mark.parametrize("name", CLASSES)
def test_a_table_has_the_names_of_scikit_learn_and_leads_back_to_its_numbers(name):
    bunch = getattr(datasets, f"load_{name}")()
    data = load_dataset(name)
    assert [*data.table.places] == [str(column) for column in bunch.feature_names]
    x, y = everything(data)
    rows = torch.tensor(data.table.rows) - 1
    assert sorted(rows.tolist()) == [*range(len(x))]
    decoded = torch.stack([torch.from_numpy(column) for column in data.table.decode(x).values()], 1)
    theirs = torch.from_numpy(bunch.data)[rows]
    torch.testing.assert_close(decoded, theirs, rtol=0, atol=1e-5 * float(theirs.abs().max()))  # by way of float32
    assert (torch.from_numpy(bunch.target)[rows] == y).all()


def test_the_column_to_blame_of_a_table_of_the_library_has_its_name():
    """A flower with a petal of 50 cm, which no other has."""
    data = load_dataset("iris")
    strange = data.test.x.clone()
    places = data.table.places["petal length (cm)"]
    strange[3, places] = (50 - data.table.features[2].mean) / data.table.features[2].deviation
    model = Experiment.of("iris", "linear", network={"latent": 2}).build(data).model
    spoiled = replace(data, test=Split(strange, data.test.y))
    [worst] = worst_rows(model, spoiled, 1)
    blamed = next(column for column in worst.columns if column.column == "petal length (cm)")
    assert (worst.place, worst.row) == (3, data.table.rows[len(data.train) + 3])
    assert blamed.value == pytest.approx(50, abs=1e-3)


MADE = {
    "s_curve": lambda: datasets.make_s_curve(3000, noise=0.05, random_state=0),
    "moons": lambda: datasets.make_moons(3000, noise=0.06, random_state=0),
    "circles": lambda: datasets.make_circles(3000, noise=0.04, factor=0.5, random_state=0),
}


@pytest.mark.parametrize("name", MADE)
def test_points_are_those_of_scikit_learn_around_0(name):
    points, known = (torch.from_numpy(part) for part in MADE[name]())
    x, y = everything(load_dataset(name))
    ours = torch.cat([x + points.mean(0), y[:, None].double()], 1)
    theirs = torch.cat([points, known[:, None].double()], 1)
    torch.testing.assert_close(ours[ours[:, 0].argsort()], theirs[theirs[:, 0].argsort()], rtol=0, atol=1e-5)
    assert x.mean(0).abs().max() < 1e-6


def test_classes_of_points_are_where_their_names_say():
    x, y = everything(load_dataset("moons"))
    assert x[y == 0][:, 1].mean() > x[y == 1][:, 1].mean()  # upper, lower
    x, y = everything(load_dataset("circles"))
    assert x[y == 0].norm(dim=1).min() > x[y == 1].norm(dim=1).max()  # outer, inner


@pytest.mark.parametrize("name", [*CLASSES, *MADE])
def test_a_model_learns_them(name):
    """Of a few steps the held-out error falls below the data's own variance."""
    data = load_dataset(name)
    units = max(1, data.shape[0] // 2)
    experiment = Experiment.of(name, network={"latent": units}, train={"epochs": 8, "learning_rate": 1e-2})
    training = experiment.build(data)
    for _ in training:
        pass
    error = (training.model(data.test.x) - data.test.x).square().sum(1).mean()
    assert error < 0.8 * data.test.x.square().sum(1).mean()
