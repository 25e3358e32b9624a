"""A code as wide as its input can copy; a narrow one has to learn (documents 001 and 004)."""

import pytest
import torch

from aelib import MLP, Autoencoder, Experiment, Vanilla


def foreign(random):
    """Pictures that are no digits: noise far outside their range, and stripes."""
    noise = 10 * torch.randn(20, 1, 8, 8, generator=random)
    stripes = (torch.arange(8) % 2).float().expand(4, 1, 8, 8)
    return torch.cat([noise, stripes])


@pytest.mark.parametrize("network", [{}, {"latent": 100}, {"hidden": (70,)}, {"hidden": (64, 80)}, {"tied": True}])
def test_identity_weights_copy_whatever_they_are_shown_and_training_finds_nothing_to_learn(network, tiny, random):
    training = Experiment.of(variant="overcomplete", network=network).build(tiny)
    x = foreign(random)
    for _ in range(2):
        assert torch.equal(training.model(x), x)
        assert next(training).loss == 0


def test_a_narrow_code_learns_digits_and_fails_on_everything_else(digits, random):
    training = Experiment.of(network={"latent": 8}, train={"epochs": 30, "learning_rate": 3e-3}).build(digits)
    *_, last = training
    x = foreign(random).clamp(0, 1)  # in the range of its output, which could hold them
    with torch.no_grad():
        error = (training.model(x) - x).square().flatten(1).sum(1)
    assert error.min() > 3 * last.test["squared_error"]


def test_a_narrow_identity_copies_what_fits_and_drops_the_rest(random):
    narrow = MLP((6,), hidden=(), latent=4, initialisation="identity", activation="identity", output="identity")
    x = torch.randn(5, 6, generator=random)
    rebuilt = Autoencoder(narrow, Vanilla())(x)
    assert torch.equal(rebuilt[:, :4], x[:, :4])
    assert not rebuilt[:, 4:].any()


def test_identity_weights_do_not_depend_on_the_seed():
    network = MLP((6,), hidden=(8,), initialisation="identity")
    first, second = (Autoencoder(network, Vanilla(), seed).state_dict() for seed in (0, 1))
    assert all(torch.equal(first[name], second[name]) for name in first)
