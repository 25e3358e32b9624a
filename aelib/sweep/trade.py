"""What models trade reconstruction error for, measured: the other axis of a sweep's trade-off curve."""

from dataclasses import replace

import torch
from torch import Tensor

from aelib.autoencoder import Autoencoder
from aelib.networks import Network
from aelib.objectives import Batch, Objective
from aelib.randomness import Streams, generator


@torch.no_grad()
def measure_trade(network: Network, objective: Objective, batch: Batch, statistics: Tensor) -> Tensor | None:
    """Its value on held-out examples, 0-d, or (K,) for a stack; None where there is nothing to trade.

    ``batch``: the examples, (n, features). ``statistics``: what the encoder gave for them. Chance is drawn
    anew from a fixed seed, so that two measurements of one model agree.
    """
    if objective.trade is None:
        return None
    random = generator(0, "trade", statistics.device)
    of_stack = isinstance(batch.random, Streams)
    return objective.traded(network, replace(batch, random=Streams((random,)) if of_stack else random), statistics)


def trade_of_model(model: Autoencoder, x: Tensor, statistics: Tensor, epoch: float) -> float | None:
    """What one model trades, on examples (n, *shape); None where that is nothing, or no finite number."""
    batch = model.batch(model.rows(x), None, generator(0, "trade", model.device), epoch)
    value = measure_trade(model.network, model.objective, batch, statistics)
    return None if value is None or not value.isfinite() else float(value)
