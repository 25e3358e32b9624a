"""`Experiment`: everything that determines a run, in one object that survives JSON and a URL."""

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, field_validator, model_serializer, model_validator

from aelib.autoencoder import Autoencoder
from aelib.checkpoint import Checkpoint
from aelib.data import Dataset, DatasetInfo, added_datasets, get_info
from aelib.data.description import CONTENT_HASH, is_data_id
from aelib.data.lookup import info_of_absent, load
from aelib.defaults import default_likelihood, network_defaults
from aelib.errors import ConfigError, DataError
from aelib.likelihood import NEEDS_UNIT_RANGE, spoken
from aelib.networks import MLP, NETWORKS, AnyNetwork, Conv
from aelib.objectives.variant import Variant
from aelib.origin import Origin
from aelib.progress import Progress, silent
from aelib.registry import AnyObjective, get_variant, variant_of
from aelib.spec import Knob, Spec, knobs_of
from aelib.train import TrainConfig, Training


class Experiment(Spec):
    """Data set, variant, network, objective and training: equal experiments give equal numbers on a CPU.

    ``dataset``: the name of one of the library, or the id of one that was added, with its ``data_hash``. An experiment
    whose data is not here is still one (see `info`); it cannot be trained. ``left_out``: a class that training never
    sees, so that its examples are anomalies.
    """

    schema_version: Literal[1] = 1
    dataset: str = "digits"
    data_hash: str | None = Field(None, pattern=f"^{CONTENT_HASH.pattern}$")
    left_out: int | None = Field(None, ge=0)
    variant: str = "vanilla"
    network: AnyNetwork
    objective: AnyObjective
    train: TrainConfig = TrainConfig()

    @field_validator("dataset")
    @classmethod
    def _known_dataset(cls, name: str) -> str:
        return name if is_data_id(name) else get_info(name).name

    @field_validator("variant")
    @classmethod
    def _known_variant(cls, name: str) -> str:
        return get_variant(name).name

    @model_validator(mode="after")
    def _parts_fit(self) -> "Experiment":
        info, entry = self.info, get_variant(self.variant)
        if self.data_hash and not is_data_id(self.dataset):
            raise ConfigError(f"{info.name} is a data set of the library, which has no hash: leave data_hash out.")
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

    @model_serializer(mode="wrap")
    def _without_empty_hash(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """As version 0.1.0 wrote it, where the data is the library's."""
        values: dict[str, Any] = handler(self)
        if values.get("data_hash", "") is None:
            del values["data_hash"]
        return values

    @classmethod
    def of(
        cls,
        dataset: str | DatasetInfo = "digits",
        variant: str = "vanilla",
        *,
        network: dict[str, Any] | None = None,
        objective: dict[str, Any] | None = None,
        train: dict[str, Any] | None = None,
        left_out: int | None = None,
    ) -> "Experiment":
        """The registry's defaults for a variant on a data set, with some values changed.

        ``dataset``: what `get_info` finds, or an entry itself, which may be that of data that is not here.
        What follows the data (output, error, layers, code size) is told in `aelib.defaults`.
        """
        info = get_info(dataset) if isinstance(dataset, str) else dataset
        entry = get_variant(variant)
        net = _network(info, entry, network or {})
        likelihood = default_likelihood(info.shape, info.is_image, net)
        error: dict[str, Any] = {"likelihood": likelihood} if likelihood else {}
        return cls(
            dataset=info.name,
            data_hash=info.content_hash,
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
            if dataset is None:
                return found
            info = get_info(dataset)
            if info.name in (found.dataset, found.info.name):
                return found
            return found.replace(dataset=info.name, data_hash=info.content_hash, left_out=None)
        origin = checkpoint.origin
        own = _info_of_origin(origin) if origin else None
        if dataset is not None:
            info = get_info(dataset)
        elif own is not None:
            info = own
        elif origin is None:
            raise ConfigError(f"{folder} does not say what it was trained on: name the data set with --data.")
        else:
            raise ConfigError(
                f"{folder} was trained on {origin.dataset!r:.40}, which is none of the data sets here: name one with "
                "--data to look at the model through it."
            )
        is_own = info == own
        return cls(
            dataset=info.name,
            data_hash=info.content_hash,
            left_out=origin.left_out if origin and is_own else None,
            variant=variant_of(checkpoint.network, checkpoint.objective).name,
            network=checkpoint.network,
            objective=checkpoint.objective,
            train=TrainConfig(**(origin.train if origin else {})),
        )

    @property
    def info(self) -> DatasetInfo:
        """What is known of its data set; of one that is not here (``is_absent``), what this experiment tells."""
        try:
            return get_info(self.dataset, self.data_hash)
        except DataError:
            classes = max(self.network.classes, 0 if self.left_out is None else self.left_out + 1)
            return info_of_absent(self.dataset, self.data_hash, self.network.shape, classes)

    def load_data(self, progress: Progress = silent) -> Dataset:
        """Its data set, as `load_dataset` gives it; `DataError` when it is not here any more."""
        return load(self.info, progress)

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


def _info_of_origin(origin: Origin) -> DatasetInfo | None:
    """The data set that a training noted, where it is here: of added data by its content, whatever it is called."""
    try:
        if origin.data_hash is None:
            info = get_info(origin.dataset)
            return info if info.content_hash is None else None
        return next(info for info in added_datasets() if info.content_hash == origin.data_hash)
    except (ConfigError, DataError, StopIteration):
        return None


def _network(info: DatasetInfo, entry: Variant, changes: dict[str, Any]) -> MLP | Conv:
    """The registry's network for a variant, with some values changed; of another kind, where it has such settings."""
    defaults = network_defaults(info.shape, info.is_image, entry)
    kind = str(changes.get("kind", defaults.get("kind", "mlp")))
    if kind not in NETWORKS:
        raise ConfigError(f"There is no network {kind!r:.40}; choose one of {', '.join(NETWORKS)}.")
    known = {name: value for name, value in defaults.items() if name in NETWORKS[kind].model_fields}
    classes = info.classes if entry.objective.conditional else 0
    return NETWORKS[kind](**{"shape": info.shape, **known, "kind": kind, "classes": classes, **changes})
