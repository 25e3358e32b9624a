"""Robustness to noise: how well the clean example is rebuilt from a corrupted one (Vincent et al. 2010)."""

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor

from aelib.autoencoder import Autoencoder
from aelib.corruption import CORRUPTIONS, UNIT, CorruptionName, Extremes
from aelib.errors import DataError
from aelib.metrics.arrays import flat
from aelib.metrics.reconstruction import squared_error
from aelib.objectives import Denoising
from aelib.objectives.base import CHUNK
from aelib.randomness import generator
from aelib.spec import knobs_of

#: (n, *shape) ↦ reconstructions of the same shape.
Rebuild = Callable[[Tensor], Tensor]

#: Noise levels of a curve: the range of the knob, in steps that show where a curve bends.
LEVELS = tuple(i / 10 for i in range(11))


def robustness(
    rebuilds: Mapping[str, Rebuild],
    x: Tensor,
    kind: CorruptionName,
    levels: Sequence[float] = LEVELS,
    seed: int = 0,
    extremes: Extremes = UNIT,
) -> dict[str, Tensor]:
    """1/n Σ_i ‖x_i − r(x̃_i)‖² of each map r of ``rebuilds`` at each level, float64 (levels,), by its name.

    ``x``: clean examples (n, *shape), the targets. x̃ ~ C_ν(x̃ | x) of `aelib.corruption` is drawn from ``seed``, once
    for all maps and with the same random numbers at every level, so that neither models nor levels differ by luck.
    ``extremes``: the least and the greatest value of the data.

    Raises `ConfigError` for a level out of the knob's range, `DataError` when a value is not finite or a
    reconstruction has another shape.
    """
    level_knob = knobs_of(Denoising)["level"]
    noise = [level_knob.check(level) for level in levels]
    flat(x, "examples")
    found: dict[str, list[float]] = {name: [] for name in rebuilds}
    for level in noise:
        random = generator(seed, f"robustness/{kind}", x.device)
        seen = CORRUPTIONS[kind](x, torch.tensor(level).to(x), random, extremes).x
        for name, rebuild in rebuilds.items():
            found[name].append(squared_error(x, rebuild(seen).detach()))
    return {name: torch.tensor(errors, dtype=torch.float64) for name, errors in found.items()}


def rebuild_with(model: Autoencoder, y: Tensor | None = None) -> Rebuild:
    """g(f(x)) of a model, a few examples at a time, on the CPU; a conditional decoder is told ``y`` (n,)."""
    told = y if model.objective.conditional else None

    @torch.no_grad()
    def rebuild(x: Tensor) -> Tensor:
        if told is not None and len(told) != len(x):
            raise DataError(f"There are {len(told)} labels for {len(x)} examples: give one for each.")
        labels = [None] * len(x.split(CHUNK)) if told is None else told.split(CHUNK)
        return torch.cat([model(rows, some).cpu() for rows, some in zip(x.split(CHUNK), labels, strict=True)])

    return rebuild
