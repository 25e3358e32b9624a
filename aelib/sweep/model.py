"""`StackedModel`: autoencoders of one shape whose weights lie along a leading axis."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from aelib.activations import ACTIVATIONS
from aelib.autoencoder import Autoencoder
from aelib.evaluate import evaluate_in_chunks
from aelib.networks import Network
from aelib.objectives import Batch
from aelib.objectives.variational import unit_kl
from aelib.randomness import Streams, generator
from aelib.sweep.trade import measure_trade


@dataclass(frozen=True)
class StackedEvaluation:
    """``figures``: as `aelib.evaluate` gives them, (K,) each. ``codes``: of the examples, (K, n, latent).
    ``trade``: see `aelib.sweep.trade`, (K,), or None. ``unit_kl``: mean KL of each unit to the prior in nats, (K,
    latent), or None where the code is a point."""

    figures: dict[str, Tensor]
    codes: Tensor
    trade: Tensor | None
    unit_kl: Tensor | None


class StackedModel:
    """K autoencoders that differ in their weights and in where their knobs stand.

    ``network``: parameters (K, *shape of one). ``knobs``: tensors (K,). What is computed has a leading axis of K.
    ``models``: perceptrons with equal descriptions and objectives of one kind; their weights are copied.
    """

    def __init__(self, models: Sequence[Autoencoder]) -> None:
        first = models[0]
        self.spec, self.objective, self.device = first.spec, first.objective, first.device
        self.extremes = first.extremes
        self.network = stack_networks([model.network for model in models])
        self.knobs = {
            name: torch.stack([model.knob_tensors()[name] for model in models]) for name in first.knob_tensors()
        }
        self._objectives = [model.objective for model in models]
        self._first = first  # checks what is passed in, as each of them would

    def __len__(self) -> int:
        return len(self._objectives)

    # --- the maps ----------------------------------------------------------------------------------

    @torch.no_grad()
    def codes(self, x: Tensor) -> Tensor:
        """f_k(x), shape (K, n, latent), for examples (n, *shape); without chance, as `Autoencoder.encode`."""
        return self.objective.code(self.network.encode(self._first.flatten(x)), self.knobs)

    @torch.no_grad()
    def reconstruct(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """g_k(f_k(x)), shape (K, n, *shape), in the range of the data; with labels (n,) where decoders are told."""
        logits = self.network.decode(self.codes(x), self._first.labels(y, len(x)))
        return ACTIVATIONS[self.spec.output].value(logits).reshape(len(self), len(x), *self.spec.shape)

    @torch.no_grad()
    def evaluate(self, whole: Batch) -> StackedEvaluation:
        """What `aelib.evaluate` gives for each, and what they trade, on a batch of all examples."""
        n = len(whole.x)
        sums, statistics, errors = evaluate_in_chunks(self.network, self.objective, whole)
        means = {name: value / n for name, value in sums.items()}
        squared_error = errors.sum(-1) / n
        rmse = (squared_error / self.spec.features).sqrt()
        loss = torch.stack(list(means.values())).sum(0)
        figures = {**means, "loss": loss, "squared_error": squared_error, "rmse": rmse}
        trade = measure_trade(self.network, self.objective, whole, statistics)
        kl = unit_kl(*statistics.chunk(2, dim=-1)).mean(-2) if self.objective.statistics == 2 else None
        return StackedEvaluation(figures, self.objective.code(statistics, self.knobs), trade, kl)

    def held_out(self, x: Tensor, y: Tensor | None, seed: int, epoch: float) -> Batch:
        """Examples to evaluate on: all models see the same, with the same draws."""
        x = self._first.rows(x)
        y = self._first.labels(y, len(x)) if self.objective.conditional else None
        random = Streams((generator(seed, "evaluation", self.device),))
        return Batch(x, y, self.knobs, random, epoch, self.extremes)

    # --- one of them -------------------------------------------------------------------------------

    def parameters(self) -> dict[str, nn.Parameter]:
        """The stacked parameters, named as in the networks."""
        return dict(self.network.named_parameters())

    def model(self, k: int) -> Autoencoder:
        """The k-th as an ordinary autoencoder, with a copy of its weights."""
        found = self._bare(k)
        found.network.load_state_dict({name: p.detach()[k] for name, p in self.parameters().items()})
        return found

    def view(self, k: int) -> Autoencoder:
        """The k-th as an ordinary autoencoder that shares its weights: changing them changes the stack."""
        found = self._bare(k)
        for name, parameter in self.parameters().items():
            found.network.get_parameter(name).data = parameter.detach()[k]
        return found

    def _bare(self, k: int) -> Autoencoder:
        found = Autoencoder(self.spec, self._objectives[k]).to(self.device)
        found.extremes = self.extremes
        return found

    def load_weights(self, weights: Mapping[str, Tensor]) -> None:
        """Take over stacked weights. Raises `KeyError` or `RuntimeError` when they belong to another stack."""
        with torch.no_grad():
            for name, parameter in self.parameters().items():
                parameter.copy_(weights[name])


def stack_networks(networks: Sequence[Network]) -> Network:
    """A network whose parameters are those of all ``networks``, along a leading axis.

    Weights lie in memory as their transposes: so the products of a step need no copy, and neither do the
    gradients, which PyTorch lays out as their parameter is.
    """
    stacked = copy.deepcopy(networks[0])
    for name, _ in list(stacked.named_parameters()):
        rows = torch.stack([network.get_parameter(name).detach() for network in networks])
        if rows.ndim == 3:
            rows = rows.mT.contiguous().mT
        owner, _, attribute = name.rpartition(".")
        setattr(stacked.get_submodule(owner), attribute, nn.Parameter(rows))
    return stacked
