"""Colours: of labels, the same as in the app's `web/base/palette.js` (a test holds them together), and of lines.

M. Petroff, "Accessible Color Sequences for Data Visualization" (2021), the sequence of ten.
"""

from collections.abc import Sequence
from typing import NamedTuple

CLASS_COLOURS = (
    "#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6", "#a96b59", "#e76300", "#b9ac70", "#717581", "#92dadd",
)  # fmt: skip


#: Corners of a ramp from blue through teal to yellow, of rising lightness, as red, green and blue.
RAMP = ((58, 76, 160), (32, 144, 140), (122, 200, 90), (250, 222, 60))
#: Steps of the ramp that real labels are shown with.
STEPS = 32


def ramp_colour(share: float) -> str:
    """The colour of a share in [0, 1] of the ramp, as #rrggbb."""
    at = min(max(share, 0.0), 1.0) * (len(RAMP) - 1)
    i = min(len(RAMP) - 2, int(at))
    mixed = (int(low + (at - i) * (high - low) + 0.5) for low, high in zip(RAMP[i], RAMP[i + 1], strict=True))
    return "#" + "".join(f"{part:02x}" for part in mixed)


def label_colours(labels: Sequence[float], *, are_classes: bool) -> list[str]:
    """A colour for each label: by class, or along the ramp from the least to the greatest."""
    if are_classes:
        return [CLASS_COLOURS[int(label) % len(CLASS_COLOURS)] for label in labels]
    low = min(labels, default=0.0)
    span = max(labels, default=0.0) - low or 1.0
    return [ramp_colour(int(STEPS * (label - low) / span + 0.5) / STEPS) for label in labels]


class Look(NamedTuple):
    """How a line of a figure is drawn."""

    colour: str
    dashed: bool = False
