"""`as_script`: a short Python program that trains a model again as it was trained."""

from collections.abc import Iterable
from dataclasses import dataclass

from aelib.experiment import Experiment
from aelib.registry import get_variant


@dataclass(frozen=True)
class Turn:
    """A knob was turned to ``value`` when ``step`` steps had been done."""

    step: int
    name: str
    value: float


@dataclass(frozen=True)
class Recipe:
    """All that a trained model follows from.

    ``experiment``: with its knobs where they stood before the first step. ``turns``: in their order. ``steps``: as many
    as were done. ``device``: cpu, cuda or mps. ``threads``: that a CPU computed with; sums of floating-point numbers
    depend on how they are split. ``moved``: whether the training went on elsewhere than it began, on another device or
    with another number of threads; those told are then the last ones.
    """

    experiment: Experiment
    steps: int
    turns: tuple[Turn, ...] = ()
    device: str = "cpu"
    threads: int = 1
    moved: bool = False


def as_script(recipe: Recipe) -> str:
    """The program. It prints the squared error ‖x − x̂‖² per example, over all held-out examples (`aelib.evaluate`).

    On a CPU, with the same versions and processor, it gives the same weights bit for bit, as it sets the number of
    threads. On a GPU, elsewhere, and for a training that has moved, rounding differs, and training magnifies that: up
    to 3.4 % of the error after 8,000 steps of a pretrained digits model, on processors with SSE 4, AVX2 and AVX-512.
    Only validated settings go into its text, none that people worded.
    """
    from aelib import __version__

    experiment = recipe.experiment
    added = experiment.data_hash is not None
    # The title of added data was worded by people.
    title = f"{get_variant(experiment.variant).title} on {'data of your own' if added else experiment.info.title}"
    return "\n".join(
        [
            f'"""Trains an autoencoder again: {title}, seed {experiment.train.seed}, {recipe.steps:,} steps.',
            "",
            f"Written by aelib {__version__}. Prints the held-out squared error per example.",
            "On another processor, or with other versions, rounding differs, and after thousands of steps the error by",
            "up to some per cent.",
            *(_MOVED if recipe.moved else ()),
            *(_needs(experiment) if added else ()),
            '"""',
            "",
            "import torch",
            "",
            f"from aelib import Experiment, evaluate{'' if added else ', load_dataset'}",
            "",
            f'EXPERIMENT = """{experiment.model_dump_json(indent=2)}"""',
            f"STEPS = {recipe.steps}",
            *_turned(recipe.turns),
            "",
            f"torch.set_num_threads({recipe.threads})  # sums in the order of the first training",
            "experiment = Experiment.from_json(EXPERIMENT)",
            f"data = {'experiment.load_data()' if added else 'load_dataset(experiment.dataset)'}",
            f'training = experiment.build(data, "{recipe.device}")',
            *(_LOOP_WITH_TURNS if recipe.turns else _LOOP),
            'error = evaluate(training.model, data.test.x, data.test.y)["squared_error"]',
            'print(f"Held-out squared error, all {len(data.test)} examples: {error:.6g}")',
            "",
        ]
    )


def _needs(experiment: Experiment) -> tuple[str, ...]:
    return (
        "",
        f"It needs the data {experiment.dataset}, or any of the same content, whose SHA-256 is",
        f"{experiment.data_hash}.",
        "Where that is not, add it first: aelib data add PATH, with the options that it was added with.",
    )


_MOVED = (
    "",
    "It was trained on two devices, or with two numbers of threads, which round sums differently:",
    "this program uses the last ones throughout, and its error may differ a little.",
)
_LOOP = (
    "for _ in range(STEPS):",
    "    next(training)",
)
_LOOP_WITH_TURNS = (
    "for step in range(STEPS + 1):",
    "    for name, value in TURNED.get(step, {}).items():",
    "        training.set_knob(name, value)",
    "    if step < STEPS:",
    "        next(training)",
)


def _turned(turns: Iterable[Turn]) -> list[str]:
    """The knobs that were turned, by step; of several turns of one knob at one step the last one counts."""
    by_step: dict[int, dict[str, float]] = {}
    for turn in turns:
        by_step.setdefault(turn.step, {})[turn.name] = turn.value
    if not by_step:
        return []
    lines = [f"    {step}: {by_step[step]!r}," for step in sorted(by_step)]
    return ["# Knobs that were turned, by the number of steps done before.", "TURNED = {", *lines, "}"]
