"""The decoder in JavaScript agrees with PyTorch to 1e-4, for every kind of network."""

import numpy as np
import pytest
import torch

from aelib import Autoencoder
from aelib.frames.frame import weights_message
from tests.web.networks import LARGE, NETWORKS, trained_like
from tests.web.node import run_script

TOLERANCE = 1e-4
#: For small examples, and for large ones.
CODES, FEW_CODES = 40, 3
TOLD = [name for name, (spec, _) in NETWORKS.items() if spec.classes]


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
    run_script("decode.mjs", str(folder))
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
