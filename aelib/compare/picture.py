"""Examples as pictures that stand in a page."""

import base64
import io

from PIL import Image
from torch import Tensor

from aelib.data import Dataset


def pictures(x: Tensor, data: Dataset) -> list[str]:
    """A PNG in a data URL for each of ``x`` (n, channels, height, width), values cut to the range of the data.

    Three channels are a colour; of others the first is shown in grey.
    """
    low, high = (0.0, 1.0) if data.is_unit_range else data.range
    shown = ((x - low) / (high - low)).clamp(0, 1).mul(255).round().byte().cpu()
    rows = shown.movedim(1, -1) if shown.shape[1] == 3 else shown[:, 0]
    return [_data_url(Image.fromarray(row)) for row in rows.numpy()]


def _data_url(image: Image.Image) -> str:
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
