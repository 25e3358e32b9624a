"""The loop that people write by hand: the yardstick for `aelib.train`."""

from collections.abc import Iterator
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def bare_loop(
    x: Tensor, hidden: tuple[int, ...], latent: int, batch_size: int, fused: bool | None = None
) -> Iterator[None]:
    """Train a VAE with cross-entropy for ever, one step a ``next``, on ``x`` of shape (n, features).

    ``fused``: handed to Adam; None is what it does by itself.
    """
    torch.manual_seed(0)
    widths = (x.shape[1], *hidden)
    encoder_layers: list[nn.Module] = []
    decoder_layers: list[nn.Module] = []
    for a, b in pairwise(widths):
        encoder_layers += [nn.Linear(a, b), nn.ReLU()]
        decoder_layers = [nn.ReLU(), nn.Linear(b, a), *decoder_layers]
    encoder = nn.Sequential(*encoder_layers, nn.Linear(widths[-1], 2 * latent))
    decoder = nn.Sequential(nn.Linear(latent, widths[-1]), *decoder_layers)
    optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=1e-3, fused=fused)
    while True:
        order = torch.randperm(len(x))
        for start in range(0, len(x) - batch_size + 1, batch_size):
            batch = x[order[start : start + batch_size]]
            mean, log_variance = encoder(batch).chunk(2, dim=1)
            z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
            logits = decoder(z)
            reconstruction = F.binary_cross_entropy_with_logits(logits, batch, reduction="sum")
            kl = -0.5 * (1 + log_variance - mean.square() - log_variance.exp()).sum()
            loss = (reconstruction + kl) / batch_size
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            yield
