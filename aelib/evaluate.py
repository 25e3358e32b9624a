"""How good a model is on examples that it was not trained on."""

import torch
from torch import Tensor

from aelib.autoencoder import Autoencoder
from aelib.randomness import generator

#: Examples in one pass: bounds the memory of an evaluation, not its result.
CHUNK = 2048


@torch.no_grad()
def evaluate(model: Autoencoder, x: Tensor, seed: int = 0) -> dict[str, float]:
    """The objective's terms, their sum ``loss``, and ``squared_error`` ‖x − g(f(x))‖² per example.

    The terms are those of training: corrupted input for a denoising model, one posterior sample for a
    variational one, drawn from ``seed``, so that two evaluations of one model agree. The squared
    error is of the clean example through the deterministic code.
    """
    random = generator(seed, "evaluation", model.device)
    sums: dict[str, Tensor] = {}
    for chunk in model.flatten(x).split(CHUNK):
        found = model.terms(chunk, random)
        found["squared_error"] = (model(chunk).flatten(1) - chunk).square().sum() / len(chunk)
        for name, value in found.items():
            sums[name] = sums.get(name, torch.zeros((), device=value.device)) + value * len(chunk)
    means = {name: float(value) / len(x) for name, value in sums.items()}
    squared_error = means.pop("squared_error")
    return {**means, "loss": sum(means.values()), "squared_error": squared_error}
