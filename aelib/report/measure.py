"""`measure`: the literal list of sections, and what of it applies to a model."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch

from aelib.autoencoder import Autoencoder
from aelib.data import Dataset
from aelib.errors import AelibError, ConfigError, DataError
from aelib.progress import Progress, silent
from aelib.report import anomaly, code, manifold, probability, quality
from aelib.report.report import Figure, Number, Report, Section
from aelib.report.tested import TestedModel

Measure = Callable[[TestedModel], Iterable[Number | Figure]]

#: Examples of each split: enough for three digits, few enough to wait for.
LIMIT = 1000


@dataclass(frozen=True)
class Chapter:
    """A section to be: ``measures`` are independent, so that one that fails leaves the others."""

    name: str
    title: str
    sentence: str
    applies: Callable[[TestedModel], bool]
    measures: tuple[Measure, ...]


CHAPTERS = (
    Chapter("reconstruction", "Reconstruction", "How much of an unseen example survives the code.",
            lambda s: True, (quality.reconstruction,)),
    Chapter("discriminator", "Discriminator p(y | x)", "How well the class can be read off the code.",
            lambda s: bool(s.data.classes) or not s.data.is_labelled, (quality.discriminator,)),
    Chapter("embedding", "Neighbourhoods", "Whether near examples have near codes.",
            lambda s: True, (quality.embedding,)),
    Chapter("sparsity", "Sparsity", "How few units of the code an example uses.",
            lambda s: s.units > 2, (code.sparsity,)),
    Chapter("variational", "Probability", "How probable unseen examples are, and which units say something.",
            lambda s: s.is_variational, (probability.bounds, probability.divergences)),
    Chapter("generator", "Generator", "Decoded draws from the prior: are they plausible, and not copies?",
            lambda s: s.is_variational, (probability.samples,)),
    Chapter("anomaly", "Anomaly detection", "Whether the class that training never saw stands out.",
            lambda s: s.left_out is not None, (anomaly.detection,)),
    Chapter("manifold", "Manifold", "How the encoder treats the surroundings of an example.",
            lambda s: True, (manifold.spectrum, manifold.contraction)),
    Chapter("disentanglement", "Disentanglement", "Whether units of the code are the factors that made the data.",
            lambda s: bool(s.data.factors), (code.gaps, code.forests, code.votes)),
)  # fmt: skip


def measure(
    model: Autoencoder,
    data: Dataset,
    left_out: int | None = None,
    progress: Progress = silent,
    limit: int = LIMIT,
    seed: int = 0,
) -> Report:
    """Everything that `aelib.metrics` and `aelib.geometry` can say of a trained model.

    ``left_out``: the class that training never saw. At most ``limit`` examples of each split are used, chosen
    by ``seed``, which also drives samples and noise: equal arguments give equal reports on a CPU.
    PCA of equal code size is fitted to all training examples, as the model was, and measured on the same
    held-out ones. ``progress(share, text)`` is called before each section.

    What does not apply is absent; what cannot be computed says why in its section. Raises `DataError` when
    data and model do not fit, `ConfigError` for a limit below 20.
    """
    if limit < 20:
        raise ConfigError(f"A report needs at least 20 examples of each split (got a limit of {limit}).")
    if data.shape != model.spec.shape:
        raise DataError(f"This model takes examples of shape {model.spec.shape}, but {data.name} has {data.shape}.")
    tested = TestedModel(model, data, left_out, limit, seed)
    chapters = [chapter for chapter in CHAPTERS if chapter.applies(tested)]
    sections = []
    for i, chapter in enumerate(chapters):
        progress(i / len(chapters), chapter.title)
        sections.append(_write(chapter, tested))
    progress(1.0, "Done")
    name = "" if left_out is None else data.classes[left_out]
    counts = len(tested.train), len(tested.everything)
    return Report(data.name, name, tested.units, *counts, tuple(sections))


@torch.no_grad()
def _write(chapter: Chapter, tested: TestedModel) -> Section:
    numbers: list[Number] = []
    figures: list[Figure] = []
    missing: list[str] = []
    for take in chapter.measures:
        try:
            for found in take(tested):
                if isinstance(found, Figure):
                    figures.append(found)
                elif math.isfinite(found.value):
                    numbers.append(found)
                else:
                    missing.append(f"{found.label} is not a finite number.")
        except AelibError as error:
            missing.append(str(error))
    return Section(chapter.name, chapter.title, chapter.sentence, tuple(numbers), tuple(figures), tuple(missing))
