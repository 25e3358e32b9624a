"""Log-weights of models whose evidence is known: with the true posterior every one of them is log p(x)."""

import math

import pytest
import torch
from torch.distributions import Bernoulli, MultivariateNormal

from aelib import MLP, Autoencoder, Conditional, ConfigError, DataError, Vanilla, Variational
from aelib.bounds import log_weights
from aelib.metrics.likelihood import evidence_lower_bound, importance_weighted_bound

FEATURES = 9
OBJECTIVES = {
    0.5: Variational(likelihood="squared_error", beta=3, free_bits=1),  # neither knob is part of p(x)
    0.25: Variational(likelihood="gaussian", deviation="fixed", sigma=0.5),
    1.0: Variational(likelihood="gaussian", deviation="learned"),  # log σ starts at 0
}


def linear_gaussian(variance, random):
    """p(x | z) = N(Wz + b, variance · I) with orthogonal columns in W, whose posterior the encoder has exactly; and
    p(x)."""
    spec = MLP((FEATURES,), hidden=(), latent=2, output="identity")
    model = Autoencoder(spec, OBJECTIVES[variance]).double()
    encoder, decoder = model.network.encoder[0], model.network.decoder[0]
    columns, _ = torch.linalg.qr(torch.randn(FEATURES, 2, generator=random, dtype=torch.float64))
    w = columns * torch.tensor([2.0, 0.5], dtype=torch.float64)
    precision = 1 + w.square().sum(0) / variance
    with torch.no_grad():
        decoder.weight.copy_(w)
        encoder.weight.zero_()[:2].copy_(w.T / variance / precision[:, None])
        encoder.bias.copy_(torch.cat([-w.T @ decoder.bias / variance / precision, -precision.log()]))
    identity = torch.eye(FEATURES, dtype=torch.float64)
    return model, MultivariateNormal(decoder.bias.detach(), w @ w.T + variance * identity)


def examples(n):
    return torch.rand(n, FEATURES, generator=torch.Generator().manual_seed(3), dtype=torch.float64)


@pytest.mark.parametrize("variance", OBJECTIVES)
def test_with_the_true_posterior_every_log_weight_is_the_evidence(variance, random):
    (model, p), x = linear_gaussian(variance, random), examples(200)  # more than pass at once
    found = log_weights(model, x, None, 3, random)
    assert found.dtype == torch.float64
    # The knob σ is a float32; all else is float64.
    torch.testing.assert_close(found, p.log_prob(x).expand(3, -1), rtol=1e-6, atol=1e-6)


def test_away_from_it_the_elbo_is_below_and_the_weighted_bound_comes_near(random):
    (model, p), x = linear_gaussian(0.5, random), examples(4)
    with torch.no_grad():
        model.network.encoder[0].bias += 0.4
    found = log_weights(model, x, None, 20_000, random)
    evidence = p.log_prob(x)
    assert (evidence_lower_bound(found) < evidence - 0.1).all()
    torch.testing.assert_close(importance_weighted_bound(found), evidence, rtol=0, atol=0.05)


def test_cross_entropy_is_the_log_likelihood_of_bernoulli_pixels(random):
    """A decoder that ignores the code, and a posterior that is the prior."""
    model = Autoencoder(MLP((FEATURES,), hidden=(), latent=2), Variational()).double()
    with torch.no_grad():
        model.network.encoder[0].weight.zero_()
        model.network.encoder[0].bias.zero_()
        model.network.decoder[0].weight.zero_()
    x = examples(5).round()
    expected = Bernoulli(logits=model.network.decoder[0].bias).log_prob(x).sum(1)
    torch.testing.assert_close(log_weights(model, x, None, 2, random), expected.expand(2, -1))


def test_a_conditional_model_is_told_the_label(random):
    model = Autoencoder(MLP((FEATURES,), hidden=(), latent=2, classes=3), Conditional()).double()
    decoder = model.network.decoder[0]
    with torch.no_grad():
        model.network.encoder[0].weight.zero_()
        model.network.encoder[0].bias.zero_()
        decoder.weight[:, :2].zero_()
    x, y = examples(3).round(), torch.tensor([2, 0, 1])
    expected = Bernoulli(logits=decoder.bias + decoder.weight[:, 2 + y].T).log_prob(x).sum(1)
    torch.testing.assert_close(log_weights(model, x, y, 1, random)[0], expected)


def test_what_has_no_evidence_says_so(random, complains):
    spec, x = MLP((FEATURES,), hidden=()), examples(2)
    with complains(ConfigError, "variational"):
        log_weights(Autoencoder(spec, Vanilla()), x, None, 1, random)
    with complains(ConfigError, "no probability"):
        log_weights(Autoencoder(spec, Variational(likelihood="kl_divergence")), x, None, 1, random)
    with complains(ConfigError, "at least 1 draw", "got 0"):
        log_weights(Autoencoder(spec, Variational()), x, None, 0, random)
    with complains(DataError, f"{(FEATURES,)}", "(2, 4)"):
        log_weights(Autoencoder(spec, Variational()), x[:, :4], None, 1, random)


def test_the_weights_learn_nothing(random):
    model, _ = linear_gaussian(0.5, random)
    assert not log_weights(model, examples(2), None, 1, random).requires_grad
    assert math.isfinite(float(log_weights(model, examples(2), None, 1, random).sum()))
