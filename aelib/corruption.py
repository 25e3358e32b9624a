"""Corruption processes C(x̃ | x) of denoising autoencoders (Vincent et al. 2010, section 3.3).

The level is a tensor, so that it can change between two steps: 0-d, or of a shape that broadcasts with x. None of
them rescales what it keeps: a masked image is not made brighter (unlike dropout). ``extremes`` are the least and the
greatest value of the data.
"""

from collections.abc import Callable
from typing import Literal, NamedTuple

import torch
from torch import Tensor

from aelib.randomness import Random, normal_like, uniform_like

CorruptionName = Literal["masking", "gaussian", "salt_and_pepper"]
Extremes = tuple[float, float]

#: Of pictures.
UNIT: Extremes = (0.0, 1.0)


class Corrupted(NamedTuple):
    """``x``: what the encoder sees. ``hit``: which entries were corrupted, or None where that is all or none."""

    x: Tensor
    hit: Tensor | None = None


def masking(x: Tensor, level: Tensor, random: Random, extremes: Extremes = UNIT) -> Corrupted:
    """Each entry is set to 0 with probability ``level``, whatever the extremes: it is kept where a Bernoulli(1 − level)
    variable is 1."""
    hit = uniform_like(x, random) < level
    return Corrupted(torch.where(hit, 0.0, x), hit)


def gaussian(x: Tensor, level: Tensor, random: Random, extremes: Extremes = UNIT) -> Corrupted:
    """x + level · ε with ε ~ N(0, I): the level is the standard deviation, in units of the data; nothing is cut."""
    return Corrupted(x + level * normal_like(x, random))


def salt_and_pepper(x: Tensor, level: Tensor, random: Random, extremes: Extremes = UNIT) -> Corrupted:
    """Each entry is replaced with probability ``level``: by one of the extremes, with equal chance."""
    least, greatest = extremes
    u = uniform_like(x, random)
    hit = u < level
    return Corrupted(torch.where(u < level / 2, least, torch.where(hit, greatest, x)), hit)


CORRUPTIONS: dict[CorruptionName, Callable[[Tensor, Tensor, Random, Extremes], Corrupted]] = {
    "masking": masking,
    "gaussian": gaussian,
    "salt_and_pepper": salt_and_pepper,
}
