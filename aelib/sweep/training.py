"""Training all cells of a sweep as one stacked model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce

import torch
from torch import Tensor

from aelib.autoencoder import Autoencoder
from aelib.data import Dataset, Split
from aelib.errors import ConfigError
from aelib.objectives import Batch
from aelib.objectives.base import Terms
from aelib.randomness import Streams, generator
from aelib.sweep.adam import StackedAdam, of_one
from aelib.sweep.divergence import LastGood
from aelib.sweep.model import StackedEvaluation, StackedModel
from aelib.sweep.spec import SweepSpec
from aelib.train import check_fit


@dataclass(frozen=True, slots=True)
class StackedRecord:
    """What one step did to all K cells: ``step`` and ``epoch`` count from 1; ``test`` is there at the ends of epochs.

    ``terms``: the weighted terms of the mini-batch loss, (K,) each; NaN for a cell that had diverged before.
    ``test``: held-out figures as `aelib.evaluate` gives them, (K,) each.
    """

    step: int
    epoch: int
    terms: Terms
    test: Mapping[str, Tensor] | None = None

    @property
    def loss(self) -> Tensor:
        """The sum of the terms, (K,)."""
        return reduce(torch.add, self.terms.values())


class StackedTraining(Iterator[StackedRecord]):
    """The cells of a sweep, one step of each with every ``next``: each does what its single run would.

    Each cell starts from the weights, sees the batches and draws the noise of its own seed, so that it equals its
    single run up to the rounding of sums taken in another order. A cell whose loss is no finite number is held at
    its last good weights, and ``diverged`` (K,) tells the step, 0 for the others, which go on unaffected.

    Raises `ConfigError` when the cells cannot be stacked, `DataError` when the data do not fit them.
    """

    def __init__(self, sweep: SweepSpec, data: Dataset, device: torch.device | str = "cpu") -> None:
        sweep.check_stackable()
        self.sweep, cells = sweep, sweep.cells
        if sweep.base.left_out is not None:
            data = data.without_class(sweep.base.left_out)
        models = [Autoencoder(cell.network, cell.objective, seed=cell.train.seed).to(device) for cell in cells]
        check_fit(models[0], data)
        for model in models:
            model.extremes = data.extremes
        self.data, self.config = data, sweep.base.train
        self.model = StackedModel(models)
        device = self.model.device
        self._x = models[0].rows(data.train.x)
        self._y = data.train.labels.to(device) if self.model.objective.conditional else None
        self.batch_size = min(self.config.batch_size, len(self._x))
        self.steps_per_epoch = len(self._x) // self.batch_size
        self.steps = self.config.epochs * self.steps_per_epoch
        self.step = 0
        seeds = [cell.train.seed for cell in cells]
        streams = seeds if sweep.knob == "seed" else seeds[:1]
        self._order_random = Streams(generator(seed, "order") for seed in streams)
        self._noise_random = Streams(generator(seed, "noise", device) for seed in streams)
        self._renewal_random = Streams(generator(seed, "renewal") for seed in seeds)
        self._order = torch.empty(len(streams), 0, dtype=torch.int64)
        parameters = self.model.parameters()
        self._last_good = LastGood(parameters)
        self._optimizer = StackedAdam(
            parameters, torch.tensor([cell.train.learning_rate for cell in cells], device=device)
        )

    @property
    def epoch(self) -> int:
        """Passes over the data begun so far."""
        return -(-self.step // self.steps_per_epoch)

    @property
    def diverged(self) -> Tensor:
        """The step at which each cell's loss was no finite number, 0 where it still is: (K,)."""
        return self._last_good.diverged

    @property
    def all_diverged(self) -> bool:
        """Whether no cell is left to train."""
        return self._last_good.any_diverged and bool((self.diverged > 0).all())

    def extend(self) -> None:
        """As many epochs again."""
        added = min(self.steps // self.steps_per_epoch + self.config.epochs, 1_000_000)
        self.config = self.config.replace(epochs=added)
        self.steps = added * self.steps_per_epoch

    def __next__(self) -> StackedRecord:
        if self.step >= self.steps:
            raise StopIteration
        terms = self._update(self._next_batch())
        self._intervene()
        return StackedRecord(self.step, self.epoch, terms, self._test())

    def _next_batch(self) -> Batch:
        position = self.step % self.steps_per_epoch
        if position == 0:
            self._order = torch.stack([torch.randperm(len(self._x), generator=g) for g in self._order_random])
        index = self._order[:, position * self.batch_size : (position + 1) * self.batch_size]
        if len(index) == 1:  # all cells see the same batch
            index = index[0]
        x = (
            self._x.index_select(0, index.flatten().to(self._x.device))
            .unflatten(0, index.shape)
            .to(next(self.model.network.parameters()))
        )
        y = None if self._y is None else self._y[index.to(self.model.device)]
        passes = self.step / self.steps_per_epoch
        return Batch(x, y, self.model.knobs, self._noise_random, passes, self.model.extremes)

    def _update(self, batch: Batch) -> Terms:
        self.step += 1
        had_diverged = self.diverged > 0 if self._last_good.any_diverged else None
        terms = self.model.objective.terms(self.model.network, batch)
        loss = reduce(torch.add, terms.values())
        new = self._last_good.judge(loss.detach(), self.step)
        self._optimizer.zero_grad()
        loss.backward(torch.ones_like(loss))
        self._optimizer.step()
        self._last_good.hold()
        if new is not None:
            self._optimizer.forget(new)
        found = {name: value.detach() for name, value in terms.items()}
        if had_diverged is None:
            return found
        return {name: value.masked_fill(had_diverged, torch.nan) for name, value in found.items()}

    def _intervene(self) -> None:
        objective = self.model.objective
        epochs, left = divmod(self.step, self.steps_per_epoch)
        if left or not objective.intervenes_after(epochs):
            return
        for k in (self.diverged == 0).nonzero().flatten().tolist():
            one = self.model.view(k)
            parameters = dict(one.network.named_parameters())
            objective.intervene(one, self._optimizer.of(k, parameters), self._x, self._renewal_random[k])

    # --- looking at the cells ----------------------------------------------------------------------

    def evaluate(self, examples: Split | None = None) -> StackedEvaluation:
        """How good all cells are at their present weights, on all held-out examples unless others are given."""
        x, y = (self.data.test.x, self.data.test.y) if examples is None else (examples.x, examples.y)
        epoch = max(self.step - 1, 0) / self.steps_per_epoch  # that of the step just done: of its stage, its warm-up
        return self.model.evaluate(self.model.held_out(x, y, 0, epoch))

    def _test(self) -> Mapping[str, Tensor] | None:
        every = self.config.evaluate_every
        return self.evaluate().figures if every and self.step % (every * self.steps_per_epoch) == 0 else None

    # --- saving and resuming -----------------------------------------------------------------------

    def _random(self) -> dict[str, torch.Generator]:
        uses = {"order": self._order_random, "noise": self._noise_random, "renewal": self._renewal_random}
        return {f"random.{use}.{i}": stream for use, streams in uses.items() for i, stream in enumerate(streams)}

    def state_dict(self) -> dict[str, Tensor]:
        """All that the next steps depend on, as one flat dictionary of tensors on the CPU."""
        state: dict[str, Tensor] = {f"model.{name}": value for name, value in self.model.parameters().items()}
        state |= {f"adam.{name}": value for name, value in self._optimizer.state_dict().items()}
        state |= {f"good.{name}": value for name, value in self._last_good.weights.items()}
        state |= {name: stream.get_state() for name, stream in self._random().items()}
        state |= {"step": torch.tensor(self.step), "order": self._order, "diverged": self.diverged}
        return {name: value.detach().to("cpu", copy=True).contiguous() for name, value in state.items()}

    def load_state_dict(self, state: Mapping[str, Tensor]) -> None:
        """Go on from a state of an equal sweep. `ConfigError` if it belongs to another one."""
        try:
            self.model.load_weights(_part(state, "model."))
            self._optimizer.load_state_dict(_part(state, "adam."))
            self._last_good.load(_part(state, "good."), state["diverged"])
            for name, stream in self._random().items():
                stream.set_state(state[name])
            self.step, self._order = int(state["step"]), state["order"]
        except (KeyError, RuntimeError):
            raise ConfigError("This training state is incomplete or belongs to another sweep.") from None


def _part(state: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)}


def state_of_cell(state: Mapping[str, Tensor], k: int) -> dict[str, Tensor]:
    """The state dict with which a single `aelib.train.Training` goes on as the k-th cell would.

    ``state``: of a `StackedTraining`. A cell that has diverged is at its last good weights, with Adam's moments at
    zero. `ConfigError` if the state is incomplete.
    """
    try:
        bad = bool(state["diverged"][k]) or not all(v[k].isfinite().all() for v in _part(state, "model.").values())
        weights = _part(state, "good." if bad else "model.")
        found = {f"model.network.{name}": value[k] for name, value in weights.items()}
        for key, value in ({} if bad else _part(state, "adam.")).items():
            slot, name = key.split(".", 1)
            found[f"adam.{slot}.network.{name}"] = value if slot == "step" else of_one(value, k)
        for use in ("order", "noise", "renewal"):
            streams = _part(state, f"random.{use}.")
            found[f"random.{use}"] = streams[str(k if len(streams) > 1 else 0)]
        order = state["order"]
        found |= {"step": state["step"], "order": order[k if len(order) > 1 else 0]}
    except KeyError:
        raise ConfigError("This training state is incomplete.") from None
    return {name: value.contiguous() for name, value in found.items()}
