"""The generator: are its samples plausible, and different from the training set?"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from aelib.errors import DataError
from aelib.metrics.neighbours import distances, nearest
from aelib.metrics.points import check_neighbours, comparable


class Prdc(NamedTuple):
    """Precision, recall, density and coverage of samples; see `prdc`."""

    precision: float
    recall: float
    density: float
    coverage: float


def prdc(samples: Tensor, real: Tensor, k: int = 5) -> Prdc:
    """How the supports of samples and real examples overlap, judged by balls around their points.

    B(p) is the closed ball around p that reaches the k-th nearest other point of p's own set.

    A point on the edge of a ball, up to rounding, is in it.

    - precision: share of samples in some ball of a real example; recall: share of real examples in
      some ball of a sample (Kynkäänniemi et al. 2019);
    - density: balls of real examples that hold a sample, per sample, over k; 1 is expected of samples
      distributed as the real ones, and crowding around modes gives more. Coverage: share of real examples
      whose ball holds a sample, expected about 1 − 2⁻ᵏ of equally many such samples (Naeem et al. 2020).

    ``samples``: (m, …), ``real``: (n, …) with the same features, which are flattened. Raises `DataError`
    on data that do not fit, `ConfigError` unless 1 ≤ k < min(m, n).
    """
    samples, real = comparable(samples=samples, real_examples=real)
    check_neighbours(k, min(len(samples), len(real)) - 1)
    sample_radii, real_radii = _radii(samples, k), _radii(real, k)
    plausible, holds = 0, 0
    recalled = torch.zeros(len(real), dtype=torch.bool, device=real.device)
    covered = torch.zeros_like(recalled)
    done = 0
    for block in distances(samples, real):
        inside = block.squared <= block.beyond(real_radii)
        plausible += int(inside.any(1).sum())
        holds += int(inside.sum())
        covered |= inside.any(0)
        radii = sample_radii[done : done + len(inside), None]
        recalled |= (block.squared <= block.beyond(radii)).any(0)
        done += len(inside)
    return Prdc(
        precision=plausible / len(samples),
        recall=float(recalled.double().mean()),
        density=holds / (k * len(samples)),
        coverage=float(covered.double().mean()),
    )


def _radii(points: Tensor, k: int) -> Tensor:
    """Squared distance from each point to its k-th nearest other point, (n,)."""
    return torch.cat([block.squared.kthvalue(k, dim=1).values for block in distances(points)])


class TwoSample(NamedTuple):
    """Accuracy of a two-sample classifier: the mean of its accuracies on real examples and on samples."""

    accuracy: float
    on_real: float
    on_samples: float


def two_sample_test(samples: Tensor, real: Tensor) -> TwoSample:
    """Can a classifier tell samples from real examples? (Lopez-Paz & Oquab 2017)

    The classifier is the nearest neighbour among all other points of both sets, so that every point is
    held out once and nothing is drawn at random. 0.5: indistinguishable (exactly
    ½ (N − 2) / (N − 1) is expected of N points in all); 1: told apart without fault; below 0.5: samples
    lie closer to real examples than these to one another, as copies of them do. Taking the mean of both
    accuracies makes sets of unequal size fair. Equally near points share the vote.

    High on samples but low on real examples says that samples keep to the middle of the data or to few
    modes (Xu et al. 2018). Raises `DataError` on data that do not fit or fewer than two points in a set.
    """
    samples, real = comparable(samples=samples, real_examples=real)
    if min(len(samples), len(real)) < 2:
        raise DataError(
            f"A two-sample test needs two points of each kind (got {len(samples)} samples and {len(real)} real)."
        )
    is_real = torch.arange(len(real) + len(samples), device=real.device) < len(real)
    votes = []
    for block in distances(torch.cat([real, samples])):
        closest = block.squared <= block.beyond(block.squared.amin(1, keepdim=True))
        votes.append((closest & is_real).sum(1).double() / closest.sum(1))
    vote_real = torch.cat(votes)
    on_real, on_samples = float(vote_real[: len(real)].mean()), 1 - float(vote_real[len(real) :].mean())
    return TwoSample((on_real + on_samples) / 2, on_real, on_samples)


@dataclass(frozen=True)
class NearestTraining:
    """Of every sample: the nearest training example's index (int64) and its Euclidean distance, both (m,)."""

    index: Tensor
    distance: Tensor


def nearest_training(samples: Tensor, train: Tensor) -> NearestTraining:
    """The training example nearest to each sample, to be looked at beside it: is the sample a copy?

    ``samples``: (m, …), ``train``: (n, …) with the same features, which are flattened. Distances are in
    units of the data; of an exact copy 0. Raises `DataError` on data that do not fit.
    """
    samples, train = comparable(samples=samples, training_examples=train)
    index = nearest(samples, 1, train).squeeze(1)
    return NearestTraining(index, (samples - train[index]).norm(dim=1))


def copy_ratio(sample_distances: Tensor, held_out_distances: Tensor) -> float:
    """Median distance from samples to the training set, over that from held-out examples to it.

    About 1: samples are as far from the training set as unseen data are; far below 1: copies; far
    above 1: implausible. Both are distances found by `nearest_training`. Raises `DataError` when there
    are none, or when half of the held-out examples are themselves in the training set.
    """
    if not sample_distances.numel() or not held_out_distances.numel():
        raise DataError(
            f"No median of {sample_distances.numel()} sample and {held_out_distances.numel()} held-out distances: "
            "pass at least one of each."
        )
    unseen = float(held_out_distances.double().quantile(0.5))
    if unseen == 0:
        raise DataError("At least half of the held-out examples are also training examples: hold out others.")
    return float(sample_distances.double().quantile(0.5)) / unseen


@dataclass(frozen=True)
class GeneratorReport:
    """All checks of a generator. Plausible: precision, recall, density, coverage near 1 and ``two_sample``
    near 0.5, against held-out examples. Different from the training set: ``copy_ratio`` near 1."""

    support: Prdc
    two_sample: TwoSample
    nearest: NearestTraining
    copy_ratio: float


def check_generator(samples: Tensor, train: Tensor, held_out: Tensor, k: int = 5) -> GeneratorReport:
    """Check samples against held-out examples (are they plausible?) and training examples (are they copies?).

    Plausibility is judged by examples that the model has not seen, so that copying earns nothing.
    All three are (n, …) with the same features; ``k`` is that of `prdc`. Every pair of samples and held-out
    examples is compared: a thousand of each take seconds, ten thousand minutes. Raises `DataError` and
    `ConfigError` as the single checks do.
    """
    found = nearest_training(samples, train)
    return GeneratorReport(
        support=prdc(samples, held_out, k),
        two_sample=two_sample_test(samples, held_out),
        nearest=found,
        copy_ratio=copy_ratio(found.distance, nearest_training(held_out, train).distance),
    )
