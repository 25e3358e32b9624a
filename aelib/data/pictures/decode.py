"""One picture file, whatever it holds, as bytes of one shape."""

from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from aelib.data.pictures.options import PictureOptions
from aelib.errors import DataError

#: Pillow is told to try no other; importing a reader registers it.
_READERS = (PngImageFile, JpegImageFile, GifImageFile, BmpImageFile, TiffImageFile, WebPImageFile)
FORMATS = tuple(reader.format for reader in _READERS if reader.format)
#: So much of a file tells whether it is a picture.
HEAD = 16
_STARTS = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"II*\x00",
    b"MM\x00*",
    b"II+\x00",
    b"MM\x00+",
)
_BITS_PER_SAMPLE = 258  # a tag of TIFF
_ORIENTATION = 274  # a tag of EXIF
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS = [_UPRIGHT[number] for number in (5, 6, 7, 8)]


class UnusableError(DataError):
    """One file that is not used; the text is the reason, in a word or a few."""


@dataclass(frozen=True)
class Picture:
    """``values``: (channels, side, side), bytes. ``size``: width and height of what lay in the file, upright."""

    values: NDArray[np.uint8]
    size: tuple[int, int]

    @property
    def is_coloured(self) -> bool:
        """Whether its channels differ anywhere."""
        return bool((self.values != self.values[:1]).any())


def is_picture(head: bytes) -> bool:
    """Whether a file that begins so is a picture of a kind that is read; its name does not matter."""
    if head.startswith(b"BM"):  # as a table may, that of a BMI; a BMP has small numbers behind it
        return 0 in head[2:HEAD]
    return head.startswith(_STARTS) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")


def decode(stream: BinaryIO, options: PictureOptions, max_pixels: int) -> Picture:
    """The first picture of a file, upright by its EXIF orientation, transparency laid on white, as 8 bits a channel.

    12 and 16 bits are scaled to 8, and so are real numbers from 0 to 1. Colour profiles are not applied. Shrinking and
    enlarging are Lanczos's, in the values as they are stored. Raises `UnusableError` for what is
    damaged, has more than ``max_pixels`` or is of a kind that is not read.
    """
    try:
        with Image.open(stream, formats=FORMATS) as image:
            if image.width * image.height > max_pixels:
                raise UnusableError("too many pixels")
            turn = None if image.format == "TIFF" else _turn(image)  # Pillow turns TIFF itself
            # A large JPEG is decoded at a half, a quarter or an eighth, at twice the pixels that are needed or more.
            size = image.size
            image.draft(None, (2 * options.side, 2 * options.side))
            image.load()
            size = image.size if image.format == "TIFF" else size
            flat = _flat(image).convert("L" if options.channels == 1 else "RGB")
        if turn is not None:
            flat = flat.transpose(turn)
            size = size[::-1] if turn in _SIDEWAYS else size
        small = _square(flat, options)
    except UnusableError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UnusableError("too many pixels") from None
    except MemoryError:
        raise UnusableError("too large for the memory") from None
    except Exception:  # Pillow raises errors of a dozen types on what is damaged
        raise UnusableError("damaged") from None
    values = np.asarray(small, dtype=np.uint8).reshape(options.side, options.side, -1).transpose(2, 0, 1)
    return Picture(255 - values if options.invert else values, size)


def _turn(image: Image.Image) -> Image.Transpose | None:
    try:
        return _UPRIGHT.get(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # damaged EXIF: the picture itself may be whole
        return None


def _flat(image: Image.Image) -> Image.Image:
    """The picture in a mode of 8 bits, without transparency."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return _from_deep(image)
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        clear = image.convert("RGBA")
        flat = Image.new("RGB", image.size, "white")
        flat.paste(clear, mask=clear.getchannel("A"))
        return flat
    return image if image.mode == "L" else image.convert("RGB")


def _from_deep(image: Image.Image) -> Image.Image:
    """Grey of more than 8 bits, scaled to 8."""
    values = np.asarray(image)
    if image.mode == "F":
        greatest = 1.0
    else:
        bits = getattr(image, "tag_v2", {}).get(_BITS_PER_SAMPLE, (16,))[0]
        greatest = 2.0 ** min(bits, 16) - 1
    if not (values.min() >= 0 and values.max() <= greatest):  # not a number is refused too
        raise UnusableError("values outside of black and white")
    levels = np.multiply(values, np.float32(255 / greatest), dtype=np.float32)
    return Image.fromarray(np.rint(levels, out=levels).astype(np.uint8))


def _square(image: Image.Image, options: PictureOptions) -> Image.Image:
    """A picture of ``side`` by ``side`` pixels, by `PictureOptions.fit`."""
    side, (width, height) = options.side, image.size
    if options.fit == "fit":
        return _resized(image, (side, side))
    if options.fit == "crop":
        least = min(width, height)
        left, top = (width - least) // 2, (height - least) // 2
        return _resized(image.crop((left, top, left + least, top + least)), (side, side))
    greatest = max(width, height)
    within = _resized(image, (max(1, round(width * side / greatest)), max(1, round(height * side / greatest))))
    values = np.asarray(within)
    edge = np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])
    border = np.median(edge, axis=0).astype(int)
    padded = Image.new(image.mode, (side, side), tuple(border.tolist()) if border.ndim else int(border))
    padded.paste(within, ((side - within.width) // 2, (side - within.height) // 2))
    return padded


def _resized(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
