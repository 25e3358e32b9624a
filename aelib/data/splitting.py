"""Which examples are kept, and which of them are held out: the same every time for the same seed."""

import torch
from torch import Tensor

from aelib.randomness import generator


def draw(strata: Tensor, count: int, random: torch.Generator, *, leave_some: bool = False) -> Tensor:
    """Flags of ``count`` examples drawn at random, (n,): of each stratum its share of them, to within one.

    ``strata``: the stratum of each example, (n,), int64 from 0. ``leave_some``: at least one of each stratum is not
    drawn, even if fewer than ``count`` are.
    """
    sizes = torch.bincount(strata)
    room = (sizes - 1).clamp(min=0) if leave_some else sizes
    share = sizes.double() * count / max(1, len(strata))
    quota = torch.minimum(share.floor().long(), room)
    while (missing := min(count, int(room.sum())) - int(quota.sum())) > 0:  # to those that lack most, one each
        lack = torch.where(quota < room, share - quota, -torch.inf)
        neediest = lack.argsort(descending=True, stable=True)[: min(missing, int((quota < room).sum()))]
        quota[neediest] += 1
    order = torch.randperm(len(strata), generator=random)
    order = order[strata[order].argsort(stable=True)]
    rank = torch.arange(len(strata)) - (sizes.cumsum(0) - sizes)[strata[order]]
    flags = torch.zeros(len(strata), dtype=torch.bool)
    flags[order] = rank < quota[strata[order]]
    return flags


def split(
    classes: Tensor | None,
    count: int,
    *,
    held_out: float,
    stratified: bool = True,
    at_most: int | None = None,
    seed: int = 0,
    given: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """Places of the training and of the held-out examples among ``count``, each in random order.

    ``classes``: the class of each, (n,), int64 from 0. ``held_out``: the share that is, at least one example and not
    all; of no effect where ``given`` tells which, (n,), bool. ``at_most``: how many are kept. With ``stratified`` each
    class has its share of both, and at least one training example.
    """
    strata = torch.zeros(count, dtype=torch.long)
    if stratified and classes is not None:
        strata = torch.unique(classes, return_inverse=True)[1]
    kept = torch.arange(count)
    if at_most is not None and at_most < count:
        both = strata if given is None else 2 * strata + given
        kept = kept[draw(both, at_most, generator(seed, "kept"))]
    if given is None:
        wanted = min(max(1, round(held_out * len(kept))), len(kept) - 1)
        flags = draw(strata[kept], wanted, generator(seed, "split"), leave_some=True)
        if wanted > 0 and not flags.any():  # one example of each class
            flags = draw(torch.zeros_like(kept), wanted, generator(seed, "split"))
    else:
        flags = given[kept]
    order = torch.randperm(len(kept), generator=generator(seed, "order of the data"))
    kept, flags = kept[order], flags[order]
    return kept[~flags], kept[flags]
