"""Distances and nearest neighbours against scikit-learn, whole or in blocks."""

import pytest
import torch
from sklearn.neighbors import NearestNeighbors

from aelib.errors import ConfigError, DataError
from aelib.metrics import points
from aelib.metrics.points import comparable, distance_blocks, nearest


@pytest.fixture(params=[points.PAIRS, 1, 100], ids=["whole", "one by one", "blocks"])
def pairs(request, monkeypatch):
    monkeypatch.setattr(points, "PAIRS", request.param)


@pytest.mark.usefixtures("pairs")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
# Far from the origin ‖q‖² + ‖p‖² − 2 q·p cancels: in float32 and uncentred every neighbour would be wrong.
@pytest.mark.parametrize("offset", [0, 1e3])
def test_nearest_are_those_of_scikit_learn(random, dtype, offset):
    some = torch.randn(33, 3, generator=random, dtype=dtype) + offset
    queries = torch.randn(20, 3, generator=random, dtype=dtype) + offset
    oracle = NearestNeighbors(algorithm="kd_tree").fit(some.double().numpy())
    expected = oracle.kneighbors(queries.double().numpy(), 4, return_distance=False)
    assert nearest(queries, 4, some).tolist() == expected.tolist()
    assert nearest(some, 4).tolist() == oracle.kneighbors(n_neighbors=4, return_distance=False).tolist()


def test_equal_points_are_neighbours_but_no_point_is_its_own():
    twins = torch.tensor([[0.0], [5.0], [0.0], [5.0]])
    assert nearest(twins, 1).squeeze(1).tolist() == [2, 3, 0, 1]
    assert sorted(nearest(twins, 3)[0].tolist()) == [1, 2, 3]


@pytest.mark.usefixtures("pairs")
def test_distances_are_exact_and_symmetric(random):
    some = torch.rand(40, 50, generator=random) + 100
    some[7] = some[3]
    found = torch.cat(list(distance_blocks(some, some)))
    differences = some.double().unsqueeze(0) - some.double().unsqueeze(1)
    # Sums of 50 squares in float32.
    torch.testing.assert_close(found.double(), differences.square().sum(2).sqrt(), rtol=1e-5, atol=0)
    assert torch.equal(found, found.T)
    assert found[3, 7] == 0
    to_others = torch.cat(list(distance_blocks(some)))
    assert torch.equal(to_others, found.fill_diagonal_(torch.inf))


def test_points_are_flattened_and_brought_to_one_type():
    pictures = torch.zeros(2, 1, 3, 4, dtype=torch.float16)
    grid = torch.zeros(5, 12, dtype=torch.uint8)
    assert [(x.dtype, x.shape) for x in comparable(a=pictures, b=grid)] == [
        (torch.float32, (2, 12)),
        (torch.float32, (5, 12)),
    ]
    exact = torch.zeros(1, 12, dtype=torch.float64, requires_grad=True)
    assert all(x.dtype == torch.float64 and not x.requires_grad for x in comparable(a=pictures, b=exact))


def test_what_cannot_be_compared_is_refused(complains):
    good = torch.zeros(3, 2)
    with complains(DataError, "test codes", "3 features", "codes have 2"):
        comparable(codes=good, test_codes=torch.zeros(3, 3))
    with complains(DataError, "codes", "(3,)"):
        comparable(codes=torch.zeros(3))
    with complains(DataError, "codes", "(0, 2)"):
        comparable(codes=torch.zeros(0, 2))
    for bad in (torch.nan, torch.inf):
        with complains(DataError, "test codes", "not finite"):
            comparable(codes=good, test_codes=torch.full((1, 2), bad))


@pytest.mark.parametrize("k", [0, -1, 3, 4])
def test_as_many_neighbours_as_there_are_others(complains, k):
    three = torch.eye(3)
    with complains(ConfigError, "k must be from 1 to 2", f"got {k}"):
        nearest(three, k)
    if k == 3:
        assert sorted(nearest(three, k, three)[0].tolist()) == [0, 1, 2]
