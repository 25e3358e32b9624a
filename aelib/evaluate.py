"""How good a model is on examples that it was not trained on."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from aelib.activations import ACTIVATIONS
from aelib.arrays import Array, are_finite, as_examples
from aelib.autoencoder import Autoencoder
from aelib.corruption import Corrupted
from aelib.errors import DataError
from aelib.likelihood import NEEDS_UNIT_RANGE
from aelib.networks import Network
from aelib.objectives import Batch, Objective
from aelib.objectives.base import Terms
from aelib.randomness import generator


@dataclass(frozen=True)
class Evaluation:
    """``figures``: see `evaluate`. ``statistics``: what the encoder gave for the clean examples, (n, latent) or
    (n, 2 · latent). ``errors``: ‖x − x̂‖² of each, (n,)."""

    figures: dict[str, float]
    statistics: Tensor
    errors: Tensor


def evaluate(model: Autoencoder, x: Array, y: Array | None = None, seed: int = 0) -> dict[str, float]:
    """The objective's terms, their sum ``loss``, ``squared_error`` ‖x − x̂‖² per example, and ``rmse``.

    The terms are those of training: corrupted input for a denoising model, one posterior sample for a
    variational one, drawn from ``seed``, so that two evaluations of one model agree; what is asked of a mean over
    the batch (a target activity, free bits) is asked of the mean over all examples. The squared error is
    of the clean example through the deterministic code (and with its label, where the decoder is told);
    the RMSE is √E[(x − x̂)²], its mean over the entries. Raises `DataError` when there is no example, or values
    are not finite or not of the range that the likelihood needs.
    """
    x = as_examples(x, model.spec.shape).detach()
    if not len(x):
        raise DataError("There are no examples to evaluate on: pass at least one.")
    if not are_finite(x):
        raise DataError("The examples hold values that are not finite numbers: leave those out.")
    low, high = float(x.min()), float(x.max())
    if model.objective.likelihood in NEEDS_UNIT_RANGE and (low < 0 or high > 1):
        raise DataError(f"This model's likelihood is of values in [0, 1] (got {low:g} to {high:g}): scale them.")
    return evaluate_in_full(model, x, y, seed).figures


@torch.no_grad()
def evaluate_in_full(
    model: Autoencoder, x: Tensor, y: Array | None = None, seed: int = 0, epoch: float = math.inf
) -> Evaluation:
    """What `evaluate` gives, and what it saw on the way; the terms as they count at ``epoch`` of a training."""
    x = model.rows(x)
    told = model.labels(y, len(x)) if model.objective.conditional else None
    whole = model.batch(x, told, generator(seed, "evaluation", model.device), epoch)
    sums, statistics, errors = evaluate_in_chunks(model.network, model.objective, whole)
    means = {name: float(value) / len(x) for name, value in sums.items()}
    squared_error = float(errors.sum()) / len(x)
    rmse = math.sqrt(squared_error / model.spec.features)
    figures = {**means, "loss": sum(means.values()), "squared_error": squared_error, "rmse": rmse}
    return Evaluation(figures, statistics, errors)


def evaluate_in_chunks(network: Network, objective: Objective, whole: Batch) -> tuple[Terms, Tensor, Tensor]:
    """Terms times the number of examples, statistics, and ‖x − x̂‖² of each; a leading axis for a stack of models.

    Penalties are those of all examples as one batch: the penalty of a mean is not the mean of chunks' penalties.
    """
    sums: Terms = {}
    statistics, errors = [], []
    for batch in whole.chunks(network):
        found, part, error = _evaluate_batch(network, objective, batch)
        statistics.append(part)
        errors.append(error)
        for name, value in found.items():
            total = value * len(batch.x)
            sums[name] = sums[name] + total if name in sums else total
    encoded = torch.cat(statistics, dim=-2)
    if not objective.corrupts:  # else they are of other statistics than these, those of the corrupted examples
        sums |= {name: value * len(whole.x) for name, value in objective.penalties(whole, encoded).items()}
    return sums, encoded, torch.cat(errors, dim=-1)


def _evaluate_batch(network: Network, objective: Objective, batch: Batch) -> tuple[Terms, Tensor, Tensor]:
    """Mean terms, statistics and squared errors; what is clean and deterministic passes the networks only once."""
    x = batch.x
    statistics, penalties = objective.encode(network, x, batch)
    clean = network.decode(objective.code(statistics, batch.knobs), batch.y)
    if objective.corrupts:
        terms = objective.terms(network, batch)
    else:
        chance = objective.statistics == 2
        logits = network.decode(objective.draw(statistics, batch), objective.told(batch)) if chance else clean
        terms = {**objective.weigh(network, batch, Corrupted(x), statistics, logits), **penalties}
    return terms, statistics, (ACTIVATIONS[network.spec.output].value(clean) - x).square().sum(-1)
