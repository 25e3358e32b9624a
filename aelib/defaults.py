"""Settings that follow the data: how a network begins on examples of some shape and range, and why."""

import math
from collections.abc import Sequence
from typing import Any

from aelib.likelihood import LikelihoodName
from aelib.networks import MLP, Conv, default_channels
from aelib.networks.conv import SMALL
from aelib.objectives.variant import Variant

#: Units of a code that is its own map, and of one that has more to hold: pictures in colour or larger than `SMALL`.
MAP_UNITS, MANY_UNITS = 2, 16
#: Within a sentence.
ERRORS: dict[LikelihoodName, str] = {
    "squared_error": "squared error",
    "cross_entropy": "cross-entropy",
    "kl_divergence": "KL divergence",
    "gaussian": "Gaussian likelihood",
}


def network_defaults(shape: Sequence[int], unit_range: bool, entry: Variant) -> dict[str, Any]:
    """The settings with which a variant's network begins, of whatever kind it is.

    ``shape``: of one example; three numbers are a picture (channels, height, width). ``unit_range``: whether all values
    lie in [0, 1]; then the output is the sigmoid, else it is linear. Vectors have tanh between layers. Convolutions
    have `aelib.networks.default_channels`. What the variant wants goes before all of it.
    """
    found: dict[str, Any] = {} if unit_range else {"output": "identity"}
    found |= {"channels": default_channels(shape)} if len(shape) == 3 else {"activation": "tanh"}
    return found | {"latent": default_latent(shape, entry), **entry.network}


def default_latent(shape: Sequence[int], entry: Variant) -> int:
    """Units of a variant's code for examples of that shape.

    A variant that takes two units, which make the map, takes one for examples of two numbers, which two would copy,
    and `MANY_UNITS` for pictures in colour or of more than 32 pixels a side.
    """
    features = math.prod(shape)
    units = entry.latent(features)
    if units != MAP_UNITS:
        return units
    return MANY_UNITS if _has_much(shape) else min(MAP_UNITS, max(1, features - 1))


def default_likelihood(shape: Sequence[int], unit_range: bool, network: MLP | Conv) -> LikelihoodName | None:
    """The reconstruction error to begin with; None for that of the variant.

    Vectors and values of any range have the squared error. A convolutional network on pictures in [0, 1] has
    cross-entropy: the gradient of the squared error dies on its way to a black picture.
    """
    if len(shape) != 3 or not unit_range:
        return "squared_error"
    return "cross_entropy" if network.kind == "conv" and network.output == "sigmoid" else None


def why_defaults(shape: Sequence[int], unit_range: bool, network: MLP | Conv, likelihood: LikelihoodName) -> str:
    """One line for people: what these settings are on such examples, and why they begin so.

    What somebody has set otherwise is told without a reason.
    """
    if network.output == "sigmoid":
        output = "Values lie in [0, 1], so the output is a sigmoid" if unit_range else "The output is a sigmoid"
    else:
        output = "The output is linear" if unit_range else "Values have any range, so the output is linear"
    parts = [f"{output} and the error is the {ERRORS[likelihood]}"]
    if isinstance(network, Conv):
        (height, width), (rows, columns) = network.sizes[0], network.sizes[-1]
        count = len(network.channels)
        halvings = "1 halving takes" if count == 1 else f"{count} halvings take"
        parts.append(f"{halvings} {height} × {width} pixels to {rows} × {columns}")
    if network.latent == MAP_UNITS:
        parts.append("a code of 2 units is its own map")
    elif network.latent == MANY_UNITS and _has_much(shape):
        what = "colour" if len(shape) == 3 and shape[0] > 1 else "large pictures"
        parts.append(f"{MANY_UNITS} units hold what two cannot of {what}")
    return "; ".join(parts) + "."


def _has_much(shape: Sequence[int]) -> bool:
    """Whether examples are pictures in colour or of more than `SMALL` pixels a side."""
    return len(shape) == 3 and (shape[0] > 1 or max(shape[1:]) > SMALL)
