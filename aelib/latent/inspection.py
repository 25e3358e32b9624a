"""One example through a model: its code, its reconstruction, and how both would move."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from aelib.arrays import Array, as_examples
from aelib.autoencoder import Autoencoder
from aelib.errors import ConfigError, DataError
from aelib.geometry import TangentPlane, tangent_plane
from aelib.latent.codes import encode_all


@dataclass(frozen=True)
class Inspection:
    """Of one example of shape ``shape`` with d features in a code of k units, all on the CPU.

    ``code``: (k,). ``deviation``: σ of its posterior (k,), or None. ``unit_kl``: KL of each unit in nats (k,), or
    None. ``reconstruction``: (*shape). ``error``: ‖x − x̂‖². ``error_map``: (x − x̂)² of each entry, (*shape).
    ``singular_values``: of the decoder's Jacobian ∂g/∂z at the code, (min(k, d),), falling: how far
    the output moves for each unit of code. ``decoder_directions``: (r, *shape), of unit length, in which it moves
    most. ``encoder_directions``: (r, *shape), the changes of x that move the code most.
    ``log_magnification``: log₁₀ √det JᵀJ, or None where the decoder has less than k directions.
    """

    code: Tensor
    deviation: Tensor | None
    unit_kl: Tensor | None
    reconstruction: Tensor
    error: float
    error_map: Tensor
    singular_values: Tensor
    decoder_directions: Tensor
    encoder_directions: Tensor
    log_magnification: float | None


def inspect(model: Autoencoder, x: Array, y: Array | None = None, rank: int = 4) -> Inspection:
    """Look at one example ``x`` (1, *shape), with its label ``y`` (1,) where the decoder is told the class.

    r = min(``rank``, k, d) directions of each kind are found (see `aelib.geometry.tangent_plane`).
    Raises `ConfigError` for a rank below 1, and `DataError` when there is not one example, it does not fit the
    model, or it or a derivative there is not finite.
    """
    x = as_examples(x, model.spec.shape).detach()
    if len(x) != 1:
        raise DataError(f"One example is looked at a time, with a batch axis of 1 (got shape {tuple(x.shape)}).")
    if rank < 1:
        raise ConfigError(f"At least 1 direction is looked at (got rank {rank}).")
    codes = encode_all(model, x, y)
    told = model.labels(y, 1) if model.objective.conditional else None
    with torch.no_grad():
        rebuilt = model.decode(codes.mean, told).cpu()
    shape, k = model.spec.shape, model.spec.latent
    error_map = (x.to(rebuilt).reshape(rebuilt.shape) - rebuilt).square()
    rank = min(rank, k, model.spec.features)
    z, flat = codes.mean.to(model.device), model.flatten(x)
    drawn = tangent_plane(lambda z: model.decode(z, told).flatten(1), z, rank, "output")
    seen = tangent_plane(model.encode, flat, rank, "input")
    return Inspection(
        code=codes.mean[0],
        deviation=None if codes.deviation is None else codes.deviation[0],
        unit_kl=None if codes.unit_kl is None else codes.unit_kl[0],
        reconstruction=rebuilt[0],
        error=float(codes.errors),
        error_map=error_map[0],
        singular_values=drawn.singular_values[0].cpu(),
        decoder_directions=_directions(drawn, shape),
        encoder_directions=_directions(seen, shape),
        log_magnification=_log_magnification(drawn.singular_values[0], k, model.spec.features),
    )


def _directions(plane: TangentPlane, shape: tuple[int, ...]) -> Tensor:
    return plane.directions[0].reshape(-1, *shape).cpu()


def _log_magnification(singular_values: Tensor, k: int, features: int) -> float | None:
    """Σ log₁₀ of the singular values: their product leaves the range of floats. None when the smallest is rounding."""
    rounding = max(k, features) * torch.finfo(singular_values.dtype).eps * singular_values.max()
    if k > features or not (singular_values > rounding).all():
        return None
    return float(singular_values.double().log().sum()) / math.log(10)
