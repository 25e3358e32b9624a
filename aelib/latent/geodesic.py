"""The shortest path between two codes, as long as the pictures along it change.

A straight line of codes may lead through pictures that no example is like. Under the metric that the
decoder pulls back, the shortest path bends around such places (Shao et al. 2018, "The Riemannian geometry of deep
generative models"; Chen et al. 2018, "Metrics for deep generative models"). Arvanitidis et al. 2018 ("Latent space
oddity") show that the mean of a decoder alone can be short far from the data, and add the growth of its
variance; here the graph of codes keeps the first guess near them, and nothing else does.
"""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize
from torch import Tensor

from aelib.errors import ConfigError, DataError
from aelib.geometry.rows import Map, apply, check_rows
from aelib.latent.graph import choose_codes, graph_path
from aelib.latent.images import decoded_lengths, images
from aelib.latent.paths import linear
from aelib.progress import Progress, silent

#: Pieces that every segment of a path is cut into to measure it, and fewer to move it.
FINE, COARSE = 16, 4
#: Share of its length that a straight line may be longer than another path: what cutting into pieces leaves open.
TOLERANCE = 1e-4
#: Share of its energy that a path must still lose in an iteration.
SETTLED = 1e-7


class Geodesic(NamedTuple):
    """``points``: (count, k), evenly spaced by decoded length; or the straight line, evenly spaced by code, where
    nothing shorter was found. ``length`` of the decoded path, and of the decoded ``straight`` line, in units of output.
    """

    points: Tensor
    length: float
    straight: float


def geodesic(
    g: Map,
    codes: Tensor,
    a: Tensor,
    b: Tensor,
    count: int = 33,
    neighbours: int = 10,
    limit: int = 2000,
    seed: int = 0,
    steps: int = 200,
    progress: Progress = silent,
) -> Geodesic:
    """A path of ``count`` points from ``a`` to ``b``, both (k,), that is short under the metric of ``g``.

    The shortest way over a graph of at most ``limit`` of the ``codes`` (n, k), of which ``seed`` draws some,
    and of the straight line (`aelib.latent.graph`) is made even, and then relaxed: at most ``steps`` iterations of
    L-BFGS lower the energy Σ ‖g(z_{i+1}) − g(z_i)‖² of its points with the ends fixed, which of all curves is lowest
    for a geodesic at constant speed. Lengths are sums of chords over (count − 1) · `FINE` pieces. The shortest of the
    straight line, the way and the relaxed way is returned, so that ``length`` ≤ ``straight``; the true distance
    may be less, as what is found is a local minimum and between its points straight.

    Rows 0 and −1 are ``a`` and ``b`` bit for bit. Raises `ConfigError` for less than 2 points, 1 neighbour, 0 codes or
    0 steps, and `DataError` when shapes do not fit or codes or their images are not finite.
    """
    straight = linear(a, b, count)
    _check(codes, a, neighbours, limit, steps)
    progress(0.0, "Measuring the straight line")
    straight_length = _length(g, straight)
    progress(0.1, "Searching the graph of codes")
    way = graph_path(g, choose_codes(codes, a, b, limit, seed), straight, neighbours)
    way = _even(g, way, count)
    progress(0.5, "Relaxing the path")
    candidates = [(path, _length(g, path)) for path in (way, _even(g, _relax(g, way, steps), count))]
    points, length = min(candidates, key=lambda found: found[1])
    progress(1.0, "Done")
    if length >= straight_length * (1 - TOLERANCE):
        return Geodesic(straight, straight_length, straight_length)
    return Geodesic(points, length, straight_length)


def _check(codes: Tensor, a: Tensor, neighbours: int, limit: int, steps: int) -> None:
    for value, least, called in (
        (neighbours, 1, "neighbour of each code"),
        (limit, 0, "codes in the graph"),
        (steps, 0, "steps of relaxation"),
    ):
        if value < least:
            raise ConfigError(f"A geodesic needs at least {least} {called} (got {value}).")
    check_rows(codes)
    if codes.shape[1] != len(a) or codes.dtype != a.dtype or not codes.isfinite().all():
        raise DataError(
            f"A geodesic between codes of {len(a)} units in {a.dtype} needs finite codes of that kind (got "
            f"{tuple(codes.shape)}, {codes.dtype})."
        )


def _length(g: Map, path: Tensor) -> float:
    return float(decoded_lengths(g, path[:-1], path[1:], FINE).sum())


def _subdivide(path: Tensor, pieces: int) -> Tensor:
    """Each segment of a path (m, k) in equal pieces, ((m − 1) · pieces + 1, k); differentiable."""
    t = torch.arange(pieces, dtype=path.dtype).unsqueeze(1) / pieces
    inner = torch.lerp(path[:-1].unsqueeze(1), path[1:].unsqueeze(1), t)
    return torch.cat([inner.flatten(0, 1), path[-1:]])


def _even(g: Map, path: Tensor, count: int) -> Tensor:
    """``count`` points on a polyline (m, k), as far from one another as its image is long between them."""
    fine = _subdivide(path, FINE)
    steps = images(g, fine).double().diff(dim=0).norm(dim=1)
    way = torch.cat([steps.new_zeros(1), steps.cumsum(0)])
    place = torch.linspace(0, 1, count, dtype=torch.float64)[1:-1] * way[-1]
    after = torch.searchsorted(way, place).clamp(1, len(way) - 1)
    share = (place - way[after - 1]) / steps[after - 1].clamp_min(torch.finfo(torch.float64).tiny)
    inner = torch.lerp(fine[after - 1], fine[after], share.clamp(0, 1).to(path.dtype).unsqueeze(1))
    return torch.cat([path[:1], inner, path[-1:]])


def _relax(g: Map, path: Tensor, steps: int) -> Tensor:
    """The path (m, k) after ``steps`` iterations towards the lowest energy."""
    before = float(images(g, _subdivide(path, COARSE)).diff(dim=0).square().sum())
    if len(path) == 2 or not steps or not before:
        return path
    inner, smooth = path[1:-1], _smoothing(len(path) - 2)

    def moved(move: Tensor) -> Tensor:
        return torch.cat([path[:1], inner + (smooth @ move).to(inner), path[-1:]])

    def energy(numbers: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """As a share of what it was, and its gradient."""
        move = torch.from_numpy(numbers).reshape(inner.shape).requires_grad_()
        share = apply(g, _subdivide(moved(move), COARSE)).diff(dim=0).square().sum() / before
        # Of the move alone: the gradients of the model's weights are not to be touched.
        (slope,) = torch.autograd.grad(share, move)
        return share.item(), slope.numpy().ravel()

    # SciPy's rather than torch's: making the first optimiser of torch takes a second or two of imports.
    options = {"maxiter": steps, "maxcor": 20, "ftol": SETTLED}
    found = minimize(energy, np.zeros(inner.numel()), jac=True, method="L-BFGS-B", options=options)
    return moved(torch.from_numpy(found.x).reshape(inner.shape))


def _smoothing(count: int) -> Tensor:
    """L^(−½) of the chain of ``count`` points between fixed ends, whose energy is z·Lz, float64 (count, count).

    In moves of the form L^(−½) w, long chains relax in as few iterations as short ones.
    """
    chain = 2 * torch.eye(count, dtype=torch.float64)
    chain.diagonal(1).fill_(-1)
    chain.diagonal(-1).fill_(-1)
    values, vectors = torch.linalg.eigh(chain)
    root: Tensor = vectors / values.sqrt() @ vectors.T
    return root
