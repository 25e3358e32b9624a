"""Messages for the browser: scene, frame and weights, each one safetensors blob with JSON metadata.

    scene    what does not change during a run: labels and pictures of the probes, knobs, formula
    frame    one moment: step, losses, codes of the probes, the reconstruction strip, statistics per unit
    weights  the decoder at one moment, as a list of layers

Codes travel as float16 (relative error ≤ 2⁻¹¹), pictures as uint8 over ``range``, weights as float32.
"""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays
from torch import Tensor

from aelib.autoencoder import Autoencoder
from aelib.data import Dataset, get_info
from aelib.errors import CheckpointError
from aelib.evaluate import evaluate_in_full
from aelib.experiment import Experiment
from aelib.objectives.variational import unit_kl
from aelib.randomness import generator
from aelib.registry import get_variant
from aelib.runs.framelog import read_log
from aelib.train import Training

#: Held-out examples on the map: as many as fit into this, within the bounds below.
CODE_BYTES = 1 << 16
MAX_PROBES, MIN_PROBES = 1000, 200
STRIP = 10
#: Largest finite float16.
FLOAT16_MAX = 65504.0


def pack(kind: str, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> bytes:
    """One message."""
    tidy = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    return bytes(save_arrays(tidy, metadata={"message": json.dumps({"kind": kind, **meta})}))


def read_meta(message: bytes) -> dict[str, Any]:
    """The metadata of a message; `CheckpointError` when it is not one."""
    try:
        length = int.from_bytes(message[:8], "little")
        meta = json.loads(json.loads(message[8 : 8 + length])["__metadata__"]["message"])
    except (ValueError, KeyError, TypeError, RecursionError):
        meta = None
    if not isinstance(meta, dict):
        raise CheckpointError("This is not a frame: its header cannot be read.")
    return meta


def unpack(message: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Metadata and arrays of a message; `CheckpointError` when it is not one."""
    meta = read_meta(message)
    try:
        return meta, load_arrays(message)
    except (SafetensorError, ValueError, KeyError) as error:
        raise CheckpointError(f"This frame is damaged ({error}).") from None


def moment(
    training: Training,
    since: dict[str, int],
    train: dict[str, float],
    status: str,
    message: str = "",
    rate: float = 0.0,
    pace: float | None = None,
) -> dict[str, Any]:
    """The metadata of a frame: where a training stands, and every knob with the step since when it stands there.

    ``train``: mean loss terms of the steps since the last frame. ``rate``: examples a second. ``pace``:
    steps a second that it is held to, if it is.
    """
    return {
        "step": training.step,
        "epoch": training.epoch,
        "steps": training.steps,
        "status": status,
        "message": message,
        "train": train or None,
        "knobs": {name: [value, since[name]] for name, value in training.knob_values.items()},
        "rate": rate,
        "pace": pace,
    }


class Probe:
    """The held-out examples that every frame of a run shows (at most ``limit``), and how it shows them."""

    def __init__(self, data: Dataset, latent: int, limit: int = MAX_PROBES) -> None:
        count = min(len(data.test), limit, max(MIN_PROBES, CODE_BYTES // (2 * latent)))
        self.x, self.y = data.test.x[:count], data.test.y[:count]
        self.classes = data.classes
        self.shape, self.is_image = data.shape, data.is_image
        self.low, self.high = (0.0, 1.0) if data.is_unit_range else (float(self.x.min()), float(self.x.max()))
        self.strip = self.x[_one_of_each(self.y, bool(data.classes))]
        self._on_device: dict[torch.device, tuple[Tensor, Tensor]] = {}

    def to_bytes(self, x: Tensor) -> np.ndarray:
        """Values over [low, high] as 0…255, one row an example."""
        share = (x.flatten(1) - self.low) / (self.high - self.low)
        array: np.ndarray = (share.clamp(0, 1) * 255 + 0.5).to(torch.uint8).cpu().numpy()
        return array

    def on(self, device: torch.device) -> tuple[Tensor, Tensor]:
        """Probes and strip on a device, moved once."""
        if device not in self._on_device:
            self._on_device[device] = (self.x.to(device), self.strip.to(device))
        return self._on_device[device]

    def scene(self, experiment: Experiment, device: str, train_size: int, steps_per_epoch: int) -> bytes:
        """The first message of a run."""
        variant = get_variant(experiment.variant)
        meta = {
            "experiment": experiment.model_dump(mode="json"),
            "variant": {"title": variant.title, "formula": variant.formula, "sentence": variant.sentence},
            "dataset": get_info(experiment.dataset).title,
            "knobs": [{"name": name, **vars(knob)} for name, knob in experiment.knobs.items()],
            "shape": self.shape,
            "range": [self.low, self.high],
            "latent": experiment.network.latent,
            "classes": self.classes,
            "device": device,
            "train_size": train_size,
            "steps_per_epoch": steps_per_epoch,
        }
        labels = self.y.numpy().astype(np.int16 if self.classes else np.float32)
        return pack(
            "scene",
            meta,
            {"labels": labels, "images": self.to_bytes(self.x), "strip": self.to_bytes(self.strip)},
        )

    @torch.no_grad()
    def frame(
        self, model: Autoencoder, meta: dict[str, Any], epoch: float = math.inf
    ) -> tuple[bytes, dict[str, float]]:
        """One frame, and the held-out losses in it, as they count at ``epoch``.

        The corruption of the strip is drawn anew from one fixed seed, so that between two frames only
        the level changes, never the pattern.
        """
        x, strip = self.on(model.device)
        found = evaluate_in_full(model, x, self.y, epoch=epoch)
        test, statistics = found.figures, found.statistics
        codes = model.objective.code(statistics, model.knob_tensors())
        arrays = {
            "codes": codes.clamp(-FLOAT16_MAX, FLOAT16_MAX).to(torch.float16).cpu().numpy(),
            "unit_variance": codes.float().var(0, correction=0).cpu().numpy(),
        }
        if model.objective.statistics == 2:
            arrays["unit_kl"] = unit_kl(*statistics.chunk(2, dim=-1)).mean(0).cpu().numpy()
        seen = model.corrupt(strip, generator(0, "strip", model.device))
        if model.objective.corrupts:
            arrays["corrupted"] = self.to_bytes(seen)
        arrays["reconstruction"] = self.to_bytes(model(seen))
        return pack("frame", {**meta, "test": test}, arrays), test


def weights_message(model: Autoencoder, step: int) -> bytes:
    """The decoder at this step: its operations in order (see `aelib.networks.Operation`)."""
    meta: list[dict[str, Any]] = []
    arrays: dict[str, np.ndarray] = {}
    for i, operation in enumerate(model.network.decoder_operations()):
        meta.append({"op": operation.name, **{name: f"{i}.{name}" for name in operation.arrays}, **operation.sizes})
        arrays |= {f"{i}.{name}": value.detach().float().cpu().numpy() for name, value in operation.arrays.items()}
    spec = model.spec
    about = {"step": step, "layers": meta, "shape": spec.shape, "latent": spec.latent, "classes": spec.classes}
    return pack("weights", about, arrays)


def _one_of_each(y: Tensor, is_class: bool) -> Tensor:
    """Indices of the strip: the first example of each class, filled up; or evenly spaced over y."""
    count = min(STRIP, len(y))
    if not is_class:
        return y.argsort()[torch.linspace(0, len(y) - 1, count).long()]
    values = y.unique()
    by_class = [(y == value).nonzero().flatten() for value in values]
    turns = [int(members[turn]) for turn in range(count) for members in by_class if turn < len(members)]
    return torch.tensor(turns[:count])


def newest_map(path: Path) -> list[tuple[float, float, float]] | None:
    """(x, y, colour index) of each probe in the newest frame of a log, scaled to [0, 1]; None without frames.

    x and y are the two units of greatest variance, as on the map of the app; a real-valued label gives
    one of ten colours by its rank.
    """
    _, entries = read_log(path)
    if len(entries) < 2:
        return None
    scene, frame = unpack(entries[0].payload), unpack(entries[-1].payload)
    codes, labels = frame[1]["codes"].astype(np.float64), scene[1]["labels"].astype(np.float64)
    order = (
        np.argsort(-frame[1]["unit_variance"], kind="stable")[:2] if codes.shape[1] > 2 else np.arange(codes.shape[1])
    )
    pair = np.column_stack([codes[:, order[0]], codes[:, order[1]] if len(order) > 1 else labels])
    span = np.ptp(pair, axis=0)
    pair = (pair - pair.min(0)) / np.where(span > 0, span, 1)
    hue = labels if scene[0]["classes"] else 10 * labels.argsort().argsort() // len(labels)
    return list(zip(pair[:, 0].tolist(), pair[:, 1].tolist(), hue.tolist(), strict=True))
