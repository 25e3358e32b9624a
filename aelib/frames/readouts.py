"""Readouts: single numbers about a model that every frame carries, computed on the probes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from torch import Tensor

from aelib.autoencoder import Autoencoder
from aelib.data import Dataset
from aelib.errors import AelibError
from aelib.evaluate import Evaluation
from aelib.experiment import Experiment
from aelib.geometry import squared_jacobian_norm
from aelib.likelihood import MIN_LOG_DEVIATION
from aelib.metrics.anomaly import roc_auc
from aelib.metrics.classification import leave_one_out_knn_accuracy
from aelib.metrics.reconstruction import rmse
from aelib.objectives.declared import CodeReadout

if TYPE_CHECKING:
    from aelib.frames.probe import Probe

#: Votes of the nearest-neighbour classifier on codes.
NEIGHBOURS = 5


@dataclass(frozen=True)
class Seen:
    """What readouts are computed from: the model on the probes. ``codes``: (n, latent)."""

    probe: Probe
    model: Autoencoder
    evaluation: Evaluation
    codes: Tensor


@dataclass(frozen=True)
class Readout:
    """``unit``: how it is written: a number, a share in per cent, or units out of those of the code."""

    name: str
    label: str
    help: str
    unit: Literal["number", "share", "units"]
    applies: Callable[[Experiment, Dataset], bool]
    value: Callable[[Seen], float]


def _variance_explained(seen: Seen) -> float:
    return 1 - float(seen.evaluation.errors.sum()) / seen.probe.total_variance


def _foreign_rmse(seen: Seen) -> float:
    foreign = seen.probe.on(seen.model.device).foreign
    return rmse(foreign, seen.model(foreign))


def _anomaly_auc(seen: Seen) -> float:
    errors, left_out = seen.evaluation.errors, seen.probe.left_out
    assert left_out is not None
    return roc_auc(errors, _labels(seen).eq(left_out))


def _neighbour_accuracy(seen: Seen) -> float:
    return leave_one_out_knn_accuracy(seen.codes, _labels(seen), NEIGHBOURS)


def _labels(seen: Seen) -> Tensor:
    assert seen.probe.y is not None
    return seen.probe.y.to(seen.codes.device)


def _contraction(seen: Seen) -> float:
    """On the strip alone: it is the dearest of all."""
    device = seen.model.device
    x = seen.probe.on(device).strip.flatten(1)
    return float(squared_jacobian_norm(seen.model.encode, x).mean().sqrt())


def _learned_deviation(seen: Seen) -> float:
    log_deviation = seen.model.network.log_deviation
    assert log_deviation is not None
    return float(log_deviation.clamp_min(MIN_LOG_DEVIATION).exp())


#: Of every model that they apply to, in two parts: between them stand those that its objective declares.
BEFORE: tuple[Readout, ...] = (
    Readout("rmse", "RMSE", "Root of the mean squared error of a held-out pixel.", "number",
            lambda e, data: True, lambda seen: seen.evaluation.figures["rmse"]),
    Readout("variance_explained", "variance explained", "1 − squared error over variance, on held-out examples.",
            "share", lambda e, data: True, _variance_explained),
    Readout("foreign_rmse", "RMSE, out of distribution", "Of pictures unlike the training data: small means copying.",
            "number", lambda e, data: len(e.network.shape) == 3, _foreign_rmse),
    Readout("neighbours", "5-NN accuracy", "Share of held-out codes whose class their five neighbours tell: p(y | x).",
            "share", lambda e, data: bool(data.classes), _neighbour_accuracy),
)  # fmt: skip
AFTER: tuple[Readout, ...] = (
    Readout("contraction", "‖∂f/∂x‖", "Root mean square norm of the encoder's Jacobian: how far the code moves.",
            "number", lambda e, data: e.network.latent <= 64, _contraction),
    Readout("deviation", "learned σ", "Standard deviation of a pixel, learned with the weights.", "number",
            lambda e, data: e.objective.learns_deviation, _learned_deviation),
    Readout("auc", "anomaly AUC", "Chance that an example of the class left out has the larger error.", "share",
            lambda e, data: e.left_out is not None, _anomaly_auc),
)  # fmt: skip


def readouts_of(experiment: Experiment, data: Dataset) -> list[Readout]:
    """The readouts of an experiment on ``data``."""
    declared = map(_of_code, experiment.objective.readouts)
    return [readout for readout in (*BEFORE, *declared, *AFTER) if readout.applies(experiment, data)]


def _of_code(declared: CodeReadout) -> Readout:
    return Readout(
        declared.name, declared.label, declared.help, declared.unit,
        lambda e, data: True, lambda seen: declared.value(seen.evaluation.statistics, seen.codes),
    )  # fmt: skip


def read(readout: Readout, seen: Seen) -> float | None:
    """The value of a readout; None where these probes or this model have none."""
    try:
        value = readout.value(seen)
    except AelibError:
        return None
    return value if math.isfinite(value) else None
