"""Coloured shapes: every combination of factors once, and pictures that obey them."""

import colorsys

import pytest
import torch

from aelib import load_dataset
from aelib.data.coloured_shapes import CENTRES, FACTORS


@pytest.fixture(scope="module")
def data():
    return load_dataset("coloured_shapes")


@pytest.fixture(scope="module")
def everything(data):
    return torch.cat([data.train.x, data.test.x]), torch.cat([data.train.factors, data.test.factors])


def test_they_show_every_combination_of_factors_once(data, everything):
    _, factors = everything
    expected = torch.cartesian_prod(*map(torch.arange, (3, 8, 3, 4, 5, 5)))
    assert data.factors == FACTORS
    assert torch.equal(torch.unique(factors, dim=0), expected)
    assert len(factors) == len(expected) == 7200
    assert torch.equal(data.train.y, data.train.factors[:, 0])
    assert torch.equal(data.test.y, data.test.factors[:, 0])


def test_they_are_all_different_whole_levels_of_eight_bits(everything):
    x, _ = everything
    levels = x * 255
    assert torch.allclose(levels, levels.round(), atol=1e-4)
    assert len(torch.unique(levels.round().byte().flatten(1), dim=0)) == len(x)


def test_they_lie_inside_the_picture(everything):
    x, _ = everything
    assert not any(border.any() for border in (x[..., 0, :], x[..., -1, :], x[..., :, 0], x[..., :, -1]))


def test_the_hue_is_that_of_the_colour_wheel_all_over_the_figure(everything):
    x, factors = everything
    brightest = x.amax(1).flatten(1).argmax(1)
    colours = x.flatten(2)[torch.arange(len(x)), :, brightest]
    for colour, hue in zip(colours[::50].tolist(), factors[::50, 1].tolist(), strict=True):
        h, s, v = colorsys.rgb_to_hsv(*colour)
        assert min(abs(h - hue / 8), 1 - abs(h - hue / 8)) < 0.01
        assert (s, v) == (pytest.approx(0.85, abs=0.01), 1)
    mixed = colours[:, :, None] * x.amax(1).flatten(1)[:, None]  # one colour, more or less of it
    assert (mixed - x.flatten(2)).abs().max() < 2 / 255


def test_they_obey_size_column_and_row(everything):
    x, factors = everything
    mask = x.amax(1)
    figure, _, size, _, column, row = factors.unbind(1)
    area, axis = mask.sum((1, 2)), torch.arange(32.0)
    assert ((mask.sum(1) @ axis) / area - CENTRES[column]).abs().max() < 1  # a pixel: see the shapes
    assert ((mask.sum(2) @ axis) / area - CENTRES[row]).abs().max() < 1
    for kind in range(3):
        areas = torch.stack([area[(figure == kind) & (size == s)].mean() for s in range(3)])
        assert torch.allclose(areas / areas[0], torch.linspace(4, 7, 3).square() / 16, rtol=0.1)


def test_turning_and_colouring_keep_the_figure(everything):
    """The mask is the same in all hues, and another at every angle."""
    x, factors = everything
    order = (factors @ torch.tensor([8 * 3 * 4 * 25, 300, 100, 25, 5, 1])).argsort()
    masks = (x.amax(1)[order].reshape(3, 8, 3, 4, 25, -1) * 255).round()
    assert (masks - masks[:, :1]).abs().max() <= 1
    for first in range(4):
        for second in range(first):
            assert ((masks[:, 0, :, first] - masks[:, 0, :, second]).abs().amax(-1) > 30).all()
