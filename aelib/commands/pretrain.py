"""Make the pretrained checkpoints: ``python -m aelib.commands.pretrain`` trains and writes all, with their cards.

Everything follows from the table below and its seeds: on one machine the script gives the same weights again.
"""

import argparse
import shutil
import sys
from pathlib import Path
from typing import Any

import torch

from aelib import VARIANTS, Experiment, evaluate
from aelib.checkpoint import Checkpoint
from aelib.commands.terminal import run_command
from aelib.errors import DataError
from aelib.files import expect_folder
from aelib.frames.frame import moment
from aelib.frames.framelog import FrameLog
from aelib.frames.probe import Probe
from aelib.home import pretrained_folder
from aelib.runs.history import History

#: Moments of the training that a checkpoint keeps for the time machine: as many as fit into so many bytes.
MAX_FRAMES, MIN_FRAMES, LOG_BYTES = 32, 8, 300_000
#: Held-out examples on its map, and bytes of their pictures and codes, for the sake of its size.
MAX_EXAMPLES, PICTURE_BYTES, CODE_BYTES = 500, 1 << 18, 1 << 14

#: Points of its curves: about two pixels of a wide chart each.
MAX_POINTS = 500

#: Networks for larger examples keep their weights as float16.
HALF_FROM = 512

#: key, title, and what differs from the registry's defaults.
MODELS: list[tuple[str, str, dict[str, Any]]] = [
    *((f"digits-{name.replace('_', '-')}", variant.title, {"variant": name}) for name, variant in VARIANTS.items()),
    ("digits-beta-vae", "β-VAE, β = 2", {"variant": "variational", "objective": {"beta": 2.0}}),
    ("digits-vae-10", "VAE, 10 units", {"variant": "variational", "network": {"latent": 10}}),
    (
        "mnist-sample-vae-2",
        "VAE",
        {
            "dataset": "mnist_sample",
            "variant": "variational",
            "network": {"kind": "conv", "latent": 2},
            "train": {"epochs": 40, "batch_size": 128},
        },
    ),
    (
        "shapes-beta-vae",
        "β-VAE, β = 4",
        {
            "dataset": "shapes",
            "variant": "variational",
            "network": {"latent": 6, "hidden": (64, 64)},
            "objective": {"beta": 4.0},
            "train": {"epochs": 150, "batch_size": 128},
        },
    ),
    (
        "mnist-vae",
        "VAE",
        {"dataset": "mnist", "variant": "variational", "train": {"epochs": 40, "batch_size": 128}},
    ),
    (
        "mnist-convolutional",
        "Convolutional",
        {"dataset": "mnist", "variant": "convolutional", "train": {"epochs": 12, "batch_size": 128}},
    ),
]


def moments(steps: int, frames: int) -> set[int]:
    """Steps to keep: half of them in a geometric row, where the map unfolds, half evenly spaced."""
    half = frames // 2
    geometric = {round(steps ** (k / half)) for k in range(half)}
    return {0, *geometric, *(round(steps * k / half) for k in range(1, half + 1))}


def experiment_of(changes: dict[str, Any]) -> Experiment:
    """The experiment of one entry of the table."""
    train = {"epochs": 400, "batch_size": 64, "evaluate_every": 0, **changes.get("train", {})}
    return Experiment.of(**{**changes, "train": train})


def pretrain(key: str, title: str, experiment: Experiment, target: Path) -> dict[str, float]:
    """Train one model and write its folder; returns its held-out figures."""
    data = experiment.load_data()
    training, history = experiment.build(data), History(MAX_POINTS)
    network = experiment.network
    limit = min(MAX_EXAMPLES, PICTURE_BYTES // network.features, CODE_BYTES // (2 * network.latent))
    probe = Probe(data, experiment, limit)
    folder = target / key
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    log = FrameLog(folder / "frames.log")
    log.begin(probe.scene(experiment, "CPU", training))
    since = dict.fromkeys(experiment.knobs, 0)
    window: list[dict[str, float]] = []

    def emit() -> int:
        train = {name: sum(terms[name] for terms in window) / len(window) for name in window[0]} if window else {}
        status = "finished" if training.step == training.steps else "running"
        frame = probe.frame(training.model, moment(training, since, train, status), training.passes)
        log.append(frame, training.step)
        window.clear()
        return len(frame)

    keep = moments(training.steps, max(MIN_FRAMES, min(MAX_FRAMES, LOG_BYTES // emit())))
    for record in training:
        history.add(record.step, record.tensors)
        window.append(record.terms)
        if record.step in keep:
            emit()
    figures = evaluate(training.model, data.test.x, data.test.y)
    summary = f"{experiment.network.latent} units, error {figures['squared_error']:.2f}"
    Checkpoint(
        network=training.model.spec,
        objective=training.model.objective,
        extremes=training.model.extremes,
        title=title,
        summary=summary,
        experiment=experiment.model_dump(mode="json"),
    ).write(
        folder,
        training.model,
        rounded(history.points),
        card(key, title, experiment, figures, len(data.test)),
        half=network.features > HALF_FROM,
    )
    return figures


def rounded(points: list[dict[str, float]]) -> list[dict[str, float]]:
    """Six significant digits: all that a curve can show, in half the space."""
    return [{name: float(f"{value:.6g}") for name, value in point.items()} for point in points]


def card(key: str, title: str, experiment: Experiment, figures: dict[str, float], held_out: int) -> str:
    """The card of a checkpoint: what it is, how good, and how it was made."""
    network, train = experiment.network, experiment.train
    variant = VARIANTS[experiment.variant]
    rows = "\n".join(f"| {name.replace('_', ' ')} | {value:.4f} |" for name, value in figures.items())
    unit = "squared error" if experiment.objective.likelihood == "squared_error" else "nats"
    return f"""# {title}

{variant.sentence}

Data set: {experiment.dataset}. Network: {network.sketch}, {network.activation}.
Objective: `{experiment.objective.model_dump_json()}`.
Training: Adam, learning rate {train.learning_rate:g}, batches of {train.batch_size}, {train.epochs} epochs,
seed {train.seed}, CPU.

Held-out figures per example ({held_out} examples; terms in {unit}, summed over features):

| figure | value |
| --- | --- |
{rows}

Made by `python -m aelib.commands.pretrain --only {key}`. Load it with `Autoencoder.load("checkpoints/{key}")`.
"""


def main() -> int:
    """Entry point of the script; its exit status."""
    return run_command(_make)


def _make() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=[key for key, _, _ in MODELS], help="make just this one")
    parser.add_argument("--target", type=Path, default=pretrained_folder(), help="where the folders go")
    options = parser.parse_args()
    try:
        expect_folder(options.target.absolute())
    except OSError as error:
        parser.error(f"--target {options.target} cannot be written ({error.strerror}).")
    torch.set_num_threads(1)  # sums in one order: the same weights whatever the number of cores
    for key, title, changes in MODELS:
        if options.only in (None, key):
            try:
                figures = pretrain(key, title, experiment_of(changes), options.target)
            except DataError as error:  # the others need no download
                print(f"{key} stays as it is: {error}")
                continue
            print(key, {name: round(value, 4) for name, value in figures.items()}, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
