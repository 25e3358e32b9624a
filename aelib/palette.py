"""Colours: of classes, the same as in the app's `web/base/palette.js` (a test holds them together), and of lines.

M. Petroff, "Accessible Color Sequences for Data Visualization" (2021), the sequence of ten.
"""

from typing import NamedTuple

CLASS_COLOURS = (
    "#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6", "#a96b59", "#e76300", "#b9ac70", "#717581", "#92dadd",
)  # fmt: skip


class Look(NamedTuple):
    """How a line of a figure is drawn."""

    colour: str
    dashed: bool = False
