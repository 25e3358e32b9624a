"""`Experiment`: everything that determines a run, in one object that survives JSON and a URL."""

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from aelib.autoencoder import Autoencoder
from aelib.checkpoint import Checkpoint
from aelib.data import DATASETS, Dataset, DatasetInfo, get_info
from aelib.defaults import default_likelihood, network_defaults
from aelib.errors import ConfigError
from aelib.likelihood import NEEDS_UNIT_RANGE, spoken
from aelib.networks import MLP, NETWORKS, AnyNetwork, Conv
from aelib.objectives.variant import Variant
from aelib.registry import AnyObjective, get_variant, variant_of
from aelib.spec import Knob, Spec, knobs_of
from aelib.train import TrainConfig, Training


class Experiment(Spec):
    """Data set, variant, network, objective and training: equal experiments give equal numbers on a CPU.

    ``left_out``: a class that training never sees, so that its examples are anomalies.
    """

    schema_version: Literal[1] = 1
    dataset: str = "digits"
    left_out: int | None = Field(None, ge=0)
    variant: str = "vanilla"
    network: AnyNetwork
    objective: AnyObjective
    train: TrainConfig = TrainConfig()

    @field_validator("dataset")
    @classmethod
    def _known_dataset(cls, name: str) -> str:
        return get_info(name).name

    @field_validator("variant")
    @classmethod
    def _known_variant(cls, name: str) -> str:
        return get_variant(name).name

    @model_validator(mode="after")
    def _parts_fit(self) -> "Experiment":
        info, entry = get_info(self.dataset), get_variant(self.variant)
        if self.network.shape != info.shape:
            raise ConfigError(f"The network takes shape {self.network.shape}, but {info.name} has shape {info.shape}.")
        if type(self.objective) is not type(entry.objective):
            kind = type(self.objective).model_fields["kind"].default
            raise ConfigError(f"The variant {entry.name} does not minimise a {kind} objective.")
        for name in entry.fixed:
            if getattr(self.network, name, None) != entry.network[name]:
                raise ConfigError(f"The variant {entry.name} needs {name} = {entry.network[name]}.")
        if self.network.classes not in (0, info.classes):
            raise ConfigError(f"The network knows {self.network.classes} classes, but {info.name} has {info.classes}.")
        if self.objective.likelihood in NEEDS_UNIT_RANGE and not info.is_image:
            name = spoken(self.objective.likelihood)
            raise ConfigError(f"The {name} needs data in [0, 1], and {info.name} is not: choose squared error.")
        self.objective.check(self.network)
        if self.left_out is not None:
            if self.left_out >= info.classes:
                raise ConfigError(f"{info.name} has no class {self.left_out} to leave out.")
            if self.objective.conditional:
                raise ConfigError("A model that learns p(x | y) needs every class: leave none out.")
        return self

    @classmethod
    def of(
        cls,
        dataset: str = "digits",
        variant: str = "vanilla",
        *,
        network: dict[str, Any] | None = None,
        objective: dict[str, Any] | None = None,
        train: dict[str, Any] | None = None,
        left_out: int | None = None,
    ) -> "Experiment":
        """The registry's defaults for a variant on a data set, with some values changed.

        What follows the data (output, error, layers, code size) is told in `aelib.defaults`.
        """
        info, entry = get_info(dataset), get_variant(variant)
        net = _network(info, entry, network or {})
        likelihood = default_likelihood(info.shape, info.is_image, net)
        error: dict[str, Any] = {"likelihood": likelihood} if likelihood else {}
        return cls(
            dataset=dataset,
            left_out=left_out,
            variant=variant,
            network=net,
            # A default that is too large for a small network gives way; a wish that is too large is refused.
            objective=entry.objective.within(net).replace(**{**error, **(objective or {})}),
            train=TrainConfig(**{**entry.train, **(train or {})}),
        )

    @classmethod
    def of_checkpoint(cls, checkpoint: Checkpoint, folder: Path, dataset: str | None = None) -> "Experiment":
        """What led to the model in ``folder``, with its knobs as they stood at the end.

        ``dataset``: the name of the data, where the checkpoint does not tell it or other data are meant. Raises
        `ConfigError` when nobody tells it, or the library has no such data.
        """
        if checkpoint.experiment:
            # A knob that was turned is written where the model is.
            started = cls.from_json(json.dumps(checkpoint.experiment))
            found = started.model_copy(update={"objective": checkpoint.objective})
            return found if dataset in (None, found.dataset) else found.replace(dataset=dataset, left_out=None)
        origin = checkpoint.origin
        if dataset is None:
            if origin is None:
                raise ConfigError(f"{folder} does not say what it was trained on: name the data set with --data.")
            if origin.dataset not in DATASETS:
                raise ConfigError(
                    f"{folder} was trained on {origin.dataset!r:.40}, which is none of the library's data sets: name "
                    "one with --data to look at the model through it."
                )
        is_own = origin is not None and dataset in (None, origin.dataset)
        return cls(
            dataset=dataset or (origin.dataset if origin else ""),
            left_out=origin.left_out if origin and is_own else None,
            variant=variant_of(checkpoint.network, checkpoint.objective).name,
            network=checkpoint.network,
            objective=checkpoint.objective,
            train=TrainConfig(**(origin.train if origin else {})),
        )

    @property
    def knobs(self) -> dict[str, Knob]:
        """What can be turned while it trains."""
        return {**self.objective.knobs(self.network), **knobs_of(TrainConfig)}

    @property
    def knob_values(self) -> dict[str, float]:
        """Where the knobs start."""
        values = {**self.objective.model_dump(), **self.train.model_dump()}
        return {name: values[name] for name in self.knobs}

    def with_knobs(self, values: dict[str, float]) -> "Experiment":
        """The same experiment with its knobs elsewhere."""
        rate = {"learning_rate": values["learning_rate"]} if "learning_rate" in values else {}
        others = {name: value for name, value in values.items() if name != "learning_rate"}
        objective = self.objective.replace(**others)
        objective.check(self.network)
        return self.model_copy(update={"objective": objective, "train": self.train.replace(**rate)})

    def build(self, data: Dataset, device: Any = "cpu") -> Training:
        """A fresh model on a device, ready to be trained on ``data`` (without the class left out)."""
        if self.left_out is not None:
            data = data.without_class(self.left_out)
        model = Autoencoder(self.network, self.objective, seed=self.train.seed).to(device)
        return Training(model, data, self.train)


def _network(info: DatasetInfo, entry: Variant, changes: dict[str, Any]) -> MLP | Conv:
    """The registry's network for a variant, with some values changed; of another kind, where it has such settings."""
    defaults = network_defaults(info.shape, info.is_image, entry)
    kind = str(changes.get("kind", defaults.get("kind", "mlp")))
    if kind not in NETWORKS:
        raise ConfigError(f"There is no network {kind!r:.40}; choose one of {', '.join(NETWORKS)}.")
    known = {name: value for name, value in defaults.items() if name in NETWORKS[kind].model_fields}
    classes = info.classes if entry.objective.conditional else 0
    return NETWORKS[kind](**{"shape": info.shape, **known, "kind": kind, "classes": classes, **changes})
