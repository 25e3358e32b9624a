"""How far points are from each other up to rounding, and which are nearest, where equally far is equally near.

‖a‖² + ‖b‖² − 2 a·b is ten times faster than Σ (aᵢ − bᵢ)², but where a and b are nearer to each other than to the origin
it cancels: copies of one point come out anywhere, and beside a far outlier all points. What cancels is computed by
differences here.
"""

from collections.abc import Iterator
from typing import NamedTuple

import torch
from scipy.spatial import KDTree
from torch import Tensor

from aelib.metrics.points import PAIRS, check_neighbours

#: Up to so many features differences are as fast as products.
FEW = 32
#: Below this share of ‖a‖² + ‖b‖² a squared distance has lost 4 bits or more and is computed by differences.
CANCELLED = 2.0**-4
#: Neighbours beyond the k-th that are looked at in case they are as far: few are, but where points are copies.
SPARE = 1
#: Up to so many features a tree finds neighbours faster than all distances are computed.
TREE = 4
#: Beside the k nearest so many points are compared by differences before all are.
CANDIDATES = 32
#: Points that tell where most of them are, which need not be the mean: an outlier would draw it away from all.
MIDDLE = 512

#: By what share of its size two computations of a squared distance differ at most: 2⁻⁵² of a sum, times 2⁴ of what may
#: have cancelled, times 2⁸ for the order of up to 2¹⁶ summands. Squares of whole numbers are told apart up to 2³⁹.
RELATIVE = 2.0**-40
#: By how many units in the last place of ‖x‖ a point is uncertain: a rotation in 784 dimensions moves it by about 28.
UNITS = 32


class Distances(NamedTuple):
    """``squared``: from some rows to all points (rows, n), float64; infinite from a row to itself.

    ``norms``: ‖x‖ of these rows, (rows, 1). ``epsilon``: the relative precision in which the points were given.
    """

    squared: Tensor
    norms: Tensor
    epsilon: float

    def beyond(self, squared: Tensor) -> Tensor:
        """The greatest squared distance that rounding cannot tell from ``squared`` (rows, m).

        Points that are uncertain by δ may be √(d²) + δ apart; of the square of that 2 δ d is for float64, as numbers
        that were given in less are taken at their word unless they say that two points are the same.
        """
        same = (UNITS * self.epsilon * self.norms).square()
        near = 2 * UNITS * torch.finfo(torch.float64).eps * self.norms * squared.sqrt()
        return squared * (1 + RELATIVE) + near + same

    def short_of(self, squared: Tensor) -> Tensor:
        """The least squared distance that rounding cannot tell from ``squared``, as `beyond` has the greatest."""
        return 2 * squared - self.beyond(squared)


class Neighbours(NamedTuple):
    """``columns``: of the nearest, (rows, k or more). ``part``: by how much each is one; a row adds up to k."""

    columns: Tensor
    part: Tensor


def distances(queries: Tensor, points: Tensor | None = None) -> Iterator[Distances]:
    """From a few queries (m, d) at a time to all points (n, d); without ``points`` to the other queries.

    Of two points that are the same to their last place the distance is 0, or nearly: compare by `Distances.beyond`.
    Takes float32 and float64, and computes in float64: O((m + n) d) memory beside that of a few rows.
    """
    others = (queries if points is None else points).double()
    epsilon = _precision(queries, points)
    centre = _middle(others)
    rows = max(1, PAIRS // len(others))
    for start in range(0, len(queries), rows):
        some = queries[start : start + rows].double()
        squared = _squared(some, others, centre)
        if points is None:
            squared[:, start : start + rows].fill_diagonal_(torch.inf)
        yield Distances(squared, some.norm(dim=1, keepdim=True), epsilon)


def neighbourhoods(queries: Tensor, k: int, points: Tensor | None = None) -> Iterator[Neighbours]:
    """`neighbours` of all queries (m, d), some at a time, among points (n, d); without ``points`` among the others."""
    if queries.device.type == "cpu" and queries.shape[1] <= TREE and (found := _by_tree(queries, k, points)):
        yield found
    else:
        for block in distances(queries, points):
            yield neighbours(block, k)


def neighbours(found: Distances, k: int) -> Neighbours:
    """The k nearest of each row; all that are as far as the k-th share the places which the nearer ones leave."""
    count = found.squared.shape[1]
    squared, columns = found.squared.topk(min(k + SPARE, count), largest=False)
    last = squared[:, k - 1 : k]
    most = found.beyond(last)
    if squared.shape[1] < count and bool((squared[:, -1:] <= most).any()):  # there may be more as far as the k-th
        squared, columns = found.squared.topk(int((found.squared <= most).sum(1).max()), largest=False, sorted=False)
    return _shared(squared, columns, last, most, k)


def _by_tree(queries: Tensor, k: int, points: Tensor | None) -> Neighbours | None:
    """The k nearest by a k-d tree (Bentley 1975); None when there may be more as far as the k-th than it gave."""
    others = (queries if points is None else points).double()
    asked = min(k + SPARE + (points is None), len(others))
    distance, index = KDTree(others.numpy()).query(queries.double().numpy(), range(1, asked + 1))
    squared, columns = torch.from_numpy(distance).square_(), torch.from_numpy(index)
    if points is None:  # itself may be anywhere among its copies, or beyond them
        squared[columns == torch.arange(len(queries)).unsqueeze(1)] = torch.inf
        squared, order = squared.sort(1)
        columns = columns.gather(1, order)
    last = squared[:, k - 1 : k]
    most = Distances(squared, queries.double().norm(dim=1, keepdim=True), _precision(queries, points)).beyond(last)
    if asked < len(others) and bool((squared[:, k : k + SPARE] <= most).any()):
        return None
    return _shared(squared, columns, last, most, k)


def _shared(squared: Tensor, columns: Tensor, last: Tensor, most: Tensor, k: int) -> Neighbours:
    """By how much each of these candidates is one of the k nearest; the ``last`` of them is so far, up to ``most``."""
    nearer = squared < 2 * last - most
    tied = (squared <= most) & ~nearer
    share = (k - nearer.sum(1, keepdim=True)).to(last) / tied.sum(1, keepdim=True)
    return Neighbours(columns, nearer + tied * share)


def nearest(queries: Tensor, k: int, points: Tensor | None = None) -> Tensor:
    """Indices of the ``k`` nearest points of each query, nearest first, (number of queries, k), int64.

    Without ``points``: among the other queries. Which of equally near points come first is arbitrary: where a figure
    follows from it, use `neighbours`. Made for many points: a few of them at a time are held in float64.
    """
    check_neighbours(k, len(queries if points is None else points) - (points is None))
    screened = _screened(queries, k, points)
    return _of_all(queries, k, points) if screened is None else screened


def _screened(queries: Tensor, k: int, points: Tensor | None) -> Tensor | None:
    """`nearest`, where sums of squares rule out all but a few points in the precision of these, which then are compared
    by differences in float64; None where they do not, as far from the origin or among copies.

    A sum of d products is off by at most d u Σ|aᵢ bᵢ| (Higham 2002, section 3.1).
    """
    others = queries if points is None else points
    count, features = others.shape
    sizes, limits = others.norm(dim=1).square(), torch.finfo(queries.dtype)
    rows, found = max(1, PAIRS // max(count, (k + CANDIDATES) * features)), []
    for start in range(0, len(queries), rows):
        some = queries[start : start + rows]
        both = some.norm(dim=1, keepdim=True).square() + sizes
        about = torch.addmm(both, some, others.T, alpha=-2)
        slack = 4 * features * (limits.eps * both + limits.tiny)
        if points is None:
            about[:, start : start + rows].fill_diagonal_(torch.inf)
        reach = (about + slack).topk(k, largest=False).values[:, -1:]
        least = about - slack
        maybe = int((least <= reach).sum(1).max())
        if not k <= maybe <= k + CANDIDATES or not bool(reach.isfinite().all()):
            return None
        near, columns = least.topk(maybe, largest=False)
        exact = (some.double().unsqueeze(1) - others[columns].double()).square().sum(2)
        exact[near.isinf()] = torch.inf  # itself
        found.append(columns.gather(1, exact.topk(k, largest=False).indices))
    return torch.cat(found)


def _of_all(queries: Tensor, k: int, points: Tensor | None) -> Tensor:
    """`nearest` by the distances to all points."""
    others = queries if points is None else points
    centre, asked = _middle(others), queries.double()
    best = torch.empty(len(queries), 0, dtype=torch.float64, device=queries.device)
    index = torch.empty(len(queries), 0, dtype=torch.int64, device=queries.device)
    columns = max(k, PAIRS // max(len(queries), others.shape[1]))
    for start in range(0, len(others), columns):
        squared = _squared(asked, others[start : start + columns].double(), centre)
        if points is None:
            squared[start : start + columns].fill_diagonal_(torch.inf)
        near, where = squared.topk(min(k, squared.shape[1]), largest=False)
        best, kept = torch.cat([best, near], dim=1).topk(k, largest=False)
        index = torch.cat([index, where + start], dim=1).gather(1, kept)
    return index


def _precision(queries: Tensor, points: Tensor | None) -> float:
    """The relative precision of the less precise of both."""
    return max(torch.finfo(x.dtype).eps for x in (queries, queries if points is None else points))


def _middle(points: Tensor) -> Tensor:
    """A place among most of the points: the median of each feature, over some of them. (d,), float64."""
    step = -(-len(points) // MIDDLE)
    return points[::step].double().median(0).values


def _squared(a: Tensor, b: Tensor, centre: Tensor) -> Tensor:
    """‖aᵢ − bⱼ‖² to a relative precision of about `RELATIVE`: (m, d) and (n, d) ↦ (m, n)."""
    if a.shape[1] <= FEW:
        return _by_differences(a, b)
    about, beside = a - centre, b - centre
    sizes = about.square().sum(1, keepdim=True) + beside.square().sum(1)
    found = torch.addmm(sizes, about, beside.T, alpha=-2)
    cancelled = found < CANCELLED * sizes
    lost = int(cancelled.sum())
    if lost * 16 > found.numel():  # picking them out would cost more than all
        return _by_differences(a, b)
    i, j = cancelled.nonzero(as_tuple=True)
    at_a_time = max(1, PAIRS // a.shape[1])
    for start in range(0, lost, at_a_time):
        some, others = i[start : start + at_a_time], j[start : start + at_a_time]
        found[some, others] = (a[some] - b[others]).square().sum(1)
    return found


def _by_differences(a: Tensor, b: Tensor) -> Tensor:
    return torch.cdist(a, b, compute_mode="donot_use_mm_for_euclid_dist").square_()
