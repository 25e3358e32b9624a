"""Whole networks in JavaScript: what each layer makes of an example agrees with PyTorch to 1e-4, for every variant."""

import json
from itertools import pairwise

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from aelib import Autoencoder
from aelib.activations import ACTIVATIONS
from aelib.frames.frame import MAX_DRAWN, weights_message
from aelib.frames.message import unpack
from aelib.networks import ConvNetwork, MLPNetwork
from tests.web.networks import LARGE, NETWORKS, trained_like
from tests.web.node import run_script

TOLERANCE = 1e-4
#: For small examples, and for large ones.
EXAMPLES, FEW_EXAMPLES = 8, 2
VARIATIONAL = [name for name, (_, objective) in NETWORKS.items() if objective.statistics == 2]


def into_the_code(model: Autoencoder, x: Tensor) -> list[Tensor]:
    """What each layer of the encoder makes of x, (n, features); the code, by the model itself, is the last."""
    network, h, made = model.network, x, []
    if isinstance(network, MLPNetwork):
        for level in range(network.depth - 1):
            made.append(h := network.layer_up(level, h))
    else:
        h = h.reshape(-1, *network.spec.shape)
        for layer in network.encoder:
            h = F.conv2d(h, layer.weight, layer.bias, stride=2, padding=1)
            made.append(h := ACTIVATIONS[network.spec.activation].value(h))
    return [*made, model.encode(x)]


def out_of_the_code(model: Autoencoder, z: Tensor, y: Tensor | None) -> list[Tensor]:
    """What each layer of the decoder makes of codes; the example, by the model itself, is the last."""
    network, made = model.network, []
    told = F.one_hot(y + 1, network.spec.classes + 1)[:, 1:].float() if network.spec.classes else z[:, :0]
    act, h = ACTIVATIONS[network.spec.activation].value, torch.cat([z, told], 1)
    if isinstance(network, MLPNetwork):
        for weight, bias in network.decoder_weights()[:-1]:
            made.append(h := act(F.linear(h, weight, bias)))
        return [*made, model.decode(z, y)]
    assert isinstance(network, ConvNetwork)
    h = act(network.from_code(h))
    made.append(h)
    h = h.reshape(-1, *network.spec.grid)
    sizes = pairwise(reversed(network.spec.sizes))
    for layer, (before, (height, width)) in list(zip(network.decoder, sizes, strict=True))[:-1]:
        if network.spec.upsampling == "nearest":
            h = F.conv2d(F.interpolate(h, scale_factor=2)[:, :, :height, :width], layer.weight, layer.bias, padding=1)
        else:
            odd = (height - 2 * before[0] + 1, width - 2 * before[1] + 1)
            h = F.conv_transpose2d(h, layer.weight, layer.bias, stride=2, padding=1, output_padding=odd)
        made.append(h := act(h))
    return [*made, model.decode(z, y)]


def passed(model: Autoencoder, x: Tensor, y: Tensor) -> list[Tensor]:
    """Whatever JavaScript writes for examples: all layers, and the deviation of a posterior."""
    z = model.encode(x)
    deviation = [model.posterior(x).stddev] if model.objective.statistics == 2 else []
    told = y if model.spec.classes else None
    return [*into_the_code(model, x), *out_of_the_code(model, z, told), *deviation]


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> dict[str, tuple[list[np.ndarray], list[np.ndarray]]]:
    """By network: what PyTorch and what JavaScript make of the same examples, layer by layer."""
    folder = tmp_path_factory.mktemp("parity")
    random = torch.Generator().manual_seed(0)
    expected = {}
    for name, (spec, objective) in NETWORKS.items():
        model = Autoencoder(spec, objective, seed=1)
        trained_like(model.network, random)
        count = EXAMPLES if spec.features < LARGE else FEW_EXAMPLES
        x = torch.rand(count, spec.features, generator=random)
        y = torch.arange(count) % (spec.classes + 1) - 1
        (folder / f"{name}.network").write_bytes(weights_message(model, 0, encoder=True))
        (folder / f"{name}.examples").write_bytes(x.numpy().tobytes())
        (folder / f"{name}.labels").write_bytes(y.int().numpy().tobytes())
        active = getattr(objective, "k", spec.latent)
        (folder / f"{name}.json").write_text(json.dumps({"active": active}))
        with torch.no_grad():
            expected[name] = [values.flatten(1).numpy() for values in passed(model, x, y)]
    run_script("pass.mjs", str(folder))
    found = {}
    for name, layers in expected.items():
        rows = np.fromfile(folder / f"{name}.passed", np.float32).reshape(len(layers[0]), -1)
        found[name] = np.split(rows, np.cumsum([layer.shape[1] for layer in layers])[:-1], axis=1)
    return {name: (layers, found[name]) for name, layers in expected.items()}


@pytest.mark.parametrize("name", NETWORKS)
def test_every_layer_agrees_with_pytorch(runs, name):
    for layer, (expected, found) in enumerate(zip(*runs[name], strict=True)):
        # Relative where activations leave [−1, 1].
        assert np.abs(expected - found).max() <= TOLERANCE * max(1, np.abs(expected).max()), layer


@pytest.mark.parametrize("name", NETWORKS)
def test_the_examples_make_a_difference(runs, name):
    """The agreement above would mean little if all examples gave the same code."""
    assert max(layer.std(0).max() for layer in runs[name][0]) > 0.01


def test_the_deviation_of_a_posterior_is_there(runs):
    assert VARIATIONAL
    for name in VARIATIONAL:
        assert runs[name][1][-1].shape[1] == NETWORKS[name][0].latent


def test_the_encoder_is_sent_to_those_alone_who_ask_for_it():
    model = Autoencoder(*NETWORKS["deep"], seed=1)
    alone, _ = unpack(weights_message(model, 3))
    meta, arrays = unpack(weights_message(model, 3, encoder=True))
    assert "encoder" not in alone
    assert meta == alone | {"encoder": meta["encoder"]}
    assert [layer["op"] for layer in meta["encoder"]] == ["linear", "relu"] * 4 + ["linear", "identity"]
    assert np.array_equal(arrays["encoder.0.weight"], model.network.encoder[0].weight.detach())


def test_of_a_network_too_large_to_be_drawn_the_decoder_is_sent(monkeypatch):
    assert MAX_DRAWN == 4_000_000
    model = Autoencoder(*NETWORKS["vector"], seed=1)
    count = sum(p.numel() for p in model.network.parameters())
    for limit, drawn in ((count, True), (count - 1, False)):
        monkeypatch.setattr("aelib.frames.frame.MAX_DRAWN", limit)
        meta, arrays = unpack(weights_message(model, 0, encoder=True))
        assert (meta["encoder"] is not None) == drawn
        assert ("encoder.0.weight" in arrays) == drawn
        assert "0.weight" in arrays
