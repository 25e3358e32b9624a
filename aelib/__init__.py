"""aelib: trainable autoencoders, each term of each loss on one scale, every random number from a seed."""

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
