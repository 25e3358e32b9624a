"""Codes as the Embedding Projector of TensorBoard reads them, in one zip archive."""

import io
import json
import math
import zipfile
from collections.abc import Mapping, Sequence

import pyarrow as pa
import torch
from PIL import Image
from torch import Tensor

from aelib.errors import DataError
from aelib.latent.export.table import to_tsv
from aelib.pixels import interleaved

#: Side of the sheet of pictures in pixels, at most: what the Projector shows.
SPRITE_SIDE = 8192
#: Pictures on the sheet, at most. Beyond, the Projector samples examples by itself.
SPRITE_COUNT = 10_000
#: Columns of codes, at least.
DIMENSIONS = 3
#: Of every file in the archive, so that equal codes give equal bytes.
_DATE = (1980, 1, 1, 0, 0, 0)


def projector_zip(
    codes: Tensor, metadata: Mapping[str, Sequence[object]], pictures: Tensor | None = None, name: str = "codes"
) -> bytes:
    """An archive of ``codes.tsv``, ``metadata.tsv``, ``sprite.png`` and configurations that name them.

    ``codes``: float32 (n, k); columns of zeros follow fewer than three, because the Projector takes three principal
    components and draws nothing where there is no third. ``metadata``: columns of n values each. ``pictures``: uint8
    (n, c, h, w) with one or three channels; as many examples are written as the sheet has room for (see
    `sprite_room`). The archive unpacks to a log folder: ``tensorboard --logdir`` reads ``projector_config.pbtxt``, a
    web page that embeds the Projector ``projector_config.json``. Format: TensorBoard's guide "Visualizing Data using
    the Embedding Projector".

    Raises `DataError` when columns or pictures are not there for each code.
    """
    for what, values in [*metadata.items(), ("pictures", pictures)]:
        if values is not None and len(values) != len(codes):
            raise DataError(f"There are {len(codes)} codes, but {len(values)} of the {what}: pass one for each code.")
    sprite = None
    if pictures is not None:
        room = sprite_room(*pictures.shape[2:])
        codes, pictures = codes[:room], pictures[:room]
        metadata = {column: values[:room] for column, values in metadata.items()}
        sprite = (_sprite(pictures), (pictures.shape[3], pictures.shape[2]))
    codes = torch.nn.functional.pad(codes, (0, max(0, DIMENSIONS - codes.shape[1])))
    files = {
        "codes.tsv": to_tsv(pa.table({str(j): column.contiguous().numpy() for j, column in enumerate(codes.T)})),
        "metadata.tsv": _metadata(metadata).encode(),
        "projector_config.json": _json(name, codes, sprite and sprite[1]).encode(),
        "projector_config.pbtxt": _protobuf_text(name, sprite and sprite[1]).encode(),
        **({"sprite.png": sprite[0]} if sprite else {}),
    }
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for path, content in files.items():
            file.writestr(zipfile.ZipInfo(path, _DATE), content, zipfile.ZIP_DEFLATED)
    return archive.getvalue()


def sprite_room(height: int, width: int) -> int:
    """How many pictures of that size are put on a sheet: a square number of them fits, `SPRITE_COUNT` at most."""
    return min(SPRITE_COUNT, (SPRITE_SIDE // max(height, width)) ** 2)


def _sprite(pictures: Tensor) -> bytes:
    """A PNG of ⌈√n⌉ × ⌈√n⌉ pictures, by rows, the first at the upper left."""
    n, channels, height, width = pictures.shape
    across = math.ceil(math.sqrt(n))
    sheet = pictures.new_zeros(across * across, channels, height, width)
    sheet[:n] = pictures
    rows = sheet.reshape(across, across, channels, height, width).permute(2, 0, 3, 1, 4)
    file = io.BytesIO()
    Image.fromarray(interleaved(rows.reshape(channels, across * height, across * width))).save(file, "png")
    return file.getvalue()


def _metadata(columns: Mapping[str, Sequence[object]]) -> str:
    """Tab-separated; the Projector wants a header when there are several columns, and none when there is one."""
    header = [tuple(columns)] if len(columns) > 1 else []
    lines = [*header, *zip(*columns.values(), strict=True)]
    return "".join("\t".join(" ".join(str(value).split()) for value in line) + "\n" for line in lines)


def _json(name: str, codes: Tensor, picture: tuple[int, int] | None) -> str:
    embedding = {
        "tensorName": name, "tensorShape": list(codes.shape), "tensorPath": "codes.tsv", "metadataPath": "metadata.tsv",
        **({"sprite": {"imagePath": "sprite.png", "singleImageDim": list(picture)}} if picture else {}),
    }  # fmt: skip
    return json.dumps({"embeddings": [embedding]}, indent=2) + "\n"


def _protobuf_text(name: str, picture: tuple[int, int] | None) -> str:
    # Quoted as in JSON, but not escaped: of two escapes for one character the format makes two characters.
    lines = [
        f"tensor_name: {json.dumps(name, ensure_ascii=False)}",
        'tensor_path: "codes.tsv"',
        'metadata_path: "metadata.tsv"',
    ]
    if picture:
        dimensions = " ".join(f"single_image_dim: {side}" for side in picture)
        lines.append(f'sprite {{ image_path: "sprite.png" {dimensions} }}')
    return "embeddings {\n" + "".join(f"  {line}\n" for line in lines) + "}\n"
