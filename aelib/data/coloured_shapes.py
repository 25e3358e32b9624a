"""The figures of `aelib.data.shapes` in colour, rendered from six known factors.

Every combination of figure, hue, size, angle, column and row occurs once, in the manner of 3D Shapes (Burgess & Kim
2018), so that the factors are independent by construction.
"""

import colorsys
import math

import torch

from aelib.data.dataset import Dataset, split_at_random
from aelib.data.shapes import CLASSES, SIDE, render
from aelib.progress import Progress

FACTORS = ("figure", "hue", "size", "angle", "column", "row")
#: Around the colour wheel, beginning with red; full value, and not so saturated that a channel is empty.
HUES = torch.tensor([colorsys.hsv_to_rgb(k / 8, 0.85, 1.0) for k in range(8)])
SIZES = torch.linspace(4.0, 7.0, 3)  # in pixels, as those of the shapes
ANGLES = torch.arange(4) * (math.pi / 4)
CENTRES = torch.linspace(9.0, 22.0, 5)
HELD_OUT = 1000


def load(progress: Progress) -> Dataset:
    """6,200 training and 1,000 held-out pictures on black; ``y`` is the figure, ``factors`` the indices of factors."""
    places = torch.cartesian_prod(*(torch.arange(len(n)) for n in (CLASSES, SIZES, ANGLES, CENTRES, CENTRES)))
    masks = []
    for figure in range(len(CLASSES)):
        size, angle, column, row = places[places[:, 0] == figure][:, 1:].unbind(1)
        masks.append(render(figure, SIZES[size], ANGLES[angle], CENTRES[column], CENTRES[row]))
    pictures = torch.cat(masks)[:, None] * HUES[None, :, :, None, None]  # (places, hues, 3, 32, 32)
    hues = torch.arange(len(HUES)).repeat(len(places))
    factors = places.repeat_interleave(len(HUES), 0)
    factors = torch.cat([factors[:, :1], hues[:, None], factors[:, 1:]], 1)
    levels = (pictures.reshape(-1, 3, SIDE, SIDE) * 255).round().byte()
    train, test = split_at_random(levels, factors[:, 0].clone(), HELD_OUT, factors)
    return Dataset("coloured_shapes", train, test, classes=CLASSES, factors=FACTORS)
