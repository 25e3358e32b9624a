"""Messages about one moment of a run.

    scene    what does not change during a run: labels, factors and pictures of the probes, knobs, formula
    frame    one moment: step, losses, codes of the probes (and their errors, where they have no labels), sheets of
             pictures, statistics per unit, readouts
    weights  the decoder at one moment, as a list of operations; for whoever draws the network, the encoder, too

Codes travel as float16 (relative error ≤ 2⁻¹¹), pictures as uint8 over ``range``, weights as float32.
Scene and frame are made by `aelib.frames.probe.Probe`.
"""

from pathlib import Path
from typing import Any

import numpy as np
import torch

from aelib.autoencoder import Autoencoder
from aelib.frames.framelog import read_log
from aelib.frames.message import pack, unpack
from aelib.metrics.likelihood import collapsed_units
from aelib.networks import Operation
from aelib.palette import label_colours
from aelib.train import Training

Message = tuple[dict[str, Any], dict[str, np.ndarray]]

#: Standard deviations from the middle that a map in the scale of the prior N(0, I) shows at least.
PRIOR_SHOWN = 3.0


def moment(
    training: Training,
    since: dict[str, int],
    train: dict[str, float],
    status: str,
    message: str = "",
    rate: float = 0.0,
    pace: float | None = None,
    aside: int | None = None,
) -> dict[str, Any]:
    """The metadata of a frame: where a training stands, and every knob with the step since when it stands there.

    ``train``: mean loss terms of the steps since the last frame. ``rate``: examples a second. ``pace``:
    steps a second that it is held to, if it is. ``aside``: the step of what undoing the last rewind would bring back.
    """
    return {
        "step": training.step,
        "epoch": training.epoch,
        "steps": training.steps,
        "status": status,
        "message": message,
        "stage": training.model.objective.stage_name(training.model.spec, training.passes),
        "train": train or None,
        "knobs": {name: [value, since[name]] for name, value in training.knob_values.items()},
        "rate": rate,
        "pace": pace,
        "aside": aside,
    }


#: Weights of an encoder and a decoder together that are sent while a model trains, at most: 16 MB.
MAX_DRAWN = 4_000_000


def weights_message(model: Autoencoder, step: int, *, encoder: bool = False) -> bytes:
    """The decoder at this step: its operations in order (see `aelib.networks.Operation`).

    With ``encoder`` those of the encoder as well, as ``encoder`` in the metadata; of a network of more than
    `MAX_DRAWN` weights that is None.
    """
    spec = model.spec
    layers, arrays = _described(model.network.decoder_operations())
    about = {"step": step, "layers": layers, "shape": spec.shape, "latent": spec.latent, "classes": spec.classes}
    if encoder:
        operations = model.network.encoder_operations()
        count = sum(array.size for array in arrays.values())
        count += sum(value.numel() for operation in operations for value in operation.arrays.values())
        about["encoder"], more = _described(operations, "encoder.") if count <= MAX_DRAWN else (None, {})
        arrays |= more
    return pack("weights", about, arrays)


def _described(operations: list[Operation], prefix: str = "") -> tuple[list[dict[str, Any]], dict[str, np.ndarray]]:
    """Operations as metadata that names their arrays, and these arrays."""
    meta: list[dict[str, Any]] = []
    arrays: dict[str, np.ndarray] = {}
    for i, operation in enumerate(operations):
        names = {name: f"{prefix}{i}.{name}" for name in operation.arrays}
        meta.append({"op": operation.name, **names, **operation.sizes})
        arrays |= {names[name]: value.detach().float().cpu().numpy() for name, value in operation.arrays.items()}
    return meta, arrays


def newest_map(path: Path) -> list[tuple[float, float, str]] | None:
    """(x, y, colour) of each probe in the newest frame of a log, x and y in [0, 1]; None without frames.

    x and y are the two units of greatest variance, and colours those of the labels, as on the map of the app; without
    labels all are the first class's. The codes of a model with the prior N(0, I) fill the square as far as they fill
    `PRIOR_SHOWN` standard deviations of it, at one scale for both units.
    """
    found = _newest(path)
    if found is None:
        return None
    scene, frame = found
    codes, labels = frame[1]["codes"].astype(np.float64), scene[1]["labels"].astype(np.float64)
    order = (
        np.argsort(-frame[1]["unit_variance"], kind="stable")[:2] if codes.shape[1] > 2 else np.arange(codes.shape[1])
    )
    pair = np.column_stack([codes[:, order[0]], codes[:, order[1]] if len(order) > 1 else labels])
    low, high = pair.min(0), pair.max(0)
    if "unit_kl" in frame[1]:
        units = slice(0, len(order))
        low[units], high[units] = low[units].clip(max=-PRIOR_SHOWN), high[units].clip(min=PRIOR_SHOWN)
        middle, half = (low + high) / 2, (high - low) / 2
        half[units] = half[units].max()
        low, high = middle - half, middle + half
    pair = (pair - low) / np.where(high > low, high - low, 1)
    are_classes = bool(scene[0]["classes"]) or not scene[0].get("labelled", True)
    colours = label_colours(labels.tolist(), are_classes=are_classes)
    return list(zip(pair[:, 0].tolist(), pair[:, 1].tolist(), colours, strict=True))


def has_collapsed(path: Path) -> bool:
    """Whether all units of the code had collapsed to the prior in the newest frame of a log.

    By `aelib.metrics.likelihood.collapsed_units`; no code without a posterior has, nor one that is no number.
    """
    found = _newest(path)
    kl = None if found is None else found[1][1].get("unit_kl")
    return kl is not None and bool(np.isfinite(kl).all()) and bool(collapsed_units(torch.from_numpy(kl)).all())


def _newest(path: Path) -> tuple[Message, Message] | None:
    """The scene and the newest frame of a log; None without frames."""
    _, entries = read_log(path)
    return (unpack(entries[0].payload), unpack(entries[-1].payload)) if len(entries) > 1 else None
