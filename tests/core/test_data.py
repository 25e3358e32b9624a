"""Data sets: what they hold, how they are split, and that they are the same every time."""

import pytest
import torch
from sklearn.datasets import load_digits, make_swiss_roll

from aelib import DATASETS, ConfigError, DataError, Dataset, Split, load_dataset
from aelib.data.shapes import CLASSES, FACTORS
from aelib.progress import silent

#: Those that need no download.
EMBEDDED = (
    "digits", "mnist_sample", "shapes", "coloured_shapes", "iris", "wine", "breast_cancer", "swiss_roll", "s_curve",
    "moons", "circles",
)  # fmt: skip


def everything(data):
    return torch.cat([data.train.x, data.test.x]), torch.cat([data.train.y, data.test.y])


def rows(x):
    return sorted(map(tuple, x.flatten(1).tolist()))


@pytest.mark.parametrize("name", EMBEDDED)
def test_what_is_known_before_loading_is_true(name):
    data = load_dataset(name)
    assert (data.name, data.shape, data.classes) == (name, DATASETS[name].shape, DATASETS[name].class_names)
    assert DATASETS[name].is_here()
    for split in (data.train, data.test):
        assert split.x.dtype == torch.float32
        assert len(split) == len(split.x) == len(split.y)
        assert split.y.dtype == (torch.int64 if data.classes else torch.float32)
    if data.classes:
        assert set(data.train.y.tolist()) == set(data.test.y.tolist()) == set(range(len(data.classes)))
    assert data.is_image == data.is_unit_range == DATASETS[name].is_image == (len(data.shape) == 3)


@pytest.mark.parametrize("name", EMBEDDED)
def test_every_load_gives_the_same_split(name):
    again = DATASETS[name].load(silent)
    assert torch.equal(load_dataset(name).train.x, again.train.x)
    assert torch.equal(load_dataset(name).test.y, again.test.y)


def test_digits_are_those_of_scikit_learn_with_their_labels(digits):
    bunch = load_digits()
    x, y = everything(digits)
    ours = rows(torch.cat([16 * x.flatten(1), y.unsqueeze(1)], 1))
    theirs = rows(torch.cat([torch.from_numpy(bunch.data), torch.from_numpy(bunch.target).unsqueeze(1)], 1))
    assert ours == theirs
    assert (len(digits.train), len(digits.test)) == (1297, 500)
    assert torch.bincount(digits.test.y).min() >= 30  # shuffled: no class is missing from the held-out digits


def test_no_held_out_digit_is_a_training_digit(digits):
    """scikit-learn's 1,797 digits are all different, so equality of pixels is identity."""
    assert not set(rows(digits.train.x)) & set(rows(digits.test.x))


@pytest.fixture(scope="module")
def shapes():
    return load_dataset("shapes")


def test_shapes_show_every_combination_of_factors_once(shapes):
    factors = torch.cat([shapes.train.factors, shapes.test.factors])
    assert shapes.factors == FACTORS
    expected = torch.cartesian_prod(*map(torch.arange, (3, 4, 8, 8, 8)))
    assert torch.equal(torch.unique(factors, dim=0), expected)
    assert len(factors) == len(expected) == 6144
    assert torch.equal(shapes.train.y, shapes.train.factors[:, 0])


def test_shapes_are_all_different_even_in_eight_bits(shapes):
    x, _ = everything(shapes)
    assert x.min() >= 0
    assert x.max() <= 1
    assert len(torch.unique((x.flatten(1) * 255).round().byte(), dim=0)) == len(x)


def test_shapes_lie_inside_the_picture(shapes):
    x, _ = everything(shapes)
    assert not any(border.any() for border in (x[..., 0, :], x[..., -1, :], x[..., :, 0], x[..., :, -1]))


def test_shapes_obey_their_factors(shapes):
    """The centre of mass follows column and row, the area follows the size, the three figures differ in area."""
    x = torch.cat([shapes.train.x, shapes.test.x])[:, 0]
    figure, size, _, column, row = torch.cat([shapes.train.factors, shapes.test.factors]).unbind(1)
    area, axis = x.sum((1, 2)), torch.arange(32.0)
    centre = {"column": (x.sum(1) @ axis) / area, "row": (x.sum(2) @ axis) / area}
    for name, index in (("column", column), ("row", row)):
        expected = torch.linspace(9, 22, 8)[index]
        assert (centre[name] - expected).abs().max() < 1, name  # a pixel: the triangle's middle is not its centre
    for kind in range(len(CLASSES)):
        areas = torch.stack([area[(figure == kind) & (size == s)].mean() for s in range(4)])
        assert torch.allclose(areas / areas[0], torch.linspace(4, 7, 4).square() / 16, rtol=0.1), CLASSES[kind]


def test_swiss_roll_is_the_one_of_scikit_learn(random):
    data = load_dataset("swiss_roll")
    x, y = everything(data)
    points, position = make_swiss_roll(3000, noise=0.2, random_state=0)
    order, expected = y.argsort(), torch.from_numpy(position).float().argsort()
    centred = torch.from_numpy(points - points.mean(0)).float() / 10
    torch.testing.assert_close(x[order], centred[expected], rtol=0, atol=1e-5)
    radius = (x + torch.from_numpy(points.mean(0)).float() / 10)[:, [0, 2]].norm(dim=1)
    assert (10 * radius - y).abs().max() < 1  # the distance from the axis is the position


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_values_that_are_not_numbers_are_refused(value, complains):
    good, bad = (Split(torch.full((4, 3), v), torch.zeros(4)) for v in (0.5, value))
    with complains(DataError, "mine", "training"):
        Dataset("mine", bad, good)
    with complains(DataError, "mine", "held-out"):
        Dataset("mine", good, bad)


def test_no_examples_are_refused(complains):
    good, none = (Split(torch.zeros(n, 3), torch.zeros(n)) for n in (4, 0))
    with complains(DataError, "no held-out"):
        Dataset("mine", good, none)


def labelled(labels, shape=(3,)):
    return Split(torch.full((len(labels), *shape), 0.5), torch.tensor(labels))


def test_examples_of_two_shapes_and_labels_of_another_length_are_refused(complains):
    with complains(DataError, "mine", "(3,)", "(1, 2, 2)"):
        Dataset("mine", labelled([0, 1]), labelled([0, 1], (1, 2, 2)))
    with complains(DataError, "mine", "4 training", "(3,)"):
        Dataset("mine", Split(torch.zeros(4, 3), torch.zeros(3)), labelled([0]))


@pytest.mark.parametrize(("low", "high", "unit"), [(0, 1, True), (0.2, 0.9, True), (-1e-3, 1, False), (0, 16, False)])
def test_the_range_is_that_of_both_splits(low, high, unit):
    middle, ends = labelled([0, 0], (2,)), Split(torch.tensor([[low, high]], dtype=torch.float32), torch.zeros(1))
    for data in (Dataset("mine", middle, ends), Dataset("mine", ends, middle)):
        assert data.range == pytest.approx((min(low, 0.5), max(high, 0.5)))
        assert data.is_unit_range == unit


def test_a_class_left_out_is_gone_from_training_and_stays_held_out(shapes):
    data = shapes.without_class(1)
    kept = shapes.train.y != 1
    assert torch.equal(data.train.x, shapes.train.x[kept])
    assert torch.equal(data.train.y, shapes.train.y[kept])
    assert torch.equal(data.train.factors, shapes.train.factors[kept])
    assert torch.equal(data.test.x, shapes.test.x)
    assert data.classes == shapes.classes  # labels keep their meaning
    assert 0 < len(data.train) < len(shapes.train)


@pytest.mark.parametrize("label", [-1, 10, 99])
def test_a_class_that_is_not_there_cannot_be_left_out(digits, label, complains):
    with complains(DataError, "digits", str(label), "0 to 9"):
        digits.without_class(label)
    with complains(DataError, "swiss_roll", "no classes"):
        load_dataset("swiss_roll").without_class(label)


def test_an_empty_class_is_named(digits, complains):
    digits.check_no_class_is_empty()
    names = ("circle", "square", "star")
    with complains(DataError, "square", "mine"):
        Dataset("mine", labelled([0, 2, 2]), labelled([1]), names).check_no_class_is_empty()
    with complains(DataError, "class 3", "digits"):
        digits.without_class(3).check_no_class_is_empty()


def test_a_class_left_out_that_was_all_there_is_leaves_nothing(complains):
    with complains(DataError, "no training examples"):
        Dataset("mine", labelled([0, 0]), labelled([0]), ("only",)).without_class(0)


def test_an_unknown_name_is_refused_with_the_names_there_are(complains):
    with complains(ConfigError, "'cifar'", *DATASETS):
        load_dataset("cifar")


@pytest.mark.parametrize("y", [torch.tensor([0, 2]), torch.tensor([-1, 0]), torch.tensor([0.0, 1.0])])
def test_labels_that_are_no_classes_are_refused(y, complains):
    x = torch.zeros(2, 3)
    with complains(DataError, "2 classes", "0 to 1"):
        Dataset("mine", Split(x, y), Split(x, y), classes=("a", "b"))
