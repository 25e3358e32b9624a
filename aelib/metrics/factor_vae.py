"""The score of the FactorVAE paper: does the unit that stays still tell which factor was held? (Kim & Mnih 2018.)"""

import torch
from torch import Tensor

from aelib.errors import ConfigError, DataError
from aelib.metrics.factors import BINS, at_least_two, codes_and_labels

VOTES = 800
GROUP = 64


def factor_vae_score(
    codes: Tensor,
    factors: Tensor,
    random: torch.Generator,
    votes: int = VOTES,
    group: int = GROUP,
    bins: int = BINS,
) -> float:
    """Accuracy of a majority vote that names the held factor from the unit that varies least.

    One vote: choose a factor k, draw ``group`` examples that share one value of it, and find the unit
    j* = argmin_j Var(h_j in the group) / Var(h_j). From ``votes`` pairs (j*, k) each unit gets the
    factor that it was paired with most often; the score is the share of as many new pairs that this
    gets right. 1 when a unit of its own stays still for each factor, about 1/K for codes that know nothing of
    the K factors. Constant units take no part; where all are constant the score is 0.

    ``codes``: (n, units). ``factors``: (n, factors), integers, or real values sorted into equal-width
    bins. The examples at hand stand for the generator of the paper: the value is that of a
    random example, and the group is drawn with replacement from all that share it, or from their bin.
    Values that only one example has are passed over, because nothing varies in such a group.

    Raises `DataError` for fewer than 2 factors, a factor of which no two examples share a value, or one
    with a single value, when lengths differ or a value is not finite; `ConfigError` for fewer than 1 vote or
    a group of fewer than 2.
    """
    if votes < 1 or group < 2:
        raise ConfigError(f"There must be 1 vote or more, of groups of 2 or more (got {votes} of {group}).")
    values, labels = codes_and_labels(codes, factors, bins)
    at_least_two("factors", labels.shape[1])
    values = values[:, values.amax(0) > values.amin(0)]
    if not values.shape[1]:
        return 0.0
    values = values / values.std(0)
    by_factor = [_groups(k, factor) for k, factor in enumerate(labels.unbind(1))]
    table = _vote(values, by_factor, votes, group, random)
    answer = torch.zeros_like(table).scatter_(1, table.argmax(1, keepdim=True), 1)
    return float((_vote(values, by_factor, votes, group, random) * answer).sum()) / votes


def _groups(k: int, labels: Tensor) -> list[Tensor]:
    """For each example whose value of factor k another one shares, the indices of all that do."""
    members = [(labels == value).nonzero().flatten() for value in range(int(labels.max()) + 1)]
    shared = [members[value] for value in labels.tolist() if len(members[value]) > 1]
    if not shared:
        raise DataError(
            f"No two examples share a value of factor {k}: give more examples, or real values to be binned."
        )
    return shared


def _vote(values: Tensor, by_factor: list[list[Tensor]], votes: int, group: int, random: torch.Generator) -> Tensor:
    """How often each unit varied least while each factor was held: (units, factors)."""
    table = torch.zeros(values.shape[1], len(by_factor))

    def below(high: int, size: int = 1) -> Tensor:
        return torch.randint(high, (size,), generator=random, device=random.device).cpu()

    for _ in range(votes):
        k = int(below(len(by_factor)))
        same = by_factor[k][int(below(len(by_factor[k])))]
        some = values[same[below(len(same), group)]]
        table[some.var(0).argmin(), k] += 1
    return table
