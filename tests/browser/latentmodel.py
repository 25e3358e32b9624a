"""What PyTorch makes of the models on the latent space page, and what the page paints."""

from functools import cache

import torch
from playwright.sync_api import Locator
from torch import Tensor

from aelib import Autoencoder, load_dataset
from aelib.home import pretrained_folder

#: A byte of a picture is its value over the range, rounded; the decoders agree to 1e-3 of the range.
BYTE = 1e-3 * 255 + 0.5


@cache
def model_of(key: str) -> Autoencoder:
    return Autoencoder.load(pretrained_folder() / key)


@cache
def digits() -> tuple[Tensor, Tensor]:
    """Held-out digits, then those of the training, with their labels: the order of the map."""
    data = load_dataset("digits")
    return torch.cat([data.test.x, data.train.x]), torch.cat([data.test.y, data.train.y])


@cache
def codes_of(key: str) -> Tensor:
    with torch.no_grad():
        return model_of(key).encode(digits()[0])


def decoded_bytes(key: str, codes: Tensor, label: int = -1) -> Tensor:
    """Pictures of codes (n, k) in bytes, not rounded, (n, pixels)."""
    with torch.no_grad():
        values = model_of(key).decode(codes.float(), torch.full((len(codes),), label)).flatten(1)
    return (255 * values).clamp(0, 255)


def painted(canvases: Locator) -> Tensor:
    """The pixels of canvases of grey images, (n, pixels)."""
    pixels = canvases.evaluate_all(
        """all => all.map(canvas => {
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            return Array.from({ length: data.length / 4 }, (_, i) => data[4 * i]);
        })"""
    )
    return torch.tensor(pixels, dtype=torch.float32)
