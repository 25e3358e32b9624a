"""`Layouts`: the projections that one process has made of one subject's codes."""

import base64
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from aelib.desk.answers import asks
from aelib.desk.answers.message import packed
from aelib.desk.answers.subject import Subject
from aelib.errors import ConfigError, RunError
from aelib.latent.projection import Projection, ProjectionSpec, project
from aelib.latent.score import score_map
from aelib.progress import Progress, silent

#: Projections that are remembered; the oldest go first.
KEPT = 8
#: Why there is nothing to place codes on, or to take along.
NOT_AT_HAND = "This projection is not at hand any more: make it again first."


class Layouts:
    """Answers what has to do with projections."""

    def __init__(self) -> None:
        self._made: dict[tuple[Path, int, int, ProjectionSpec], Projection] = {}

    def project(self, subject: Subject, ask: asks.Project, progress: Progress, start: str = "") -> bytes:
        """A projection with its score; ``start``: an earlier layout to begin from (see `encode_layout`)."""
        made = self.find(subject, ask.projection, progress, start)
        meta: dict[str, Any] = {"projection": ask.projection.model_dump(mode="json"), "followed": bool(start)}
        progress(1.0, "Comparing neighbourhoods")
        meta["score"] = score_map(subject.codes.mean, made.points)._asdict()
        return packed("projection", subject, ask, meta, _arrays(made))

    def find(self, subject: Subject, spec: ProjectionSpec, progress: Progress = silent, start: str = "") -> Projection:
        """The projection, made if it is not remembered."""
        key = (subject.folder, subject.stamp, len(subject.codes), spec)
        if key not in self._made:
            earlier = decode_layout(start, len(subject.codes), spec.dimensions)
            made = project(subject.codes.mean, spec, earlier, progress)
            self._made[key] = made
            while len(self._made) > KEPT:
                del self._made[next(iter(self._made))]
        return self._made[key]

    def arrays(self, subject: Subject, spec: ProjectionSpec | None, made: str) -> dict[str, Tensor | None] | None:
        """A projection as it travels: the points alone as they were made elsewhere (see `encode_layout`), or found
        here."""
        if spec is None:
            return None
        there = decode_layout(made, len(subject.codes), spec.dimensions)
        return _arrays(self.find(subject, spec)) if there is None else {"points": there}

    def place(self, subject: Subject, ask: asks.Place, progress: Progress) -> bytes:
        """Where codes fall on a projection; ``meta.layout`` is the stamp of the weights that it was made of."""
        codes, spec = torch.stack([subject.check_code(code) for code in ask.codes]), ask.projection
        if spec.method == "pca":
            stamp, made = subject.stamp, self.find(subject, spec, progress)
        else:
            stamp, made = self._newest(subject, spec)
        return packed("placed", subject, ask, {"layout": str(stamp)}, {"points": made.place(codes)})

    def _newest(self, subject: Subject, spec: ProjectionSpec) -> tuple[int, Projection]:
        """The stamp and the projection that was made last, also when the model has moved on since: one that is made
        only to place codes on would follow none, and be on show nowhere."""
        for (folder, stamp, count, other), made in reversed(self._made.items()):
            if (folder, count, other) == (subject.folder, len(subject.codes), spec):
                return stamp, made
        raise RunError(NOT_AT_HAND)

    @staticmethod
    def score(subject: Subject, ask: asks.Score, progress: Progress) -> bytes:
        """How honest some units are as a map of all of them."""
        units = subject.model.spec.latent
        if max(ask.axes) >= units:
            raise ConfigError(f"This code has {units} units, counted from 0 (asked for {ask.axes}).")
        found = score_map(subject.codes.mean, subject.codes.mean[:, list(dict.fromkeys(ask.axes))])
        return packed("score", subject, ask, {"score": found._asdict()}, {})


def _arrays(made: Projection) -> dict[str, Tensor | None]:
    return {"points": made.points, "components": made.components, "mean": made.mean, "explained": made.explained}


def encode_layout(points: np.ndarray) -> str:
    """A layout as text, to travel in an envelope."""
    return base64.b64encode(points.astype("<f4").tobytes()).decode()


def decode_layout(text: str, count: int, dimensions: int) -> Tensor | None:
    """What `encode_layout` wrote; None when it is empty or of another number of points."""
    values = np.frombuffer(base64.b64decode(text), "<f4")
    if not text or len(values) != count * dimensions:
        return None
    return torch.tensor(values.copy()).reshape(count, dimensions)
