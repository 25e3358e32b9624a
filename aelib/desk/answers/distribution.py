"""Where codes lie as a whole: draws from the prior, and the aggregated posterior beside it."""

from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

from aelib.data import Dataset, load_dataset
from aelib.desk.answers import asks
from aelib.desk.answers.message import packed
from aelib.desk.answers.subject import Subject
from aelib.errors import ConfigError
from aelib.experiment import Experiment
from aelib.frames.heldout import sent_labels
from aelib.latent.aggregate import aggregate as aggregated
from aelib.latent.gaussian import fit_gaussian
from aelib.metrics.generation import nearest_training
from aelib.progress import Progress
from aelib.randomness import generator

#: Training examples that samples are compared with, and held-out ones that are, too; at most.
COMPARED, UNSEEN = 10_000, 500


@torch.no_grad()
def samples(subject: Subject, ask: asks.Samples, progress: Progress) -> bytes:
    """Codes (n, k), what the decoder is told (m,), and of each of the m samples the nearest training example.

    ``nearest``: its index in the training split, at the Euclidean ``distances``; ``meta.unseen``: the median
    of the same distance over held-out examples. Without the data set here nothing is compared.
    """
    told = _told(subject, ask)
    codes = _draw(subject, ask)
    meta: dict[str, Any] = {"source": ask.source, "seed": ask.seed, "every_class": ask.every_class, "compared": 0}
    arrays: dict[str, Tensor | None] = {"codes": codes, "told": told.repeat_interleave(len(codes)).short()}
    if subject.experiment.info.is_here():
        data = subject.experiment.load_data(progress)
        rows = _trained_on(data, subject.experiment.left_out)
        progress(0.5, "Looking for the nearest training examples")
        decoded = torch.cat([subject.decode(codes, int(label)) for label in told])
        found = nearest_training(decoded, data.train.x[rows])
        near = rows[found.index]
        nearest = data.train.take(near)
        meta |= {"compared": len(rows), "unseen": _unseen(*_data_of(subject.experiment))}
        arrays |= {
            "nearest": near.int(),
            "distances": found.distance,
            "nearest_labels": sent_labels(nearest.y, len(nearest), data.classes),
            "nearest_pictures": subject.examples.to_bytes(nearest.x),
        }
    return packed("samples", subject, ask, meta, arrays)


def _draw(subject: Subject, ask: asks.Samples) -> Tensor:
    random = generator(ask.seed, "samples")
    if ask.source == "codes":
        return fit_gaussian(subject.codes.mean).draw(ask.count, random)
    return torch.randn(ask.count, subject.model.spec.latent, generator=random)


def _told(subject: Subject, ask: asks.Samples) -> Tensor:
    """The classes that the decoder is told, −1 for none."""
    classes = subject.model.spec.classes
    if (ask.every_class and not classes) or ask.label >= classes:
        knows = f"one of {classes} classes, counted from 0" if classes else "no class"
        raise ConfigError(f"This decoder is told {knows}: choose another one (got {ask.label}).")
    return torch.arange(classes) if ask.every_class else torch.tensor([ask.label if classes else -1])


def _trained_on(data: Dataset, left_out: int | None) -> Tensor:
    """Indices, in the training split, of the examples to compare with."""
    kept = torch.ones(len(data.train), dtype=torch.bool) if left_out is None else data.train.labels != left_out
    return kept.nonzero().flatten()[:COMPARED]


def _data_of(experiment: Experiment) -> tuple[str, str | None, int | None]:
    return experiment.dataset, experiment.data_hash, experiment.left_out


@lru_cache(maxsize=4)
def _unseen(name: str, content_hash: str | None, left_out: int | None) -> float:
    """How far a held-out example is from the nearest training example, in the median."""
    data = load_dataset(name, content_hash=content_hash)
    trained = data.train.x[_trained_on(data, left_out)]
    return float(nearest_training(data.test.x[:UNSEEN], trained).distance.median())


def aggregate(subject: Subject, ask: asks.Aggregate, progress: Progress) -> bytes:
    """The density of each unit on a grid, (k, bins) both, and KL(q(z_j) ‖ p(z_j)) in nats of variational models.

    ``order``: the units by that KL, or by their variance without it, falling.
    """
    progress(0.0, "Adding up the posteriors")
    found = aggregated(subject.codes)
    order = subject.units.order if found.kl is None else found.kl.argsort(descending=True, stable=True)
    arrays = {"grid": found.grid, "density": found.density, "kl": found.kl}
    return packed("aggregate", subject, ask, {"order": order.tolist()}, arrays)
