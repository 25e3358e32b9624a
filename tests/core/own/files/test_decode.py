"""One picture file as bytes of one shape: every kind, mode and orientation, against Pillow and arithmetic."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from aelib import ConfigError
from aelib.data.pictures.decode import UnusableError, decode, is_picture
from aelib.data.pictures.options import PictureOptions
from tests.core.own.files.pictures import QUARTERS, file_of, noise

EXACT = PictureOptions(side=8, fit="fit")
KINDS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF")
#: The orientations of EXIF: how an upright picture lies in the file.
LYING = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.swapaxes(0, 1),
    6: lambda a: np.rot90(a),
    7: lambda a: a[::-1, ::-1].swapaxes(0, 1),
    8: lambda a: np.rot90(a, -1),
}


def read(content: bytes, options: PictureOptions = EXACT, max_pixels: int = 10_000):
    return decode(io.BytesIO(content), options, max_pixels)


def rows_last(picture):
    return picture.values.transpose(1, 2, 0)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_read_and_known_by_how_it_begins(kind):
    smooth = np.asarray(Image.fromarray(QUARTERS).resize((8, 8), Image.Resampling.BILINEAR))
    content = file_of(smooth, kind)
    assert is_picture(content[:16])
    found = rows_last(read(content)).astype(int)
    exact = kind in ("PNG", "BMP", "TIFF")
    assert np.abs(found - smooth).mean() <= (0 if exact else 16)


def test_a_picture_of_the_right_size_is_left_as_it_is():
    assert np.array_equal(rows_last(read(file_of(noise(0)))), noise(0))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", LYING)
def test_pictures_stand_upright(kind, orientation):
    upright = np.kron(np.arange(6, dtype=np.uint8).reshape(2, 3) * 50, np.ones((8, 8), np.uint8))
    exif = Image.Exif()
    exif[274] = orientation
    content = file_of(np.ascontiguousarray(LYING[orientation](upright)), kind, exif=exif, quality=100)
    picture = read(content, PictureOptions(side=24, fit="fit", colour="grey"))
    assert picture.size == (24, 16)
    plain = read(file_of(upright), PictureOptions(side=24, fit="fit", colour="grey"))
    assert np.abs(picture.values.astype(int) - plain.values).mean() < 3


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_broken_exif_does_not_spoil_a_picture():
    content = file_of(noise(0), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff" + bytes(range(40)))
    assert read(content).values.shape == (3, 8, 8)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA"])
def test_transparency_is_laid_on_white(mode):
    grey = Image.fromarray(np.full((8, 8), 100, np.uint8))
    alpha = Image.fromarray(np.repeat(np.array([[0] * 4 + [255] * 2 + [128] * 2], np.uint8), 8, 0))
    picture = grey.convert("P" if mode == "PA" else mode[:-1])
    if mode == "PA":
        picture.info["transparency"] = 0
        content = file_of(picture, transparency=picture.getpixel((0, 0)))
        assert (read(content).values == 255).all()
        return
    picture.putalpha(alpha)
    row = read(file_of(picture)).values[0, 0]
    assert row.tolist() == [255] * 4 + [100] * 2 + [177] * 2  # 255 - 128/255 · 155


def test_palettes_and_one_bit_are_their_colours():
    palette = Image.fromarray(QUARTERS).resize((8, 8), Image.Resampling.NEAREST)
    as_palette = palette.quantize(4)
    assert np.array_equal(rows_last(read(file_of(as_palette))), np.asarray(palette))
    bits = Image.fromarray(noise(1, channels=1) > 127)
    assert bits.mode == "1"
    assert np.array_equal(read(file_of(bits)).values[0], np.asarray(bits) * 255)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_are_scaled_and_not_clipped(kind):
    deep = np.linspace(0, 65535, 64).astype(np.uint16).reshape(8, 8)
    assert np.array_equal(read(file_of(deep, kind)).values[0], np.rint(deep / 257))


def test_real_numbers_from_0_to_1_are_scaled_and_others_refused():
    real = np.linspace(0, 1, 64, dtype=np.float32).reshape(8, 8)
    assert np.array_equal(read(file_of(real, "TIFF")).values[0], np.rint(real * 255))
    for bad in (real * 2, real - 1, np.where(real > 0.5, np.nan, real)):
        with pytest.raises(UnusableError, match="outside of black and white"):
            read(file_of(bad, "TIFF"))


def test_cmyk_becomes_the_colours_on_the_screen():
    colours = Image.fromarray(np.kron(QUARTERS, np.ones((4, 4, 1), np.uint8)))
    for kind in ("JPEG", "TIFF"):
        found = rows_last(read(file_of(colours.convert("CMYK"), kind))).astype(int)
        assert np.abs(found - np.asarray(colours)).mean() < 12


def test_grey_is_the_luma_and_what_is_grey_has_no_colour():
    r, g, b = np.moveaxis(noise(2).astype(float), -1, 0)
    grey = read(file_of(noise(2)), EXACT.replace(colour="grey"))
    assert np.abs(grey.values[0] - (0.299 * r + 0.587 * g + 0.114 * b)).max() <= 0.51
    assert not grey.is_coloured
    assert read(file_of(noise(2))).is_coloured
    assert not read(file_of(noise(2, channels=1), "JPEG")).is_coloured


def test_inverted_is_what_is_missing_to_white():
    assert np.array_equal(rows_last(read(file_of(noise(3)), EXACT.replace(invert=True))), 255 - noise(3))


def test_fit_stretches_crop_keeps_the_middle_and_pad_keeps_all():
    wide = np.zeros((8, 24), np.uint8)
    wide[:, 8:16] = 200
    content = file_of(wide)
    options = PictureOptions(side=24, colour="grey")
    stretched, cropped, padded = (read(content, options.replace(fit=fit)).values[0] for fit in ("fit", "crop", "pad"))
    assert np.array_equal(stretched[12], wide[0])
    assert (cropped == 200).all()
    assert np.array_equal(padded[8:16], wide)
    assert (padded[:8] == 0).all()  # the median of the edge
    assert (padded[16:] == 0).all()


def test_a_border_has_the_colour_of_the_edge():
    picture = np.full((4, 8, 3), (10, 200, 30), np.uint8)
    assert (rows_last(read(file_of(picture), EXACT.replace(fit="pad"))) == (10, 200, 30)).all()


@given(st.integers(1, 40), st.integers(1, 40), st.sampled_from(["fit", "crop", "pad"]), st.integers(0, 255))
def test_every_size_becomes_square_and_an_even_colour_stays(height, width, fit, level):
    picture = read(file_of(np.full((height, width), level, np.uint8)), PictureOptions(side=5, fit=fit))
    assert picture.values.shape == (3, 5, 5)
    assert (picture.values == level).all()
    assert picture.size == (width, height)


def test_a_large_photo_is_shrunk_as_if_all_of_it_were_decoded():
    smooth = Image.fromarray(noise(4)).resize((700, 500), Image.Resampling.BICUBIC)
    content = file_of(smooth, "JPEG", quality=95)
    found = rows_last(read(content, EXACT.replace(side=32), max_pixels=10**6)).astype(int)
    with Image.open(io.BytesIO(content)) as whole:
        expected = np.asarray(whole.resize((32, 32), Image.Resampling.LANCZOS))
    assert np.abs(found - expected).mean() < 2


def test_an_animation_is_its_first_picture():
    first, *rest = (Image.fromarray(np.full((8, 8), level, np.uint8)) for level in (10, 100, 200))
    for kind in ("GIF", "WEBP", "TIFF", "PNG"):
        content = file_of(first, kind, save_all=True, append_images=rest)
        assert np.abs(read(content).values.astype(int) - 10).max() <= 2


def test_too_many_pixels_are_refused_before_they_are_decoded():
    content = file_of(Image.new("L", (200, 51)))
    with pytest.raises(UnusableError, match="too many pixels"):
        read(content)
    read(content, max_pixels=10_200)


@pytest.mark.parametrize("kind", KINDS)
def test_half_a_picture_is_damaged(kind):
    content = file_of(noise(5, 40, 40), kind)
    for part in (content[: len(content) // 2], content[:20]):
        with pytest.raises(UnusableError, match=r"damaged|too many pixels"):
            read(part)


@given(st.sampled_from(KINDS), st.integers(0, 2**32 - 1))
def test_whatever_is_wrong_is_said_in_one_way(kind, seed):
    random = np.random.default_rng(seed)
    content = bytearray(file_of(noise(6), kind))
    for place in random.integers(0, len(content), 8):
        content[place] = random.integers(0, 256)
    try:
        picture = read(bytes(content))
    except UnusableError:
        return
    assert picture.values.shape == (3, 8, 8)


@pytest.mark.parametrize(
    "values",
    [
        {"side": 3},
        {"side": 129},
        {"fit": "squeeze"},
        {"held_out": 0},
        {"held_out": 1},
        {"held_out": float("nan")},
        {"at_most": 1},
        {"seed": -1},
        {"colour": "red"},
        {"unknown": 1},
    ],
    ids=str,
)
def test_options_that_make_no_sense_are_refused(values, complains):
    with complains(ConfigError, *values):
        PictureOptions(**values)


def test_options_survive_json():
    options = PictureOptions(side=32, fit="pad", colour="grey", invert=True, at_most=50, seed=3, classes=False)
    assert PictureOptions.from_json(options.model_dump_json()) == options
