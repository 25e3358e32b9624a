"""Rivals that need no training, as checkpoint folders that are made when they are first asked for.

pca-<data set>-<k>   PCA of the training examples with k components
pixels-<data set>    the examples as their own code
"""

import re
import shutil
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

from aelib.checkpoint import Checkpoint
from aelib.compare.contestant import Contestant
from aelib.compare.rivals import pca_model, pixels_model
from aelib.data import DATASETS, get_info
from aelib.data.description import is_data_id
from aelib.errors import DataError
from aelib.progress import silent
from aelib.runs.folder import RunFolder

#: Units are a whole number without leading zeros, which no data set exceeds.
KEY = re.compile(r"pixels-(?P<of_pixels>.+)|pca-(?P<of_pca>.+)-(?P<units>[1-9][0-9]{0,5})")


@dataclass(frozen=True)
class RivalKey:
    """``dataset``: the name of one of the library, or the id of an added one. ``units``: components of PCA, or None
    for the pixels."""

    dataset: str
    units: int | None

    @classmethod
    def parse(cls, text: str) -> "RivalKey | None":
        """What a key names; None when it is the key of no rival."""
        found = KEY.fullmatch(text)
        dataset = found and (found["of_pixels"] or found["of_pca"])
        if not found or not dataset or not (dataset in DATASETS or is_data_id(dataset)):
            return None
        return cls(dataset, int(found["units"]) if found["units"] else None)

    def __str__(self) -> str:
        return f"pixels-{self.dataset}" if self.units is None else f"pca-{self.dataset}-{self.units}"


class Rivals:
    """The folders of rivals below ``home``; safe to use from several threads and processes."""

    def __init__(self, home: Path) -> None:
        self._home = home / "rivals"
        self._lock = threading.Lock()

    def folder_of(self, key: RivalKey) -> RunFolder:
        """The folder, made if it is not there; of two who come at once both find it whole.

        Raises `DataError` when the data set is not on this machine, `ConfigError` for a code size beyond the data.
        """
        path = self._home / str(key)
        with self._lock:  # a class that opens one page needs the training examples in memory once
            if not path.is_dir():
                self._make(key, path)
        return RunFolder(path)

    def forget(self, dataset: str) -> None:
        """Delete the rivals of a data set."""
        if self._home.is_dir():
            for path in self._home.iterdir():
                if (key := RivalKey.parse(path.name)) and key.dataset == dataset:
                    shutil.rmtree(path, ignore_errors=True)

    def _make(self, key: RivalKey, path: Path) -> None:
        rival = _made(key)
        self._home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".part-", dir=self._home) as part:
            folder = Path(part, path.name)
            _write(rival, folder)
            try:
                folder.rename(path)
            except OSError:
                if not path.is_dir():  # else another process was faster, and what it made is the same
                    raise


def _made(key: RivalKey) -> Contestant:
    if key.units is None:
        return pixels_model(key.dataset)
    info = get_info(key.dataset)
    if not info.is_here():
        raise DataError(f"{info.title} is not on this machine: train a model on it first, which fetches it.")
    # Not by `load_dataset`, which would keep the examples in the server's memory for good.
    return pca_model(key.dataset, info.load(silent), key.units)


def _write(rival: Contestant, folder: Path) -> None:
    experiment = rival.experiment
    checkpoint = Checkpoint(
        network=experiment.network,
        objective=experiment.objective,
        title=rival.name,
        summary=rival.obstacle,
        experiment=experiment.model_dump(mode="json"),
    )
    card = f"# {rival.name}\n\nOf {experiment.info.title}. {rival.obstacle}\n"
    checkpoint.write(folder, rival.model, card=card)
