"""What every objective has in common: a likelihood, a corruption that may do nothing, and penalties."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Literal, Protocol, Self

import torch
from torch import Tensor

from aelib.corruption import UNIT, Corrupted, Extremes
from aelib.errors import ConfigError
from aelib.likelihood import LIKELIHOODS, NEEDS_UNIT_RANGE, LikelihoodName, spoken
from aelib.networks import Network, NetworkSpec
from aelib.objectives.declared import CodeReadout, Trade
from aelib.randomness import Random
from aelib.spec import Knob, Spec, knobs_of

Knobs = Mapping[str, Tensor]
Terms = dict[str, Tensor]

#: Examples in one pass where nothing is learned: bounds the memory of an evaluation, not its result. Few enough for a
#: processor's cache: convolutions on MNIST take 2.7 times as long in one pass of 2,048.
CHUNK = 128


@dataclass(frozen=True, slots=True)
class Batch:
    """What an objective is computed on.

    ``x``: (n, features), as the weights are; all examples at once perhaps not yet (see `chunks`). ``y``: class indices
    (n,), where the data have any. ``knobs``: 0-d tensors. ``epoch``: passes over the data so far, with a fraction;
    infinite when training is over. ``extremes``: the least and the greatest value of the data.

    For a stack of K models (see `aelib.sweep`) ``knobs`` are of shape (K,), and ``x`` and ``y`` have a leading
    axis of K where not all of them see the same. Objectives therefore count axes from the last, and hold a knob
    against values for each example or entry with new axes behind it; each term is then of shape (K,).
    """

    x: Tensor
    y: Tensor | None
    knobs: Knobs
    random: Random
    epoch: float = math.inf
    extremes: Extremes = UNIT

    def chunks(self, network: Network) -> Iterator["Batch"]:
        """So many examples at a time that a stack fits into memory, as the weights of ``network`` are."""
        weight = next(network.parameters())
        for i in range(0, len(self.x), CHUNK):
            some = slice(i, i + CHUNK)
            yield replace(self, x=self.x[some].to(weight), y=None if self.y is None else self.y[some])

    def mean(self, network: Network, of: Callable[["Batch"], Tensor]) -> Tensor:
        """The mean over the examples of what ``of`` gives for each, (…, n), in `chunks`."""
        return torch.cat([of(part) for part in self.chunks(network)], dim=-1).mean(-1)


class Trained(Protocol):
    """What an objective needs of the model that it trains (see `aelib.Autoencoder`)."""

    network: Network

    @property
    def spec(self) -> NetworkSpec: ...
    def encode(self, x: Tensor) -> Tensor: ...
    def __call__(self, x: Tensor) -> Tensor: ...


class Objective(Spec):
    """Describes L = reconstruction + penalties. Every term is summed over features or code units,
    averaged over the batch, and already weighted, so that the loss is the plain sum of its terms.

    Knobs are passed in as tensors at each step: the values stored here are where they start.

    ``likelihood``: of an example given its reconstruction (see `aelib.likelihood`). ``deviation``: of the
    Gaussian likelihood, whether its σ is learned with the weights or is a knob.
    """

    likelihood: LikelihoodName = "squared_error"
    deviation: Literal["learned", "fixed"] = "learned"
    sigma: Annotated[
        float,
        Knob(
            "Deviation of pixels", "σ", 0.01, 10, "Of the Gaussian likelihood: small weighs the reconstruction more.",
            scale="log", floor=0.01, when={"likelihood": "gaussian", "deviation": "fixed"},
        ),
    ] = 0.1  # fmt: skip

    #: Numbers that the encoder gives for each unit of the code: 1 (the code) or 2 (mean, log-variance).
    statistics: ClassVar[int] = 1
    #: Whether the encoder sees something else than the example.
    corrupts: ClassVar[bool] = False
    #: Whether the decoder is told the class.
    conditional: ClassVar[bool] = False
    #: Whether codes drawn from N(0, I) are codes of the model, so that decoding them gives samples.
    generative: ClassVar[bool] = False
    #: How its terms are written, each with its weight.
    labels: ClassVar[Mapping[str, str]] = {"reconstruction": "reconstruction"}
    #: What is worth reading off its codes while it trains.
    readouts: ClassVar[tuple[CodeReadout, ...]] = ()
    #: What it buys with reconstruction error, if anything.
    trade: ClassVar[Trade | None] = None

    @property
    def noise(self) -> str:
        """The kind of noise that it puts on examples; empty where it puts none."""
        return ""

    @property
    def learns_deviation(self) -> bool:
        """Whether log σ of the likelihood is a parameter."""
        return self.likelihood == "gaussian" and self.deviation == "learned"

    def check(self, network: NetworkSpec) -> None:
        """`ConfigError` when this objective cannot be computed on such a network."""
        if self.likelihood in NEEDS_UNIT_RANGE and network.output != "sigmoid":
            name = spoken(self.likelihood)
            raise ConfigError(f"The {name} needs outputs between 0 and 1: choose the sigmoid output or squared error.")
        if self.conditional and not network.classes:
            raise ConfigError("A decoder that is told the class needs a data set with classes.")
        if network.classes and not self.conditional:
            raise ConfigError(
                f"Only a conditional model tells its decoder the class (got classes = {network.classes})."
            )

    def knobs(self, network: NetworkSpec) -> dict[str, Knob]:
        """What can be turned while training on such a network."""
        return knobs_of(self)

    def within(self, network: NetworkSpec) -> Self:
        """A copy whose knobs are no greater than such a network allows: how defaults give way to a small one."""
        limits = {name: knob.high for name, knob in self.knobs(network).items()}
        return self.replace(**{name: min(getattr(self, name), high) for name, high in limits.items()})

    def stage_name(self, network: NetworkSpec, epoch: float) -> str:
        """What training is at, for people; empty when it does the same all the time."""
        return ""

    # --- the computation, in its order -------------------------------------------------------------

    def terms(self, network: Network, batch: Batch) -> Terms:
        """All terms for a batch, each a 0-d tensor, or (K,) for a stack of K models."""
        seen = self.corrupt(batch)
        statistics, penalties = self.encode(network, seen.x, batch)
        logits = network.decode(self.draw(statistics, batch), self.told(batch))
        return {**self.weigh(network, batch, seen, statistics, logits), **penalties}

    def corrupt(self, batch: Batch) -> Corrupted:
        """What the encoder sees in place of x; the same x unless the objective corrupts."""
        return Corrupted(batch.x)

    def encode(self, network: Network, seen: Tensor, batch: Batch) -> tuple[Tensor, Terms]:
        """The encoder's statistics of what it sees, and weighted terms that only the encoder itself can tell."""
        return network.encode(seen), {}

    def code(self, statistics: Tensor, knobs: Knobs) -> Tensor:
        """The code (n, latent) that stands for the encoder's statistics: without chance."""
        return statistics[..., : statistics.shape[-1] // self.statistics]

    def draw(self, statistics: Tensor, batch: Batch) -> Tensor:
        """The code that the decoder gets in training."""
        return self.code(statistics, batch.knobs)

    def told(self, batch: Batch) -> Tensor | None:
        """The labels that the decoder gets in training."""
        return None

    def weigh(self, network: Network, batch: Batch, seen: Corrupted, statistics: Tensor, logits: Tensor) -> Terms:
        """The terms once the networks have run: ``seen`` ↦ ``statistics``, a code drawn from them ↦ ``logits``."""
        error = self.emphasise(self.error(network, batch, logits), seen, batch)
        return {"reconstruction": error.sum((-2, -1)) / error.shape[-2], **self.penalties(batch, statistics)}

    def error(self, network: Network, batch: Batch, logits: Tensor) -> Tensor:
        """The likelihood's error of each entry of x, (n, features)."""
        log_deviation = network.log_deviation
        if "sigma" in batch.knobs:
            log_deviation = batch.knobs["sigma"].log()
        if log_deviation is not None:
            log_deviation = log_deviation[..., None, None]
        return LIKELIHOODS[self.likelihood](logits, batch.x, network.spec.output, log_deviation)

    def emphasise(self, error: Tensor, seen: Corrupted, batch: Batch) -> Tensor:
        """The error of each entry (n, features), weighted."""
        return error

    def penalties(self, batch: Batch, statistics: Tensor) -> Terms:
        """Weighted terms of the encoder's statistics."""
        return {}

    # --- beside the steps --------------------------------------------------------------------------

    def intervenes_after(self, epochs: int) -> bool:
        """Whether `intervene` is to be called once so many epochs are done."""
        return False

    def intervene(self, model: Trained, optimizer: torch.optim.Optimizer, x: Tensor, random: torch.Generator) -> None:
        """Change the weights of ``model`` between two steps; ``x``: the training examples, (n, features)."""

    def traded(self, network: Network, batch: Batch, statistics: Tensor) -> Tensor:
        """The value of its `trade`, without any weight: 0-d, or (K,) for a stack.

        ``batch``: held-out examples. ``statistics``: what the encoder gave for them.
        """
        raise NotImplementedError(f"{type(self).__name__} declares no trade.")
