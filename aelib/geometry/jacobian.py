"""The Jacobian of a map at each point, and its squared norm: exact, or estimated at the cost of one gradient."""

from collections.abc import Callable, Iterator
from typing import cast

import torch
from torch import Tensor
from torch.func import vjp, vmap

from aelib.geometry.rows import CHUNK, Map, apply, check_draws, check_rows


def jacobian(f: Map, x: Tensor) -> Tensor:
    """J_ij = ∂f_i/∂x_j at each row of ``x``: (n, a) ↦ (n, b, a), exact; differentiable.

    Costs about min(a, b) passes through ``f``: forward mode, one column at a time, when a < b (most
    decoders), reverse mode, one row at a time, otherwise (most encoders).
    Raises `DataError` when ``x`` is not (n, a) or f(x) not (n, b).
    """
    return torch.cat(list(jacobian_chunks(f, x)))


def squared_jacobian_norm(f: Map, x: Tensor) -> Tensor:
    """‖J‖²_F = Σ_ij (∂f_i/∂x_j)² at each row of ``x``, shape (n,), exact; differentiable.

    The contractive penalty (Rifai et al. 2011) of any encoder; cost and errors as for `jacobian`.
    """
    return torch.cat([j.square().sum((1, 2)) for j in jacobian_chunks(f, x)])


def hutchinson_norm(f: Map, x: Tensor, random: torch.Generator, draws: int = 1) -> Tensor:
    """Unbiased estimate of ‖J‖²_F at each row of ``x``, shape (n,): the mean of ‖vᵀJ‖² over ``draws`` of v.

    v has b independent signs ±1, so that E vvᵀ = I and E ‖vᵀJ‖² = tr JJᵀ = ‖J‖²_F (Hutchinson 1990). The
    variance of one draw is 2 Σ_{i≠j} (JJᵀ)²_ij: none when f's outputs have orthogonal gradients, or b = 1.
    Differentiable in f's parameters, so that it can be a penalty in training; each draw costs one
    gradient, whatever b is. ``random`` must be on the device of ``x``.
    Raises `ConfigError` for less than one draw, and `DataError` as `jacobian` does.
    """
    check_rows(x)
    check_draws(draws)
    y, pull = _pullback(lambda rows: apply(f, rows), x)
    total = x.new_zeros(len(x))
    for _ in range(draws):
        signs = 2 * torch.randint(2, y.shape, generator=random, device=y.device, dtype=y.dtype) - 1
        total = total + pull(signs).square().sum(1)
    return total / draws


def jacobian_chunks(f: Map, x: Tensor) -> Iterator[Tensor]:
    """The Jacobians of `jacobian`, at most `CHUNK` rows at a time, for those who keep less than all of them."""
    check_rows(x)
    for rows in x.split(CHUNK):
        yield _jacobian(f, rows)


def _jacobian(f: Map, x: Tensor) -> Tensor:
    # Rows do not mix, so one tangent (or cotangent) serves all rows at once.
    y, pull = _pullback(lambda rows: apply(f, rows), x)
    if x.shape[1] < y.shape[1]:
        # vᵀJ is linear in v, so its own vector-Jacobian product is Jt (Townsend 2017): forward mode made of two
        # reverse passes. torch.func.jvp is no faster here, and its first call warns of torch.jit's deprecation.
        _, push = _pullback(pull, torch.zeros_like(y))
        columns: Tensor = vmap(push)(_basis(x))
        return columns.permute(1, 2, 0)
    rows: Tensor = vmap(pull)(_basis(y))
    return rows.transpose(0, 1)


def _pullback(f: Map, x: Tensor) -> tuple[Tensor, Map]:
    """f(x), and the linear map v ↦ vᵀJ at each row of ``x``."""
    y, pull = cast(tuple[Tensor, Callable[[Tensor], tuple[Tensor]]], vjp(f, x))
    return y, lambda v: pull(v)[0]


def _basis(x: Tensor) -> Tensor:
    """The unit vectors of the space of ``x``, each for every row: (features, n, features)."""
    units = torch.eye(x.shape[1], dtype=x.dtype, device=x.device)
    return units.unsqueeze(1).expand(-1, len(x), -1)
