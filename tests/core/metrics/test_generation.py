"""Generators of known quality: perfect, copying, collapsed, broken; and expectations that hold for any data."""

import math
from itertools import combinations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.neighbors import NearestNeighbors

from aelib.errors import ConfigError, DataError
from aelib.metrics import neighbours
from aelib.metrics.generation import (
    Prdc,
    check_generator,
    copy_ratio,
    nearest_training,
    prdc,
    two_sample_test,
)


def line(*places):
    return torch.tensor(places, dtype=torch.float64).unsqueeze(1)


def splits(both, n):
    """All ways to call n of the points real and the rest samples."""
    for chosen in combinations(range(len(both)), n):
        is_real = torch.zeros(len(both), dtype=torch.bool)
        is_real[list(chosen)] = True
        yield both[~is_real], both[is_real]


def test_by_hand():
    """k = 1. Balls of the real: [−1, 1], [0, 2], [1, 5]; of the samples: [1.5, 2.5], [2, 3], [2.5, 17.5]."""
    real, samples = line(0, 1, 3), line(2, 2.5, 10)
    # 2 lies in two balls (on the edge of one), 2.5 in one, 10 in none; of the real only 3 lies in any.
    assert prdc(samples, real, k=1) == Prdc(precision=2 / 3, recall=1 / 3, density=3 / 3, coverage=2 / 3)
    # Nearest of all: 0 → 1, 1 → 0 and 2 alike, 3 → 2.5; 2 → 2.5, 2.5 → 2 and 3 alike, 10 → 3.
    assert two_sample_test(samples, real) == pytest.approx((1 / 2, (1 + 1 / 2 + 0) / 3, (1 + 1 / 2 + 0) / 3))
    # 0 → 1, 1 → 0, 3 → 4; 4 → 4.5, 4.5 → 4. Not 4 of 5: both sets count the same, whatever their sizes.
    assert two_sample_test(line(4, 4.5), real) == pytest.approx(((2 / 3 + 1) / 2, 2 / 3, 1))


def test_balls_are_closed():
    """2 lies on the edge of the ball [0, 2] around 1, and in no other."""
    edge, pair = line(2, 9), line(0, 1)
    assert prdc(edge, pair, k=1).precision == 1 / 2
    assert prdc(pair, edge, k=1).recall == 1 / 2


def test_precision_and_recall_of_sets_of_unequal_size_swap_with_their_roles(random):
    samples, real = torch.randn(40, 3, generator=random), torch.randn(60, 3, generator=random) * 1.5
    one, other = prdc(samples, real), prdc(real, samples)
    assert (one.precision, one.recall) == (other.recall, other.precision)
    assert one.precision != one.recall


def test_prdc_follows_its_definition(random):
    """Balls from scikit-learn's neighbours, memberships point by point."""
    samples = torch.randn(25, 2, generator=random, dtype=torch.float64) * 0.8
    real = torch.randn(30, 2, generator=random, dtype=torch.float64)

    def ball(x):
        return NearestNeighbors(n_neighbors=3).fit(x.numpy()).kneighbors()[0][:, -1]

    real_ball, sample_ball = ball(real), ball(samples)
    pairs = [[math.dist(s, r) for r in real.tolist()] for s in samples.tolist()]
    in_real = [[d <= radius for d, radius in zip(row, real_ball, strict=True)] for row in pairs]
    in_sample = [[d <= radius for d in row] for row, radius in zip(pairs, sample_ball, strict=True)]
    found = prdc(samples, real, k=3)
    assert found.precision == pytest.approx(sum(map(any, in_real)) / 25)
    assert found.recall == pytest.approx(sum(map(any, zip(*in_sample, strict=True))) / 30)
    assert found.density == pytest.approx(sum(map(sum, in_real)) / (3 * 25))
    assert found.coverage == pytest.approx(sum(map(any, zip(*in_real, strict=True))) / 30)


@pytest.mark.parametrize(("n", "m", "k"), [(4, 4, 1), (4, 4, 2), (5, 3, 2), (3, 6, 1)])
def test_density_and_coverage_of_exchangeable_sets_have_their_expected_values(random, n, m, k):
    """Over all splits of any points: density 1, coverage 1 − C(n−1, k) / C(n+m−1, k) (Naeem et al. 2020)."""
    both = torch.randn(n + m, 2, generator=random, dtype=torch.float64)
    found = [prdc(samples, real, k) for samples, real in splits(both, n)]
    assert sum(f.density for f in found) / len(found) == pytest.approx(1, abs=1e-12)
    expected = 1 - math.comb(n - 1, k) / math.comb(n + m - 1, k)
    assert sum(f.coverage for f in found) / len(found) == pytest.approx(expected, abs=1e-12)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(0, 3), min_size=7, max_size=7), st.integers(2, 5))
def test_two_sample_accuracy_of_exchangeable_sets_is_one_half_less_a_trace(places, n):
    """½ (N − 2) / (N − 1) over all splits, for equal points, ties and unequal sizes alike."""
    found = [two_sample_test(samples, real).accuracy for samples, real in splits(line(*places), n)]
    assert sum(found) / len(found) == pytest.approx(5 / 12, abs=1e-12)


@pytest.mark.parametrize("pairs", [1, 1000])
def test_blocks_change_nothing(random, monkeypatch, pairs):
    samples, real = torch.randn(50, 4, generator=random), torch.randn(70, 4, generator=random)
    whole = prdc(samples, real), two_sample_test(samples, real), nearest_training(samples, real).index.tolist()
    monkeypatch.setattr(neighbours, "PAIRS", pairs)
    assert (
        prdc(samples, real),
        two_sample_test(samples, real),
        nearest_training(samples, real).index.tolist(),
    ) == whole


@pytest.fixture(scope="module")
def thirds(digits):
    """Real digits as training, held-out and further examples, 400 each, as unlike one another as chance makes them."""
    everything = torch.cat([digits.train.x, digits.test.x])
    return everything[:400], everything[-400:], everything[500:900]


def test_unseen_real_examples_are_a_perfect_generator(thirds):
    train, held_out, further = thirds
    report = check_generator(further, train, held_out)
    assert report.support.precision > 0.93
    assert report.support.recall > 0.93
    assert report.support.density == pytest.approx(1, abs=0.1)
    assert report.support.coverage == pytest.approx(1 - 2**-5, abs=0.03)
    # 800 points, each right or wrong by chance: a standard deviation below 0.03.
    assert report.two_sample.accuracy == pytest.approx(0.5, abs=0.07)
    assert report.copy_ratio == pytest.approx(1, abs=0.05)


def test_a_report_compares_with_held_out_examples_and_looks_for_copies_among_the_training_ones(random):
    """Sets of different sizes and spreads, so that none can stand for another."""
    samples, train, held_out = (
        torch.randn(n, 3, generator=random) * spread for n, spread in [(20, 1.2), (30, 1), (25, 0.8)]
    )
    report = check_generator(samples, train, held_out, k=3)
    assert report.support == prdc(samples, held_out, k=3) != prdc(samples, train, k=3)
    assert report.two_sample == two_sample_test(samples, held_out)
    found = nearest_training(samples, train)
    assert torch.equal(report.nearest.index, found.index)
    assert torch.equal(report.nearest.distance, found.distance)
    assert report.copy_ratio == copy_ratio(found.distance, nearest_training(held_out, train).distance)


def test_copies_are_plausible_but_found_out(thirds):
    train, held_out, _ = thirds
    shift = 17
    report = check_generator(train.roll(shift, 0), train, held_out)
    assert report.copy_ratio == 0
    assert report.support.precision > 0.93
    assert report.two_sample.accuracy == pytest.approx(0.5, abs=0.07)
    assert (report.nearest.distance == 0).all()
    assert torch.equal(train[report.nearest.index], train.roll(shift, 0))


def test_copies_of_the_reference_itself_push_the_two_sample_test_to_zero(thirds):
    train, _, _ = thirds
    assert two_sample_test(train, train).accuracy == 0


def test_near_copies_have_the_ratio_of_their_distance(thirds):
    """Every training digit moved by a hundredth of the usual distance between digits."""
    train, held_out, _ = thirds
    unseen = nearest_training(held_out, train).distance.median()
    moved = train.clone()
    moved[:, 0, 3, 3] += unseen / 100
    report = check_generator(moved, train, held_out)
    assert report.copy_ratio == pytest.approx(0.01, rel=0.01)


def test_one_mode_is_precise_but_recalls_little(digits):
    zeros = digits.train.x[digits.train.y == 0][:100]
    report = check_generator(zeros, digits.train.x[:300], digits.test.x[:300])
    assert report.support.precision > 0.9
    assert report.support.recall < 0.3
    assert report.support.coverage < 0.3
    assert report.two_sample.accuracy > 0.6


def test_noise_far_away_is_implausible_in_every_respect(thirds, random):
    train, held_out, _ = thirds
    noise = 50 + torch.rand(100, 1, 8, 8, generator=random)
    report = check_generator(noise, train, held_out)
    assert report.support == Prdc(precision=0, recall=0, density=0, coverage=0)
    assert report.two_sample == (1, 1, 1)
    assert report.copy_ratio > 100


def test_nearest_training_by_hand():
    found = nearest_training(line(1.9, 0.0, 7.0), line(0, 2, 5))
    assert found.index.tolist() == [1, 0, 2]
    assert found.distance.tolist() == pytest.approx([0.1, 0, 2])
    assert nearest_training(torch.zeros(1, 2), torch.tensor([[3.0, 4.0]])).distance.tolist() == [5]


def test_copy_ratio_is_of_medians():
    assert copy_ratio(torch.tensor([1.0, 100.0, 0.0]), torch.tensor([2.0, 6.0])) == 1 / 4


def test_misuse(complains):
    few, many = torch.zeros(3, 2), torch.arange(20.0).view(10, 2)
    with complains(ConfigError, "1 to 2", "got 5"):
        prdc(few, many)
    with complains(ConfigError, "1 to 2", "got 3"):
        prdc(many, few, k=3)
    with complains(DataError, "real examples", "3 features", "samples have 2"):
        prdc(few, torch.zeros(4, 3))
    with complains(DataError, "two points of each kind", "10 samples and 1 real"):
        two_sample_test(many, few[:1])
    with complains(DataError, "training examples", "(0, 2)"):
        nearest_training(many, few[:0])
    with complains(DataError, "0 sample and 2 held-out"):
        copy_ratio(torch.zeros(0), torch.ones(2))
    with complains(DataError, "half of the held-out"):
        copy_ratio(torch.ones(2), torch.tensor([0.0, 0.0, 1.0]))
    with complains(DataError, "samples", "not finite"):
        check_generator(torch.full((9, 2), torch.nan), many, many)
