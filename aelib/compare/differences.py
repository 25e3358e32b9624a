"""In what several experiments differ, and whether their models can be compared at all."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aelib.errors import ConfigError, DataError
from aelib.experiment import Experiment

Value = bool | int | float | str | tuple[int, ...] | None


@dataclass(frozen=True)
class SettingValues:
    """A setting and its value in each experiment. ``name``: dotted, such as ``train.seed``. A value is None where an
    experiment leaves it open or has no such setting."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Differences:
    """``differing``: settings whose values are not all the same. ``equal``: the others. Both in the order in which the
    experiments name them."""

    differing: tuple[SettingValues, ...]
    equal: tuple[SettingValues, ...]


def differences(experiments: Sequence[Experiment]) -> Differences:
    """The settings of all the experiments, those that differ apart from those that do not.

    Raises `ConfigError` without an experiment.
    """
    if not experiments:
        raise ConfigError("There is no experiment to compare: give at least one.")
    columns = [dict(_settings(experiment.model_dump())) for experiment in experiments]
    names = dict.fromkeys(name for column in columns for name in column)
    rows = [SettingValues(name, tuple(column.get(name) for column in columns)) for name in names]
    differing = tuple(row for row in rows if any(value != row.values[0] for value in row.values))
    return Differences(differing, tuple(row for row in rows if row not in differing))


def is_same_but_for_code_size(first: Experiment, second: Experiment) -> bool:
    """Whether ``second`` is ``first`` with another number of units, and knobs that are too large for it giving way.

    How long they trained does not count: a training can be prolonged.
    """
    if first.network.kind != second.network.kind:
        return False
    network = first.network.replace(latent=second.network.latent)
    resized = first.model_copy(update={"network": network, "objective": first.objective.within(network)})
    return all(setting.name == "train.epochs" for setting in differences([resized, second]).differing)


def check_comparable(experiments: Sequence[Experiment]) -> None:
    """Raise `DataError` unless all experiments train on the same examples: data set, shape and class left out."""
    infos = {info.name: info for info in (experiment.info for experiment in experiments)}
    if len(infos) > 1:
        titles = _listed([info.title for info in infos.values()])
        raise DataError(f"Models can be compared on the same data only (got {titles}).")
    shapes = list(dict.fromkeys(experiment.network.shape for experiment in experiments))
    if len(shapes) > 1:
        raise DataError(
            f"Models can be compared on examples of the same shape only (got {_listed(list(map(str, shapes)))})."
        )
    left_out = list(dict.fromkeys(experiment.left_out for experiment in experiments))
    if len(left_out) > 1:
        classes = next(iter(infos.values())).class_names
        said = _listed(["none" if label is None else classes[label] for label in left_out])
        raise DataError(f"Models can be compared only when training left out the same class (got {said}).")


def _settings(tree: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Value]]:
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from _settings(value, f"{above}{name}.")
        else:
            yield above + name, value


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]])
