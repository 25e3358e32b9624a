"""`Contestant`: a model with the experiment that made it, and the name that it goes by in a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from aelib.autoencoder import Autoencoder, load_model
from aelib.checkpoint import Checkpoint
from aelib.experiment import Experiment
from aelib.registry import get_variant
from aelib.script import Recipe


@dataclass(frozen=True)
class Contestant:
    """``experiment``: with its knobs as they stood at the end of training. ``recipe``: what leads to the model from its
    seed, or None: then ``obstacle`` says why."""

    name: str
    model: Autoencoder
    experiment: Experiment
    recipe: Recipe | None = None
    obstacle: str = "Nobody noted how this model was trained."

    @classmethod
    def read(cls, folder: Path, dataset: str | None = None) -> Contestant:
        """Of a checkpoint folder, by its title or else that of its variant, on ``dataset`` or what it was trained on.
        `CheckpointError` if it is not one, `ConfigError` when nobody says what it was trained on."""
        checkpoint = Checkpoint.read(folder)
        experiment = Experiment.of_checkpoint(checkpoint, folder, dataset)
        name = checkpoint.title or get_variant(experiment.variant).title
        return cls(name, load_model(checkpoint, folder), experiment)


def read_contestants(folders: Sequence[Path]) -> list[Contestant]:
    """Of each folder; those that would go by the same name are numbered. Raises as `Contestant.read` does."""
    return tell_apart([Contestant.read(folder) for folder in folders])


def tell_apart(contestants: Sequence[Contestant]) -> list[Contestant]:
    """The same with names that differ: a name that is taken gets the next number, as in "Vanilla (2)".

    So does one that begins as those of PCA do.
    """
    taken: set[str] = set()
    found = []
    for one in contestants:
        name, number = one.name, 1
        while name in taken or (number == 1 and name.startswith("PCA, ")):
            number += 1
            name = f"{one.name} ({number})"
        taken.add(name)
        found.append(replace(one, name=name))
    return found
