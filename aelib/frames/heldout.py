"""`HeldOut`: the held-out examples that are shown of a run, and how they are shown."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from aelib.data import Dataset, Split
from aelib.experiment import Experiment

#: Examples whose reconstructions are shown, at most.
STRIP = 10
#: Largest finite float16.
FLOAT16_MAX = 65504.0


class HeldOut:
    """The first ``count`` held-out examples ``x`` with their labels ``y`` (None: none), and a ``strip`` of them: one of
    each class.

    ``strip_labels``: where the decoder is told them. ``low``, ``high``: values of what is shown black and white.
    """

    def __init__(self, data: Dataset, experiment: Experiment, count: int, strip: int = STRIP) -> None:
        shown = data.test.take(slice(count))
        self.x, self.y = shown.x, shown.y
        self.classes, self.shape, self.is_image = data.classes, data.shape, data.is_image
        self.low, self.high = (0.0, 1.0) if data.is_unit_range else (float(self.x.min()), float(self.x.max()))
        chosen = shown.take(_representatives(shown, bool(data.classes), strip))
        self.strip = chosen.x
        self.strip_labels = chosen.labels if experiment.objective.conditional else None

    @property
    def labels(self) -> np.ndarray:
        """Of the examples, as they travel."""
        found: np.ndarray = sent_labels(self.y, len(self.x), self.classes).numpy()
        return found

    def to_bytes(self, x: Tensor) -> np.ndarray:
        """Values over [low, high] as 0…255, one row an example."""
        share = (x.flatten(1) - self.low) / (self.high - self.low)
        array: np.ndarray = (share.clamp(0, 1) * 255 + 0.5).to(torch.uint8).cpu().numpy()
        return array


def to_half(codes: Tensor) -> np.ndarray:
    """Codes as float16, those beyond its range at its ends."""
    found: np.ndarray = codes.clamp(-FLOAT16_MAX, FLOAT16_MAX).to(torch.float16).cpu().numpy()
    return found


def sent_labels(y: Tensor | None, count: int, classes: Sequence[str]) -> Tensor:
    """Labels of ``count`` examples as they travel: class indices as int16, positions as float32, which are all 0 where
    nothing is known of the examples."""
    return torch.zeros(count) if y is None else y.to(torch.int16 if classes else torch.float32)


def _representatives(examples: Split, is_class: bool, strip: int) -> Tensor:
    """Indices of the strip: the first example of each class, filled up; or evenly spaced over y; or the first ones."""
    y, count = examples.y, min(strip, len(examples))
    if y is None:
        return torch.arange(count)
    if not is_class:
        return y.argsort()[torch.linspace(0, len(y) - 1, count).long()]
    values = y.unique()
    by_class = [(y == value).nonzero().flatten() for value in values]
    turns = [int(members[turn]) for turn in range(count) for members in by_class if turn < len(members)]
    return torch.tensor(turns[:count])
