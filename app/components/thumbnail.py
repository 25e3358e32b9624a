"""Small maps of latent spaces for the cards of the library."""

import io

from PIL import Image, ImageDraw

from aelib.frames.frame import newest_map
from aelib.runs import RunFolder

#: Pixels of a side, and how much larger it is drawn before it is scaled down smoothly.
SIDE, OVERSAMPLING = 160, 3
MARGIN = 0.06


def thumbnail(folder: RunFolder) -> bytes | None:
    """The newest map of a run as PNG with a transparent background; None where there is no frame yet."""
    found = newest_map(folder.frames)
    if found is None:
        return None
    side = SIDE * OVERSAMPLING
    image = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    radius = 1.7 * OVERSAMPLING
    for x, y, colour in found:
        px = side * (MARGIN + (1 - 2 * MARGIN) * x)
        py = side * (1 - MARGIN - (1 - 2 * MARGIN) * y)
        pen.ellipse((px - radius, py - radius, px + radius, py + radius), fill=colour)
    buffer = io.BytesIO()
    image.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
