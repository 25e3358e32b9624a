"""Maps of a code of two units: how much the decoder magnifies everywhere, and how far it is from one code to all."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from aelib.errors import ConfigError
from aelib.geometry import magnification
from aelib.geometry.rows import Map
from aelib.latent.images import CHUNK, decoded_lengths, images

#: Steps (down, right) from a point to its neighbours, a king's and a knight's, in the order of their angle.
RING = (
    (0, 1), (1, 2), (1, 1), (2, 1), (1, 0), (2, -1), (1, -1), (1, -2),
    (0, -1), (-1, -2), (-1, -1), (-2, -1), (-1, 0), (-2, 1), (-1, 1), (-1, 2),
)  # fmt: skip
#: Steps of the grid around a centre within which points are reached on a straight line of codes, and its pieces.
NEAR, PIECES = 6, 12
#: Share of itself by which a distance must get shorter to be a change.
SETTLED = 1e-6


@torch.no_grad()
def magnification_field(g: Map, low: Sequence[float], high: Sequence[float], shape: tuple[int, int]) -> Tensor:
    """log₁₀ √det JᵀJ of a decoder g: (n, 2) ↦ (n, d) on a grid of ``shape`` (ny, nx), the same shape.

    √det JᵀJ is the area of output that a unit area of code makes (`aelib.geometry.magnification`); −∞ where
    g folds. Row i, column j is the code (low₀ + j (high₀ − low₀) / (nx − 1), low₁ + i (high₁ − low₁) / (ny − 1)).
    Raises `ConfigError` unless the grid spans two units with at least 2 points each, and `DataError` when
    g(z) is not (n, d) or a derivative not finite.
    """
    return magnification(g, _plane(low, high, shape)).cpu().log10().reshape(shape)


def geodesic_ball(
    g: Map, centre: Tensor, low: Sequence[float], high: Sequence[float], shape: tuple[int, int]
) -> Tensor:
    """Distances under the metric of a decoder g: (n, 2) ↦ (n, d) from ``centre`` (2,) to a grid, float64 (ny, nx).

    Grid and errors as for `magnification_field`; the centre lies anywhere within it. Level lines are geodesic
    circles.

    Around each point lie 16 triangles with two of its neighbours. Distances are linear on the side of a triangle
    that is opposite to the point, the triangle is flat with the images of its sides, in two chords each, for sides
    (as in Kimmel & Sethian 1998, "Computing geodesic paths on manifolds"), and each point is as far as the nearest
    way through one of them; sweeps are repeated until nothing changes (Bornemann & Rasch 2006), some 30 times, but
    as often as there are points at most: far from all codes, where a decoder hardly changes, distances would go on
    shrinking for minutes. What is left then is too long: for two pretrained models at most 0.2 % on 49 × 49 points
    from −100 to 100, but up to 31 % (2.5 % on average) on up to 17 × 17 points from −10⁴ to 10⁴ or −10⁶ to 10⁶.
    Dijkstra's algorithm on the same neighbours would keep to 16 directions, which in a plane without distortion is
    up to 2.8 % too long however fine the grid, and ten times that where one axis is stretched fivefold. On 64 × 64
    points a linear decoder has at most 0.4 % of error here, and 4 % when one axis is stretched fivefold (0.1 and
    0.4 % on average). A curved one adds the square of the step, as chords are short: for the pretrained model of
    MNIST on 65 × 65 points from −3 to 3 it is 1 % on average.
    """
    z = _plane(low, high, shape)
    near = _near(centre, low, high, shape)
    point, first, second = _triangles(shape)
    edges = torch.stack([torch.cat([point, point, first]), torch.cat([first, second, second])])
    halves = images(g, _plane(low, high, (2 * shape[0] - 1, 2 * shape[1] - 1)))
    to_first, to_second, side = _squared_lengths(halves, edges, shape).chunk(3)
    # The way from the point to first + t (second − first): its square is to_first + 2 t slope + t² side.
    side = side.clamp_min(torch.finfo(side.dtype).tiny)
    slope = (to_second - to_first - side) / 2
    height = (to_first - slope.square() / side).clamp_min(0).sqrt()
    distance = to_first.sqrt().sum().repeat(len(z))  # longer than any way
    distance[near] = decoded_lengths(g, centre.to(z).expand(len(near), 2), z[near], PIECES)
    changed = torch.ones(len(z), dtype=torch.bool)
    for _ in range(len(z)):
        some = (changed[first] | changed[second]).nonzero().squeeze(1)
        if not len(some):
            break
        i, j, base, to, lean = first[some], second[some], side[some], to_first[some], slope[some]
        # Where the derivative in t of distance and way is 0; at an end of the side where it is nowhere.
        fall = ((distance[i] - distance[j]) / base.sqrt()).clamp(-1, 1)
        foot = height[some] * fall / (1 - fall.square()).sqrt().clamp_min(1e-12)
        t = (foot / base.sqrt() - lean / base).clamp(0, 1)
        way = (to + 2 * t * lean + t.square() * base).clamp_min(0).sqrt()
        nearer = distance.scatter_reduce(0, point[some], torch.lerp(distance[i], distance[j], t) + way, "amin")
        changed = distance - nearer > SETTLED * nearer
        distance = nearer
    return distance.reshape(shape)


def _plane(low: Sequence[float], high: Sequence[float], shape: tuple[int, int]) -> Tensor:
    """The points of a grid, row by row, (ny · nx, 2) float32."""
    if len(low) != 2 or len(high) != 2 or len(shape) != 2:
        raise ConfigError(
            f"A map is of a code of 2 units, between two corners (got {len(low)} and {len(high)} numbers and a grid of "
            f"{len(shape)} axes)."
        )
    finite = all(math.isfinite(v) for v in (*low, *high))
    if min(shape) < 2 or not finite or not (low[0] < high[0] and low[1] < high[1]):
        raise ConfigError(
            f"A map goes from a lower to a higher corner in 2 × 2 points or more (got {tuple(low)} to {tuple(high)} in "
            f"{shape[0]} × {shape[1]})."
        )
    y = torch.linspace(low[1], high[1], shape[0])
    x = torch.linspace(low[0], high[0], shape[1])
    rows, columns = torch.meshgrid(y, x, indexing="ij")
    return torch.stack([columns.flatten(), rows.flatten()], dim=1)


def _triangles(shape: tuple[int, int]) -> tuple[Tensor, Tensor, Tensor]:
    """Numbers of the points of a grid, each with two neighbours next to one another in the ring, (triangles,) each."""
    ny, nx = shape
    row, column = torch.meshgrid(torch.arange(ny), torch.arange(nx), indexing="ij")
    number, inside = [], []
    for down, right in RING:
        y, x = row + down, column + right
        number.append(y * nx + x)
        inside.append((y >= 0) & (y < ny) & (x >= 0) & (x < nx))
    first, here = torch.stack(number), torch.stack(inside)
    both = here & here.roll(-1, 0)
    point = (row * nx + column).expand_as(first)
    return point[both], first[both], first.roll(-1, 0)[both]


def _squared_lengths(halves: Tensor, edges: Tensor, shape: tuple[int, int]) -> Tensor:
    """Of the images of edges (2, n) of the grid, each in two chords, given those of a grid of half its step."""
    ny, nx = shape
    low, high = edges.sort(dim=0).values
    different, which = (low * ny * nx + high).unique(return_inverse=True)
    found = []
    for some in different.split(CHUNK):
        i, j = (2 * (end // nx) * (2 * nx - 1) + 2 * (end % nx) for end in (some // (ny * nx), some % (ny * nx)))
        start, middle, end = (halves[k].double() for k in (i, (i + j) // 2, j))
        found.append((middle - start).norm(dim=1) + (end - middle).norm(dim=1))
    squares: Tensor = torch.cat(found)[which].square()
    return squares


def _near(centre: Tensor, low: Sequence[float], high: Sequence[float], shape: tuple[int, int]) -> Tensor:
    """The points of the grid within `NEAR` steps of the centre on both axes."""
    z = centre.flatten().tolist()
    if len(z) != 2 or not all(low[i] <= z[i] <= high[i] for i in range(2)):
        raise ConfigError(f"The centre lies within the map from {tuple(low)} to {tuple(high)} (got {z!s:.60}).")
    rows, columns = (
        (torch.arange(n) - (z[i] - low[i]) / (high[i] - low[i]) * (n - 1)).abs() <= NEAR
        for i, n in ((1, shape[0]), (0, shape[1]))
    )
    found: Tensor = (rows.unsqueeze(1) & columns).flatten().nonzero().squeeze(1)
    return found
