"""The other axis of the trade-off curve, against metrics of single models."""

import pytest
import torch

from aelib import VARIANTS, Experiment, evaluate
from aelib.evaluate import evaluate_in_full
from aelib.geometry import squared_jacobian_norm
from aelib.metrics.sparsity import l0
from aelib.objectives.sparse_kl import bernoulli_kl
from aelib.objectives.tc_variational import decompose
from aelib.randomness import generator
from aelib.sweep import StackedTraining, SweepSpec
from aelib.sweep.trade import trade_of_model


def kl(model, x):
    """The term of an evaluation, with its weight taken out."""
    return evaluate(model, x)["kl"] / model.objective.beta


def told_kl(model, x):
    posterior = model.posterior(x)
    prior = torch.distributions.Normal(0.0, 1.0)
    return float(torch.distributions.kl_divergence(posterior, prior).sum(1).mean())


def correlation(model, x):
    posterior = model.posterior(x)
    z = posterior.mean + posterior.stddev * torch.randn(posterior.mean.shape, generator=generator(0, "trade"))
    return float(decompose(evaluate_in_full(model, x).statistics, z).total_correlation)


def penalty(model, x):
    return evaluate(model, x)["sparsity"] / model.objective.weight


def distance(model, x):
    return float(bernoulli_kl(torch.tensor(model.objective.rho), model.encode(x).mean(0)).sum())


def active(model, x):
    return l0(model.encode(x), threshold=0.0)


def contraction(model, x):
    return float(squared_jacobian_norm(model.encode, x.flatten(1)).mean())


def gain(model, x):
    noisy = model.corrupt(x, generator(0, "trade"))
    before, after = ((other - x).flatten(1).square().sum(1) for other in (noisy, model(noisy)))
    return float((before - after).mean())


CASES = {
    "variational": ("variational", "beta", (0.5, 2), kl),
    "variational, by seeds": ("variational", "seed", (0, 1), told_kl),
    "conditional": ("conditional", "beta", (0.5, 2), told_kl),
    "β-TC": ("tc_variational", "beta", (0.5, 20), correlation),
    "sparse": ("sparse", "weight", (0.2, 2), penalty),
    "target activity": ("sparse_kl", "rho", (0.05, 0.3), distance),
    "k-sparse": ("k_sparse", "k", (1, 3), active),
    "contractive": ("contractive", "weight", (0.2, 2), contraction),
    "denoising": ("denoising", "level", (0.2, 0.8), gain),
    "layer by layer": ("stacked_denoising", "level", (0.2, 0.8), gain),
}  # fmt: skip


@pytest.mark.parametrize(("variant", "knob", "values", "single"), CASES.values(), ids=CASES)
@torch.no_grad()
def test_the_trade_of_each_cell_is_the_metric_of_its_model(variant, knob, values, single, tiny):
    network = {"hidden": (12,), "latent": 4}
    sweep = SweepSpec(base=Experiment.of(variant=variant, network=network), knob=knob, values=values)
    stack = StackedTraining(sweep, tiny)
    with torch.enable_grad():
        for _ in range(12):
            next(stack)
    x = tiny.test.x
    expected = [single(stack.model.model(k), x) for k in range(2)]
    assert stack.evaluate().trade.tolist() == pytest.approx(expected, rel=1e-4)
    assert expected[0] != pytest.approx(expected[1], rel=1e-3)
    assert stack.evaluate().trade.equal(stack.evaluate().trade)  # whatever chance there is in it
    for k in range(2):
        model = stack.model.model(k)
        statistics = evaluate_in_full(model, x, tiny.test.y).statistics
        assert trade_of_model(model, x, statistics, 12 / stack.steps_per_epoch) == pytest.approx(expected[k], rel=1e-4)


def test_only_plain_reconstruction_has_nothing_to_trade(tiny):
    without = {name for name, variant in VARIANTS.items() if variant.objective.trade is None}
    assert without == {"linear", "single_layer", "vanilla", "overcomplete", "convolutional"}
    sweep = SweepSpec(base=Experiment.of(network={"hidden": (12,)}), knob="seed", values=(0, 1))
    assert StackedTraining(sweep, tiny).evaluate().trade is None
