"""Training as an iterator: every step is one `next`, and everything that a step depends on can be saved."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor

from aelib.autoencoder import Autoencoder
from aelib.data import Dataset
from aelib.errors import ConfigError, DataError, DivergenceError
from aelib.evaluate import evaluate_in_full
from aelib.likelihood import NEEDS_UNIT_RANGE, spoken
from aelib.objectives.base import Terms
from aelib.origin import Origin
from aelib.randomness import generator
from aelib.spec import Knob, Spec, knobs_of

#: Steps on a GPU after which it is asked whether the loss is still a number.
LOOK_EVERY = 50


class TrainConfig(Spec):
    """How to train: Adam (Kingma & Ba 2015) on shuffled mini-batches.

    ``epochs``: passes over the training data. ``batch_size``: examples a step; an incomplete last
    batch of an epoch is left out, another one each time. ``seed``: of initial weights, order and noise.
    ``evaluate_every``: epochs between two evaluations on held-out data, 0 for never.
    """

    epochs: int = Field(20, ge=1, le=1_000_000)
    batch_size: int = Field(128, ge=1, le=65_536)
    learning_rate: Annotated[
        float, Knob("Learning rate", "η", 0, 1, "Size of each step of Adam.", scale="log", floor=1e-5)
    ] = 1e-3
    seed: int = Field(0, ge=0, lt=2**31)
    evaluate_every: int = Field(1, ge=0)


@dataclass(frozen=True, slots=True)
class Record:
    """What one step did: ``step`` and ``epoch`` count from 1; ``test`` is there at the ends of epochs."""

    step: int
    epoch: int
    tensors: Terms
    test: Mapping[str, float] | None = None

    @property
    def terms(self) -> dict[str, float]:
        """The weighted terms of the mini-batch loss (reading them waits for the device)."""
        return {name: float(value) for name, value in self.tensors.items()}

    @property
    def loss(self) -> float:
        """Their sum."""
        return sum(self.terms.values())


class Training(Iterator[Record]):
    """The state of one training: iterate to train, stop iterating to pause.

    ``state_dict`` and ``load_state_dict`` carry weights, optimizer, random streams and position, so
    that a resumed training goes on bit for bit as the undisturbed one would have: on a CPU, with the same versions,
    processor and number of threads (``torch.get_num_threads()``), by which the sums of convolutions are split.

    The model notes the name of the data, and how it was trained (`Origin`), which a checkpoint takes along. `next`
    raises `DivergenceError` at the step at which the loss is no finite number; on a GPU up to `LOOK_EVERY` steps later.
    """

    def __init__(self, model: Autoencoder, data: Dataset, config: TrainConfig) -> None:
        check_fit(model, data)
        model.extremes = data.extremes
        is_fresh = model.origin is None and model.seed == config.seed
        self.model, self.data, self.config = model, data, config
        self._x = model.rows(data.train.x)
        self._y = data.train.labels.to(model.device) if model.objective.conditional else None
        self.batch_size = min(config.batch_size, len(self._x))
        self.steps_per_epoch = len(self._x) // self.batch_size
        self.steps = config.epochs * self.steps_per_epoch
        self.step = 0
        self._order_random = generator(config.seed, "order")
        self._noise_random = generator(config.seed, "noise", model.device)
        self._renewal_random = generator(config.seed, "renewal")
        self._order = torch.empty(0, dtype=torch.int64)
        self._learning_rate = torch.tensor(config.learning_rate, device=model.device)
        self._parameters = dict(model.named_parameters())
        self._optimizer = torch.optim.Adam(list(self._parameters.values()), lr=self._learning_rate, fused=True)
        self._origin = model.origin = Origin(
            data.name, data.left_out, config.model_dump(), self.knob_values,
            device=model.device.type, threads=torch.get_num_threads(), from_seed=is_fresh,
            data_hash=data.content_hash,
        )  # fmt: skip

    @property
    def epoch(self) -> int:
        """Passes over the data begun so far."""
        return -(-self.step // self.steps_per_epoch)

    @property
    def passes(self) -> float:
        """Passes over the data done so far, with a fraction."""
        return self.step / self.steps_per_epoch

    @property
    def knobs(self) -> dict[str, Knob]:
        """Everything that can be turned while training: the objective's knobs and the learning rate."""
        return {**self.model.knobs, **knobs_of(TrainConfig)}

    @property
    def knob_values(self) -> dict[str, float]:
        """Where the knobs stand."""
        both = {**self.model.objective.model_dump(), "learning_rate": self.config.learning_rate}
        return {name: both[name] for name in self.knobs}

    def set_knob(self, name: str, value: float) -> None:
        """Turn a knob; the next step uses it. `ConfigError` on an unknown name or a value out of range."""
        if name == "learning_rate":
            self.config = self.config.replace(learning_rate=value)
            self._learning_rate.fill_(self.config.learning_rate)
        elif name in self.model.knobs:
            self.model.set_knob(name, value)
        else:
            raise ConfigError(f"This training has no knob {name!r:.40}; it has {', '.join(self.knobs)}.")
        self._origin.turns.append((self.step, name, value))

    def extend(self) -> None:
        """As many epochs again."""
        added = min(self.steps // self.steps_per_epoch + self.config.epochs, 1_000_000)
        self.config = self.config.replace(epochs=added)
        self.steps = added * self.steps_per_epoch

    def continue_from(self, step: int) -> None:
        """Count on from a step whose optimizer and random state are not known: both start afresh."""
        self._go_on_from(step)
        position = step % self.steps_per_epoch
        if position:
            self._order = torch.randperm(len(self._x), generator=self._order_random)

    def restore_weights(self, weights: Mapping[str, Tensor]) -> None:
        """Go on from other weights, with Adam's moments at zero."""
        self.model.load_state_dict(weights)
        self._optimizer.state.clear()
        self._go_on_from(self.step)

    def _go_on_from(self, step: int) -> None:
        """What this training has done no longer explains the weights."""
        self.step = self._origin.steps = step
        self._origin.from_seed = False

    def __next__(self) -> Record:
        if self.step >= self.steps:
            raise StopIteration
        position = self.step % self.steps_per_epoch
        if position == 0:
            self._order = torch.randperm(len(self._x), generator=self._order_random)
        index = self._order[position * self.batch_size : (position + 1) * self.batch_size]
        x = self._x.index_select(0, index.to(self._x.device)).to(self.model.weight)
        terms = self._update(x, None if self._y is None else self._y[index.to(self._y.device)])
        self._intervene()
        self._origin.steps = self.step
        return Record(self.step, self.epoch, terms, self._test())

    def _update(self, x: Tensor, y: Tensor | None) -> Terms:
        batch = self.model.batch(x, y, self._noise_random, self.passes)
        self.step += 1
        terms = self.model.objective.terms(self.model.network, batch)
        loss = reduce(torch.add, terms.values())
        self._judge(loss.detach())
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self._optimizer.step()
        return {name: value.detach() for name, value in terms.items()}

    def _judge(self, loss: Tensor) -> None:
        """`DivergenceError` when it is not finite; on a CPU before it spoils the weights.

        To ask a GPU at each step would be to wait for it. It is asked where it is waited for anyway, at the end of an
        epoch, and now and then: of weights that are spoilt every later loss is spoilt, too.
        """
        at_once = loss.device.type == "cpu"
        due = at_once or self.step % LOOK_EVERY == 0 or self.step % self.steps_per_epoch == 0
        if due and not math.isfinite(float(loss)):
            raise DivergenceError(
                f"The loss stopped being a finite number {'at' if at_once else 'by'} step {self.step:,}: "
                "bring the features to one scale, or choose a lower learning_rate."
            )

    def _intervene(self) -> None:
        epochs, left = divmod(self.step, self.steps_per_epoch)
        if not left and self.model.objective.intervenes_after(epochs):
            self.model.objective.intervene(self.model, self._optimizer, self._x, self._renewal_random)

    def _test(self) -> Mapping[str, float] | None:
        every = self.config.evaluate_every
        if every and self.step % (every * self.steps_per_epoch) == 0:
            epoch = (self.step - 1) / self.steps_per_epoch  # that of the step just done: of its stage, its warm-up
            return evaluate_in_full(self.model, self.data.test.x, self.data.test.y, epoch=epoch).figures
        return None

    # --- saving and resuming -----------------------------------------------------------------------

    def state_dict(self) -> dict[str, Tensor]:
        """All that the next steps depend on, as one flat dictionary of tensors on the CPU."""
        state = {f"model.{k}": v for k, v in self.model.state_dict().items()}
        for name, parameter in self._parameters.items():
            for slot, value in self._optimizer.state[parameter].items():
                state[f"adam.{slot}.{name}"] = value
        state |= {
            "step": torch.tensor(self.step),
            "order": self._order,
            "random.order": self._order_random.get_state(),
            "random.noise": self._noise_random.get_state(),
            "random.renewal": self._renewal_random.get_state(),
        }
        return {name: value.detach().to("cpu", copy=True).contiguous() for name, value in state.items()}

    def load_state_dict(self, state: Mapping[str, Tensor]) -> None:
        """Go on from a state of an equal configuration. `ConfigError` if it belongs to another one."""
        try:
            self.model.load_state_dict(
                {k.removeprefix("model."): v for k, v in state.items() if k.startswith("model.")}
            )
            for name, parameter in self._parameters.items():
                slots = {
                    k.split(".")[1]: v for k, v in state.items() if k.startswith("adam.") and k.split(".", 2)[2] == name
                }
                if slots:
                    device_slots = {s: v.to(parameter.device, copy=True) for s, v in slots.items()}
                    self._optimizer.state[parameter] = device_slots
            self._go_on_from(int(state["step"]))
            self._order = state["order"]
            self._order_random.set_state(state["random.order"])
            self._noise_random.set_state(state["random.noise"])
            self._renewal_random.set_state(state["random.renewal"])
        except (KeyError, RuntimeError):
            raise ConfigError("This training state is incomplete or belongs to another configuration.") from None


def check_fit(model: Autoencoder, data: Dataset) -> None:
    """`DataError` when a model cannot be trained on such data."""
    if data.shape != model.spec.shape:
        raise DataError(f"The network takes shape {model.spec.shape}, but {data.name} has shape {data.shape}.")
    if model.spec.output == "sigmoid" and not data.is_unit_range:
        low, high = data.range
        asks = model.objective.likelihood in NEEDS_UNIT_RANGE
        what = f"The {spoken(model.objective.likelihood)}" if asks else "The sigmoid output"
        remedy = 'squared error with output="identity"' if asks else 'output="identity"'
        raise DataError(
            f"{what} needs data in [0, 1], and {data.name} goes from {low:g} to {high:g}: choose {remedy}, or scale "
            "the data."
        )
    if model.objective.conditional:
        if model.spec.classes != len(data.classes):
            raise DataError(
                f"The decoder is told one of {model.spec.classes} classes, but {data.name} has {len(data.classes)}."
            )
        data.check_no_class_is_empty()


def train(model: Autoencoder, data: Dataset, config: TrainConfig | None = None) -> Training:
    """Train ``model`` on ``data``: iterate over the result, one `Record` a step.

    Nothing runs until it is iterated; ``break`` stops early; two trainings can be advanced in turn.
    """
    return Training(model, data, config or TrainConfig())
