"""`Experiment`: everything that determines a run, in one object that survives JSON and a URL."""

from typing import Any, Literal

from pydantic import field_validator, model_validator

from aelib.autoencoder import Autoencoder
from aelib.data import Dataset, get_info
from aelib.errors import ConfigError
from aelib.networks import MLP
from aelib.objectives import AnyObjective
from aelib.registry import get_variant
from aelib.spec import Knob, Spec, knobs_of
from aelib.train import TrainConfig, Training


class Experiment(Spec):
    """Data set, variant, network, objective and training: equal experiments give equal numbers on a CPU."""

    schema_version: Literal[1] = 1
    dataset: str = "digits"
    variant: str = "vanilla"
    network: MLP
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
            raise ConfigError(f"The variant {entry.name} does not minimise a {self.objective.kind} objective.")
        for name in entry.fixed:
            if getattr(self.network, name) != entry.network[name]:
                raise ConfigError(f"The variant {entry.name} needs {name} = {entry.network[name]}.")
        if self.objective.likelihood == "cross_entropy":
            if not info.is_image:
                raise ConfigError(f"Cross-entropy needs data in [0, 1], and {info.name} is not: choose squared error.")
            if self.network.output != "sigmoid":
                raise ConfigError(
                    f"Cross-entropy needs outputs in [0, 1], which {entry.name} lacks: choose squared error."
                )
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
    ) -> "Experiment":
        """The registry's defaults for a variant on a data set, with some values changed.

        On vectors, whose range is not [0, 1], the output is linear and the error squared.
        """
        info, entry = get_info(dataset), get_variant(variant)
        on_vectors = not info.is_image
        shape_defaults: dict[str, Any] = {"output": "identity", "activation": "tanh"} if on_vectors else {}
        net = {**shape_defaults, **entry.network, **(network or {})}
        error: dict[str, Any] = {"likelihood": "squared_error"} if on_vectors else {}
        return cls(
            dataset=dataset,
            variant=variant,
            network=MLP(info.shape, **net),
            objective=entry.objective.replace(**{**error, **(objective or {})}),
            train=TrainConfig(**{**entry.train, **(train or {})}),
        )

    @property
    def knobs(self) -> dict[str, Knob]:
        """What can be turned while it trains."""
        return {**knobs_of(self.objective), **knobs_of(TrainConfig)}

    @property
    def knob_values(self) -> dict[str, float]:
        """Where the knobs start."""
        values = {**self.objective.model_dump(), **self.train.model_dump()}
        return {name: values[name] for name in self.knobs}

    def with_knobs(self, values: dict[str, float]) -> "Experiment":
        """The same experiment with its knobs elsewhere."""
        rate = {"learning_rate": values["learning_rate"]} if "learning_rate" in values else {}
        others = {name: value for name, value in values.items() if name != "learning_rate"}
        return self.model_copy(
            update={"objective": self.objective.replace(**others), "train": self.train.replace(**rate)}
        )

    def build(self, data: Dataset, device: Any = "cpu") -> Training:
        """A fresh model on a device, ready to be trained on ``data``."""
        model = Autoencoder(self.network, self.objective, seed=self.train.seed).to(device)
        return Training(model, data, self.train)
