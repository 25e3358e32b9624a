"""Sheets: the small pictures that a frame carries, row by row, beside the map.

Each sheet is one thing to look at. Which ones a run has follows from its experiment; the scene lists them
for the browser, and pictures that never change travel with the scene.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from aelib.autoencoder import Autoencoder
from aelib.experiment import Experiment
from aelib.geometry import tangent_plane
from aelib.metrics.generation import nearest_training
from aelib.randomness import generator

if TYPE_CHECKING:
    from aelib.frames.probe import Probe

#: Pictures in a row.
ROW = 10
#: Units of the first layer on show.
FIELDS = 30
#: Codes of more units have too large a Jacobian to follow live.
MAX_TANGENT_UNITS = 32
#: Styles of a conditional model on show, one a row.
STYLES = 3


@dataclass(frozen=True)
class SheetRow:
    """``name``: of its array. ``signed``: values around 0, which is mid-grey, each picture on its own scale.
    ``fixed``: travels with the scene. ``bars``: one number for each unit of the code, drawn as a bar, not pictures.
    ``shape``: of a picture, where it is not that of an example. ``spread``: standard deviations, which have a scale but
    no zero point."""

    name: str
    title: str
    signed: bool = False
    fixed: bool = False
    bars: bool = False
    shape: tuple[int, ...] | None = None
    spread: bool = False


@dataclass(frozen=True)
class Sheet:
    """``rows``: of an experiment, none where the sheet means nothing for it. ``draw``: its rows by name, as
    pictures (count, *shape). ``in_colour``: what is to be said besides where these are in colour."""

    name: str
    title: str
    sentence: str
    rows: Callable[[Experiment], list[SheetRow]]
    draw: Callable[[Probe, Autoencoder], dict[str, Tensor]]
    in_colour: str = ""

    def told_of(self, experiment: Experiment) -> str:
        """What is said of it."""
        shape = experiment.network.shape
        return f"{self.sentence} {self.in_colour}".strip() if len(shape) == 3 and shape[0] == 3 else self.sentence


# --- held-out examples -----------------------------------------------------------------------------


def _example_rows(experiment: Experiment) -> list[SheetRow]:
    corrupted = [SheetRow("corrupted", "Corrupted")] if experiment.objective.corrupts else []
    return [SheetRow("strip", "Clean", fixed=True), *corrupted, SheetRow("reconstruction", "Rebuilt")]


def _draw_examples(probe: Probe, model: Autoencoder) -> dict[str, Tensor]:
    """The corruption is drawn anew from one seed, so that between two frames only the level changes."""
    strip = probe.on(model.device).strip
    seen = model.corrupt(strip, generator(0, "strip", model.device))
    return {"corrupted": seen, "reconstruction": model(seen, probe.on(model.device).strip_labels)}


# --- out of distribution ---------------------------------------------------------------------------


def _foreign_rows(experiment: Experiment) -> list[SheetRow]:
    if len(experiment.network.shape) != 3:
        return []
    return [SheetRow("foreign", "Out of distribution", fixed=True), SheetRow("foreign_rebuilt", "Rebuilt")]


def _draw_foreign(probe: Probe, model: Autoencoder) -> dict[str, Tensor]:
    return {"foreign_rebuilt": model(probe.on(model.device).foreign)}


# --- many corruptions of one example ---------------------------------------------------------------


def _many_rows(experiment: Experiment) -> list[SheetRow]:
    if not experiment.objective.corrupts:
        return []
    return [
        SheetRow("many_corrupted", "Corrupted"),
        SheetRow("many_rebuilt", "Rebuilt"),
        # Rows of a table are shown one at a time: the last of these, which is the mean.
        SheetRow("many_mean", "Clean, mean" if len(experiment.network.shape) == 3 else "Mean"),
        SheetRow("many_spread", "Spread", spread=True),
    ]


def _draw_many(probe: Probe, model: Autoencoder) -> dict[str, Tensor]:
    """One example corrupted in many ways: samples of p(x | x̃), its reconstruction distribution (Goodfellow et al.
    2016, section 14.5)."""
    one = probe.on(model.device).strip[:1]
    seen = model.corrupt(one.expand(ROW, *one.shape[1:]), generator(0, "many", model.device))
    rebuilt = model(seen)
    return {
        "many_corrupted": seen,
        "many_rebuilt": rebuilt,
        "many_mean": torch.cat([one, rebuilt.mean(0, keepdim=True)]),
        "many_spread": rebuilt.std(0, keepdim=True),
    }


# --- the generator ---------------------------------------------------------------------------------


def _sample_rows(experiment: Experiment) -> list[SheetRow]:
    if not experiment.objective.generative:
        return []
    return [SheetRow("samples", "Samples"), SheetRow("nearest", "Nearest")]


def _draw_samples(probe: Probe, model: Autoencoder) -> dict[str, Tensor]:
    """Decoded draws from the prior, the same codes in every frame, and the nearest training example of each."""
    samples = model.sample(ROW, generator(0, "samples", model.device))
    train = probe.on(model.device).train
    return {"samples": samples, "nearest": train[nearest_training(samples, train).index]}


def _class_rows(experiment: Experiment) -> list[SheetRow]:
    if not experiment.objective.conditional:
        return []
    return [SheetRow(f"style_{i}", f"Style {i + 1}") for i in range(STYLES)]


def _draw_classes(probe: Probe, model: Autoencoder) -> dict[str, Tensor]:
    """p(x | y): each row one code, decoded as every class."""
    classes = min(model.spec.classes, ROW)
    z = torch.randn(STYLES, model.spec.latent, generator=generator(0, "styles", model.device), device=model.device)
    y = torch.arange(classes, device=model.device)
    return {f"style_{i}": model.decode(z[i].expand(classes, -1), y) for i in range(STYLES)}


# --- the network -----------------------------------------------------------------------------------


def _field_rows(experiment: Experiment) -> list[SheetRow]:
    network = experiment.network
    if len(network.shape) != 3:
        return []
    shape = None if network.kind == "mlp" else (network.shape[0], 3, 3)
    return [SheetRow("fields", "First layer", signed=True, shape=shape)]


def _draw_fields(probe: Probe, model: Autoencoder) -> dict[str, Tensor]:
    return {"fields": model.network.receptive_fields()[:FIELDS]}


def _unit_rows(experiment: Experiment) -> list[SheetRow]:
    divergence = [SheetRow("unit_kl", "KL (nats)", bars=True)] if experiment.objective.statistics == 2 else []
    return [*divergence, SheetRow("unit_variance", "Variance", bars=True)]


def _tangent_rows(experiment: Experiment) -> list[SheetRow]:
    network = experiment.network
    if len(network.shape) != 3 or network.latent > MAX_TANGENT_UNITS:
        return []
    second = [SheetRow("tangent_1", "Second", signed=True)] if network.latent > 1 else []
    return [SheetRow("strip", "Example", fixed=True), SheetRow("tangent_0", "First", signed=True), *second]


def _draw_tangents(probe: Probe, model: Autoencoder) -> dict[str, Tensor]:
    """The directions in which an example can change and the code takes most notice (Rifai et al. 2011)."""
    rank = min(2, model.spec.latent)
    directions = tangent_plane(model.encode, probe.on(model.device).strip.flatten(1), rank).directions
    return {f"tangent_{i}": directions[:, i] for i in range(rank)}


SHEETS: tuple[Sheet, ...] = (
    Sheet("examples", "Examples", "Held-out examples and what the model makes of them.", _example_rows, _draw_examples),
    Sheet("foreign", "Out of distribution",
          "Pictures unlike the training data: a model that rebuilds these only copies.", _foreign_rows, _draw_foreign),
    Sheet("many", "Many corruptions", "One example corrupted ten times, and how far the repairs agree.",
          _many_rows, _draw_many),
    Sheet("samples", "Samples", "Codes drawn from the prior and decoded; below, the nearest training example.",
          _sample_rows, _draw_samples),
    Sheet("classes", "p(x | y)", "One code a row, decoded as each class.", _class_rows, _draw_classes),
    Sheet("fields", "Weights", "What each unit of the first layer looks for: light is for, dark against.",
          _field_rows, _draw_fields,
          "A colour is for that colour and against its opposite; mid-grey is neither."),
    Sheet("units", "Units", "Each unit of the code: what it carries, over the held-out examples.",
          _unit_rows, lambda probe, model: {}),
    Sheet("tangents", "Tangents", "Changes of an example that the code notices most: its tangent plane.",
          _tangent_rows, _draw_tangents),
)  # fmt: skip


def sheets_of(experiment: Experiment) -> list[tuple[Sheet, list[SheetRow]]]:
    """The sheets of an experiment with their rows."""
    return [(sheet, rows) for sheet in SHEETS if (rows := sheet.rows(experiment))]
