"""Shortest ways over graphs of codes, against Dijkstra's algorithm on every edge measured in full."""

from itertools import pairwise

import pytest
import torch
from scipy.sparse.csgraph import dijkstra

from aelib import MLP, DataError
from aelib.latent.graph import PIECES, choose_codes, graph_path
from aelib.latent.paths import linear


def decoder(units, features=9):
    spec = MLP((features,), hidden=(12,), latent=units, activation="tanh")
    network = spec.build(1, torch.Generator().manual_seed(2)).double().requires_grad_(False)
    return lambda z: network.decode(4 * z).sigmoid()


def draws(n, units, seed=0):
    return torch.randn(n, units, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def length(g, path):
    t = torch.linspace(0, 1, PIECES + 1, dtype=path.dtype).unsqueeze(1)
    return float(sum((g(torch.lerp(a, b, t)).diff(dim=0)).norm(dim=1).sum() for a, b in pairwise(path)))


def shortest(g, codes, line, neighbours):
    """Of all ways over the line, and from any node to its nearest codes."""
    nodes, m = torch.cat([line, codes]), len(line)
    weights = torch.zeros(len(nodes), len(nodes), dtype=torch.float64)
    distances = torch.cdist(nodes, codes)
    pairs = [(i, i + 1) for i in range(m - 1)]
    pairs += [(i, m + int(j)) for i, row in enumerate(distances) for j in row.topk(neighbours + 1, largest=False)[1]]
    for i, j in pairs:
        if i != j:
            weights[i, j] = weights[j, i] = length(g, torch.stack([nodes[i], nodes[j]]))
    return dijkstra(weights.numpy(), indices=0)[m - 1]


@pytest.mark.parametrize("units", [1, 2, 3, 10])
@pytest.mark.parametrize("seed", [0, 1])
def test_measuring_only_what_is_needed_finds_the_shortest_way_of_all(units, seed):
    g, codes = decoder(units), draws(60, units, seed)
    line = linear(*draws(2, units, seed + 10) * 1.5, 5)
    found = graph_path(g, codes, line, 4)
    assert torch.equal(found[[0, -1]], line[[0, -1]])
    assert length(g, found) == pytest.approx(shortest(g, codes, line, 4), rel=1e-9)


def test_without_codes_the_way_is_the_line():
    line = linear(*draws(2, 3), 6)
    assert torch.equal(graph_path(decoder(3), line[:0], line, 10), line)


def test_few_codes_are_all_neighbours():
    line = linear(*draws(2, 2), 3)
    found = graph_path(decoder(2), draws(2, 2, 5), line, 10)
    assert length(decoder(2), found) <= length(decoder(2), line) + 1e-12


def test_a_decoder_that_draws_one_picture_has_ways_of_no_length():
    line = linear(*draws(2, 2), 4)
    found = graph_path(lambda z: 0 * z, draws(20, 2), line, 3)
    assert torch.equal(found[[0, -1]], line[[0, -1]])


def test_a_code_where_the_decoder_overflows_is_named():
    line = linear(*draws(2, 2), 4)
    with pytest.raises(DataError, match="not finite"):
        graph_path(lambda z: z / (z[:, :1] < 50), torch.tensor([[99.0, 0.0]]).double(), line, 1)


def test_at_most_so_many_different_codes_half_of_them_the_nearest():
    codes = draws(400, 3)
    a, b = draws(2, 3, 1)
    chosen = choose_codes(torch.cat([codes, codes]), a, b, 50, seed=0)
    assert len(chosen.unique(dim=0)) == len(chosen) == 50
    order = torch.cdist(codes, linear(a, b, 2001)).min(1).values.argsort()
    kept = {tuple(code) for code in chosen.tolist()}
    assert all(tuple(code) in kept for code in codes[order[:25]].tolist())
    assert max(int(i) for i, code in enumerate(codes[order].tolist()) if tuple(code) in kept) > 300
    assert torch.equal(chosen, choose_codes(codes, a, b, 50, seed=0))
    assert not torch.equal(chosen, choose_codes(codes, a, b, 50, seed=1))
    assert len(choose_codes(codes, a, b, 400, seed=0)) == 400
    assert len(choose_codes(codes, a, b, 0, seed=0)) == 0
    assert len(choose_codes(codes, a, a, 7, seed=0)) == 7
