"""The β-TC-VAE: its three parts sum to the KL divergence, and each is right where it has a closed form."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from aelib import Autoencoder, Experiment, Variational
from aelib.objectives.tc_variational import GROUP, TCVariational, decompose
from aelib.objectives.variational import unit_kl


def sampled(mean: torch.Tensor, deviation: float | torch.Tensor, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Statistics of the encoder with these means and deviations, and a sample of each posterior."""
    deviation = torch.as_tensor(deviation, dtype=mean.dtype).expand_as(mean)
    noise = torch.randn(mean.shape, generator=torch.Generator().manual_seed(seed), dtype=mean.dtype)
    return torch.cat([mean, 2 * deviation.log()], -1), mean + deviation * noise


def parts(statistics: torch.Tensor, z: torch.Tensor) -> tuple[float, float, float]:
    return tuple(float(part) for part in decompose(statistics, z))  # type: ignore[return-value]


@given(st.integers(1, 40), st.integers(1, 5), st.integers(0, 1000))
def test_the_parts_sum_to_the_divergence(n, latent, seed):
    random = torch.Generator().manual_seed(seed)
    mean = 2 * torch.randn(n, latent, generator=random, dtype=torch.double)
    deviation = torch.rand(n, latent, generator=random, dtype=torch.double) + 0.1
    statistics, z = sampled(mean, deviation, seed)
    assert sum(parts(statistics, z)) == pytest.approx(
        float(unit_kl(mean, 2 * deviation.log()).sum(-1).mean()), abs=1e-9
    )


def test_equal_posteriors_tell_nothing_about_the_example():
    mean = torch.tensor([[0.5, -1.0, 0.0]], dtype=torch.double).expand(256, 3)
    statistics, z = sampled(mean, 0.7)
    information, correlation, _ = parts(statistics, z)
    # log q(z|x) counts by its exact expectation, log q(z) by the samples: their difference is chance alone.
    assert information == pytest.approx(0, abs=0.2)
    assert correlation == pytest.approx(0, abs=1e-9)


def test_posteriors_that_never_meet_tell_the_example():
    """On a line, far apart: I(x; z) = log n, and one unit has nothing to correlate with."""
    statistics, z = sampled(100 * torch.arange(200, dtype=torch.double)[:, None], 0.5)
    information, correlation, _ = parts(statistics, z)
    assert information == pytest.approx(math.log(200), abs=0.15)
    assert correlation == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("values", [2, 3])
def test_units_that_repeat_each_other_correlate(values):
    """Both units are the same one of v far values: KL(q(z) ‖ q(z_1) q(z_2)) = 2 log v − log v."""
    value = torch.arange(240).remainder(values).double()[:, None]
    statistics, z = sampled(50 * value.expand(240, 2), 1.0)
    assert parts(statistics, z)[1] == pytest.approx(math.log(values), abs=1e-6)


def test_units_that_are_independent_do_not_correlate():
    """Every pair of far values once: q(z) = q(z_1) q(z_2)."""
    mean = 50 * torch.cartesian_prod(torch.arange(8), torch.arange(8)).double()
    assert parts(*sampled(mean, 1.0))[1] == pytest.approx(0, abs=1e-6)


def test_correlated_gaussians():
    """q(z) = N(0, Σ) with correlation ρ: the total correlation is −½ log(1 − ρ²)."""
    rho, n = 0.8, 256 * 40
    random = torch.Generator().manual_seed(3)
    spread = torch.linalg.cholesky(torch.tensor([[1, rho], [rho, 1]], dtype=torch.double))
    deviation = 0.3
    mean = torch.randn(n, 2, generator=random, dtype=torch.double) @ spread.T
    seen = rho / (1 + deviation**2)  # the clouds' own variance weakens it
    correlation = parts(*sampled(mean, deviation))[1]
    assert correlation == pytest.approx(-0.5 * math.log(1 - seen**2), abs=0.05)


def test_each_unit_pays_for_its_distance_from_the_prior():
    """All posteriors N(2, 1): q(z_j) is N(2, 1) too, and KL(N(2, 1) ‖ N(0, 1)) = 2 for each of three units."""
    statistics, z = sampled(torch.full((256, 3), 2.0, dtype=torch.double), 1.0)
    assert parts(statistics, z)[2] == pytest.approx(6, abs=0.2)


def test_the_gradient_is_that_of_minibatch_weighted_sampling():
    """Chen et al. (2018): log q(z_i) ≈ log 1/(N M) Σ_m q(z_i|x_m). N = 60,000 shifts values alone."""
    beta, total = 6.0, 60_000
    random = torch.Generator().manual_seed(0)
    statistics = torch.randn(32, 6, generator=random, dtype=torch.double, requires_grad=True)
    noise = torch.randn(32, 3, generator=random, dtype=torch.double)

    def z_of() -> torch.Tensor:
        mean, log_variance = statistics.chunk(2, -1)
        return mean + (0.5 * log_variance).exp() * noise

    found = decompose(statistics, z_of())
    (ours,) = torch.autograd.grad(found.information + beta * found.total_correlation + found.dimension_wise, statistics)

    mean, log_variance = statistics.chunk(2, -1)
    z = z_of()
    pairs = torch.distributions.Normal(mean, (0.5 * log_variance).exp()).log_prob(z[:, None])
    weight = math.log(total * len(z))
    joint = (pairs.sum(-1).logsumexp(1) - weight).mean()
    alone = (pairs.logsumexp(1) - weight).sum(-1).mean()
    kl = unit_kl(mean, log_variance).sum(-1).mean()
    (theirs,) = torch.autograd.grad(kl + (beta - 1) * (joint - alone), statistics)
    torch.testing.assert_close(ours, theirs)


def test_many_examples_are_decomposed_in_groups():
    statistics, z = sampled(torch.randn(GROUP + 40, 3, generator=torch.Generator().manual_seed(1)).double(), 0.5)
    first, rest = (decompose(statistics[part], z[part]) for part in (slice(GROUP), slice(GROUP, None)))
    expected = [(GROUP * a + 40 * b) / (GROUP + 40) for a, b in zip(first, rest, strict=True)]
    torch.testing.assert_close(list(decompose(statistics, z)), expected)


def test_a_stack_is_decomposed_model_by_model():
    random = torch.Generator().manual_seed(2)
    statistics, z = torch.randn(3, 20, 8, generator=random), torch.randn(3, 20, 4, generator=random)
    together = decompose(statistics, z)
    for k in range(3):
        torch.testing.assert_close([part[k] for part in together], list(decompose(statistics[k], z[k])))


def test_at_weight_one_it_is_the_variational_autoencoder(tiny):
    x = tiny.test.x
    network = Experiment.of(variant="tc_variational").network
    losses: list[torch.Tensor] = []
    for objective in (TCVariational(beta=1), Variational(beta=1)):
        model = Autoencoder(network, objective)
        losses.append(torch.stack(list(model.terms(x, torch.Generator().manual_seed(5)).values())).sum())
    torch.testing.assert_close(*losses)


def test_its_weight_buys_independent_units(digits):
    """Trained alike but for β: the units of the one that pays say less about each other."""
    found = {}
    for beta in (0.0, 20.0):
        experiment = Experiment.of(
            variant="tc_variational", network={"latent": 4}, objective={"beta": beta}, train={"epochs": 15}
        )
        training = experiment.build(digits)
        for _ in training:
            pass
        statistics = training.model.network.encode(digits.test.x.flatten(1)).detach()
        found[beta] = float(decompose(statistics, statistics[:, :4]).total_correlation)
    assert found[20.0] < 0.5 * found[0.0]
