"""Small examples of what people add, as their files: a table with gaps, coloured pictures in folders.

Both are made from a seed, and come with what such files have: an id, dates, missing values, mixed sizes.
"""

import colorsys
import csv
import io
import math
import zipfile
from collections.abc import Callable
from typing import NamedTuple

import torch
from PIL import Image
from torch import Tensor

from aelib.data.shapes import CLASSES, SIDE, render
from aelib.randomness import generator

#: Rows of the table, and the share of the weights and of the materials that is missing.
PARCELS, MISSING = 400, 0.06
#: Pictures of each class.
FIGURES = 50
#: Width and height in pixels, in turn.
SIZES = ((48, 48), (64, 48), (40, 56), (32, 32))


class ExampleFile(NamedTuple):
    """``title``: what it is, in a few words. ``name``: of the file. ``make``: its content."""

    title: str
    name: str
    make: Callable[[], bytes]


def parcels() -> bytes:
    """A CSV of parcels of three categories: sizes in cm, weight in kg, material, whether it is fragile, a date.

    Weight follows size and material, but for three parcels with one wrong number each.
    """
    random = generator(0, "parcels")
    kind = torch.randint(3, (PARCELS,), generator=random)
    typical = torch.tensor([[24.0, 17.0, 1.5], [35.0, 25.0, 18.0], [90.0, 9.0, 9.0]])[kind]
    sizes = typical * (1 + 0.18 * torch.randn(PARCELS, 3, generator=random)).clamp(0.5, 1.6)
    material = torch.randint(3, (PARCELS,), generator=random)
    density = torch.tensor([0.12, 0.25, 0.4])[material] * (1 + 0.1 * torch.randn(PARCELS, generator=random))
    weight = sizes.prod(1) * density / 1000 + 0.05
    fragile = torch.rand(PARCELS, generator=random) < 0.3
    weight[50], sizes[150, 0], sizes[250, 2] = 60.0, 300.0, 70.0
    gaps = torch.rand(PARCELS, 2, generator=random) < MISSING
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(
        ["parcel", "length (cm)", "width (cm)", "height (cm)", "weight (kg)", "material", "fragile", "sent", "category"]
    )
    for k in range(PARCELS):
        writer.writerow([
            k + 1, *(f"{size:.1f}" for size in sizes[k].tolist()),
            "" if gaps[k, 0] else f"{float(weight[k]):.2f}",
            "" if gaps[k, 1] else ("paper", "cloth", "wood")[int(material[k])],
            "yes" if fragile[k] else "no", f"2026-{1 + k % 12:02d}-{1 + k % 28:02d}",
            ("letter", "box", "tube")[int(kind[k])],
        ])  # fmt: skip
    return file.getvalue().encode()


def figures() -> bytes:
    """A zip archive of coloured figures of mixed sizes, in a folder for each kind."""
    random = generator(0, "figures")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for figure, name in enumerate(CLASSES):
            draws = torch.rand(FIGURES, 6, generator=random)
            size, angle = 5 + 3 * draws[:, 0], math.pi * draws[:, 1]
            column, row = (10 + 12 * draws[:, k] for k in (2, 3))
            for k, mask in enumerate(render(figure, size, angle, column, row)):
                content = _png(_coloured(mask, float(draws[k, 4]), float(draws[k, 5])), SIZES[k % len(SIZES)])
                # Of a fixed time, so that the archive is the same whenever it is made.
                archive.writestr(zipfile.ZipInfo(f"figures/{name}/{k + 1:02d}.png"), content)
    return file.getvalue()


def _coloured(mask: Tensor, hue: float, ground: float) -> Tensor:
    """A figure (1, side, side) in one colour on a dark ground of another, (side, side, 3), uint8."""
    front, back = (
        torch.tensor(colorsys.hsv_to_rgb(*colour)).reshape(3, 1, 1) for colour in ((hue, 0.8, 1.0), (ground, 0.6, 0.3))
    )
    return ((mask * front + (1 - mask) * back) * 255).round().to(torch.uint8).permute(1, 2, 0).contiguous()


def _png(levels: Tensor, size: tuple[int, int]) -> bytes:
    file = io.BytesIO()
    assert levels.shape == (SIDE, SIDE, 3)
    Image.fromarray(levels.numpy()).resize(size).save(file, "PNG")
    return file.getvalue()


#: By their names.
EXAMPLES: dict[str, ExampleFile] = {
    "table": ExampleFile(f"A table of {PARCELS} parcels", "parcels.csv", parcels),
    "pictures": ExampleFile(f"{len(CLASSES) * FIGURES} coloured pictures", "figures.zip", figures),
}
