"""Evaluation in chunks: the figures are those of the definition on all examples at once."""

import pytest
import torch

from aelib import MLP, Autoencoder, Conditional, Contractive, Sparse, SparseKL, Variational, evaluate
from aelib.sweep.model import StackedModel

FEATURES = 9

#: One more than a chunk, and some chunks with a rest.
COUNTS = (129, 500)

OBJECTIVES = {
    "target activity": (SparseKL(weight=2, rho=0.1), "sparsity", {"code_activation": "sigmoid"}),
    "free bits": (Variational(beta=0.7, free_bits=0.02), "kl", {}),
    "free bits, told the class": (Conditional(free_bits=0.02), "kl", {"classes": 2}),
    "prior": (Sparse(weight=0.7), "sparsity", {}),
    "contraction": (Contractive(weight=0.7), "contraction", {}),
}


def sorted_examples(n):
    """From dark to light, so that no chunk is like another; and a class for each."""
    shades = torch.linspace(0, 1, n)[:, None] * torch.ones(FEATURES)
    x = shades * torch.rand(n, FEATURES, generator=torch.Generator().manual_seed(1))
    return x, (shades[:, 0] > 0.5).long()


def model_of(case, seed=0):
    objective, _, settings = OBJECTIVES[case]
    return Autoencoder(MLP((FEATURES,), hidden=(), latent=5, **settings), objective, seed)


@torch.no_grad()
def penalty_of_all(case, model, x, y):
    """As training has it for one batch of all examples."""
    return float(model.terms(x, torch.Generator().manual_seed(0), y)[OBJECTIVES[case][1]])


@pytest.mark.parametrize("n", COUNTS)
@pytest.mark.parametrize("case", OBJECTIVES)
def test_a_penalty_is_that_of_all_examples_as_one_batch(case, n):
    """That of a mean is not the mean of chunks' penalties: chunks of the last examples alone are far from a target."""
    model, (x, y) = model_of(case), sorted_examples(n)
    figures = evaluate(model, x, y)
    assert figures[OBJECTIVES[case][1]] == pytest.approx(penalty_of_all(case, model, x, y), rel=1e-5)
    assert figures["loss"] == pytest.approx(figures["reconstruction"] + figures[OBJECTIVES[case][1]], rel=1e-6)


@pytest.mark.parametrize("case", ["target activity", "free bits", "prior"])
def test_so_it_is_for_each_model_of_a_stack(case):
    models, (x, y) = [model_of(case, seed) for seed in (0, 1)], sorted_examples(COUNTS[0])
    stack = StackedModel(models)
    found = stack.evaluate(stack.held_out(x, y, 0, float("inf"))).figures[OBJECTIVES[case][1]]
    assert found.tolist() == pytest.approx([penalty_of_all(case, model, x, y) for model in models], rel=1e-5)
