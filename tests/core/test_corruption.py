"""Corruption: how much is destroyed, and that the rest is not touched."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from aelib.corruption import CORRUPTIONS, gaussian, masking, salt_and_pepper

N = 200_000
#: Bounds are 5 standard errors wide; the draws are fixed by the seed.
SIGMAS = 5


def corrupted(corrupt, level, random):
    """What becomes of N values in (0.25, 0.75), so that neither 0 nor 1 occurs among the clean ones."""
    x = torch.rand(N // 100, 100, generator=random) / 2 + 0.25
    return x, corrupt(x, torch.tensor(level), random)


def bound(share):
    return SIGMAS * math.sqrt(share * (1 - share) / N)


@pytest.mark.parametrize("level", [0.05, 0.3, 0.9])
def test_masking_zeroes_that_share_and_rescales_nothing(level, random):
    x, (seen, hit) = corrupted(masking, level, random)
    assert torch.equal(hit, seen == 0)
    assert float(hit.double().mean()) == pytest.approx(level, abs=bound(level))
    assert torch.equal(seen[~hit], x[~hit])


@pytest.mark.parametrize("level", [0.05, 0.3, 0.9])
def test_salt_and_pepper_are_equal_halves(level, random):
    x, (seen, hit) = corrupted(salt_and_pepper, level, random)
    for value in (0, 1):
        assert float((seen == value).double().mean()) == pytest.approx(level / 2, abs=bound(level / 2))
    assert torch.equal(hit, (seen == 0) | (seen == 1))
    assert torch.equal(seen[~hit], x[~hit])


def test_salt_and_pepper_are_the_least_and_the_greatest_value_of_the_data(random):
    x = torch.rand(N // 100, 100, generator=random) - 0.5
    seen, hit = salt_and_pepper(x, torch.tensor(0.4), random, (-1.0, 3.0))
    assert hit is not None
    assert set(seen[hit].tolist()) == {-1.0, 3.0}
    assert torch.equal(seen[~hit], x[~hit])


def test_other_noise_does_not_depend_on_the_range_of_the_data():
    """Masking is to 0, as Vincent et al. define it, and the deviation of Gaussian noise is in units of the data."""
    x, level = torch.linspace(-1, 2, 60).reshape(3, 20), torch.tensor(0.5)
    for corrupt in (masking, gaussian):
        of_unit, of_wide = (
            corrupt(x, level, torch.Generator().manual_seed(0), ends).x for ends in ((0.0, 1.0), (-1.0, 2.0))
        )
        assert torch.equal(of_unit, of_wide)


@pytest.mark.parametrize("level", [0.05, 0.3, 0.9])
def test_gaussian_level_is_the_standard_deviation(level, random):
    x, (seen, hit) = corrupted(gaussian, level, random)
    assert hit is None  # every entry is corrupted: none stands out
    noise = (seen - x).double()
    assert float(noise.mean()) == pytest.approx(0, abs=SIGMAS * level / math.sqrt(N))
    assert float(noise.std()) == pytest.approx(level, abs=SIGMAS * level / math.sqrt(2 * N))
    assert float((noise.abs() < level).double().mean()) == pytest.approx(0.6827, abs=bound(0.6827))


@pytest.mark.parametrize("name", CORRUPTIONS)
@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 2**31 - 1), level=st.floats(0, 1, width=32))
def test_level_0_is_the_identity_and_equal_generators_corrupt_equally(name, seed, level):
    x = torch.linspace(-1, 2, 60).reshape(3, 20)

    def at(v):
        return CORRUPTIONS[name](x, torch.tensor(v), torch.Generator().manual_seed(seed)).x

    assert torch.equal(at(0.0), x)
    assert torch.equal(at(level), at(level))
    assert at(level).shape == x.shape


def test_level_1_leaves_nothing(random):
    _, masked = corrupted(masking, 1.0, random)
    _, peppered = corrupted(salt_and_pepper, 1.0, random)
    assert masked.hit.all()
    assert peppered.hit.all()
    assert not masked.x.any()
    assert ((peppered.x == 0) | (peppered.x == 1)).all()


def test_a_black_pixel_is_hit_too(random):
    """What was 0 before may be corrupted without a change: emphasis weighs it all the same."""
    black = torch.zeros(1, N)
    for corrupt in (masking, salt_and_pepper):
        hit = corrupt(black, torch.tensor(0.3), random).hit
        assert float(hit.double().mean()) == pytest.approx(0.3, abs=bound(0.3))
