"""Disentanglement on codes whose score is known by construction."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import balanced_accuracy_score, mutual_info_score

from aelib import ConfigError, DataError, load_dataset
from aelib.metrics.dci import completeness, dci, disentanglement
from aelib.metrics.factor_vae import factor_vae_score
from aelib.metrics.factors import discretise
from aelib.metrics.mutual_information import mutual_information, mutual_information_gap
from aelib.metrics.sap import predictability, sap

SIZES = (3, 4, 5, 6)
#: SAP of a code that is the factors: 1 for the unit that knows, chance for the next best.
BEST_SAP = sum(1 - 1 / size for size in SIZES) / len(SIZES)


def grid(*sizes):
    """Every combination once: factors that are independent exactly, not only on average."""
    return torch.cartesian_prod(*(torch.arange(size) for size in sizes))


@pytest.fixture(scope="module")
def factors():
    return grid(*SIZES)


@pytest.fixture
def noise(factors, random):
    return torch.randn(factors.shape, generator=random)


def scores(codes, factors):
    """MIG, SAP, FactorVAE and DCI's disentanglement and completeness."""
    found = dci(codes, factors, seed=0)
    vae = factor_vae_score(codes, factors, torch.Generator().manual_seed(0))
    return mutual_information_gap(codes, factors), sap(codes, factors), vae, found.disentanglement, found.completeness


@pytest.mark.parametrize("scale", [1.0, -0.01])
def test_the_factors_themselves_score_best(factors, scale):
    """In any order and on any scale."""
    codes = scale * factors.flip(1).double() + 3
    assert scores(codes, factors) == pytest.approx((1, BEST_SAP, 1, 1, 1), abs=1e-6)


def test_a_code_of_zeros_scores_nothing(factors):
    assert scores(torch.zeros(len(factors), 3), factors) == pytest.approx((0, 0, 0, 0, 0), abs=1e-12)


def test_noise_scores_next_to_nothing(factors, noise):
    """FactorVAE's score is at the level of chance, 1/4, with a standard error of 0.015."""
    mig, separated, vae, disentangled, complete = scores(noise, factors)
    assert max(mig, separated, disentangled, complete) < 0.15
    assert vae == pytest.approx(1 / 4, abs=0.08)


def test_two_units_that_tell_the_same_leave_no_gap(factors):
    """Each factor is shared by two of eight units alike: completeness 1 − ln 2 / ln 8. Nothing is entangled."""
    mig, separated, vae, disentangled, complete = scores(factors.repeat(1, 2).float(), factors)
    assert (mig, separated) == pytest.approx((0, 0), abs=1e-12)
    assert (vae, disentangled) == pytest.approx((1, 1), abs=1e-6)
    assert complete == pytest.approx(1 - math.log(2) / math.log(8), abs=0.03)


def test_a_turned_code_is_entangled(factors):
    """Every unit is a mixture with equal weights of all factors (a Hadamard matrix)."""
    half = torch.tensor([[1.0, 1.0], [1.0, -1.0]])
    mixed = (factors - factors.double().mean(0)).float() @ torch.kron(half, half)
    mig, separated, _, disentangled, complete = scores(mixed, factors)
    assert max(mig, separated, disentangled, complete) < 0.25


def test_the_factors_of_shapes_as_codes_score_best():
    """The training examples are most of a full grid, so chance is close to its value there."""
    train = load_dataset("shapes").train
    mig, separated, vae, disentangled, complete = scores(train.factors.float(), train.factors)
    assert min(mig, vae, disentangled, complete) > 0.99
    assert separated == pytest.approx(sum(1 - 1 / size for size in (3, 4, 8, 8, 8)) / 5, abs=0.03)


@pytest.mark.parametrize("columns", [1, 3])
def test_mutual_information_is_that_of_scikit_learn(columns, random):
    codes = torch.randint(-5, 6, (300, 4), generator=random)
    factors = (codes[:, :columns] + torch.randint(3, (300, columns), generator=random)) // 2
    found = mutual_information(codes.double(), factors, bins=11)  # eleven values, each in a bin of its own
    for j, k in np.ndindex(4, columns):
        expected = mutual_info_score(codes[:, j].numpy(), factors[:, k].numpy())
        assert float(found[j, k]) == pytest.approx(expected, abs=1e-12)


def test_mutual_information_of_independent_values_is_the_bias_of_counting(random):
    """(20 − 1)(10 − 1) / 2n nats (Miller 1955); the mean of 40 pairs has a standard error of 0.0003."""
    codes = torch.rand(5000, 40, generator=random)
    factors = torch.randint(10, (5000, 1), generator=random)
    assert float(mutual_information(codes, factors).mean()) == pytest.approx(19 * 9 / 10_000, abs=0.0015)


def test_a_single_unit_has_no_second(factors):
    """It tells one of the four factors, and nothing of the others (chance, for thresholds)."""
    only = factors[:, :1].float()
    assert mutual_information_gap(only, factors) == pytest.approx(1 / 4, abs=1e-12)
    assert sap(only, factors) == pytest.approx((1 + 1 / 4 + 1 / 5 + 1 / 6) / 4, abs=1e-12)


def test_one_unit_for_two_of_ten_factors():
    """Its disentanglement is 1 − ln 2 / ln 10; with shares 2/10 for it and 1/10 for each of eight perfect units."""
    factors = grid(*[2] * 10)
    both = 1 - math.log(2) / math.log(10)
    codes = torch.cat([factors[:, :1] + 2 * factors[:, 1:2], factors[:, 2:]], dim=1).float()
    found = dci(codes, factors, seed=0)
    assert float(disentanglement(found.importance)[0]) == pytest.approx(both, abs=0.01)
    assert found.disentanglement == pytest.approx(0.2 * both + 0.8, abs=0.01)
    assert (found.completeness, found.informativeness) == pytest.approx((1, 1), abs=0.01)


def test_shares_of_importance_by_hand():
    importance = torch.zeros(4, 10)
    importance[0, :2] = 3.0
    importance[1, 2] = 0.2
    importance[2] = 1.0
    expected = [1 - math.log(2) / math.log(10), 1, 0, 0]  # two of ten, one, all alike, none
    assert disentanglement(importance).tolist() == pytest.approx(expected, abs=1e-12)
    two_of_four = torch.tensor([[1.0, 1.0], [1.0, 0.0], [0.0, 0.0], [0.0, 0.0]])
    assert completeness(two_of_four).tolist() == pytest.approx([0.5, 1], abs=1e-12)


@settings(deadline=None)
@given(seed=st.integers(0, 99), units=st.integers(2, 6), count=st.integers(2, 6))
def test_shares_have_no_scale_and_turn_with_the_matrix(seed, units, count):
    r = torch.rand(units, count, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    score = disentanglement(r)
    assert bool(((score >= 0) & (score <= 1)).all())
    torch.testing.assert_close(disentanglement(5 * r), score)
    torch.testing.assert_close(completeness(r.T), score)
    torch.testing.assert_close(disentanglement(r.flip(0)), score.flip(0))


def test_informativeness_is_accuracy_on_examples_that_were_not_seen(random):
    """Labels that no code can tell are right by chance only, although trees could learn them by heart."""
    codes = torch.randn(2000, 2, generator=random)
    factors = torch.stack([codes[:, 0] > 0, torch.rand(2000, generator=random) > 0.5], dim=1)
    found = dci(codes, factors, seed=0)
    assert found.informativeness == pytest.approx((1 + 0.5) / 2, abs=0.03)
    torch.testing.assert_close(found.importance.sum(0), torch.ones(2, dtype=torch.float64))


def test_units_of_noise_cost_little_disentanglement(factors):
    """Trees grown to the last example give four units of noise an eighth of the importance here, and score 0.56."""
    repeated = factors.repeat(3, 1)
    more = torch.randn(len(repeated), 8, generator=torch.Generator().manual_seed(1))
    codes = torch.cat([repeated + 0.4 * more[:, :4], more[:, 4:]], dim=1)
    found = dci(codes, repeated, seed=0)
    assert min(found.disentanglement, found.completeness) > 0.75
    assert float(found.importance[4:].sum(0).max()) < 0.1


def test_sap_of_real_factors_is_squared_correlation(random):
    codes = torch.randn(200, 3, generator=random, dtype=torch.float64)
    factors = codes[:, :2] + torch.randn(200, 2, generator=random, dtype=torch.float64)
    codes = torch.cat([codes, torch.full((200, 1), 0.1, dtype=torch.float64)], dim=1)  # constant: predicts nothing
    found = predictability(codes, factors)
    for j, k in np.ndindex(3, 2):
        expected = np.corrcoef(codes[:, j].numpy(), factors[:, k].numpy())[0, 1] ** 2
        assert float(found[j, k]) == pytest.approx(expected, abs=1e-12)
    assert found[3].tolist() == [0, 0]
    ordered = found.sort(dim=0, descending=True).values
    assert sap(codes, factors) == pytest.approx(float((ordered[0] - ordered[1]).mean()), abs=1e-12)


def test_sap_of_categories_weighs_rare_ones_like_common_ones(random):
    """A tenth of the examples are of value 1. A constant is right on half of the values, not on nine tenths."""
    labels = torch.arange(500) % 10 == 0
    unit = labels + 0.4 * torch.randn(500, generator=random)
    found = predictability(torch.stack([torch.zeros(500), unit], dim=1), labels.unsqueeze(1))
    assert float(found[0, 0]) == 0.5
    cuts = [balanced_accuracy_score(labels, unit > cut) for cut in np.linspace(-1, 2, 301)]
    assert max(cuts) - 0.02 < float(found[1, 0]) <= max(cuts) + 0.005


def test_factor_vae_depends_on_its_generator_alone(factors, noise):
    codes = factors + noise

    def score(seed, **settings):
        return factor_vae_score(codes, factors, torch.Generator().manual_seed(seed), votes=100, **settings)

    assert score(0) == score(0)
    assert len({score(seed) for seed in range(5)}) > 1
    assert score(0, group=256) > score(0, group=2)  # a variance from two examples says little


def test_factor_vae_has_no_scale(factors, noise):
    """The same examples are drawn, and each unit is measured against its own spread."""
    codes = (factors + noise).double()
    first, second = (
        factor_vae_score(c, factors, torch.Generator().manual_seed(0))
        for c in (codes, codes * torch.tensor([1e3, 1, -1e-3, 7]) + 5)
    )
    assert first == second


def test_a_value_that_one_example_has_makes_no_group(random):
    """In a group of one nothing varies, and the first unit, which knows of the other factor, would be blamed."""
    shared = grid(3, 4).repeat(5, 1)
    alone = torch.stack([torch.arange(100, 300), torch.arange(200) % 4], dim=1)
    factors = torch.cat([shared, alone])
    assert factor_vae_score(factors.flip(1).float(), factors, random) > 0.99


def test_real_factors_are_binned(random):
    """Five uniform causes as codes: bins are narrow against the range, so each is recognised."""
    causes = torch.rand(2000, 5, generator=random)
    assert factor_vae_score(causes, causes, random) == 1
    assert mutual_information_gap(causes, causes) > 0.95
    found = dci(causes, causes, seed=0)
    assert min(found.disentanglement, found.completeness, found.informativeness) > 0.9


def test_labels_are_categories_or_bins_of_equal_width():
    integers = torch.tensor([[7, 1], [-2, 0], [7, 1]])
    assert discretise(integers).tolist() == [[1, 1], [0, 0], [1, 1]]
    assert discretise(torch.tensor([[True], [False]])).tolist() == [[1], [0]]
    real = torch.tensor([[0.0, 5.0], [0.24, 5.0], [0.26, 5.0], [0.99, 5.0], [1.0, 5.0]])
    assert discretise(real, bins=4).tolist() == [[0, 0], [0, 0], [1, 0], [3, 0], [3, 0]]


def test_nothing_touches_a_global_generator(factors):
    before = torch.get_rng_state(), np.random.get_state()[1].copy()
    scores(factors.float(), factors)
    assert torch.equal(torch.get_rng_state(), before[0])
    assert (np.random.get_state()[1] == before[1]).all()
    assert torch.equal(*(dci(factors.float(), factors, seed=3).importance for _ in range(2)))


METRICS = {
    "mig": mutual_information_gap,
    "information": mutual_information,
    "sap": sap,
    "dci": lambda codes, factors: dci(codes, factors, seed=0),
    "factor_vae": lambda codes, factors: factor_vae_score(codes, factors, torch.Generator().manual_seed(0)),
}


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_misuse_is_told(metric, factors, complains):
    codes = factors.float()
    with complains(DataError, "360 codes but 300 factors", "(360, 4)", "(300, 4)"):
        metric(codes, factors[:300])
    with complains(DataError, "codes", "not finite"):
        metric(codes / 0, factors)
    with complains(DataError, "factors", "not finite"):
        metric(codes, codes / 0)
    with complains(DataError, "factors", "one row per example", "(360,)"):
        metric(codes, factors[:, 0])
    for constant in (factors * torch.tensor([1, 1, 0, 1]), codes * torch.tensor([1, 1, 0, 1])):
        with complains(DataError, "Factor 2 has the same value in all 360 examples"):
            metric(codes, constant)


def test_what_cannot_be_compared_is_told(factors, complains, random):
    codes = factors.float()
    with complains(DataError, "compares units", "got 1"):
        dci(codes[:, :1], factors, seed=0)
    with complains(DataError, "compares factors", "got 1"):
        dci(codes, factors[:, :1], seed=0)
    with complains(DataError, "compares factors", "got 1"):
        factor_vae_score(codes, factors[:, :1], random)
    with complains(DataError, "compares factors", "got 1"):
        disentanglement(torch.ones(3, 1))
    with complains(DataError, "compares units", "got 1"):
        completeness(torch.ones(1, 3))
    with complains(DataError, "negative", "-2"):
        disentanglement(torch.tensor([[1.0, -2.0]]))
    with complains(DataError, "importances", "not finite"):
        completeness(torch.full((2, 2), math.nan))
    with complains(ConfigError, "2 bins or more", "got 1"):
        mutual_information_gap(codes, factors, bins=1)
    with complains(DataError, "No two examples share a value of factor 0"):
        factor_vae_score(codes, torch.stack([torch.arange(360), factors[:, 0]], dim=1), random)
    for changed in ({"votes": 0}, {"group": 1}):
        with complains(ConfigError, "1 vote or more"):
            factor_vae_score(codes, factors, random, **changed)
