"""The metric that a decoder pulls back from the data to the code: lengths, areas and distances there."""

import torch
from torch import Tensor

from aelib.errors import DataError
from aelib.geometry.jacobian import jacobian_chunks
from aelib.geometry.rows import Map, apply, check_finite, check_rows


def pullback_metric(g: Map, z: Tensor) -> Tensor:
    """M(z) = JᵀJ with J = ∂g/∂z at each row of ``z``: (n, k) ↦ (n, k, k), symmetric; differentiable.

    A small step dz of the code moves the decoded point by √(dzᵀ M dz). M is positive definite where g is
    an immersion, and singular where it folds. Raises `DataError` as `jacobian` does.
    """
    return torch.cat([j.mT @ j for j in jacobian_chunks(g, z)])


def magnification(g: Map, z: Tensor) -> Tensor:
    """√det M(z) at each row of ``z``: (n, k) ↦ (n,), the volume that g makes of a unit volume of code.

    Bishop, Svensén & Williams 1997, "Magnification factors". Computed as the product of the singular
    values of J, which keeps the digits that det JᵀJ would lose; 0 when there are more code units than
    outputs. Has the units of output^k, so that it leaves the range of float32 for codes of many units.
    Raises `DataError` as `jacobian` does or when a derivative is not finite.
    """
    return torch.cat([_volume(j) for j in jacobian_chunks(g, z)])


def curve_length(g: Map, path: Tensor) -> Tensor:
    """Σ_i ‖g(z_{i+1}) − g(z_i)‖ over the points of ``path`` (m, k), a 0-d tensor; differentiable.

    The length of the decoded polyline. It is at most ∫ √(żᵀ M ż) dt along the curve through these
    points, and tends to it as the points get closer: with h the spacing, the difference is O(h²).
    Raises `DataError` when ``path`` is not (m, k) with m ≥ 2, or g(path) not (m, b).
    """
    check_rows(path)
    if len(path) < 2:
        raise DataError(f"A curve needs at least 2 points (got {tuple(path.shape)}).")
    chords: Tensor = torch.linalg.vector_norm(apply(g, path).diff(dim=0), dim=1)
    return chords.sum()


def _volume(j: Tensor) -> Tensor:
    outputs, units = j.shape[1:]
    if units > outputs:
        return j.new_zeros(len(j))
    check_finite(j)
    singular_values: Tensor = torch.linalg.svdvals(j)
    return singular_values.prod(1)
