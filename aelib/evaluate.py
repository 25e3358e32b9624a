"""How good a model is on examples that it was not trained on."""

import torch
from torch import Tensor

from aelib.activations import ACTIVATIONS
from aelib.autoencoder import Autoencoder
from aelib.objectives.base import Terms
from aelib.randomness import generator

#: Examples in one pass: bounds the memory of an evaluation, not its result.
CHUNK = 2048


def evaluate(model: Autoencoder, x: Tensor, seed: int = 0) -> dict[str, float]:
    """The objective's terms, their sum ``loss``, and ``squared_error`` ‖x − g(f(x))‖² per example.

    The terms are those of training: corrupted input for a denoising model, one posterior sample for a
    variational one, drawn from ``seed``, so that two evaluations of one model agree. The squared
    error is of the clean example through the deterministic code.
    """
    return evaluate_and_encode(model, x, seed)[0]


@torch.no_grad()
def evaluate_and_encode(model: Autoencoder, x: Tensor, seed: int = 0) -> tuple[dict[str, float], Tensor]:
    """What `evaluate` gives, and with it the encoder's statistics of the clean examples, (n, latent or 2 · latent)."""
    random = generator(seed, "evaluation", model.device)
    sums: dict[str, Tensor] = {}
    statistics = []
    for chunk in model.flatten(x).split(CHUNK):
        found, encoded = _evaluate_chunk(model, chunk, random)
        statistics.append(encoded)
        for name, value in found.items():
            total = value * len(chunk)
            sums[name] = sums[name] + total if name in sums else total
    means = {name: float(value) / len(x) for name, value in sums.items()}
    squared_error = means.pop("squared_error")
    return {**means, "loss": sum(means.values()), "squared_error": squared_error}, torch.cat(statistics)


def _evaluate_chunk(model: Autoencoder, x: Tensor, random: torch.Generator) -> tuple[Terms, Tensor]:
    """Means over a chunk; what is clean and deterministic passes through the networks only once."""
    network, objective, knobs = model.network, model.objective, model.knob_tensors()
    statistics = network.encode(x)
    clean = network.decode(statistics[:, : model.spec.latent])
    if objective.corrupts:
        terms = objective.terms(network, x, knobs, random)
    else:
        drawn = network.decode(objective.draw(statistics, random)) if objective.statistics == 2 else clean
        terms = objective.weigh(network, x, x, statistics, drawn, knobs)
    error = (ACTIVATIONS[model.spec.output].value(clean) - x).square().sum() / len(x)
    return {**terms, "squared_error": error}, statistics
