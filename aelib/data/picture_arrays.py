"""Arrays that hold pictures: where their channels are, and what stands for black and white."""

from collections.abc import Sequence

import torch
from torch import Tensor

from aelib.errors import DataError

CHANNELS = (1, 3)
_BYTES, _SIXTEEN_BITS = 255, 65535


def with_channels_first(x: Tensor) -> tuple[Tensor, str]:
    """Pictures as (n, channels, height, width), and a sentence on where the channels were; rows of numbers as they are.

    Taken are (n, height, width), (n, 1 or 3, height, width) and (n, height, width, 1 or 3); what could be both has its
    channels first. `DataError` for other shapes.
    """
    if x.ndim <= 2:
        return x, ""
    if x.ndim == 3:
        return x.unsqueeze(1), f"Taken as grey pictures, {x.shape[1]} pixels high and {x.shape[2]} wide."
    if x.ndim == 4 and x.shape[1] in CHANNELS:
        return x, f"Channels come first: {_told(x.shape[1], x.shape[2], x.shape[3])}."
    if x.ndim == 4 and x.shape[3] in CHANNELS:
        told = f"Channels come last: {_told(x.shape[3], x.shape[1], x.shape[2])}."
        return x.permute(0, 3, 1, 2).contiguous(), told
    raise DataError(
        f"Examples are rows of numbers, (n, features), or pictures of one or three channels, (n, channels, height, "
        f"width) or (n, height, width, channels): shape {tuple(x.shape)} is neither."
    )


def _told(channels: int, height: int, width: int) -> str:
    return f"{'grey' if channels == 1 else 'coloured'} pictures, {height} pixels high and {width} wide"


def in_unit_range(parts: Sequence[Tensor]) -> tuple[list[Tensor], str]:
    """Pictures with values in [0, 1], or bytes of 0 to 255; and a sentence on what was done, if anything.

    Numbers without sign are divided by 255 where the greatest is in (127, 255], by 65,535 where it is in (32,767,
    65,535], else by the greatest, if that is more than 1. Those in [-1, 1] are moved to [0, 1]. Others stay.
    """
    least = min(float(x.min()) for x in parts)
    greatest = max(float(x.max()) for x in parts)
    if all(x.dtype == torch.uint8 for x in parts):
        if greatest > 1 or greatest == 0:
            return list(parts), ""
        return [x * _BYTES for x in parts], "Values are 0 and 1: black and white."
    numbers = [x if x.dtype == torch.float64 else x.float() for x in parts]
    if least >= 0 and greatest <= 1:
        return numbers, ""
    if least >= -1 and greatest <= 1:
        return [(x + 1) / 2 for x in numbers], "Values from -1 to 1 were moved to 0 to 1."
    if least < 0 or not greatest < float("inf"):
        return numbers, f"Values from {least:g} to {greatest:g} stay as they are."
    white = next((full for full in (_BYTES, _SIXTEEN_BITS) if full // 2 < greatest <= full), greatest)
    whole = all(not x.is_floating_point() for x in parts)
    if white == _BYTES and whole:
        return [x.to(torch.uint8) for x in parts], "Values from 0 to 255 are levels of bytes."
    return [x / white for x in numbers], f"Values were divided by {white:g}, so that they lie between 0 and 1."
