"""Examples as pixels: the one way from values to bytes, and from planes of colour to a picture."""

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor


def to_bytes(x: Tensor, extremes: tuple[float, float]) -> Tensor:
    """Values of any shape as bytes (uint8): the first of ``extremes`` is 0 (black), the second 255 (white).

    Rounded; what lies beyond is cut, and where the two are equal all of it is black.
    """
    low, high = extremes
    share = (x - low) / ((high - low) or 1.0)
    return (share.clamp(0, 1) * 255 + 0.5).to(torch.uint8)


def signed_bytes(x: Tensor) -> Tensor:
    """Values around 0, (n, …), as bytes of the same shape: 0 is mid-grey, the largest entry of each row black or white.

    In colour each channel is so: a weight for red and against green and blue is red, and 0 in all three is grey.
    """
    rows = x.flatten(1)
    scale = rows.abs().amax(1, keepdim=True).clamp_min(torch.finfo(rows.dtype).tiny)
    return (127.5 + 127.5 * rows / scale + 0.5).clamp(0, 255).to(torch.uint8).reshape(x.shape)


def interleaved(planes: Tensor) -> np.ndarray:
    """Bytes (…, channels, height, width) as files have them: (…, height, width, 3) in colour, else (…, height, width).

    Three channels are red, green and blue; of other numbers the first is shown in grey.
    """
    shown = planes.movedim(-3, -1) if planes.shape[-3] == 3 else planes[..., 0, :, :]
    array: np.ndarray = shown.contiguous().cpu().numpy()
    return array


def small_shape(shape: Sequence[int], side: int) -> tuple[int, ...]:
    """The shape of a picture that is made to fit into ``side`` × ``side``; that of a smaller one or a vector stays."""
    if len(shape) != 3 or max(shape[1:]) <= side:
        return tuple(shape)
    channels, height, width = shape
    scale = side / max(height, width)
    return channels, max(1, round(scale * height)), max(1, round(scale * width))


def shrunk(x: Tensor, shape: Sequence[int], side: int) -> Tensor:
    """Examples of a shape, (n, …), as pictures that fit into ``side`` × ``side``: (n, *`small_shape`).

    Each pixel is the mean of those that it stands for; smaller pictures and vectors stay as they are.
    """
    whole, small = x.reshape(-1, *shape), small_shape(shape, side)
    return whole if small == tuple(shape) else F.adaptive_avg_pool2d(whole, (small[1], small[2]))
