"""Clusters of codes: those of scikit-learn, those that were planted, and sentences where there can be none."""

import numpy as np
import pytest
import torch
from sklearn.cluster import HDBSCAN, KMeans

from aelib.errors import ConfigError, DataError
from aelib.latent.clusters import ClusterSpec, by_size, find_clusters
from aelib.randomness import generator

SIZES = (60, 40, 20)


@pytest.fixture(scope="module")
def blobs():
    """Codes of three units around three far places, in turn, and the blob of each."""
    which = torch.repeat_interleave(torch.arange(3), torch.tensor(SIZES))
    which = which[torch.randperm(len(which), generator=generator(0, "order"))]
    places = torch.tensor([[0.0, 0, 0], [9, 0, 0], [0, 9, 9]])
    return places[which] + 0.3 * torch.randn(len(which), 3, generator=generator(0, "blobs")), which


SPECS = [ClusterSpec(clusters=3), ClusterSpec(method="hdbscan", min_cluster_size=10)]


@pytest.mark.parametrize("spec", SPECS, ids=["k-means", "hdbscan"])
def test_planted_blobs_are_found_the_largest_first(blobs, spec):
    codes, which = blobs
    found = find_clusters(codes, spec)
    assert found.sizes == tuple(int((found.labels == k).sum()) for k in range(3))
    inside = found.labels >= 0
    assert inside.sum() >= 0.95 * len(codes)  # HDBSCAN may leave out a code at an edge
    assert torch.equal(found.labels[inside].long(), which[inside])  # as the blobs are numbered by their sizes


def same_parts(labels, others):
    """Whether two labellings put the same codes together."""
    pairs = {*zip(labels.tolist(), others.tolist(), strict=True)}
    return len(pairs) == len({first for first, _ in pairs}) == len({second for _, second in pairs})


def test_they_are_those_of_scikit_learn():
    codes = torch.randn(150, 2, generator=generator(1, "cloud"))
    x = codes.double().numpy()
    found = find_clusters(codes, ClusterSpec(clusters=5, seed=3))
    assert same_parts(found.labels, KMeans(5, n_init=10, random_state=3).fit(x).labels_)
    found = find_clusters(codes, ClusterSpec(method="hdbscan", min_cluster_size=6))
    expected = HDBSCAN(min_cluster_size=6, copy=True).fit(x).labels_
    assert same_parts(found.labels, expected)
    assert np.array_equal(found.labels < 0, expected < 0)
    assert (expected < 0).any()


def test_equal_seeds_give_equal_clusters():
    codes = torch.randn(200, 2, generator=generator(2, "cloud"))
    one, same, other = (find_clusters(codes, ClusterSpec(clusters=9, seed=seed)).labels for seed in (4, 4, 5))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_clusters_are_counted_by_their_sizes():
    found = by_size(torch.tensor([7, 2, -1, 2, 5, 7, 2]))
    assert (found.labels.tolist(), found.sizes) == ([1, 0, -1, 0, 2, 1, 0], (3, 2, 1))
    nothing = by_size(torch.tensor([-1, -1]))
    assert (nothing.labels.tolist(), nothing.sizes) == ([-1, -1], ())


@pytest.mark.parametrize(
    ("codes", "spec", "said"),
    [
        (torch.zeros(1, 2), ClusterSpec(), r"at least 8 codes \(got 1\)"),
        (torch.rand(4, 2), ClusterSpec(clusters=5), r"at least 5 codes \(got 4\)"),
        (torch.ones(50, 2), ClusterSpec(clusters=2), r"different codes \(there are 1\)"),
        (torch.zeros(1, 2), ClusterSpec(method="hdbscan"), r"needs as many \(got 1\)"),
    ],
    ids=["one", "few", "equal", "one for hdbscan"],
)  # fmt: skip
def test_too_few_codes_are_one_sentence(codes, spec, said):
    with pytest.raises(ConfigError, match=said) as refused:
        find_clusters(codes, spec)
    assert str(refused.value).count(". ") == 0


def test_equal_codes_are_one_place_or_none_to_hdbscan():
    assert sum(find_clusters(torch.ones(30, 2), ClusterSpec(method="hdbscan")).sizes) in (0, 30)


def test_codes_that_are_not_finite_are_refused():
    with pytest.raises(DataError, match="not finite"):
        find_clusters(torch.tensor([[0.0], [torch.nan], [1.0]]), ClusterSpec(clusters=2))
