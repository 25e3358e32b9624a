"""The colours of classes, the same as in `web/palette.js` (a test holds them together).

M. Petroff, "Accessible Color Sequences for Data Visualization" (2021), the sequence of ten.
"""

CLASS_COLOURS = (
    "#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6", "#a96b59", "#e76300", "#b9ac70", "#717581", "#92dadd",
)  # fmt: skip
