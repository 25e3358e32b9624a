"""Two maps of the same examples, brought as close as a change of position, size and orientation can bring them."""

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from aelib.errors import DataError
from aelib.metrics.arrays import pair


class Alignment(NamedTuple):
    """The similarity y ↦ ``scale`` · y ``rotation`` + ``shift``, and where it takes the points, ``points`` (n, d).

    ``rotation``: (d, d), orthogonal; it may reflect. ``shift``: (d,). ``disparity``: what is left, see `procrustes`.
    All in float64.
    """

    points: Tensor
    disparity: float
    rotation: Tensor
    scale: float
    shift: Tensor


def procrustes(moving: Tensor, fixed: Tensor) -> Alignment:
    """The similarity of ``moving`` (n, d) with the least Σ_i ‖s R y_i + t − x_i‖² to ``fixed`` (n, d'); row i of both
    is the same example (Gower 1975).

    With both centred and UΣVᵀ the singular value decomposition of YᵀX: R = UVᵀ and s = tr Σ / ‖Y‖². Where d ≠ d',
    the narrower map gets columns of zeros, so that the points have max(d, d') coordinates, in units of ``fixed``.
    The disparity is the remaining sum over ‖X‖², 1 − (tr Σ / (‖X‖ ‖Y‖))²: 0 for maps of equal form, at most 1,
    and the same when the two maps change places.

    Raises `DataError` when the lengths differ, a value is not finite, or all points of a map are the same.
    """
    y, x = pair(moving, fixed, ("moving points", "fixed points"))
    d = max(x.shape[1], y.shape[1])
    y, x = (F.pad(points, (0, d - points.shape[1])) for points in (y, x))
    for points, name in ((y, "moving"), (x, "fixed")):
        # Not from the spread, whose rounding would make a form of points that are all the same.
        if (points == points[0]).all():
            raise DataError(f"All {len(points)} {name} points are the same, so they have no form: align other maps.")
    y_mean, x_mean = y.mean(0), x.mean(0)
    y_size, x_size = (y - y_mean).norm(), (x - x_mean).norm()
    u, cosines, vh = torch.linalg.svd(((y - y_mean) / y_size).T @ ((x - x_mean) / x_size))
    rotation, agreement = u @ vh, cosines.sum().clamp(max=1)
    scale = agreement * x_size / y_size
    shift = x_mean - scale * y_mean @ rotation
    return Alignment(scale * y @ rotation + shift, float(1 - agreement**2), rotation, float(scale), shift)
