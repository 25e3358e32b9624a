"""`Probe`: the held-out examples that every frame of a run shows, and how it shows them."""

import math
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from aelib.autoencoder import Autoencoder
from aelib.data import Dataset
from aelib.errors import DataError, DivergenceError
from aelib.evaluate import evaluate_in_full
from aelib.experiment import Experiment
from aelib.frames.foreign import foreign_pictures
from aelib.frames.heldout import MIN_PROBES, HeldOut, to_half
from aelib.frames.message import pack
from aelib.frames.readouts import Seen, read, readouts_of
from aelib.frames.sheets import SheetRow, sheets_of
from aelib.objectives.variational import unit_kl
from aelib.pixels import signed_bytes
from aelib.registry import get_variant
from aelib.sweep.trade import trade_of_model
from aelib.train import Training

#: Held-out examples on the map: as many as fit into this, within the bounds below.
CODE_BYTES = 1 << 16
MAX_PROBES = 1000
#: Training examples among which the nearest to a sample is looked for, live.
MAX_NEAREST = 2000


class Moved(NamedTuple):
    """The examples of a `Probe` on one device."""

    x: Tensor
    strip: Tensor
    foreign: Tensor
    train: Tensor
    strip_labels: Tensor | None


class Probe(HeldOut):
    """The held-out examples that every frame of a run shows (at most ``limit``), and how it shows them.

    ``trades``: whether frames tell what error is traded for (see `aelib.sweep.trade`): up to half a frame's cost again.
    """

    def __init__(self, data: Dataset, experiment: Experiment, limit: int = MAX_PROBES, *, trades: bool = False) -> None:
        latent = experiment.network.latent
        super().__init__(data, experiment, min(limit, max(MIN_PROBES, CODE_BYTES // (2 * latent))))
        self.left_out = experiment.left_out
        self.total_variance = float((self.x - self.x.mean(0)).square().sum())
        self.foreign = foreign_pictures(self.strip[0], self.extremes) if self.is_image else self.strip[:0]
        train, left_out = data.train, experiment.left_out
        trained_on = torch.arange(len(train)) if left_out is None else (train.labels != left_out).nonzero().flatten()
        self.train = train.x[trained_on[:MAX_NEAREST]]
        self.sheets, self.readouts = sheets_of(experiment), readouts_of(experiment, data)
        self.trade = experiment.objective.trade if trades else None
        self._on_device: dict[torch.device, Moved] = {}

    def drawn_bytes(self, row: SheetRow, x: Tensor) -> np.ndarray:
        """The pictures of a row of a sheet, (count, …), as they travel, one row a picture."""
        shown = x if row.shape else self.to_small(x)
        if not row.signed:
            return self.to_bytes(shown)
        array: np.ndarray = signed_bytes(shown.flatten(1)).cpu().numpy()
        return array

    def on(self, device: torch.device) -> "Moved":
        """What frames are computed from, on a device, moved once."""
        if device not in self._on_device:
            labels = None if self.strip_labels is None else self.strip_labels.to(device)
            x, strip, foreign, train = (p.to(device) for p in (self.x, self.strip, self.foreign, self.train))
            self._on_device[device] = Moved(x, strip, foreign, train, labels)
        return self._on_device[device]

    def scene(self, experiment: Experiment, device: str, training: Training) -> bytes:
        """The first message of a run."""
        variant = get_variant(experiment.variant)
        meta = {
            "experiment": experiment.model_dump(mode="json"),
            "variant": {"title": variant.title, "formula": variant.formula, "sentence": variant.sentence},
            "dataset": experiment.info.title,
            "knobs": [{"name": name, **vars(knob)} for name, knob in experiment.knobs.items()],
            "shape": self.shape,
            "small": self.small,
            "row": self.row,
            "strip_names": self.strip_names,
            "range": self.extremes,
            "latent": experiment.network.latent,
            **self.about,
            "device": device,
            "train_size": len(training.data.train),
            "steps_per_epoch": training.steps_per_epoch,
            "sheets": [
                {
                    "name": s.name,
                    "title": s.title,
                    "sentence": s.told_of(experiment),
                    "rows": [{**vars(row), "shape": row.shape or self.small} for row in rows],
                }
                for s, rows in self.sheets
            ],
            "terms": dict(experiment.objective.labels),
            "trade": self.trade and self.trade.described,
            "readouts": [{"name": r.name, "label": r.label, "help": r.help, "unit": r.unit} for r in self.readouts],
        }
        pictures = {"images": self.x, "strip": self.to_small(self.strip), "foreign": self.to_small(self.foreign)}
        fixed = {name: self.to_bytes(x) for name, x in pictures.items() if len(x)}
        values = {f"{name}_values": self.to_rows(pictures[name]) for name in ("images", "strip")} if self.row else {}
        return pack("scene", meta, {**self.known, **fixed, **values})

    @torch.no_grad()
    def frame(self, model: Autoencoder, meta: dict[str, Any], epoch: float = math.inf) -> bytes:
        """One frame, the held-out losses in it as they count at ``epoch``.

        Whatever chance there is in its pictures is drawn anew from a fixed seed, so that between two frames
        only the model changes. Raises `DivergenceError` when a loss is not a finite number.
        """
        found = evaluate_in_full(model, self.on(model.device).x, self.y, epoch=epoch)
        test, statistics = found.figures, found.statistics
        if not math.isfinite(sum(test.values())):
            raise DivergenceError
        codes = model.objective.code(statistics, model.knob_tensors())
        arrays = {
            "codes": to_half(codes),
            "unit_variance": codes.float().var(0, correction=0).cpu().numpy(),
        }
        if self.y is None:
            arrays["errors"] = to_half(found.errors)
        if model.objective.statistics == 2:
            arrays["unit_kl"] = unit_kl(*statistics.chunk(2, dim=-1)).mean(0).cpu().numpy()
        for sheet, rows in self.sheets:
            try:
                drawn = sheet.draw(self, model)
            except DataError:  # a derivative that is no number: this sheet keeps its last pictures
                continue
            for row in rows:
                if not row.fixed and not row.bars:  # the numbers of units are in every frame
                    arrays[row.name] = self.drawn_bytes(row, drawn[row.name])
                    if self.row:
                        arrays[f"{row.name}_values"] = self.to_rows(drawn[row.name])
        seen = Seen(self, model, found, codes)
        readouts = {readout.name: read(readout, seen) for readout in self.readouts}
        meta = {**meta, "test": test, "readouts": readouts}
        if self.trade:
            meta["trade"] = trade_of_model(model, self.on(model.device).x, statistics, epoch)
        return pack("frame", meta, arrays)
