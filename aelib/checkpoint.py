"""A checkpoint is a folder of plain files: configuration, weights, history, and a card for people.

``config.json`` (a `Checkpoint`), ``model.safetensors``, ``history.json`` (may be missing) and
``README.md`` (may be missing). Nothing in it is ever unpickled.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import torch
from pydantic import FiniteFloat
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import nn

from aelib.corruption import UNIT
from aelib.errors import CheckpointError, ConfigError, DivergenceError
from aelib.files import write_whole
from aelib.networks import AnyNetwork
from aelib.origin import Origin
from aelib.registry import AnyObjective
from aelib.spec import Spec

#: A checkpoint of the largest network allowed (see `aelib.networks`) stays below this; anything larger is foreign.
MAX_WEIGHTS_BYTES = 1 << 30
MAX_CONFIG_BYTES = 1 << 20


class Checkpoint(Spec):
    """The configuration of a checkpoint.

    ``extremes``: the least and the greatest value of the data. ``experiment``: there where a run made it. ``origin``:
    there where `aelib.train` trained it. ``title``, ``summary``: for people.
    """

    schema_version: Literal[1] = 1
    network: AnyNetwork
    objective: AnyObjective
    extremes: tuple[FiniteFloat, FiniteFloat] = UNIT
    title: str = ""
    summary: str = ""
    experiment: dict[str, Any] | None = None
    origin: Origin | None = None

    @classmethod
    def read(cls, folder: Path) -> Checkpoint:
        """The configuration of a checkpoint folder; `CheckpointError` if it is not one."""
        path = folder / "config.json"
        if not path.is_file():
            raise CheckpointError(f"{folder} is not a checkpoint: it has no config.json.")
        if path.stat().st_size > MAX_CONFIG_BYTES:
            raise CheckpointError(f"{path} is too large to be the configuration of a checkpoint.")
        try:
            return cls.from_json(path.read_bytes())
        except ConfigError as error:
            raise CheckpointError(f"{path} is not a configuration of this library: {error}") from None

    def write(
        self,
        folder: Path,
        model: nn.Module,
        history: list[dict[str, float]] | None = None,
        card: str = "",
        half: bool = False,
    ) -> None:
        """Write the folder; each file is replaced whole, so that a reader never sees half of one.

        ``half``: weights as float16, in half the space, with a relative error of 2⁻¹¹. `DivergenceError`, and nothing
        is written, when weights are not finite numbers.
        """
        dtype = torch.float16 if half else torch.float32
        weights = {k: v.detach().to("cpu", dtype).contiguous() for k, v in model.state_dict().items()}
        if not all(value.isfinite().all() for value in weights.values()):
            raise DivergenceError(
                "The weights of this model are not all finite numbers, so it was not saved: train it anew, with a "
                "lower learning rate or scaled data."
            )
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / "model.safetensors", save_tensors(weights))
        write_whole(folder / "config.json", self.model_dump_json(indent=2).encode() + b"\n")
        if history is not None:
            write_whole(folder / "history.json", json.dumps(history).encode())
        if card:
            write_whole(folder / "README.md", card.encode())

    @staticmethod
    def read_history(folder: Path) -> list[dict[str, float]]:
        """The loss history of a checkpoint folder; empty when there is none that can be read."""
        try:
            points = json.loads((folder / "history.json").read_bytes())
            return [{str(name): float(value) for name, value in point.items()} for point in points]
        except (OSError, ValueError, TypeError, AttributeError, RecursionError):
            return []


def read_tensors(path: Path) -> dict[str, torch.Tensor]:
    """The tensors of a safetensors file; `CheckpointError` when it is missing, too large or something else."""
    if not path.is_file():
        raise CheckpointError(f"{path.parent} is not a checkpoint: it has no {path.name}.")
    if path.stat().st_size > MAX_WEIGHTS_BYTES:
        raise CheckpointError(f"{path} is larger than any checkpoint of this library.")
    try:
        return load_tensors(path.read_bytes())
    except (SafetensorError, ValueError, KeyError) as error:
        raise CheckpointError(f"{path} is damaged or not a safetensors file ({error}).") from None
