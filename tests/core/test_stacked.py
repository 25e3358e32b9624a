"""Stacked denoising: which layer learns when, and that each stage is the denoising objective of a shallow network."""

import math

import pytest
import torch

from aelib import MLP, Autoencoder, Denoising, Experiment, StackedDenoising
from aelib.likelihood import LIKELIHOODS

FEATURES = 9
WIDTHS = (FEATURES, 7, 5, 3)
EPOCHS = 4


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def x():
    return torch.rand(6, FEATURES, generator=seeded(), dtype=torch.float64)


def stacked(tied=False, **settings):
    network = MLP((FEATURES,), hidden=WIDTHS[1:-1], latent=WIDTHS[-1], activation="sigmoid", tied=tied)
    return Autoencoder(network, StackedDenoising(epochs_per_layer=EPOCHS, **settings)).double()


def terms_at(model, x, epoch, seed=7):
    return model.objective.terms(model.network, model.batch(x, None, seeded(seed), epoch))


def layers_that_learn(level, tied=False):
    """Names of the parameters of one layer of the encoder and of its mirror in the decoder."""
    mirror = len(WIDTHS) - 2 - level
    own = {f"network.encoder.{level}.weight", f"network.encoder.{level}.bias", f"network.decoder.{mirror}.bias"}
    return own if tied else own | {f"network.decoder.{mirror}.weight"}


@pytest.mark.parametrize(
    ("epoch", "stage"),
    [
        *((0, 0), (EPOCHS - 0.01, 0)),
        *((EPOCHS, 1), (2 * EPOCHS - 0.01, 1)),
        *((2 * EPOCHS, 2), (3 * EPOCHS - 0.01, 2)),
        *((3 * EPOCHS, None), (1000, None), (math.inf, None)),
    ],
)
def test_stages_follow_the_epochs(epoch, stage):
    model = stacked()
    assert model.objective.stage(model.spec, epoch) == stage
    name = model.objective.stage_name(model.spec, epoch)
    if stage is None:
        assert name == "fine-tuning all layers"
    else:
        assert name == f"layer {stage + 1} of 3 ({WIDTHS[stage]} – {WIDTHS[stage + 1]})"


@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("level", [0, 1, 2])
def test_only_one_layer_and_its_mirror_get_gradients(level, tied, x):
    model = stacked(tied)
    (term,) = terms_at(model, x, level * EPOCHS).values()
    term.backward()
    learning = {name for name, parameter in model.named_parameters() if parameter.grad is not None}
    assert learning == layers_that_learn(level, tied)
    assert all(parameter.grad.any() for parameter in model.parameters() if parameter.grad is not None)


def test_training_leaves_the_other_layers_bit_for_bit_as_they_are(tiny):
    """Also those whose moments Adam remembers from an earlier stage."""
    network = {"hidden": (16, 8), "latent": 4}
    config = {"epochs": 4, "batch_size": 96}
    training = Experiment.of("digits", "stacked_denoising", network=network, train=config,
                             objective={"epochs_per_layer": 1}).build(tiny)  # fmt: skip
    names = {name for name, _ in training.model.named_parameters()}
    for stage in range(4):
        before = {name: value.clone() for name, value in training.model.state_dict().items()}
        for _ in range(training.steps_per_epoch):
            next(training)
        after = training.model.state_dict()
        moved = {name for name in names if not torch.equal(before[name], after[name])}
        assert moved == (layers_that_learn(stage) if stage < 3 else names)


@torch.no_grad()
def shallow_of(model, level, **settings):
    """One layer of the stack as a network of its own, with its weights."""
    widths = WIDTHS[level : level + 2]
    network = MLP((widths[0],), hidden=(), latent=widths[1], output="sigmoid",
                  code_activation="sigmoid" if level < 2 else "identity")  # fmt: skip
    shallow = Autoencoder(network, Denoising(**settings)).double()
    for ours, theirs in (
        (shallow.network.encoder[0], model.network.encoder[level]),
        (shallow.network.decoder[0], model.network.decoder[2 - level]),
    ):
        ours.load_state_dict(theirs.state_dict())
    return shallow


@pytest.mark.parametrize("likelihood", LIKELIHOODS)
@pytest.mark.parametrize(
    "settings", [{}, {"samples": 3}, {"emphasis": 0.9}, {"corruption": "gaussian"}, {"corruption": "salt_and_pepper"}]
)
def test_the_first_stage_is_the_denoising_objective_of_the_shallow_network(likelihood, settings, x):
    model = stacked(likelihood=likelihood, **settings)
    shallow = shallow_of(model, 0, likelihood=likelihood, **settings)
    assert terms_at(model, x, epoch=0) == shallow.terms(x, seeded(7))


@torch.no_grad()
@pytest.mark.parametrize("level", [1, 2])
@pytest.mark.parametrize("settings", [{}, {"samples": 3}, {"emphasis": 0.9}, {"likelihood": "cross_entropy"}])
def test_a_later_stage_repairs_the_representation_below_it_under_squared_error(level, settings, x):
    model = stacked(**settings)
    h = x
    for layer in model.network.encoder[:level]:
        h = torch.sigmoid(layer(h))
    shallow = shallow_of(model, level, **{**settings, "likelihood": "squared_error"})
    torch.testing.assert_close(terms_at(model, x, level * EPOCHS), shallow.terms(h, seeded(7)), rtol=1e-12, atol=0)


def test_fine_tuning_is_the_denoising_objective_of_the_whole_network(x):
    model = stacked(samples=2, emphasis=0.8)
    whole = Autoencoder(model.spec, Denoising(samples=2, emphasis=0.8)).double()
    whole.load_state_dict(model.state_dict())
    expected = whole.terms(x, seeded(7))
    assert terms_at(model, x, 3 * EPOCHS) == model.terms(x, seeded(7)) == expected


def test_layers_up_and_down_compose_to_the_encoder_and_the_decoder(x):
    model = stacked()
    h = x
    for level in range(3):
        h = model.network.layer_up(level, h)
    torch.testing.assert_close(h, model.encode(x))
    for level in (2, 1):
        h = torch.sigmoid(model.network.layer_down(level, h))
    torch.testing.assert_close(model.network.layer_down(0, h), model.network.decode(model.encode(x)))


def test_a_network_without_hidden_layers_has_one_stage(x):
    model = Autoencoder(MLP((FEATURES,), hidden=(), latent=3), StackedDenoising(epochs_per_layer=EPOCHS)).double()
    assert [model.objective.stage(model.spec, epoch) for epoch in (0, EPOCHS)] == [0, None]
    assert terms_at(model, x, 0).keys() == {"reconstruction"}
