"""How much a map shrinks neighbourhoods, as a function of their size (Rifai et al. 2011)."""

import torch
import torch.nn.functional as F
from torch import Tensor

from aelib.errors import ConfigError, DataError
from aelib.geometry.rows import CHUNK, Map, apply, check_draws, check_rows
from aelib.randomness import normal_like


@torch.no_grad()
def contraction_ratio(f: Map, x: Tensor, radii: Tensor, random: torch.Generator, draws: int = 8) -> Tensor:
    """Mean of ‖f(x + rε) − f(x)‖ / r for each radius r of ``radii``, shape (m,) ↦ (m,).

    ε is uniform on the unit sphere, ``draws`` times for each row of ``x`` (n, a): points at distance r
    in the input space against their distance in the code (Rifai et al. 2011, section 5.3). Below 1
    the map contracts; an isometry has 1 at every radius. All radii see the same directions, so that the
    curve bends only where the map does. ``random`` must be on the device of ``x``.

    In float32 a radius below about 1e-3 of the size of x measures rounding instead.
    Raises `ConfigError` for less than one draw or a radius that is not a positive number, and
    `DataError` when ``x`` is empty or not (n, a), or f(x) not (n, b).
    """
    check_rows(x)
    check_draws(draws)
    if len(x) == 0:
        raise DataError(f"A contraction ratio is a mean over examples, and there are none (got {tuple(x.shape)}).")
    if radii.ndim != 1 or not (radii.isfinite() & (radii > 0)).all():
        raise ConfigError(f"Radii must be a vector of positive numbers (got {_shown(radii)}).")
    radii = radii.to(x)
    total = torch.zeros_like(radii)
    for rows in x.split(CHUNK):
        centre = apply(f, rows)
        for _ in range(draws):
            direction = F.normalize(normal_like(rows, random))
            moved = [(f(rows + r * direction) - centre).norm(dim=1).sum() for r in radii]
            total += torch.stack(moved) / radii
    return total / (draws * len(x))


def _shown(radii: Tensor) -> str:
    return f"shape {tuple(radii.shape)}" if radii.ndim != 1 else f"{radii.tolist()!s:.80}"
