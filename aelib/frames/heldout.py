"""`HeldOut`: the held-out examples that are shown of a run, and how they are shown."""

import numpy as np
import torch
from torch import Tensor

from aelib.data import Dataset
from aelib.experiment import Experiment

#: Examples whose reconstructions are shown, at most.
STRIP = 10
#: Largest finite float16.
FLOAT16_MAX = 65504.0


class HeldOut:
    """The first ``count`` held-out examples ``x`` with their labels ``y``, and a ``strip`` of them: of each class one.

    ``strip_labels``: where the decoder is told them. ``low``, ``high``: values of what is shown black and white.
    """

    def __init__(self, data: Dataset, experiment: Experiment, count: int, strip: int = STRIP) -> None:
        self.x, self.y = data.test.x[:count], data.test.y[:count]
        self.classes, self.shape, self.is_image = data.classes, data.shape, data.is_image
        self.low, self.high = (0.0, 1.0) if data.is_unit_range else (float(self.x.min()), float(self.x.max()))
        chosen = _one_of_each(self.y, bool(data.classes), strip)
        self.strip = self.x[chosen]
        self.strip_labels = self.y[chosen] if experiment.objective.conditional else None

    @property
    def labels(self) -> np.ndarray:
        """Of the examples, as they travel: class indices as int16, positions as float32."""
        found: np.ndarray = self.y.numpy().astype(np.int16 if self.classes else np.float32)
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


def _one_of_each(y: Tensor, is_class: bool, strip: int) -> Tensor:
    """Indices of the strip: the first example of each class, filled up; or evenly spaced over y."""
    count = min(strip, len(y))
    if not is_class:
        return y.argsort()[torch.linspace(0, len(y) - 1, count).long()]
    values = y.unique()
    by_class = [(y == value).nonzero().flatten() for value in values]
    turns = [int(members[turn]) for turn in range(count) for members in by_class if turn < len(members)]
    return torch.tensor(turns[:count])
