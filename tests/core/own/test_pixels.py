"""Examples as pixels: bytes over a range, around zero, interleaved, made smaller."""

import numpy as np
import pytest
import torch

from aelib.frames.foreign import foreign_pictures
from aelib.pixels import interleaved, shrunk, signed_bytes, small_shape, to_bytes


def test_bytes_are_shares_of_the_range_rounded_and_cut():
    x = torch.tensor([[-3.0, -1.0, 0.0, 1.0, 2.0]])
    assert to_bytes(x, (-1.0, 1.0)).tolist() == [[0, 0, 128, 255, 255]]
    assert to_bytes(x, (2.0, 2.0)).tolist() == [[0, 0, 0, 0, 0]]
    every = torch.arange(256, dtype=torch.uint8)
    assert torch.equal(to_bytes(every.float() / 255, (0.0, 1.0)), every)


def test_signed_values_keep_zero_at_grey_and_each_picture_its_scale():
    x = torch.tensor([[[[1.0]], [[-2.0]], [[0.0]]], [[[0.1]], [[0.1]], [[0.2]]]])
    found = signed_bytes(x)
    assert found.shape == x.shape
    assert found.flatten(1).tolist() == [[191, 0, 128], [191, 191, 255]]
    assert signed_bytes(torch.zeros(1, 3, 1, 1)).flatten().tolist() == [128] * 3


def test_three_planes_are_colours_and_of_others_the_first_is_grey():
    planes = torch.arange(12, dtype=torch.uint8).reshape(3, 2, 2)
    assert interleaved(planes)[1, 0].tolist() == [2, 6, 10]
    assert np.array_equal(interleaved(planes[:2]), planes[0].numpy())
    assert interleaved(planes.expand(5, -1, -1, -1)).shape == (5, 2, 2, 3)


@pytest.mark.parametrize(
    ("shape", "small"),
    [
        ((3, 64, 64), (3, 32, 32)),
        ((1, 128, 64), (1, 32, 16)),
        ((3, 100, 3), (3, 32, 1)),
        ((3, 32, 20), (3, 32, 20)),
        ((40,), (40,)),
    ],
)
def test_larger_pictures_are_averaged(shape, small):
    x = torch.rand(4, *shape, generator=torch.Generator().manual_seed(0))
    assert small_shape(shape, 32) == small
    found = shrunk(x.flatten(1), shape, 32)
    assert found.shape == (4, *small)
    if shape == (3, 64, 64):
        torch.testing.assert_close(found, x.reshape(4, 3, 32, 2, 32, 2).mean((3, 5)))
    if small == shape:
        assert torch.equal(found, x)
    constant = torch.full((1, *shape), 0.3)
    torch.testing.assert_close(shrunk(constant, shape, 32), torch.full((1, *small), 0.3))


def test_foreign_pictures_are_in_the_range_of_the_data_and_in_its_channels():
    x = torch.rand(3, 16, 12, generator=torch.Generator().manual_seed(0))
    plain, wide = foreign_pictures(x), foreign_pictures(4 * x - 2, (-2.0, 2.0))
    assert plain.shape == (10, 3, 16, 12)
    torch.testing.assert_close(plain[0], 1 - x)
    torch.testing.assert_close(wide, 4 * plain - 2)
