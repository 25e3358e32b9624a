"""`SweepProbe`: what the frames of a stacked sweep show of all its cells.

    scene  what does not change: what is swept, labels and pictures of the probes
    frame  one moment of all K cells: losses, trade, codes of the probes, reconstructions of the strip

Codes travel as float16: of each cell the two units of greatest variance. A figure that is no finite number is null.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from aelib.data import Dataset, Split
from aelib.frames.heldout import MIN_PROBES, SMALL_SIDE, STRIP, HeldOut, to_half
from aelib.frames.message import pack
from aelib.frames.probe import MAX_PROBES
from aelib.metrics.likelihood import active_units
from aelib.networks import MLP
from aelib.pixels import small_shape
from aelib.registry import get_variant
from aelib.sweep import StackedTraining, SweepSpec

#: All codes of a frame fit into this, unless there are so many cells that it is too few, and all strips into that.
CODE_BYTES, STRIP_BYTES = 128 << 10, 64 << 10
#: Products when all cells encode the examples: with more of them a frame would be dear, and frames rare.
PRODUCTS = 1_500_000_000


class SweepProbe(HeldOut):
    """The held-out examples that every frame of a sweep shows of each cell."""

    def __init__(self, data: Dataset, sweep: SweepSpec) -> None:
        cells, network = len(sweep.values), sweep.base.network
        assert isinstance(network, MLP)  # no other can be stacked
        affordable = min(CODE_BYTES // (4 * cells), PRODUCTS // (cells * network.weights))
        count = min(MAX_PROBES, max(MIN_PROBES, affordable))
        strip = min(STRIP, max(1, STRIP_BYTES // (cells * math.prod(small_shape(network.shape, SMALL_SIDE)))))
        super().__init__(data, sweep.base, count, strip)

    def scene(self, sweep: SweepSpec, device: str, training: StackedTraining) -> bytes:
        """The first message of a sweep."""
        base, knob = sweep.base, sweep.described
        variant, trade = get_variant(base.variant), base.objective.trade
        meta = {
            "sweep": {
                "knob": sweep.knob,
                "label": knob.label if knob else "Seed",
                "symbol": knob.symbol if knob else "seed",
                "scale": knob.scale if knob else "linear",
                "values": sweep.values,
                "names": sweep.names,
            },
            "experiment": base.model_dump(mode="json"),
            "variant": {"title": variant.title, "formula": variant.formula, "sentence": variant.sentence},
            "dataset": base.info.title,
            "shape": self.shape,
            "small": self.small,
            "range": self.extremes,
            "latent": base.network.latent,
            **self.about,
            "device": device,
            "train_size": len(training.data.train),
            "steps_per_epoch": training.steps_per_epoch,
            "trade": trade and trade.described,
        }
        pictures = {"images": self.x, "strip": self.to_small(self.strip)}
        shown = {name: self.to_bytes(x) for name, x in pictures.items()}
        return pack("sweep", meta, {**self.known, **shown})

    @torch.no_grad()
    def frame(self, training: StackedTraining, window: Sequence[Mapping[str, Tensor]], meta: dict[str, Any]) -> bytes:
        """One frame. ``window``: the terms of the steps since the last one. ``meta``: what it says besides."""
        found = training.evaluate(Split(self.x, self.y))
        codes = found.codes.nan_to_num()
        units = _widest(codes)
        pictures = training.model.reconstruct(self.strip, self.strip_labels).nan_to_num()
        meta = {
            "step": training.step,
            "epoch": training.epoch,
            "steps": training.steps,
            **meta,
            "train": {name: numbers(value) for name, value in mean_of(window).items()},
            "test": {name: numbers(value) for name, value in found.figures.items()},
            "trade": None if found.trade is None else numbers(found.trade),
            "in_use": None if found.unit_kl is None else [_in_use(kl) for kl in found.unit_kl],
            "diverged": training.diverged.tolist(),
            "units": units.tolist(),
        }
        shown = codes.gather(-1, units[:, None, :].expand(-1, codes.shape[1], -1))
        strip = self.to_bytes(self.to_small(pictures.flatten(0, 1))).reshape(len(training.model), len(self.strip), -1)
        return pack("sweepframe", meta, {"codes": to_half(shown), "strip": strip})


def numbers(values: Tensor) -> list[float | None]:
    """(K,) as JSON has it: null for what is no finite number."""
    return [value if np.isfinite(value) else None for value in values.tolist()]


def mean_of(steps: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """Mean of each loss term (K,) over some steps."""
    return {name: torch.stack([terms[name] for terms in steps]).mean(0) for name in steps[0]} if steps else {}


def _in_use(unit_kl: Tensor) -> int | None:
    """Units of one cell that carry something, of their mean KL (latent,); None where that is no finite number."""
    return int(active_units(unit_kl).sum()) if unit_kl.isfinite().all() else None


def _widest(codes: Tensor) -> Tensor:
    """(K, n, latent) ↦ (K, 2): the two units of greatest variance of each cell; all units where there are no more."""
    cells, _, latent = codes.shape
    if latent <= 2:
        return torch.arange(latent, device=codes.device).expand(cells, -1)
    return codes.var(1, correction=0).argsort(dim=-1, descending=True, stable=True)[:, :2]
