"""`HeldOut`: the held-out examples that are shown of a run, and how they are shown."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from aelib.data import Dataset, Split
from aelib.data.table.shown import shown_columns
from aelib.experiment import Experiment
from aelib.pixels import shrunk, small_shape, to_bytes

#: Examples whose reconstructions are shown, at most.
STRIP = 10
#: Pixels of a side of the pictures in frames, at most: larger ones are made smaller, so that frames stay small.
SMALL_SIDE = 32
#: Of all examples in a scene, at most; but `MIN_PROBES` of them are there.
PICTURE_BYTES, MIN_PROBES = 4 << 20, 200
#: Factors that a map can be coloured by, at most.
MAX_FACTORS = 32
#: Largest finite float16.
FLOAT16_MAX = 65504.0


class HeldOut:
    """The first ``count`` held-out examples ``x`` with their labels ``y`` (None: none), and a ``strip`` of them: one of
    each class.

    ``about``: what is known of the examples, as a scene says it. ``strip_labels``: where the decoder is told them.
    ``extremes``: values of what is shown black and white. ``small``: the shape of a picture in a frame. ``row``: the
    columns as which an example is shown (see `shown_columns`), None where it is a picture.
    """

    def __init__(self, data: Dataset, experiment: Experiment, count: int, strip: int = STRIP) -> None:
        room = max(MIN_PROBES, PICTURE_BYTES // experiment.network.features)
        shown = data.test.take(slice(min(count, room)))
        self.x, self.y = shown.x, shown.y
        self.factors = None if shown.factors is None else shown.factors[:, :MAX_FACTORS]
        self.about = {
            "classes": data.classes,
            "labelled": self.y is not None,
            "label": data.table.label if data.table else None,
            "factors": data.factors[:MAX_FACTORS],
            "factor_classes": data.factor_classes[:MAX_FACTORS],
        }
        self.classes, self.shape, self.is_image = data.classes, data.shape, data.is_image
        self.extremes, self.small = data.extremes, small_shape(data.shape, SMALL_SIDE)
        chosen = shown.take(_representatives(shown, bool(data.classes), strip))
        self.strip = chosen.x
        self.row = shown_columns(data.table, data.shape)
        self.strip_names = _names(chosen, data.classes)
        self.strip_labels = chosen.labels if experiment.objective.conditional else None

    @property
    def known(self) -> dict[str, np.ndarray]:
        """Labels and factors of the examples, as they travel once."""
        found: dict[str, np.ndarray] = {"labels": sent_labels(self.y, len(self.x), self.classes).numpy()}
        return found if self.factors is None else {**found, "factors": self.factors.float().numpy()}

    def to_bytes(self, x: Tensor) -> np.ndarray:
        """Values over the extremes as 0…255, one row an example."""
        array: np.ndarray = to_bytes(x.flatten(1), self.extremes).cpu().numpy()
        return array

    def to_rows(self, x: Tensor) -> np.ndarray:
        """The numbers of the columns on show, float32: bytes would not tell values in the units of a table."""
        assert self.row is not None
        array: np.ndarray = x.flatten(1)[:, : self.row["numbers"]].float().cpu().numpy()
        return array

    def to_small(self, x: Tensor) -> Tensor:
        """Examples as the pictures of a frame: (n, *small)."""
        return shrunk(x, self.shape, SMALL_SIDE)


def to_half(codes: Tensor) -> np.ndarray:
    """Codes as float16, those beyond its range at its ends."""
    found: np.ndarray = codes.clamp(-FLOAT16_MAX, FLOAT16_MAX).to(torch.float16).cpu().numpy()
    return found


def sent_labels(y: Tensor | None, count: int, classes: Sequence[str]) -> Tensor:
    """Labels of ``count`` examples as they travel: class indices as int16, positions as float32, which are all 0 where
    nothing is known of the examples."""
    return torch.zeros(count) if y is None else y.to(torch.int16 if classes else torch.float32)


def _names(examples: Split, classes: Sequence[str]) -> list[str]:
    """What is known of each, in a word; nothing where that is nothing."""
    if examples.y is None:
        return [""] * len(examples)
    return [classes[int(y)] if classes else f"{y:.3g}" for y in examples.y.tolist()]


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
