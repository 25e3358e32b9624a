"""The shortest path between two codes that hops from code to code."""

import torch
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from torch import Tensor

from aelib.geometry.rows import Map
from aelib.latent.images import CHUNK, decoded_lengths, images
from aelib.metrics.neighbours import nearest
from aelib.randomness import generator

#: Straight pieces in which the decoded length of an edge is measured.
PIECES = 16


def choose_codes(codes: Tensor, a: Tensor, b: Tensor, limit: int, seed: int) -> Tensor:
    """At most ``limit`` different codes, half of them those nearest the segment from ``a`` to ``b``, half drawn."""
    codes = codes.unique(dim=0)
    if len(codes) <= limit:
        return codes
    along = b - a
    share = ((codes - a) @ along / along.square().sum().clamp_min(torch.finfo(a.dtype).tiny)).clamp(0, 1)
    order = (codes - torch.lerp(a, b, share.unsqueeze(1))).square().sum(1).argsort(stable=True)
    near, far = order[: limit // 2], order[limit // 2 :]
    drawn = torch.randperm(len(far), generator=generator(seed, "geodesic"))[: limit - len(near)]
    return codes[torch.cat([near, far[drawn]])]


def graph_path(g: Map, codes: Tensor, line: Tensor, neighbours: int) -> Tensor:
    """The shortest way from the first point of ``line`` (m, k) to its last over edges that are as long as their image.

    The nodes are the points of ``line``, each joined to the next, and different ``codes`` (n, k); edges join
    every node to its nearest codes, at least ``neighbours`` of them or all there are. Returns the nodes on the
    way, (number, k). A search of such a graph for geodesics: Chen et al. 2019, "Fast approximate geodesics for deep
    generative models".

    No image is shorter than the chord between its ends, so edges count as their chords until a shortest way
    leads over them, and only then are they measured, in `PIECES`; a way over measured edges alone is the
    shortest of all (lazy search: Dellin & Srinivasa 2016). A hundred measurements do for ten thousand edges.
    Raises `DataError` when the image of a node is not finite.
    """
    nodes = torch.cat([line, codes])
    number = _edges(nodes, len(line), neighbours)
    a, b = number // len(nodes), number % len(nodes)
    decoded = images(g, nodes)
    pairs = zip(a.split(CHUNK), b.split(CHUNK), strict=True)
    lengths = torch.cat([(decoded[i].double() - decoded[j].double()).norm(dim=1) for i, j in pairs])
    measured = torch.zeros(len(a), dtype=torch.bool)
    while True:
        way = _shortest_way(a, b, lengths, len(nodes), len(line) - 1)
        ends = torch.stack([way[:-1], way[1:]]).sort(dim=0).values
        new = torch.searchsorted(number, ends[0] * len(nodes) + ends[1])
        new = new[~measured[new]]
        if not len(new):
            return nodes[way]
        lengths[new] = decoded_lengths(g, nodes[a[new]], nodes[b[new]], PIECES)
        measured[new] = True


def _edges(nodes: Tensor, m: int, neighbours: int) -> Tensor:
    """i · len(nodes) + j of each edge from node i to a later node j, rising; each once, as a sparse matrix would add up
    the lengths of an edge given twice."""
    found = [torch.stack([torch.arange(m - 1), torch.arange(1, m)])]
    codes = nodes[m:]
    if len(codes):
        count = min(neighbours + 1, len(codes))  # a code is the nearest of itself
        ends = nearest(nodes.double(), count, codes.double()) + m
        found.append(torch.stack([torch.arange(len(nodes)).repeat_interleave(count), ends.flatten()]))
    i, j = torch.cat(found, dim=1).sort(dim=0).values
    number: Tensor = (i * len(nodes) + j)[i < j].unique()
    return number


def _shortest_way(a: Tensor, b: Tensor, lengths: Tensor, nodes: int, end: int) -> Tensor:
    """The nodes from 0 to ``end``, by Dijkstra's algorithm."""
    # Given explicitly, a length of 0 is an edge.
    matrix = csr_array((lengths.numpy(), (a.numpy(), b.numpy())), shape=(nodes, nodes))
    _, before = dijkstra(matrix, directed=False, indices=0, return_predecessors=True)
    way = [end]
    while way[-1] != 0:
        way.append(int(before[way[-1]]))
    return torch.tensor(way[::-1])
