"""Dead units of a sparse code start afresh, and nothing else changes."""

import pytest
import torch

from aelib import MLP, Autoencoder, Conv, Experiment, KSparse, Sparse, Vanilla, evaluate
from aelib.metrics.sparsity import dead_share, dead_units
from aelib.objectives.renewal import renew_dead_units


def with_dead_units(network, tiny):
    """A model whose first three units of the code are dead, and an optimizer that has made a step."""
    model = Autoencoder(network, Sparse(), seed=1)
    optimizer = torch.optim.Adam(model.parameters())
    into, _ = model.network.code_layers()
    with torch.no_grad():
        into.weight[:3] = 0
        into.bias[:3] = -1
        into.bias[3:] = 1
    sum(model.terms(tiny.train.x, torch.Generator().manual_seed(0)).values()).backward()
    optimizer.step()
    return model, optimizer


@pytest.mark.parametrize(
    "network",
    [
        MLP((1, 8, 8), hidden=(), latent=8, code_activation="relu"),
        MLP((1, 8, 8), hidden=(16,), latent=8, code_activation="relu"),
        MLP((1, 8, 8), hidden=(16,), latent=8, code_activation="relu", tied=True),
        Conv((1, 8, 8), latent=8, code_activation="relu"),
    ],
    ids=["one layer", "two layers", "tied", "convolutional"],
)
def test_dead_units_answer_to_an_example_again_and_the_others_stay(network, tiny, random):
    model, optimizer = with_dead_units(network, tiny)
    x = model.flatten(tiny.train.x)
    before = model.encode(x).detach()
    dead = dead_units(before)
    assert dead[:3].all()
    assert renew_dead_units(model, optimizer, x, random) == int(dead.sum())
    after = model.encode(x).detach()
    assert torch.equal(after[:, ~dead], before[:, ~dead])
    assert not dead_units(after).any()
    into, out_of = model.network.code_layers()
    assert not optimizer.state[into.weight]["exp_avg"][dead].any()
    if out_of is not None:
        assert not out_of.weight[:, dead].any()
        torch.testing.assert_close(  # what they say changes nothing until they have learnt
            model.decode(after), model.decode(torch.where(dead, 0.0, after))
        )


def test_nothing_to_renew_changes_nothing(tiny, random):
    model = Autoencoder(MLP((1, 8, 8), hidden=(), latent=4), Vanilla(), seed=1)
    optimizer = torch.optim.Adam(model.parameters())
    before = {name: value.clone() for name, value in model.state_dict().items()}
    assert renew_dead_units(model, optimizer, model.flatten(tiny.train.x), random) == 0
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())


def test_a_k_sparse_code_comes_alive_and_rebuilds_better(digits):
    results = {}
    for every in (0, 5):
        experiment = Experiment.of(
            variant="k_sparse",
            objective={"k": 2, "resample_every": every},
            train={"epochs": 30, "batch_size": 64, "evaluate_every": 0},
        )
        training = experiment.build(digits)
        for _ in training:
            pass
        codes = training.model.encode(digits.test.x).detach()
        results[every] = dead_share(codes), evaluate(training.model, digits.test.x)["squared_error"]
    assert results[0][0] > 0.5 > 0.2 > results[5][0]
    assert results[5][1] < 0.7 * results[0][1]


def test_a_resumed_training_renews_the_same_units(tiny):
    experiment = Experiment.of(
        variant="k_sparse",
        network={"latent": 16},
        objective={"k": 2, "resample_every": 1},
        train={"epochs": 6, "batch_size": 32, "evaluate_every": 0},
    )
    undisturbed = experiment.build(tiny)
    for _ in range(14):
        next(undisturbed)
    resumed = experiment.build(tiny)
    resumed.load_state_dict(undisturbed.state_dict())
    for training in (undisturbed, resumed):
        for _ in training:
            pass
    for ours, theirs in zip(undisturbed.state_dict().values(), resumed.state_dict().values(), strict=True):
        assert torch.equal(ours, theirs)


def test_k_sparse_starts_dead_units_afresh_by_default():
    assert Experiment.of(variant="k_sparse").objective.resample_every > 0
    assert KSparse().resample_every == 0


@pytest.mark.parametrize("activation", ["relu", "identity", "tanh", "sigmoid", "softplus"])
def test_a_renewed_unit_is_silent_on_the_mean_example_and_speaks_on_another(activation, tiny, random):
    """Whatever the activation: one that answers to everything would be no unit of a sparse code."""
    network = MLP((1, 8, 8), hidden=(), latent=8, code_activation=activation)
    model = Autoencoder(network, Sparse(), seed=1)
    optimizer = torch.optim.Adam(model.parameters())
    with torch.no_grad():
        model.network.encoder[-1].weight[:3] = 0
        model.network.encoder[-1].bias[:3] = -1000 if activation in ("relu", "sigmoid", "softplus") else 0
    x = model.flatten(tiny.train.x)
    assert renew_dead_units(model, optimizer, x, random) >= 3  # of ReLU another one was dead from the start
    renewed = model.encode(x).detach()[:, :3]
    on_mean = model.encode(x.mean(0, keepdim=True)).detach()[:, :3]
    assert on_mean.abs().max() < 0.03
    assert (renewed.amax(0) > 10 * on_mean.abs().amax(0)).all()


def test_codes_that_are_no_numbers_are_left_to_the_loss_to_report(tiny, random):
    model, optimizer = with_dead_units(MLP((1, 8, 8), hidden=(), latent=8, code_activation="relu"), tiny)
    with torch.no_grad():
        model.network.encoder[-1].weight.fill_(float("nan"))
    assert renew_dead_units(model, optimizer, model.flatten(tiny.train.x), random) == 0
