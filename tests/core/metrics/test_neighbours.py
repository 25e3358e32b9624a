"""Nearest neighbours against scikit-learn, whole or in blocks, and where sums of squares would cancel."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from sklearn.manifold import trustworthiness as sklearn_trustworthiness
from sklearn.neighbors import NearestNeighbors

from aelib.errors import ConfigError
from aelib.metrics import neighbours as module
from aelib.metrics.embedding import trustworthiness
from aelib.metrics.neighbours import FEW, TREE, distances, nearest, neighbourhoods, neighbours


@pytest.fixture(params=[module.PAIRS, 1, 100], ids=["whole", "one by one", "blocks"])
def pairs(request, monkeypatch):
    monkeypatch.setattr(module, "PAIRS", request.param)


@pytest.fixture(params=[module.CANDIDATES, -1], ids=["screened", "all"])
def candidates(request, monkeypatch):
    monkeypatch.setattr(module, "CANDIDATES", request.param)


@pytest.mark.usefixtures("pairs", "candidates")
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


@pytest.mark.parametrize("scale", [1e-25, 1e-3, 1.0, 255.0, 1e25])
def test_nearest_among_many_pictures_are_those_of_scikit_learn(random, scale):
    """Where sums of squares tell (0.001 … 255), and where they lose everything in float32."""
    x = torch.rand(300, 784, generator=random) * scale
    queries = torch.cat([x[:3] + scale / 1000, torch.rand(5, 784, generator=random) * scale])
    expected = cdist(queries.double().numpy(), x.double().numpy()).argsort(1)[:, :3]
    assert nearest(queries, 3, x).tolist() == expected.tolist()


def test_equal_points_are_neighbours_but_no_point_is_its_own():
    twins = torch.tensor([[0.0], [5.0], [0.0], [5.0]])
    assert nearest(twins, 1).squeeze(1).tolist() == [2, 3, 0, 1]
    assert sorted(nearest(twins, 3)[0].tolist()) == [1, 2, 3]


@pytest.mark.parametrize("k", [0, -1, 3, 4])
def test_as_many_neighbours_as_there_are_others(complains, k):
    three = torch.eye(3)
    with complains(ConfigError, "k must be from 1 to 2", f"got {k}"):
        nearest(three, k)
    if k == 3:
        assert sorted(nearest(three, k, three)[0].tolist()) == [0, 1, 2]


def spread(columns, features):
    """Points of one feature in a space of many, where products are used: their distances stay as they are."""
    return torch.nn.functional.pad(columns, (0, features - columns.shape[1]))


FEATURES = pytest.mark.parametrize("features", [1, FEW + 8], ids=["by differences", "by products"])


@pytest.mark.usefixtures("pairs", "candidates")
@FEATURES
def test_a_far_outlier_moves_no_neighbour(features):
    x = spread(torch.tensor([[0.0], [0.01], [1.0], [1.01], [2.0], [2.01], [1e9]]), features)
    assert nearest(x, 1).squeeze(1).tolist() == [1, 0, 3, 2, 5, 4, 5]


@pytest.mark.usefixtures("pairs", "candidates")
@FEATURES
def test_two_groups_far_from_each_other_keep_their_neighbours(random, features):
    """Half of the points are 10⁹ away: wherever one measures from, half of them are far."""
    near = torch.randn(40, features, generator=random, dtype=torch.float64)
    x = torch.cat([near, near.flip(0) + 1e9])
    oracle = NearestNeighbors(algorithm="kd_tree").fit(x.numpy())
    assert nearest(x, 3).tolist() == oracle.kneighbors(n_neighbors=3, return_distance=False).tolist()


@FEATURES
def test_trust_beside_a_far_outlier_is_scikit_learn_s(random, features):
    x = torch.randn(60, features, generator=random, dtype=torch.float64)
    x[7] += 1e9
    codes = x[:, :1] + 0.1 * torch.randn(60, 1, generator=random, dtype=torch.float64)
    apart = cdist(x.numpy(), x.numpy())  # scikit-learn's own distances are sums of squares, which cancel
    expected = sklearn_trustworthiness(apart, codes.numpy(), n_neighbors=5, metric="precomputed")
    assert trustworthiness(x, codes, 5) == pytest.approx(expected, abs=1e-12)


@settings(deadline=None, max_examples=50)
@given(
    places=st.lists(st.integers(0, 255), min_size=8, max_size=40),
    features=st.sampled_from([2, TREE, FEW, FEW + 1, 784]),
    k=st.integers(1, 7),
)
def test_whole_numbers_are_told_apart_and_tied_exactly(places, features, k):
    """As integers have it: those nearer than the k-th are in, those farther out, those as far share what is left."""
    repeat = torch.tensor(places, dtype=torch.float32).unsqueeze(1)
    x = (repeat * torch.arange(1, features + 1)) % 256
    whole = x.long()
    exact = (whole.unsqueeze(0) - whole.unsqueeze(1)).square().sum(2).double().fill_diagonal_(torch.inf)
    (found,) = distances(x)
    parts = torch.zeros_like(exact).scatter_(1, *neighbours(found, k))
    parts_by_any_means = torch.zeros_like(exact).scatter_(1, *next(neighbourhoods(x, k)))
    last = exact.sort(dim=1).values[:, k - 1 : k]
    nearer, tied = exact < last, exact == last
    share = (k - nearer.sum(1, keepdim=True)).double() / tied.sum(1, keepdim=True)
    for found_parts in (parts, parts_by_any_means):
        torch.testing.assert_close(found_parts, nearer + tied * share, rtol=0, atol=1e-12)


@pytest.mark.parametrize("features", [1, 2, TREE])
@pytest.mark.parametrize("k", [1, 5, 38])
def test_a_tree_finds_the_neighbours_that_all_distances_tell(random, features, k):
    """Copies among them, a far outlier, and queries that are the points or others."""
    x = torch.randn(40, features, generator=random)
    x[10:14], x[20] = x[10], 1e9
    for queries, points in ((x, None), (torch.randn(9, features, generator=random), x)):
        shape = (len(queries), len(x))
        by_tree = torch.zeros(shape, dtype=torch.float64).scatter_(1, *next(neighbourhoods(queries, k, points)))
        (found,) = distances(queries, points)
        told = torch.zeros(shape, dtype=torch.float64).scatter_(1, *neighbours(found, k))
        torch.testing.assert_close(by_tree, told, rtol=0, atol=1e-12)


def test_a_tree_is_asked_where_nothing_ties(random, monkeypatch):
    monkeypatch.setattr(module, "distances", None)
    assert len(next(neighbourhoods(torch.randn(50, 2, generator=random), 5)).columns) == 50


def test_copies_that_were_turned_are_copies_in_the_precision_that_they_have(random):
    """784 features in float32: the turned copies are up to 28 units in the last place apart, and no more neighbours."""
    x = torch.rand(6, 784, generator=random)
    turn = torch.linalg.qr(torch.randn(784, 784, generator=random))[0]
    # Each copy by itself: other kernels sum in another order.
    copies = torch.cat([x[i : i + 1] @ turn for i in range(6)] + [x @ turn] + [(x.double() @ turn.double()).float()])
    (found,) = distances(copies)
    part = torch.zeros(18, 18, dtype=torch.float64).scatter_(1, *neighbours(found, 1))
    same = torch.arange(18).unsqueeze(1) % 6 == torch.arange(18) % 6
    torch.testing.assert_close(part, same.double().fill_diagonal_(0) / 2)
