"""`Preview`: what data that somebody wants to add would be: examples of it, its classes, how its values are spread."""

import base64
import io
from pathlib import Path
from typing import Annotated, Any, Literal

import torch
from PIL import Image
from pydantic import Field
from torch import Tensor

from aelib.data.dataset import Dataset
from aelib.data.from_pictures import read_folder, read_zip
from aelib.data.limits import Limits
from aelib.data.pictures.options import PictureOptions
from aelib.data.read import Kind, read_data
from aelib.data.report import ImportReport
from aelib.data.table.schema import Category, Numeric, TableSchema
from aelib.errors import AelibError, DataError
from aelib.progress import Progress
from aelib.spec import Spec

#: Pictures, and rows of a table, that are shown.
PICTURES, ROWS = 24, 8
#: Columns of a table that are shown, and that are named.
COLUMNS, NAMED = 40, 1_000
BINS = 24
#: Examples whose values are counted.
COUNTED = 2_000


class PictureShown(Spec):
    """``png``: the file, in base64. ``label``: its class, if it has one."""

    png: str
    label: str = ""


class ColumnShown(Spec):
    """``becomes``: what is made of it, in words. ``role``: its use."""

    name: str
    role: Literal["feature", "label", "factor", "left out"]
    becomes: str


class Histogram(Spec):
    """How many values lie in each of some equal parts between ``low`` and ``high``."""

    low: Annotated[float, Field(allow_inf_nan=False)]
    high: Annotated[float, Field(allow_inf_nan=False)]
    counts: tuple[int, ...]


class Preview(Spec):
    """``report``: on all data. ``columns``: of a table; ``rows`` hold a text for each of the first that are used."""

    shape: tuple[int, ...]
    report: ImportReport
    pictures: tuple[PictureShown, ...] = ()
    columns: tuple[ColumnShown, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    histogram: Histogram


class Look(Spec):
    """What was seen of data that somebody wants to add. ``complaint``: why the options do not do, in a sentence; then
    there is no ``preview``."""

    kind: Kind
    preview: Preview | None = None
    complaint: str = ""


def look_at(path: Path, kind: Kind, options: Spec, limits: Limits, progress: Progress, name: str) -> Look:
    """What a file or folder would be; of pictures only a few are decoded, but all are counted."""
    try:
        if isinstance(options, PictureOptions):
            read = read_folder if kind == "folder" else read_zip
            data = read(path, options, limits, progress, name, PICTURES)
        else:
            data = read_data(path, options, limits, progress, name)
    except AelibError as error:
        return Look(kind=kind, complaint=str(error))
    return Look(kind=kind, preview=preview_of(data))


def preview_of(data: Dataset) -> Preview:
    """What is shown of a data set before it is added. `DataError` when it was not read from what somebody gave."""
    if data.report is None:
        raise DataError(f"There is no report on {data.name}: only what is being added can be looked at.")
    report, table = data.report, data.table
    return Preview(
        shape=data.shape,
        report=report,
        pictures=pictures_of(data) if data.is_image else (),
        columns=tuple(_columns(table, data))[:NAMED] if table else (),
        rows=_rows_of_table(table, data) if table else () if data.is_image else _rows(data),
        histogram=histogram(data.train.x[:COUNTED]),
    )


def pictures_of(data: Dataset, most: int = PICTURES) -> tuple[PictureShown, ...]:
    """The first training pictures of a data set, as files; what lies beyond its black and white is cut."""
    split = data.train.take(slice(most))
    low, high = data.extremes
    levels = ((split.x - low) / (high - low) * 255).round().clamp(0, 255).to(torch.uint8)
    names = [data.classes[int(label)] for label in split.labels] if data.classes else [""] * len(levels)
    return tuple(
        PictureShown(png=base64.b64encode(png(one)).decode(), label=name)
        for one, name in zip(levels, names, strict=True)
    )


def png(levels: Tensor) -> bytes:
    """A picture (1 or 3, height, width), uint8, as a file."""
    picture = levels[0] if len(levels) == 1 else levels.permute(1, 2, 0)
    file = io.BytesIO()
    Image.fromarray(picture.contiguous().numpy()).save(file, "PNG")
    return file.getvalue()


def histogram(x: Tensor) -> Histogram:
    """Of all values of some examples; a single value has a part of width 1 around it."""
    values = x.flatten().double()
    low, high = float(values.min()), float(values.max())
    if low == high:
        low, high = low - 0.5, high + 0.5
    counts = torch.histc(values, BINS, low, high)
    return Histogram(low=low, high=high, counts=tuple(map(int, counts.tolist())))


# --- rows ------------------------------------------------------------------------------------------


def _columns(table: TableSchema, data: Dataset) -> list[ColumnShown]:
    found = [
        ColumnShown(name=feature.name, role="feature", becomes=_becomes(feature, table.scaling))
        for feature in table.features
    ]
    if table.label is not None:
        kind = f"{len(data.classes):,} classes" if data.classes else "a number"
        found.append(ColumnShown(name=table.label, role="label", becomes=f"Label: {kind}"))
    for name, classes in zip(data.factors, data.factor_classes or [()] * len(data.factors), strict=True):
        kind = f"{len(classes):,} values" if classes else "a number"
        found.append(ColumnShown(name=name, role="factor", becomes=f"Factor: {kind}"))
    for left in table.left_out:
        found.append(ColumnShown(name=left.name, role="left out", becomes=f"Left out: it {left.reason}"))
    return found


def _becomes(feature: Numeric | Category, scaling: str) -> str:
    if isinstance(feature, Category):
        return f"{feature.width} numbers, one for each value"
    if feature.words:
        return f"0 for {feature.words[0]}, 1 for {feature.words[1]}"
    shift, scale = feature.shift_and_scale(scaling)  # type: ignore[arg-type]
    return "As it is" if scaling == "none" else f"(value − {shift:.4g}) / {scale:.4g}"


def _rows_of_table(table: TableSchema, data: Dataset) -> tuple[tuple[str, ...], ...]:
    """The head of a table: of the rows in use the first ones, in the table's own units."""
    order = sorted(range(len(data.train)), key=lambda place: table.rows[place] if table.rows else place)[:ROWS]
    split = data.train.take(torch.tensor(order))
    values = table.decode(split.x)
    columns: list[list[str]] = []
    for feature in table.features:
        words = feature.words if isinstance(feature, Numeric) else None
        columns.append([words[round(value)] if words else _cell(value) for value in values[feature.name]])
    if table.label is not None:
        columns.append([data.classes[int(y)] if data.classes else _cell(float(y)) for y in split.labels])
    for place, classes in enumerate(data.factor_classes or [()] * len(data.factors)):
        assert split.factors is not None
        causes = split.factors[:, place].tolist()
        columns.append([classes[int(value)] if classes else _cell(value) for value in causes])
    return tuple(zip(*columns[:COLUMNS], strict=True))


def _rows(data: Dataset) -> tuple[tuple[str, ...], ...]:
    split = data.train.take(slice(ROWS))
    return tuple(tuple(f"{value:.4g}" for value in row[:COLUMNS].tolist()) for row in split.x.flatten(1))


def _cell(value: Any) -> str:
    return value if isinstance(value, str) else f"{value:.6g}"
