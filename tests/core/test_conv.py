"""The convolutional network: sizes, the way back up, checkerboards, and its estimated contraction."""

import math
from itertools import pairwise

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from aelib import Autoencoder, Contractive, Conv, DataError, Dataset, Experiment, Split, Vanilla, train
from aelib.geometry import jacobian, squared_jacobian_norm

UPSAMPLINGS = ("nearest", "transposed")


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


# --- sizes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("upsampling", UPSAMPLINGS)
@settings(deadline=None, max_examples=60)
@given(
    shape=st.tuples(st.integers(1, 3), st.integers(2, 17), st.integers(2, 17)),
    channels=st.lists(st.integers(1, 4), min_size=1, max_size=4).map(tuple),
)
def test_pictures_of_any_size_come_back_in_their_size(upsampling, shape, channels):
    """Odd heights and widths too, though halving rounds them up."""
    network = Conv(shape, channels=channels, latent=2, upsampling=upsampling)
    layers = network.sizes
    for (height, width), (half_height, half_width) in pairwise(layers):
        assert (half_height, half_width) == (math.ceil(height / 2), math.ceil(width / 2))
    assert network.grid == (channels[-1], *layers[-1])
    model = Autoencoder(network, Vanilla())
    x = torch.rand(2, *shape, generator=seeded())
    assert model.encode(x).shape == (2, 2)
    assert model(x).shape == x.shape
    assert torch.equal(model(x.flatten(1)), model(x))


def test_the_encoder_is_convolutions_of_stride_2_and_a_linear_layer():
    model = Autoencoder(Conv((1, 8, 8), channels=(3, 5), latent=2, code_activation="tanh"), Vanilla())
    net, x = model.network, torch.rand(4, 1, 8, 8, generator=seeded())
    h = x
    for kernels in net.encoder:
        h = F.relu(F.conv2d(h, kernels.weight, kernels.bias, stride=2, padding=1))
    expected = torch.tanh(h.flatten(1) @ net.to_code.weight.T + net.to_code.bias)
    torch.testing.assert_close(model.encode(x), expected)
    assert torch.equal(net.receptive_fields(), net.encoder[0].weight)


@pytest.mark.parametrize("upsampling", UPSAMPLINGS)
def test_initial_weights_are_uniform_within_one_over_the_root_of_what_an_output_sums_over(upsampling):
    """9 numbers of each channel below; at stride ½ only a quarter of each window meets a pixel."""
    net = Conv((1, 8, 8), channels=(16, 32), upsampling=upsampling).build(1, seeded())
    shared = 4 if upsampling == "transposed" else 1
    summed = [*zip(net.encoder, (9, 9 * 16), strict=True)]
    summed += [*zip(net.decoder, (9 * 32 / shared, 9 * 16 / shared), strict=True)]
    for kernels, numbers in summed:
        bound = 1 / math.sqrt(numbers)
        assert 0.95 * bound < float(kernels.weight.detach().abs().max()) <= bound


# --- the way back up -------------------------------------------------------------------------------


@torch.no_grad()
def grown_from_a_constant(upsampling):
    """What a decoder of one layer with weights 1 makes of a picture of ones."""
    network = Conv((1, 8, 8), channels=(1,), latent=1, output="identity", upsampling=upsampling)
    net = network.build(1, seeded())
    for parameter, value in ((net.from_code.weight, 0), (net.from_code.bias, 1)):
        parameter.fill_(value)
    net.decoder[0].weight.fill_(1)
    net.decoder[0].bias.fill_(0)
    return net.decode(torch.zeros(1, 1)).reshape(8, 8)[1:7, 1:7]  # inside: at the border the padding shows


def test_windows_of_3_at_stride_2_overlap_unevenly_and_nearest_neighbours_do_not():
    """A pixel lies under 1, 2 or 4 windows of the transposed convolution (Odena et al. 2016)."""
    assert grown_from_a_constant("nearest").unique().tolist() == [9]
    rows = torch.tensor([2.0, 1.0]).repeat(3)
    assert torch.equal(grown_from_a_constant("transposed"), torch.outer(rows, rows))


@torch.no_grad()
def share_at_the_nyquist_frequency(upsampling, seed):
    """Of the energy inside decoded random codes, the part that alternates from pixel to pixel."""
    model = Autoencoder(Conv((1, 32, 32), latent=8, upsampling=upsampling), Vanilla(), seed)
    inside = model.sample(64, seeded())[:, 0, 8:24, 8:24]
    energy = torch.fft.fft2(inside - inside.mean((1, 2), keepdim=True)).abs().square().mean(0)
    return float((energy[8, :].sum() + energy[:, 8].sum() - energy[8, 8]) / energy.sum())


@pytest.mark.parametrize("seed", range(4))
def test_at_initialisation_only_the_transposed_decoder_draws_a_checkerboard(seed):
    """White noise would have 31 of 255 coefficients there, 12 %."""
    assert share_at_the_nyquist_frequency("nearest", seed) < 0.03
    assert share_at_the_nyquist_frequency("transposed", seed) > 0.12


# --- the contractive penalty -----------------------------------------------------------------------


@pytest.mark.parametrize("statistics", [1, 2])
def test_the_estimated_norm_is_unbiased(statistics, random):
    """The mean of many draws against the exact norm, within five of its standard errors.

    The variance of one draw is 2 Σ_{i≠j} (JJᵀ)²_ij (Hutchinson 1990); of a variational network only the mean counts.
    """
    net = Conv((2, 6, 5), channels=(4, 4), latent=3, activation="tanh").build(statistics, seeded()).double()
    draws, x = 4000, torch.rand(3, 60, generator=random, dtype=torch.float64)

    def code(rows):
        return net.encode(rows)[:, :3]

    exact = squared_jacobian_norm(code, x)
    j = jacobian(code, x)
    gram = j @ j.mT
    variance = 2 * (gram.square().sum((1, 2)) - gram.diagonal(dim1=1, dim2=2).square().sum(1))
    with torch.no_grad():
        found = net.squared_jacobian_norm(x.repeat_interleave(draws, 0), random).reshape(3, draws)
    assert ((found.mean(1) - exact).abs() < 5 * (variance / draws).sqrt()).all()
    torch.testing.assert_close(found.var(1), variance, rtol=0.2, atol=0)


def test_the_penalty_trains_the_encoder_and_shrinks_its_derivatives(tiny):
    norms = {}
    for weight in (0.0, 1.0):
        settings = {"network": {"kind": "conv"}, "train": {"epochs": 15, "batch_size": 32, "learning_rate": 3e-3}}
        training = Experiment.of(variant="contractive", objective={"weight": weight}, **settings).build(tiny)
        assert training.model.objective == Contractive(weight=weight, likelihood="cross_entropy")
        for _ in training:
            pass
        norms[weight] = squared_jacobian_norm(training.model.encode, tiny.test.x.flatten(1)).mean()
    assert norms[1.0] < 0.5 * norms[0.0]


# --- misuse ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(3, 8, 8), (1, 9, 8)])
def test_pictures_of_other_channels_or_another_size_are_refused(shape, complains):
    model = Autoencoder(Conv((1, 8, 8)), Vanilla())
    pictures = Split(torch.rand(4, *shape, generator=seeded()), torch.zeros(4))
    with complains(DataError, "(1, 8, 8)", "mine", str(shape)):
        train(model, Dataset("mine", pictures, pictures))
    with complains(DataError, "(1, 8, 8)", str((4, *shape))):
        model(pictures.x)
