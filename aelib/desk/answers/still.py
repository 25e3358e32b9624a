"""Figures that stand still, and the codes in space for a figure that can be turned."""

from dataclasses import asdict

import torch

from aelib.desk.answers import asks
from aelib.desk.answers.export import splits_of
from aelib.desk.answers.message import packed
from aelib.desk.answers.subject import Subject
from aelib.frames.heldout import sent_labels
from aelib.latent.figures import figures
from aelib.latent.projection import ProjectionSpec, project
from aelib.progress import Progress

#: Examples in the figure in space.
IN_SPACE = 3000


def still(subject: Subject, ask: asks.Still, progress: Progress) -> bytes:
    """``meta.figures``: each a `aelib.report.Figure`; ``points``: on three principal axes, where there are as many."""
    codes, examples = subject.codes, subject.examples
    meta = {
        "figures": [asdict(figure) for figure in figures(codes, subject.units, splits_of(subject))],
        "classes": examples.classes,
    }
    some = codes.mean[:IN_SPACE]
    labels = sent_labels(examples.y, len(examples.x), examples.classes)
    points: torch.Tensor | None = None
    if min(some.shape) >= 3:
        points = project(some, ProjectionSpec(dimensions=3)).points
    return packed("still", subject, ask, meta, {"points": points, "labels": labels[:IN_SPACE].float()})
