"""What a decoder makes of many codes."""

import torch
from torch import Tensor

from aelib.errors import DataError
from aelib.geometry.rows import Map, apply

#: Codes that are decoded together: bounds memory, not the result.
CHUNK = 512


@torch.no_grad()
def images(g: Map, z: Tensor) -> Tensor:
    """g(z), (n, k) ↦ (n, d), on the CPU. `DataError` when g(z) is not (n, d) or not finite."""
    found = torch.cat([apply(g, some).cpu() for some in z.split(CHUNK)])
    if not found.isfinite().all():
        raise DataError("The decoder gives values that are not finite numbers for these codes: train it anew.")
    return found


def decoded_lengths(g: Map, a: Tensor, b: Tensor, pieces: int) -> Tensor:
    """Of the images of the segments from ``a`` to ``b``, both (n, k), in so many chords each: float64 (n,)."""
    t = torch.linspace(0, 1, pieces + 1, dtype=a.dtype).unsqueeze(1)
    points = torch.lerp(a.unsqueeze(1), b.unsqueeze(1), t)
    decoded = images(g, points.flatten(0, 1)).double().unflatten(0, points.shape[:2])
    lengths: Tensor = decoded.diff(dim=1).norm(dim=2).sum(1)
    return lengths
