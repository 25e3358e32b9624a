"""Log-weights of a variational model, from which bounds on log p(x) are made (see `aelib.metrics.likelihood`)."""

import math

import torch
from torch import Tensor

from aelib.autoencoder import Autoencoder
from aelib.errors import ConfigError
from aelib.objectives.base import CHUNK
from aelib.randomness import normal_like


@torch.no_grad()
def log_weights(model: Autoencoder, x: Tensor, y: Tensor | None, samples: int, random: torch.Generator) -> Tensor:
    """log p(x | z) + log p(z) − log q(z | x) in nats, of ``samples`` draws z ~ q(z | x): (samples, n), float64.

    ``x``: (n, *shape). ``y``: labels (n,), told to a conditional decoder, which gives bounds on log p(x | y);
    ignored by the others. ``random`` must be on the model's device. p(x | z) has all its constants: the squared
    error is that of N(x; x̂, ½ I), the Gaussian has its σ. Cross-entropy is the log-likelihood of
    Bernoulli pixels; for grey values it lacks the constant that would make it a density (Loaiza-Ganem &
    Cunningham 2019). β and free bits play no part: they weigh a loss, not a probability.

    Raises `ConfigError` when the model has no posterior, its reconstruction error is no likelihood, or
    for fewer than 1 draw; `DataError` when ``x`` or ``y`` does not fit the model.
    """
    objective = model.objective
    if objective.statistics != 2:
        raise ConfigError("Only a variational model bounds the evidence log p(x): train one.")
    if objective.likelihood == "kl_divergence":
        raise ConfigError(
            "The KL divergence between pictures gives them no probability, so there is no evidence to bound: "
            "train with cross-entropy, squared error or the Gaussian."
        )
    if samples < 1:
        raise ConfigError(f"A bound needs at least 1 draw for each example (got {samples}).")
    x = model.rows(x)
    y = model.labels(y, len(x)) if objective.conditional else None
    constant = 0.5 * math.log(math.pi) * model.spec.features if objective.likelihood == "squared_error" else 0.0
    found = []
    for i in range(0, max(len(x), 1), CHUNK):
        batch = model.batch(x[i : i + CHUNK].to(model.weight), None if y is None else y[i : i + CHUNK], random)
        mean, log_variance = model.network.encode(batch.x).chunk(2, dim=-1)
        draws = []
        for _ in range(samples):
            noise = normal_like(mean, random)
            z = mean + torch.exp(0.5 * log_variance) * noise
            error = objective.error(model.network, batch, model.network.decode(z, batch.y)).double().sum(1)
            # log p(z) − log q(z | x): the 2π of both cancel.
            prior_over_posterior = 0.5 * (noise.square() + log_variance - z.square()).double().sum(1)
            draws.append(prior_over_posterior - error - constant)
        found.append(torch.stack(draws))
    return torch.cat(found, dim=1)
