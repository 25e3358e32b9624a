"""`StructureSweep`: one experiment with a setting that rebuilds the model at many values."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from pydantic import ValidationInfo, field_validator, model_validator

from aelib.errors import ConfigError
from aelib.experiment import Experiment
from aelib.networks import NETWORKS
from aelib.registry import get_variant
from aelib.sweep.spec import Sweep, check_values
from aelib.widths import read_widths, write_widths

#: What rebuilds the model when it changes.
StructuralSetting = Literal["latent", "variant", "hidden"]


class StructureSweep(Sweep):
    """An experiment ``base`` with ``setting`` at each of ``values``: with the same data, seed and batches.

    ``latent``: units of the code, from 1 to the numbers of an example; a knob that is too large for a smaller code
    gives way. ``hidden``: widths of a perceptron's hidden layers as text, e.g. ``"256-64"``. ``variant``: names of
    the registry. Such a cell is what the registry says of its variant, with the base's code size, with what the base
    has changed of its own variant's network and learning rate, and with the knobs that both variants have.
    """

    kind: Literal["structure"] = "structure"
    setting: StructuralSetting
    values: tuple[int | str, ...]

    @field_validator("values")
    @classmethod
    def _in_one_spelling(cls, values: tuple[int | str, ...], info: ValidationInfo) -> tuple[int | str, ...]:
        if info.data.get("setting") == "hidden":
            return tuple(write_widths(read_widths(str(value))) for value in values)
        return values

    @model_validator(mode="after")
    def _values_fit(self) -> "StructureSweep":
        check_values(self.values)
        _ = self.cells  # each is checked as the experiment that it is
        return self

    @property
    def cells(self) -> tuple[Experiment, ...]:
        return tuple(_CELLS[self.setting](self.base, value) for value in self.values)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(_name(self.setting, value) for value in self.values)

    @property
    def swept(self) -> str:
        if self.setting == "latent":
            sizes = sorted(int(value) for value in self.values)
            return f"code size from {sizes[0]} to {sizes[-1]}"
        return f"{len(self.values)} {'variants' if self.setting == 'variant' else 'choices of hidden layers'}"

    @property
    def title(self) -> str:
        if self.setting == "variant":
            return f"{self.swept} on {self.base.info.title}"
        return super().title


def _with_latent(base: Experiment, value: int | str) -> Experiment:
    features = base.network.features
    if not isinstance(value, int):
        raise ConfigError(f"A code size is a whole number from 1 to {features} (got {value!r:.40}).")
    if not 1 <= value <= features:
        raise ConfigError(
            f"A code size goes from 1 to {features}, the numbers in an example of {base.info.title} (got {value})."
        )
    network = base.network.replace(latent=value)
    return base.replace(network=network, objective=base.objective.within(network))


def _with_hidden(base: Experiment, value: int | str) -> Experiment:
    if base.network.kind != "mlp":
        raise ConfigError("Only a multilayer perceptron has hidden layers to choose: take that network.")
    return base.replace(network=base.network.replace(hidden=read_widths(str(value))))


def _as_variant(base: Experiment, value: int | str) -> Experiment:
    entry = get_variant(str(value))
    if entry.name == base.variant:
        return base
    default = Experiment.of(base.info, base.variant)
    changed = _changed(base.network.model_dump(), default.network.model_dump())
    network = {name: setting for name, setting in changed.items() if name not in (*entry.fixed, "classes")}
    kind = str({"kind": "mlp", **entry.network, **network}["kind"])
    network = {name: setting for name, setting in network.items() if name in NETWORKS[kind].model_fields}
    train = base.train.model_dump()
    if base.train.learning_rate == default.train.learning_rate:
        del train["learning_rate"]  # each variant has its own
    network["latent"] = base.network.latent
    cell = Experiment.of(base.info, entry.name, network=network, train=train, left_out=base.left_out)
    known, values = cell.objective.knobs(cell.network), base.knob_values
    return cell.with_knobs({name: values[name] for name, knob in base.knobs.items() if known.get(name) == knob})


def _changed(values: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in defaults or defaults[name] != value}


_CELLS: dict[StructuralSetting, Callable[[Experiment, int | str], Experiment]] = {
    "latent": _with_latent,
    "variant": _as_variant,
    "hidden": _with_hidden,
}


def _name(setting: StructuralSetting, value: int | str) -> str:
    if setting == "latent":
        return f"code size {value}"
    if setting == "variant":
        return get_variant(str(value)).title
    return "no hidden layer" if value == "0" else f"hidden {str(value).replace('-', '–')}"
