"""Paths between two codes that need no model: straight, and along the great circle."""

import torch
from torch import Tensor

from aelib.errors import ConfigError, DataError

#: sin θ between two directions below which the plane that holds them is rounding.
PARALLEL = 1e-6


def linear(a: Tensor, b: Tensor, count: int) -> Tensor:
    """a + t (b − a) at ``count`` even t from 0 to 1: (k,), (k,) ↦ (count, k).

    The first row is ``a`` and the last ``b``, bit for bit. Raises `ConfigError` for less than 2 points, and
    `DataError` unless ``a`` and ``b`` are finite real vectors of one length and type.
    """
    check_ends(a, b, count)
    return _between(a, torch.lerp(a, b, _inner(count, a).to(a.dtype)), b)


def spherical(a: Tensor, b: Tensor, count: int) -> Tensor:
    """Spherical interpolation: the direction turns evenly from that of ``a`` to that of ``b``, and the norm changes
    evenly from ‖a‖ to ‖b‖; (k,), (k,) ↦ (count, k).

    (‖a‖ + t (‖b‖ − ‖a‖)) (sin((1 − t) θ) â + sin(t θ) b̂) / sin θ with θ the angle between them. Codes from a
    normal prior in many dimensions have nearly one norm, and the straight line between two of them leaves that
    shell (White 2016, "Sampling generative networks", who turns the direction likewise but lets the norms
    follow the sines). The straight line where no plane holds both: one of them is 0, they are parallel or
    opposite, or k = 1. Ends and errors as for `linear`.
    """
    check_ends(a, b, count)
    u, v = a.double(), b.double()
    norms = torch.stack([u.norm(), v.norm()])
    if not norms.all():
        return linear(a, b, count)
    u, v = u / norms[0], v / norms[1]
    angle = 2 * torch.atan2((u - v).norm(), (u + v).norm())  # accurate for all angles (Kahan); acos is not
    if float(angle.sin()) < PARALLEL:
        return linear(a, b, count)
    t = _inner(count, a)
    directions = (((1 - t) * angle).sin() * u + (t * angle).sin() * v) / angle.sin()
    return _between(a, (torch.lerp(norms[0], norms[1], t) * directions).to(a.dtype), b)


def check_ends(a: Tensor, b: Tensor, count: int) -> None:
    """`ConfigError` or `DataError` unless a path of ``count`` points can lead from ``a`` to ``b``."""
    if count < 2:
        raise ConfigError(f"A path has at least 2 points, its ends (got {count}).")
    if a.ndim != 1 or a.shape != b.shape or not len(a) or not a.is_floating_point() or a.dtype != b.dtype:
        raise DataError(
            "A path leads between two real vectors of one length and type "
            f"(got {tuple(a.shape)}, {a.dtype} and {tuple(b.shape)}, {b.dtype})."
        )
    if not (a.isfinite().all() and b.isfinite().all()):
        raise DataError("A path leads between finite codes (got values that are not finite numbers).")


def _inner(count: int, like: Tensor) -> Tensor:
    """t strictly between 0 and 1, (count − 2, 1), float64."""
    return torch.linspace(0, 1, count, dtype=torch.float64, device=like.device)[1:-1].unsqueeze(1)


def _between(a: Tensor, inner: Tensor, b: Tensor) -> Tensor:
    return torch.cat([a.unsqueeze(0), inner, b.unsqueeze(0)])
