"""PCA at every code size against scikit-learn, and who is better where."""

import pytest
import torch
from sklearn.decomposition import PCA

from aelib import ConfigError, DataError
from aelib.compare import Example, Rival, class_errors, largest_differences


@pytest.fixture(scope="module")
def rival(digits):
    return Rival(digits.train.x, digits.test.x)


def sklearn_errors(train, test, k):
    train, test = (x.flatten(1).double().numpy() for x in (train, test))
    pca = PCA(k, svd_solver="full").fit(train)
    return torch.from_numpy(((pca.inverse_transform(pca.transform(test)) - test) ** 2).sum(1))


@pytest.mark.parametrize("k", [1, 2, 8, 32, 55, 60])
def test_errors_are_those_of_scikit_learn(rival, digits, k):
    expected = sklearn_errors(digits.train.x, digits.test.x, k)
    assert torch.allclose(rival.errors(k), expected, rtol=1e-5, atol=1e-12)
    assert float(rival.curve[k]) == pytest.approx(float(expected.mean()), rel=1e-5)


def test_with_fewer_examples_than_features_too(digits):
    train = digits.train.x[:20]
    few = Rival(train, digits.test.x)
    assert len(few.curve) == 21
    # 19 directions: the components of the mean-centred examples beyond them are arbitrary.
    for k in (1, 7, 19):
        assert torch.allclose(few.errors(k), sklearn_errors(train, digits.test.x, k), rtol=1e-5)


def test_the_curve_falls_from_the_mean_to_nothing(rival, digits):
    assert len(rival.curve) == 65
    assert (rival.curve.diff() <= 0).all()
    from_mean = (digits.test.x - digits.train.x.double().mean(0)).square().flatten(1).sum(1)
    assert torch.allclose(rival.errors(0), from_mean)
    assert float(rival.curve[-1]) == 0


def test_scree_is_that_of_scikit_learn(rival, digits):
    found = PCA(64, svd_solver="full").fit(digits.train.x.flatten(1).double().numpy())
    assert rival.scree.tolist() == pytest.approx(found.explained_variance_ratio_.tolist(), rel=1e-6, abs=1e-12)


def test_shares_of_components_add_up_to_the_error_on_the_training_examples(digits):
    own = Rival(digits.train.x, digits.train.x)
    assert torch.allclose(own.curve[1:] / own.curve[0], 1 - own.scree.cumsum(0), atol=1e-12)


def test_the_largest_differences_either_way():
    model = torch.tensor([1.0, 5.0, 2.0, 2.0, 0.0, 3.0])
    pca = torch.tensor([4.0, 1.0, 2.0, 3.0, 3.0, 2.0])
    ours, theirs = largest_differences(model, pca, 3)
    assert ours == (Example(0, 1, 4), Example(4, 0, 3), Example(3, 2, 3))
    assert theirs == (Example(1, 5, 1), Example(5, 3, 2))
    assert largest_differences(model, pca, 1) == (ours[:1], theirs[:1])
    assert largest_differences(model, model, 3) == ((), ())
    assert largest_differences(model, pca, 0) == ((), ())


def test_errors_by_class():
    found = class_errors(torch.tensor([1.0, 2.0, 6.0]), torch.tensor([2, 0, 2]), 4)
    assert found.isnan().tolist() == [False, True, False, True]
    assert found[[0, 2]].tolist() == [2, 3.5]


@pytest.mark.parametrize(
    ("train", "test", "words"),
    [
        (torch.rand(5, 3), torch.rand(5, 4), ("(3,)", "(4,)")),
        (torch.rand(0, 3), torch.rand(5, 3), ("needs training",)),
        (torch.rand(5, 3), torch.rand(0, 3), ("needs training",)),
        (torch.full((5, 3), torch.nan), torch.rand(5, 3), ("finite",)),
        (torch.rand(5, 3), torch.full((5, 3), torch.inf), ("finite",)),
        (torch.full((5, 3), 0.1), torch.rand(5, 3), ("All 5 training examples are the same",)),
    ],
)
def test_examples_that_do_not_fit(train, test, words, complains):
    with complains(DataError, *words):
        Rival(train, test)


def test_misuse(rival, complains):
    errors = torch.rand(4)
    for k in (-1, 65):
        with complains(ConfigError, "up to 64 components", f"k = {k}"):
            rival.errors(k)
    with complains(ConfigError, "got -1"):
        largest_differences(errors, errors, -1)
    with complains(DataError, "4 errors of the model", "3 errors of PCA"):
        largest_differences(errors, errors[:3], 1)
    with complains(DataError, "one number for each", "(2, 2)"):
        largest_differences(errors.reshape(2, 2), errors, 1)
    for labels in (torch.tensor([0, 1, 2]), torch.tensor([0, 1, 2, 3]), torch.tensor([0, 1, 2, -1]), torch.rand(4)):
        with complains(DataError, "Labels of 4 errors", "0 to 2"):
            class_errors(errors, labels, 3)


def test_how_many_components_an_error_is_worth(rival):
    curve = rival.curve.tolist()
    assert rival.worth(curve[3]) == pytest.approx(3)
    assert rival.worth((curve[3] + curve[4]) / 2) == pytest.approx(3.5)
    assert rival.worth(curve[0] * 2) == 0
    assert rival.worth(-1.0) == len(curve) - 1
