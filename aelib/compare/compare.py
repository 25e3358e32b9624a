"""`compare`: trained models and PCA on the same held-out examples, in one table."""

import math
import platform
from collections.abc import Iterator, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from aelib.compare.comparison import Comparison, Duel, Entry, MetricRow, Origin
from aelib.compare.contestant import Contestant, tell_apart
from aelib.compare.differences import check_comparable, differences, is_same_but_for_code_size
from aelib.compare.picture import pictures
from aelib.compare.rival import Example, Rival, class_errors, largest_differences
from aelib.compare.robustness import LEVELS, Rebuild, rebuild_with, robustness
from aelib.compare.subspace import decoder_matrix, is_affine, principal_angles
from aelib.corruption import CORRUPTIONS
from aelib.data import Dataset
from aelib.errors import AelibError, ConfigError, DataError
from aelib.evaluate import evaluate
from aelib.latent.codes import encode_all
from aelib.progress import Progress, silent
from aelib.randomness import generator
from aelib.report.measure import CHAPTERS, LIMIT
from aelib.report.report import Figure, Line, Number
from aelib.report.tested import TestedModel
from aelib.script import as_script

#: Of the report's chapters those that PCA can be asked as well, and that take no time.
ASKED = ("reconstruction", "discriminator")
#: Examples that are named for either side of a duel.
EXAMPLES = 12


@torch.no_grad()
def compare(
    contestants: Sequence[Contestant],
    data: Dataset | None = None,
    progress: Progress = silent,
    limit: int = LIMIT,
    seed: int = 0,
    levels: Sequence[float] = LEVELS,
    others: Sequence[Contestant] = (),
) -> Comparison:
    """Held-out errors, accuracies on the codes and robustness of models, and of PCA at each of their code sizes.

    ``data``: what all were trained on; loaded where it is not given. At most ``limit`` examples of each split
    are used, chosen by ``seed`` as `aelib.measure` does; PCA is fitted to all training examples. ``levels``: of test
    noise, drawn from ``seed`` once for all models. ``others``: models at other code sizes, which appear only in the
    curve of error by code size. ``progress(share, text)`` is called before each step.
    Equal arguments give equal comparisons on a CPU.

    Raises `ConfigError` without a model, for a limit below 20 or a level out of range, `DataError` when the models
    were not trained on the same examples or ``data`` do not fit.
    """
    if not contestants:
        raise ConfigError("There is no model to compare: give at least one.")
    if limit < 20:
        raise ConfigError(f"A comparison needs at least 20 examples of each split (got a limit of {limit}).")
    experiments = [one.experiment for one in (*contestants, *others)]
    check_comparable(experiments)
    if data is None:
        data = experiments[0].load_data(lambda share, text: progress(share * 0.1, text))
    for one in (*contestants, *others):
        if one.model.spec.shape != data.shape:
            raise DataError(
                f"{one.name} takes examples of shape {one.model.spec.shape}, but {data.name} has {data.shape}."
            )
    return _Work(tell_apart(contestants), data, limit, seed, levels).found(progress, others)


def size(tested: TestedModel) -> int:
    """Components of the PCA that a model is compared with: units of its code, where there are as many."""
    return len(tested.pca.components)


def pca_name(k: int) -> str:
    """What PCA with ``k`` components is called."""
    return f"PCA, {k}"


def noise_of(one: Contestant) -> str:
    """The kind of noise that a model saw in training, or nothing."""
    return one.experiment.objective.noise


def versions() -> dict[str, str]:
    """Of the software that a result depends on."""
    from aelib import __version__

    return {"aelib": __version__, "torch": torch.__version__, "python": platform.python_version()}


class _Work:
    """The steps of one comparison, and what several of them need."""

    def __init__(
        self, contestants: list[Contestant], data: Dataset, limit: int, seed: int, levels: Sequence[float]
    ) -> None:
        self.contestants, self.seed, self.levels = contestants, seed, levels
        self.whole = data
        self.left_out = contestants[0].experiment.left_out
        # Chosen here as `TestedModel` would, which then keeps them all: so that their places are known.
        order = torch.arange(len(data.test))
        if len(order) > limit:
            order = torch.randperm(len(order), generator=generator(seed, "report/held-out"))[:limit]
        self.data = replace(data, test=data.test.take(order))
        self.tested = [TestedModel(one.model, self.data, self.left_out, limit, seed) for one in contestants]
        first = self.tested[0]
        self.places, self.test = order[~first.is_foreign], first.test
        self.rival = Rival(first.data.train.x, self.test.x)
        #: The model that PCA of a code size is asked of.
        self.sizes = {size(tested): tested for tested in sorted(self.tested, key=size)}
        self.missing: dict[str, None] = {}

    def found(self, progress: Progress, others: Sequence[Contestant]) -> Comparison:
        models = [Entry(one.name, one.model.spec.latent, noise=noise_of(one)) for one in self.contestants]
        entries = (*models, *(Entry(pca_name(k), k, "pca") for k in self.sizes))
        progress(0.1, "Measuring")
        metrics = tuple(self.metrics(len(entries)))
        progress(0.5, "Comparing with PCA")
        errors = [self.model_errors(one) for one in self.contestants]
        classes = tuple(self.classes([*errors, *(self.rival.errors(k) for k in self.sizes)]))
        duels = tuple(map(self.duel, self.contestants, self.tested, errors))
        means = [float(found.mean()) for found in errors]
        curve = self.curve(means, others)
        progress(0.7, "Adding noise")
        noise = tuple(self.robustness())
        progress(1.0, "Done")
        name = "" if self.left_out is None else self.data.classes[self.left_out]
        return Comparison(
            self.data.name, name, len(self.tested[0].train), len(self.test), len(self.whole.test), entries, metrics,
            classes, curve, self.scree(means), duels, noise,
            differences([one.experiment for one in self.contestants]), tuple(map(self.origin, self.contestants)),
            versions(), tuple(self.missing),
        )  # fmt: skip

    def metrics(self, entries: int) -> Iterator[MetricRow]:
        """What `aelib.measure` says of each model, and of PCA beside it."""
        cells: dict[str, list[Number | None]] = {}
        for place, (one, tested) in enumerate(zip(self.contestants, self.tested, strict=True)):
            for number in self.numbers(one.name, tested):
                row = cells.setdefault(number.name, [None] * entries)
                row[place] = number
                if number.pca is not None:
                    row[len(self.contestants) + list(self.sizes).index(size(tested))] = replace(
                        number, value=number.pca
                    )
        yield from map(MetricRow.of, cells.values())

    def numbers(self, name: str, tested: TestedModel) -> Iterator[Number]:
        for chapter in CHAPTERS:
            if chapter.name not in ASKED or not chapter.applies(tested):
                continue
            for take in chapter.measures:
                try:
                    for found in take(tested):
                        if isinstance(found, Number) and math.isfinite(found.value):
                            yield found
                        else:
                            self.missing[f"{name}: {found.name} is not a finite number."] = None
                except AelibError as error:
                    self.missing[f"{name}: {error}"] = None

    def model_errors(self, one: Contestant) -> Tensor:
        """‖x − x̂‖² of the held-out examples of the classes that training had, (n,)."""
        return encode_all(one.model, self.test.x, self.test.y).errors

    def classes(self, errors: list[Tensor]) -> Iterator[MetricRow]:
        """The squared error of each class that has held-out examples."""
        if not self.data.classes:
            return
        found = torch.stack([class_errors(some, self.test.labels, len(self.data.classes)) for some in errors], dim=1)
        for name, values in zip(self.data.classes, found.tolist(), strict=True):
            if math.isfinite(values[0]):
                yield MetricRow.of([Number(name, name, value, better="less") for value in values])

    def duel(self, one: Contestant, tested: TestedModel, errors: Tensor) -> Duel:
        k = size(tested)
        theirs = self.rival.errors(k)
        ours = errors.double()
        for_model, for_pca = (
            self.illustrated(one, tested, side) for side in largest_differences(ours, theirs, EXAMPLES)
        )
        angles: tuple[float, ...] = ()
        if is_affine(one.model):
            angles = tuple(principal_angles(decoder_matrix(one.model), self.rival.pca.components[:k].T).tolist())
        return Duel(one.name, pca_name(k), float((ours < theirs).double().mean()), for_model, for_pca, angles)

    def illustrated(self, one: Contestant, tested: TestedModel, side: Sequence[Example]) -> tuple[Example, ...]:
        """The same with their places in the data set, and with pictures where examples are pictures."""
        chosen = [found.index for found in side]
        shown: list[tuple[str, ...]] = [()] * len(side)
        if side and self.data.is_image:
            some = self.test.take(torch.tensor(chosen))
            rows = (some.x, rebuild_with(one.model, some.y)(some.x), tested.pca.rebuild(some.x))
            shown = list(zip(*(pictures(row, self.data) for row in rows), strict=True))
        return tuple(
            replace(found, index=int(self.places[found.index]), pictures=row)
            for found, row in zip(side, shown, strict=True)
        )

    def origin(self, one: Contestant) -> Origin:
        test = self.whole.test
        error = evaluate(one.model, test.x, test.y)["squared_error"]
        script = "" if one.recipe is None else as_script(one.recipe)
        obstacle = one.obstacle if one.recipe is None else ""
        return Origin(one.name, one.experiment.model_dump_json(), error, script, obstacle)

    def curve(self, errors: list[float], others: Sequence[Contestant]) -> Figure:
        sizes, theirs = range(len(self.rival.curve)), self.rival.curve.tolist()
        lines = [
            Line(one.name, (float(one.model.spec.latent),), (error,))
            for one, error in zip(self.contestants, errors, strict=True)
        ]
        pca = Line("PCA", tuple(map(float, sizes)), tuple(theirs), "pca")
        return Figure(
            "curve", "Error by code size", "A model below the curve rebuilds unseen examples better than PCA can.",
            "code size", "squared error per example", (*lines, *self.curves(errors, others), pca),
            logarithmic=True,
        )  # fmt: skip

    def curves(self, errors: list[float], others: Sequence[Contestant]) -> Iterator[Line]:
        """Of each model through those of ``others`` that are the same but for their code size."""
        for one, error in zip(self.contestants, errors, strict=True):
            points = {
                float(other.model.spec.latent): float(self.model_errors(other).mean())
                for other in others
                if is_same_but_for_code_size(one.experiment, other.experiment)
            }
            if points:
                points.setdefault(float(one.model.spec.latent), error)
                sizes = sorted(points)
                yield Line(f"{one.name}, other sizes", tuple(sizes), tuple(points[k] for k in sizes), of=one.name)

    def scree(self, errors: list[float]) -> Figure:
        shares = self.rival.scree.tolist()
        top = max(shares)
        marks = []
        for one, error in zip(self.contestants, errors, strict=True):
            k = self.rival.worth(error)
            marks.append(Line(f"{one.name}: {k:.1f} components", (k, k), (0.0, top), of=one.name))
        return Figure(
            "scree", "Scree plot",
            "How much of the variance of training examples each component of PCA has. A vertical line stands where "
            "PCA would need to stop to have the error of a model.",
            "component", "share of the variance",
            (Line("PCA", tuple(float(k) for k in range(1, len(shares) + 1)), tuple(shares), "pca"), *marks),
            logarithmic=True,
        )  # fmt: skip

    def robustness(self) -> Iterator[Figure]:
        """Of every kind of noise, whether training had it or not."""
        maps: dict[str, Rebuild] = {one.name: rebuild_with(one.model, self.test.y) for one in self.contestants}
        rivals = {pca_name(k): tested.pca.rebuild for k, tested in self.sizes.items()}
        at = tuple(map(float, self.levels))
        for kind in CORRUPTIONS:
            try:
                found = robustness(maps | rivals, self.test.x, kind, at, self.seed, self.whole.extremes)
            except DataError as error:
                self.missing[f"{kind}: {error}"] = None
                continue
            yield Figure(
                kind, kind.replace("_", " ").capitalize(), "Error against the clean example, by noise of the test.",
                "noise level", "squared error per example",
                tuple(
                    Line(name, at, tuple(errors.tolist()), "pca" if name in rivals else "model")
                    for name, errors in found.items()
                ),
            )  # fmt: skip
