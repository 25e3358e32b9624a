"""aelib: trainable autoencoders, each term of each loss on one scale, every random number from a seed."""

import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any

# What is imported here is imported when it is first asked for (PEP 562): `aelib --version` needs no PyTorch.
if TYPE_CHECKING:
    from aelib.autoencoder import Autoencoder
    from aelib.data import DATASETS, Dataset, Split, load_dataset
    from aelib.device import available_devices, choose_device
    from aelib.errors import AelibError, CheckpointError, ConfigError, DataError, DivergenceError, RunError
    from aelib.evaluate import evaluate
    from aelib.experiment import Experiment
    from aelib.networks import MLP, Conv
    from aelib.objectives import (
        Conditional,
        Contractive,
        Denoising,
        KSparse,
        Objective,
        Sparse,
        SparseKL,
        StackedDenoising,
        TCVariational,
        Vanilla,
        Variational,
    )
    from aelib.registry import VARIANTS
    from aelib.report import Report, measure
    from aelib.train import Record, TrainConfig, Training, train

__version__ = "0.1.0"

__all__ = [
    "DATASETS",
    "MLP",
    "VARIANTS",
    "AelibError",
    "Autoencoder",
    "CheckpointError",
    "Conditional",
    "ConfigError",
    "Contractive",
    "Conv",
    "DataError",
    "Dataset",
    "Denoising",
    "DivergenceError",
    "Experiment",
    "KSparse",
    "Objective",
    "Record",
    "Report",
    "RunError",
    "Sparse",
    "SparseKL",
    "Split",
    "StackedDenoising",
    "TCVariational",
    "TrainConfig",
    "Training",
    "Vanilla",
    "Variational",
    "available_devices",
    "choose_device",
    "evaluate",
    "load_dataset",
    "measure",
    "train",
]

#: Where each of these names is.
_HOMES = {
    name: f"aelib.{module}"
    for module, names in {
        "autoencoder": ("Autoencoder",),
        "data": ("DATASETS", "Dataset", "Split", "load_dataset"),
        "device": ("available_devices", "choose_device"),
        "errors": ("AelibError", "CheckpointError", "ConfigError", "DataError", "DivergenceError", "RunError"),
        "evaluate": ("evaluate",),
        "experiment": ("Experiment",),
        "networks": ("Conv", "MLP"),
        "objectives": (
            "Conditional",
            "Contractive",
            "Denoising",
            "KSparse",
            "Objective",
            "Sparse",
            "SparseKL",
            "StackedDenoising",
            "TCVariational",
            "Vanilla",
            "Variational",
        ),
        "registry": ("VARIANTS",),
        "report": ("Report", "measure"),
        "train": ("Record", "TrainConfig", "Training", "train"),
    }.items()
    for name in names
}


if not TYPE_CHECKING:  # a checker would take every name for one that there is

    def __getattr__(name: str) -> Any:
        """What is named here, or a module of the library."""
        if name in _HOMES:
            found = getattr(import_module(_HOMES[name]), name)
            globals()[name] = found
            return found
        if not name.startswith("_") and find_spec(f"aelib.{name}"):
            return import_module(f"aelib.{name}")
        raise AttributeError(f"module 'aelib' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Library(ModuleType):
    """`train` and `evaluate` are functions, though the modules that they are in have the same names."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Library
