"""`Subject`: one model as it was last written, the examples it is looked at through, and their codes."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import torch
from torch import Tensor

from aelib.autoencoder import Autoencoder
from aelib.data.added import describe_added
from aelib.data.description import is_data_id
from aelib.data.pictures.options import PictureOptions
from aelib.data.table import TableSchema
from aelib.errors import CheckpointError, DataError
from aelib.experiment import Experiment
from aelib.frames.framelog import read_log
from aelib.frames.message import unpack
from aelib.latent.codes import Codes, encode_all
from aelib.latent.units import Units, rank_units
from aelib.pixels import to_bytes
from aelib.progress import Progress, silent
from aelib.runs.folder import RunFolder


@dataclass(frozen=True)
class Examples:
    """``x``: (n, *shape), with labels ``y`` (n,) or None, the first ``held_out`` of them held out, the others training
    had; ``total`` is how many there are in all. ``range``: of their values. ``factor_classes``: of each factor the
    names of its values, none where they are numbers. ``table``: where they are rows of one. ``pictures``: how the files
    of added pictures became examples. ``lacking``: a sentence where the data set itself is not here."""

    x: Tensor
    y: Tensor | None
    held_out: int
    total: int
    range: tuple[float, float]
    classes: tuple[str, ...]
    factors: Tensor | None = None
    factor_names: tuple[str, ...] = ()
    factor_classes: tuple[tuple[str, ...], ...] = ()
    table: TableSchema | None = None
    pictures: PictureOptions | None = None
    lacking: str = ""

    def to_bytes(self, x: Tensor) -> Tensor:
        """Values over the range as 0…255, one row an example."""
        return to_bytes(x.flatten(1), self.range)


@dataclass(frozen=True)
class Subject:
    """``folder``: of the run or checkpoint. ``stamp``: when its weights were written, see
    `RunFolder.newest_weights`."""

    folder: Path
    model: Autoencoder
    experiment: Experiment
    step: int
    stamp: int
    examples: Examples
    codes: Codes

    @property
    def labels(self) -> Tensor | None:
        """What the decoder is told of the examples, where it is told anything."""
        return self.examples.y if self.model.objective.conditional else None

    @cached_property
    def units(self) -> Units:
        """The units of the code in their order."""
        return rank_units(self.codes)

    def check_code(self, code: list[float]) -> Tensor:
        """A code as a tensor (k,); `DataError` when it has another number of units."""
        if len(code) != self.model.spec.latent:
            raise DataError(f"A code of this model has {self.model.spec.latent} units (got {len(code)}).")
        return torch.tensor(code)

    def decode(self, z: Tensor, label: int = -1) -> Tensor:
        """Flat examples, (n, features); ``label``: what the decoder is told, −1 for nothing."""
        told = torch.full((len(z),), label) if self.model.spec.classes and label >= 0 else None
        return self.model.decode(z, told).flatten(1)


def load_examples(folder: RunFolder, experiment: Experiment, limit: int, progress: Progress) -> Examples:
    """Held-out examples, then training examples, ``limit`` at most.

    Where the data set would have to be downloaded: the pictures that every run keeps of some held-out examples.
    """
    info = experiment.info
    if not info.is_here():
        return _kept_examples(folder, limit, info.title)
    data = experiment.load_data(progress)
    of_test = min(limit, len(data.test))
    of_train = min(limit - of_test, len(data.train))

    test, train = data.test.take(slice(of_test)), data.train.take(slice(of_train))

    def joined(first: Tensor | None, second: Tensor | None) -> Tensor | None:
        return None if first is None or second is None else torch.cat([first, second])

    return Examples(
        torch.cat([test.x, train.x]), joined(test.y, train.y), of_test, len(data.test) + len(data.train),
        data.extremes, data.classes, joined(test.factors, train.factors), data.factors,
        data.factor_classes, data.table, describe_added(info.name).picture_options if is_data_id(info.name) else None,
    )  # fmt: skip


def _kept_examples(folder: RunFolder, limit: int, title: str) -> Examples:
    _, entries = read_log(folder.frames)
    if not entries:
        raise DataError(f"{title} is not on this machine, and this run kept no pictures: train on {title} to fetch it.")
    meta, arrays = unpack(entries[0].payload)
    try:
        low, high = map(float, meta["range"])
        pictures = torch.tensor(arrays["images"][:limit]).float() / 255 * (high - low) + low
        x, labels = pictures.reshape(-1, *meta["shape"]), torch.tensor(arrays["labels"][:limit])
        y = None if not meta.get("labelled", True) else labels.long() if meta["classes"] else labels.float()
        classes = tuple(map(str, meta["classes"]))
    except (KeyError, TypeError, ValueError, RuntimeError):
        raise CheckpointError("The pictures that this run kept cannot be read.") from None
    said = f"{title} is not on this machine: these are the {len(x):,} pictures that came with the model."
    return Examples(x, y, len(x), len(x), (low, high), classes, lacking=said)


def load_subject(
    folder: RunFolder,
    limit: int,
    progress: Progress = silent,
    examples: Examples | None = None,
    dataset: str | None = None,
) -> Subject:
    """Load what is newest and encode the examples; ``examples``: those of an earlier subject, to use again.
    ``dataset``: where a checkpoint does not tell the data.

    Raises `CheckpointError` or `DataError` when there is nothing that can be looked at.
    """
    stamp = folder.newest_weights()
    model, experiment, step = folder.newest_model(dataset)
    model.eval()
    if examples is None:
        examples = load_examples(folder, experiment, limit, lambda share, text: progress(0.4 * share, text))
    told = examples.y if model.objective.conditional else None
    codes = encode_all(model, examples.x, told, lambda share, text: progress(0.4 + 0.6 * share, text))
    return Subject(folder.path, model, experiment, step, stamp, examples, codes)
