"""Examples as pictures that stand in a page."""

import base64
import io

from PIL import Image
from torch import Tensor

from aelib.data import Dataset
from aelib.pixels import interleaved, to_bytes


def pictures(x: Tensor, data: Dataset) -> list[str]:
    """A PNG in a data URL for each of ``x`` (n, channels, height, width), values cut to the range of the data.

    Three channels are a colour; of others the first is shown in grey.
    """
    return [_data_url(Image.fromarray(picture)) for picture in interleaved(to_bytes(x, data.extremes))]


def _data_url(image: Image.Image) -> str:
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
