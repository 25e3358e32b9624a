"""A stacked sweep of 16 against its cells trained one after another, on digits."""

from collections.abc import Iterator
from typing import Any

import torch

from aelib import Experiment, choose_device, load_dataset
from aelib.sweep import StackedTraining, SweepSpec, linear_values, log_values
from benchmarks.figure import Figure
from benchmarks.timing import Times, interleave, ratio, seconds_of, spread

CELLS = 16
FOR_EVER = 1_000_000  # epochs

#: Knob and values of the experiments that are swept.
SWEEPS = {
    "variational": ("beta", log_values(0.1, 10, CELLS)),
    "denoising": ("level", linear_values(0, 0.9, CELLS)),
}
#: The batch with which the app trains on digits: it has the target.
USUAL = "batch 64"
#: What is changed of each: settings of its network and its training.
SIZES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    USUAL: ({}, {"batch_size": 64}),
    "batch 32": ({}, {"batch_size": 32}),
    "batch 128": ({}, {"batch_size": 128}),
    "64 hidden units": ({"hidden": (64,)}, {"batch_size": 128}),
}


def run(quick: bool) -> list[Figure]:
    """Seconds of 16 single steps over seconds of one step of the stack; more than 1 is faster.

    Stacking saves the cost of calling many small operations, not the matrix products themselves. With batches of 128
    the products of 16 cells alone take about a quarter of what 16 single steps take on two cores: there the gain ends.
    """
    device = choose_device()
    target = 12 if device.type == "cuda" else 4
    figures = []
    for variant in SWEEPS:
        for size in SIZES:
            times = _race(variant, size, 8 if quick else 30, device)
            figures.append(
                Figure(
                    f"{CELLS} singles / stack, {variant}, {size}",
                    ratio(times, "singles", "stack"),
                    "×",
                    ("≥", target) if size == USUAL else None,
                    f"{spread(times, 'singles', 'stack')}; {device.type}, {torch.get_num_threads()} threads",
                )
            )
            milliseconds = 1000 * sorted(times["stack"])[len(times["stack"]) // 2]
            figures.append(Figure(f"stacked step of {CELLS}, {variant}, {size}", milliseconds, "ms"))
    return figures


def _race(variant: str, size: str, rounds: int, device: torch.device) -> Times:
    network, train = SIZES[size]
    train = {"epochs": FOR_EVER, "evaluate_every": 0, **train}
    knob, values = SWEEPS[variant]
    sweep = SweepSpec(base=Experiment.of("digits", variant, network=network, train=train), knob=knob, values=values)
    return interleave(
        {
            "singles": seconds_of(_singles(sweep, device), 5),
            "stack": seconds_of(_stack(sweep, device), 5),
        },
        rounds,
    )


def _singles(sweep: SweepSpec, device: torch.device) -> Iterator[None]:
    """One step of every cell with each ``next``, one after another."""
    data = load_dataset("digits")
    trainings = [cell.build(data, device) for cell in sweep.cells]
    while True:
        for training in trainings:
            next(training)
        _wait(device)
        yield


def _stack(sweep: SweepSpec, device: torch.device) -> Iterator[None]:
    """One step of every cell with each ``next``, all at once."""
    for _ in StackedTraining(sweep, load_dataset("digits"), device):
        _wait(device)
        yield


def _wait(device: torch.device) -> None:
    """Until the device has done what it was told."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
