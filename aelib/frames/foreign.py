"""Pictures unlike any training example: whatever rebuilds them as well has learnt to copy."""

import torch
from torch import Tensor

from aelib.randomness import generator


def foreign_pictures(example: Tensor, extremes: tuple[float, float] = (0.0, 1.0)) -> Tensor:
    """Ten pictures of the shape (channels, height, width) of ``example``, from the first of ``extremes`` to the second.

    The negative of the example and its pixels in another order; noise, columns, rows, checkers, a ramp, a frame, a disc
    and a cross.
    """
    _, height, width = example.shape
    random = generator(0, "foreign")
    y, x = torch.meshgrid(torch.linspace(-1, 1, height), torch.linspace(-1, 1, width), indexing="ij")
    row, column = torch.arange(height)[:, None], torch.arange(width)[None, :]
    order = torch.randperm(height * width, generator=random)
    drawn = [
        (column // 2 % 2).expand(height, width),
        (row // 2 % 2).expand(height, width),
        (row // 2 + column // 2) % 2,
        (x + y + 2) / 4,
        torch.maximum(x.abs(), y.abs()) > 0.8,
        x.square() + y.square() < 0.5,
        (x.abs() < 0.25) | (y.abs() < 0.25),
    ]
    low, high = extremes
    noise = torch.rand(example.shape, generator=random)
    made = torch.stack([noise, *(picture.float().expand(example.shape) for picture in drawn)])
    shuffled = example.flatten(1)[:, order].reshape(example.shape)
    return torch.cat([torch.stack([low + high - example, shuffled]), low + (high - low) * made])
