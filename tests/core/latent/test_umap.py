"""UMAP: neighbours kept, deterministic, new codes among their likes, and a map that follows an earlier one.

It compiles itself when first used, in some ten seconds; everything here is small, so that nothing else costs much.
"""

import numpy as np
import pytest
import torch

from aelib import DataError
from aelib.latent.projection import ProjectionSpec, project
from aelib.latent.score import score_map

SPEC = ProjectionSpec(method="umap", neighbours=10)


def turned(first, second):
    """Disparity after the best shift and scale: from 0 to 1, and 1 for a map that is turned or mirrored."""
    a, b = ((x - x.mean(0)).double() for x in (first, second))
    return 1 - float((a * b).sum().clamp(min=0) / (a.norm() * b.norm())) ** 2


@pytest.fixture(scope="module")
def codes():
    """Eight clouds of 20 codes of five units."""
    random = torch.Generator().manual_seed(0)
    centres = 2 * torch.randn(8, 1, 5, generator=random)
    return (centres + torch.randn(8, 20, 5, generator=random)).reshape(160, 5)


@pytest.fixture(scope="module")
def heard():
    """What the first map told of its progress."""
    return []


@pytest.fixture(scope="module")
def first(codes, heard):
    return project(codes, SPEC, progress=lambda share, text: heard.append((share, text)))


def test_neighbours_stay_neighbours(codes, first):
    score = score_map(codes, first.points)
    assert score.trustworthiness > 0.93
    assert score.continuity > 0.93
    assert (first.points.shape, first.points.dtype) == ((160, 2), torch.float32)


def test_progress_moves(first, heard):
    shares = [share for share, _ in heard]
    assert shares == sorted(shares)
    assert len(set(shares)) > 100
    assert (shares[0], shares[-1]) == (0, 1)
    assert (0.2 + 0.8 * 0.5, "Epoch 100 of 200") in heard


def test_a_map_is_determined_by_codes_and_seed(codes, first, capfd):
    before = np.random.get_state()[1].copy(), torch.get_rng_state()
    assert torch.equal(project(codes.double(), SPEC).points, first.points)
    assert (np.random.get_state()[1] == before[0]).all()
    assert torch.equal(torch.get_rng_state(), before[1])
    assert not torch.equal(project(codes, SPEC.replace(seed=1)).points, first.points)
    assert capfd.readouterr() == ("", "")


def test_scale_of_the_codes_does_not_matter(codes, first):
    """Powers of two cost no digits, but leave the range of float32 when squared."""
    for scale in (2.0**100, 2.0**-100):
        assert torch.equal(project(codes.double() * scale, SPEC).points, first.points)


def test_new_codes_are_placed_among_their_likes(codes, first, heard):
    told = len(heard)
    random = torch.Generator().manual_seed(1)
    new = codes[::4] + 0.2 * torch.randn(40, 5, generator=random)
    places = first.place(new)
    assert torch.equal(first.place(new.double()), places)
    cloud = torch.arange(160) // 20
    nearest = torch.cdist(places, first.points).argmin(1)
    assert (cloud[nearest] == cloud[::4]).float().mean() > 0.8
    assert torch.equal(first.place(codes), first.points)
    assert len(heard) == told
    alone = torch.cat([first.place(code) for code in new.split(1)])
    torch.testing.assert_close(alone, places, atol=1e-5, rtol=0)


@pytest.mark.parametrize("turn", [(1, 1), (-1, 1), (-1, -1)])
def test_a_map_follows_an_earlier_one(codes, first, turn):
    """Turned or mirrored, in whatever unit: where the earlier map had a cloud, so has this."""
    random = torch.Generator().manual_seed(1)
    later = codes + 0.1 * torch.randn(codes.shape, generator=random)
    start = first.points * torch.tensor(turn) * 0.01 + 7
    followed = project(later, SPEC, start=start)
    assert turned(start, followed.points) < 0.15
    assert score_map(later, followed.points).trustworthiness > 0.93
    assert torch.isfinite(followed.place(codes[:5])).all()


NORMAL = torch.randn(60, 4, generator=torch.Generator().manual_seed(2), dtype=torch.float64)


@pytest.mark.parametrize("dimensions", [2, 3])
@pytest.mark.parametrize(
    "some",
    [
        NORMAL[:, :1],
        NORMAL[:, :1] * torch.tensor([1, 2, 0, 0]),
        torch.cat([torch.zeros(40, 4), NORMAL[:20]]),
        (NORMAL > 0).double(),
        NORMAL[:9].repeat(7, 1),
        torch.cat([NORMAL, torch.full((1, 4), 1e9)]),
        NORMAL[:5],
    ],
    ids=["one unit", "a line", "most are equal", "binary", "nine values", "one far away", "five points"],
)
def test_odd_codes_have_a_map_of_full_dimension(some, dimensions):
    found = project(some, SPEC.replace(neighbours=min(10, len(some) - 1), dimensions=dimensions)).points
    assert found.shape == (len(some), dimensions)
    assert torch.isfinite(found).all()
    assert (found.std(0) > 1e-3).all()
    again = project(some, SPEC.replace(neighbours=min(10, len(some) - 1), dimensions=dimensions), start=found).points
    assert torch.isfinite(again).all()


@pytest.mark.parametrize("min_distance", [0.0, 1.0])
def test_the_least_distance_spreads_the_points(codes, min_distance):
    near = project(codes, SPEC.replace(min_distance=min_distance)).points
    closest = (torch.cdist(near, near) + 1e9 * torch.eye(160)).amin(1).median()
    assert closest < 0.15 if min_distance == 0 else closest > 0.3


def test_misuse_of_a_map_is_told(codes, first, complains):
    with complains(DataError, "4 units", "made of 5"):
        first.place(codes[:, :4])
    with complains(DataError, "not finite"):
        first.place(codes / 0)
    assert (first.components, first.mean, first.explained) == (None, None, None)
