"""Principal component analysis is the exact answer to the linear variant."""

import math

import pytest
import torch
from sklearn.decomposition import PCA

from aelib import Autoencoder, Experiment
from aelib.report import pca


def pca_error(k, fitted_on, of):
    pca = PCA(k, svd_solver="full").fit(fitted_on)
    return float(((pca.inverse_transform(pca.transform(of)) - of) ** 2).sum(1).mean())


def principal_cosines(model, k, fitted_on):
    """Of the angles between what the decoder spans and the first k principal components."""
    decoder, _ = torch.linalg.qr(model.network.decoder[0].weight.detach().double())
    components = torch.from_numpy(PCA(k, svd_solver="full").fit(fitted_on).components_)
    return torch.linalg.svdvals(components @ decoder)


@pytest.fixture(scope="module")
def everything(digits):
    """All 1,797 digits, float64."""
    return torch.cat([digits.train.x, digits.test.x]).flatten(1).double()


@pytest.mark.parametrize(("k", "error"), [(2, 3.3553), (8, 1.5304), (16, 0.7068), (32, 0.1579)])
def test_published_errors_of_pca_hold_for_our_digits(everything, k, error):
    assert pca_error(k, everything.numpy(), everything.numpy()) == pytest.approx(error, abs=6e-5)


def test_linear_variant_minimised_exactly_is_pca(everything, random):
    """Full-batch L-BFGS in float64 reaches the known optimum 1.53044821 and spans the same subspace."""
    experiment = Experiment.of("digits", "linear", network={"latent": 8})
    model = Autoencoder(experiment.network, experiment.objective).double()
    optimizer = torch.optim.LBFGS(
        model.parameters(),
        max_iter=700,
        history_size=100,
        tolerance_grad=1e-9,
        tolerance_change=1e-14,
        line_search_fn="strong_wolfe",
    )

    def loss():
        optimizer.zero_grad()
        value = sum(model.terms(everything, random).values())
        value.backward()
        return value

    optimizer.step(loss)
    assert float(loss().detach()) == pytest.approx(1.53044821, abs=1e-5)
    cosines = principal_cosines(model, 8, everything.numpy())
    assert cosines.min() >= 1 - 1e-6
    assert cosines.max() <= 1 + 1e-9


@pytest.mark.parametrize("k", [2, 8])
def test_linear_variant_as_users_train_it_finds_pca_on_held_out_digits(digits, k):
    """Its error within 2 %, its subspace within 5°: mini-batches of Adam, the rate lowered once."""
    settings = {"epochs": 400, "learning_rate": 0.03, "evaluate_every": 400}
    training = Experiment.of("digits", "linear", network={"latent": k}, train=settings).build(digits)
    for record in training:
        if record.step == training.steps * 2 // 3:
            training.set_knob("learning_rate", 0.003)
    train, test = (split.x.flatten(1).double().numpy() for split in (digits.train, digits.test))
    assert record.test["squared_error"] == pytest.approx(pca_error(k, train, test), rel=0.02)
    assert math.degrees(math.acos(principal_cosines(training.model, k, train).min())) <= 5


@pytest.mark.parametrize(("limit", "shape"), [("MOST_OF_LARGE", (3, 40, 40)), ("MOST", (1, 40, 40))])
def test_of_many_numbers_some_examples_are_enough(monkeypatch, limit, shape):
    """Its time and memory grow with the square of either number: 20,000 pictures in colour would take hours."""
    random = torch.Generator().manual_seed(0)
    x = torch.rand(30, *shape, generator=random) + torch.arange(30).reshape(-1, 1, 1, 1)  # in some order
    whole = pca.PCA(x, 5)
    assert torch.equal(whole.mean, torch.from_numpy(x.flatten(1).double().numpy().mean(0)))
    monkeypatch.setattr(pca, limit, 20 * x[0].numel())
    some = pca.PCA(x, 5)
    assert torch.equal(some.components, pca.PCA(x, 5).components)
    assert not torch.equal(some.mean, whole.mean)
    assert not torch.equal(some.mean, x[:20].flatten(1).double().mean(0))
    assert (some.mean.mean() - whole.mean.mean()).abs() < 3  # of 0 … 29, whatever their order
