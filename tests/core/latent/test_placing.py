"""Places of new codes on a map: each by itself, near the points of its like, and by the definition of a median."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from aelib.latent.placing import SOFTNESS, place_among

#: Of maps that are some 20 wide.
CLOSE = {"atol": 1e-6, "rtol": 0}


def normal(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.fixture(scope="module")
def codes():
    return normal(300, 6)


@pytest.fixture(scope="module")
def points():
    return 5 * normal(300, 2, seed=1)


def test_a_place_is_the_weighted_median_of_the_neighbours_points(codes, points):
    new = normal(20, 6, seed=2)
    for code, place in zip(new, place_among(new, codes, points, 7), strict=True):
        distance = (codes - code).norm(dim=1)
        near = distance.argsort()[:7]
        p, w = points[near].numpy(), 1 / distance[near].numpy()

        def cost(y, p=p, w=w):
            return float((w * np.sqrt(((y - p) ** 2).sum(1) + SOFTNESS**2)).sum())

        best = min((minimize(cost, begin, tol=1e-12) for begin in (p.mean(0), *p)), key=lambda found: found.fun)
        assert cost(place.numpy()) <= best.fun * (1 + 1e-6)


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.tuples(*[st.integers(-2, 2)] * 3), min_size=5, max_size=20),
    st.lists(st.tuples(*[st.floats(-3, 3)] * 3), min_size=1, max_size=8),
    st.data(),
)
def test_the_places_of_some_codes_are_some_of_the_places(old, new, data):
    """Whatever coincides, also with codes of the map."""
    old, new = torch.tensor(old).double(), torch.tensor(new).double()
    new = torch.cat([new, old[:3]])
    points = normal(len(old), 2)
    places = place_among(new, old, points, 4)
    some = data.draw(st.lists(st.sampled_from(range(len(new))), min_size=1))
    torch.testing.assert_close(place_among(new[some], old, points, 4), places[some], **CLOSE)
    assert (places >= points.amin(0) - 1e-9).all()
    assert (places <= points.amax(0) + 1e-9).all()


def test_codes_of_the_map_are_at_their_points_and_those_near_them_nearby(codes, points):
    assert torch.equal(place_among(codes, codes, points, 10).float(), points.float())
    away = [(place_among(codes + step, codes, points, 10) - points).norm(dim=1).max() for step in (1e-2, 1e-4, 1e-8)]
    assert away[0] > away[1] > away[2]
    assert away[2] < 1e-6


def test_a_code_that_equals_several_is_between_their_points():
    codes, points = torch.zeros(9, 2).double(), normal(9, 2)
    codes[3:] = normal(6, 2) + 5
    place = place_among(torch.zeros(1, 2).double(), codes, points, 6)[0]
    sides = torch.linalg.det(
        torch.stack([torch.stack([points[k] - place, points[(k + 1) % 3] - place]) for k in range(3)])
    )
    assert (sides > 0).all() or (sides < 0).all()


def test_a_map_that_is_turned_and_moved_takes_its_places_along(codes, points):
    new = normal(30, 6, seed=3)
    turn = torch.linalg.qr(normal(2, 2, seed=4)).Q
    places = place_among(new, codes, points, 10)
    torch.testing.assert_close(place_among(new, codes, points @ turn + 7, 10), places @ turn + 7, atol=1e-4, rtol=0)


def test_what_is_between_two_islands_lands_on_one():
    """Six neighbours here and four there, equally far: the mean would be in the water."""
    angle = torch.arange(10, dtype=torch.float64)
    codes = torch.stack([angle.cos(), angle.sin()], 1)
    island = (angle >= 6).double().unsqueeze(1) * torch.tensor([20.0, 0.0], dtype=torch.float64)
    points = island + 0.3 * normal(10, 2)
    place = place_among(torch.zeros(1, 2).double(), codes, points, 10)
    assert torch.cdist(place, points[:6]).min() < 0.5
