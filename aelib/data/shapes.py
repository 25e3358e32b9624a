"""Figures rendered from five known factors, in the manner of dSprites (Matthey et al. 2017).

Every combination of figure, size, angle, column and row occurs once, so that the factors are
independent by construction, which is what disentanglement metrics assume.
"""

import math

import torch
from torch import Tensor

from aelib.data.dataset import Dataset, split_at_random
from aelib.progress import Progress

SIDE = 32
CLASSES = ("rectangle", "ellipse", "triangle")
FACTORS = ("figure", "size", "angle", "column", "row")
SIZES = torch.linspace(4.0, 7.0, 4)  # pixels from the centre to a corner or along the long axis
ANGLES = torch.arange(8) * (math.pi / 8)  # half a turn brings a rectangle and an ellipse back onto themselves
CENTRES = torch.linspace(9.0, 22.0, 8)  # pixels; the largest figure stays inside the picture
HELD_OUT = 1000


def _distance(figure: int, u: Tensor, v: Tensor) -> Tensor:
    """Signed distance-like field of a figure of radius 1 at (u, v): negative inside."""
    if figure == 0:  # a rectangle, so that a turn by 90° shows
        return torch.maximum(u.abs() / 0.8, v.abs() / 0.55) - 1
    if figure == 1:
        return torch.sqrt(u.square() + (v / 0.5).square()) - 1
    corners = [math.pi / 2 + k * 2 * math.pi / 3 for k in range(3)]
    edges = [-2 * (u * math.cos(a) + v * math.sin(a)) for a in corners]
    stretched = torch.stack([edges[0], edges[1] * 1.1, edges[2] * 1.1])  # not equilateral: every angle differs
    return stretched.amax(0) - 1


def render(figure: int, size: Tensor, angle: Tensor, column: Tensor, row: Tensor) -> Tensor:
    """Pictures (n, 1, 32, 32) in [0, 1] with soft edges one pixel wide; factors are vectors of length n."""
    axis = torch.arange(SIDE, dtype=torch.float32)
    dx = axis[None, None, :] - column[:, None, None]
    dy = axis[None, :, None] - row[:, None, None]
    cos, sin = torch.cos(angle)[:, None, None], torch.sin(angle)[:, None, None]
    size = size[:, None, None]
    field = _distance(figure, (cos * dx + sin * dy) / size, (cos * dy - sin * dx) / size)
    return (0.5 - field * size * 0.7).clamp(0, 1).unsqueeze(1)


def load(progress: Progress) -> Dataset:
    """5,144 training and 1,000 held-out images; ``y`` is the figure, ``factors`` the index of each factor."""
    images, causes = [], []
    grid = torch.cartesian_prod(*(torch.arange(n) for n in (len(SIZES), len(ANGLES), len(CENTRES), len(CENTRES))))
    for figure in range(len(CLASSES)):
        s, a, c, r = grid.unbind(1)
        images.append(render(figure, SIZES[s], ANGLES[a], CENTRES[c], CENTRES[r]))
        causes.append(torch.cat([torch.full((len(grid), 1), figure), grid], dim=1))
    factors = torch.cat(causes)
    train, test = split_at_random(torch.cat(images), factors[:, 0].clone(), HELD_OUT, factors)
    return Dataset("shapes", train, test, classes=CLASSES, factors=FACTORS)
