"""Settings that follow the data: layers by the size of pictures, output, error and code size, and the reason told."""

import math

import pytest

from aelib import DATASETS, VARIANTS, Autoencoder, Conv, Experiment
from aelib.data import DatasetInfo
from aelib.defaults import default_latent, default_likelihood, network_defaults, why_defaults
from aelib.experiment import _network
from aelib.networks import default_channels

COLOUR = [(3, side, side) for side in (16, 32, 64, 128)]


def info(*shape):
    return DatasetInfo("mine", "Mine", shape, "", lambda progress: None, ("a", "b"))


@pytest.mark.parametrize("name", ["digits", "mnist", "fashion_mnist", "kmnist", "shapes", "swiss_roll"])
def test_the_built_in_data_sets_have_what_version_0_1_0_gave_them(name):
    """Settings of its runs and links that are not written down stay equal."""
    shape, picture = DATASETS[name].shape, DATASETS[name].is_image
    for variant, entry in VARIANTS.items():
        fixed = entry.network
        if not picture and (fixed.get("kind") == "conv" or entry.objective.conditional):  # they cannot be
            continue
        found = Experiment.of(name, variant)
        assert found.network.latent == fixed.get("latent", entry.latent(math.prod(shape)))
        assert found.network.output == fixed.get("output", "sigmoid" if picture else "identity")
        if "activation" not in fixed and not picture:
            assert found.network.activation == "tanh"
        if found.network.kind == "conv":
            assert found.network.channels == (16, 32)
            assert found.objective.likelihood == "cross_entropy"
        elif not picture:
            assert found.objective.likelihood == "squared_error"
        else:
            assert found.objective.likelihood == entry.objective.likelihood


@pytest.mark.parametrize(
    ("shape", "channels"),
    [
        ((1, 8, 8), (16, 32)),
        ((1, 28, 28), (16, 32)),
        ((1, 32, 32), (16, 32)),
        ((3, 8, 8), (16, 32)),
        ((3, 32, 32), (16, 32, 64)),
        ((1, 64, 64), (16, 32, 64, 128)),
        ((3, 64, 64), (16, 32, 64, 128)),
        ((3, 128, 96), (16, 32, 64, 128, 128)),
        ((1, 1, 1), (16, 32)),
    ],
)
def test_larger_pictures_are_halved_more_often(shape, channels):
    assert default_channels(shape) == channels
    assert network_defaults(shape, True, VARIANTS["vanilla"])["channels"] == channels
    assert Conv(shape, channels=channels).grid[1:] == tuple(math.ceil(n / 2 ** len(channels)) for n in shape[1:])


@pytest.mark.parametrize("shape", COLOUR)
def test_every_variant_but_the_copying_one_fits_pictures_in_colour(shape):
    for name, variant in VARIANTS.items():
        if name == "overcomplete":  # its code would have a unit for each number
            continue
        network = _network(info(*shape), variant, {})
        variant.objective.within(network).check(network)
        assert network.shape == shape


@pytest.mark.parametrize("shape", COLOUR[:3])
def test_a_convolutional_network_in_colour_rebuilds_pictures_of_their_size(shape):
    network = _network(info(*shape), VARIANTS["convolutional"], {})
    assert network.latent == 16
    model = Autoencoder(network, VARIANTS["convolutional"].objective)
    assert model.decode(model.encode([[[[0.5] * shape[2]] * shape[1]] * 3])).shape == (1, *shape)


def test_a_code_is_a_map_unless_examples_hold_more():
    vanilla, sparse = VARIANTS["vanilla"], VARIANTS["sparse"]
    shapes = [(1, 32, 32), (1, 33, 4), (3, 8, 8), (30,), (3,), (2,), (1,)]
    assert [default_latent(shape, vanilla) for shape in shapes] == [2, 16, 16, 2, 2, 1, 1]
    assert {default_latent(shape, sparse) for shape in shapes} == {64}


def test_output_and_error_follow_the_range():
    vanilla = VARIANTS["vanilla"]
    of_table, of_shares = network_defaults((4,), False, vanilla), network_defaults((4,), True, vanilla)
    assert (of_table["output"], of_table["activation"]) == ("identity", "tanh")
    assert ("output" in of_shares, of_shares["activation"]) == (False, "tanh")  # the sigmoid is every network's
    mlp, conv = (_network(info(3, 16, 16), vanilla, {"kind": kind}) for kind in ("mlp", "conv"))
    assert default_likelihood((4,), True, mlp) == default_likelihood((3, 16, 16), False, conv) == "squared_error"
    assert default_likelihood((3, 16, 16), True, mlp) is None
    assert default_likelihood((3, 16, 16), True, conv) == "cross_entropy"


def test_the_reason_is_one_line():
    conv = _network(info(3, 64, 64), VARIANTS["convolutional"], {})
    assert why_defaults(conv.shape, True, conv, "cross_entropy") == (
        "Values lie in [0, 1], so the output is a sigmoid and the error is the cross-entropy; "
        "4 halvings take 64 × 64 pixels to 4 × 4; 16 units hold what two cannot of colour."
    )
    table = _network(info(5), VARIANTS["vanilla"], {})
    assert why_defaults(table.shape, False, table, "squared_error") == (
        "Values have any range, so the output is linear and the error is the squared error; "
        "a code of 2 units is its own map."
    )
    wished = table.replace(output="sigmoid", latent=3)
    assert why_defaults(table.shape, False, wished, "gaussian") == (
        "The output is a sigmoid and the error is the Gaussian likelihood."
    )
    large = Conv((1, 64, 64), channels=(8,), latent=16)
    assert "1 halving takes" in why_defaults(large.shape, True, large, "cross_entropy")
    assert "of large pictures" in why_defaults(large.shape, True, large, "cross_entropy")
