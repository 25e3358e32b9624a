"""Tangent planes: the local directions of variation that a map has learnt (Rifai et al. 2011)."""

from typing import Literal, NamedTuple

import torch
from torch import Tensor

from aelib.errors import ConfigError
from aelib.geometry.jacobian import jacobian_chunks
from aelib.geometry.rows import Map, check_finite


class TangentPlane(NamedTuple):
    """A plane at each of n points, spanned by orthonormal vectors, most important first.

    ``directions``: (n, rank, d), rows of unit length. ``singular_values``: (n, min(a, b)), all of
    them in falling order, in units of output per unit of input; the first ``rank`` belong to the directions.
    """

    directions: Tensor
    singular_values: Tensor


@torch.no_grad()
def tangent_plane(f: Map, x: Tensor, rank: int, space: Literal["input", "output"] = "input") -> TangentPlane:
    """The leading singular vectors of the Jacobian J = U S Vᵀ of ``f`` at each row of ``x``.

    ``space="input"``: columns of V, the directions of x that move f(x) most. Of an encoder they span the
    tangent plane of the data (Rifai et al. 2011, "The manifold tangent classifier").
    ``space="output"``: columns of U, the directions in which f(x) moves most. Of a decoder they span the
    tangent plane of the surface that it draws.

    A singular vector has no sign of its own: its entry of largest size is made positive. Where the
    singular values of rank and rank + 1 are equal the plane is not unique.
    Raises `ConfigError` unless 1 ≤ rank ≤ min(a, b), and `DataError` as `jacobian` does or when a
    derivative is not finite.
    """
    if space not in ("input", "output"):
        raise ConfigError(f"Tangent planes lie in the space 'input' or 'output' (got {space!r:.40}).")
    planes = [_plane(j, rank, space) for j in jacobian_chunks(f, x)]
    directions, singular_values = zip(*planes, strict=True)
    return TangentPlane(torch.cat(directions), torch.cat(singular_values))


def _plane(j: Tensor, rank: int, space: Literal["input", "output"]) -> TangentPlane:
    most = min(j.shape[1:])
    if not 1 <= rank <= most:
        raise ConfigError(
            f"A map of {j.shape[2]} numbers to {j.shape[1]} has tangent planes of rank 1 to {most} (got {rank})."
        )
    check_finite(j)
    u, singular_values, vh = torch.linalg.svd(j, full_matrices=False)
    directions = (vh if space == "input" else u.mT)[:, :rank]
    largest = directions.gather(2, directions.abs().argmax(2, keepdim=True))
    return TangentPlane(directions * largest.sign(), singular_values)
