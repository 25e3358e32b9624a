"""How soon the command line answers, beside what a command that trains has to import."""

import subprocess
import sys
import time
from collections.abc import Callable

from benchmarks.data import ROOT
from benchmarks.figure import Figure
from benchmarks.timing import interleave, ratio, spread

#: What has to be imported before the first step of a training.
TRAINING = ("-c", "import aelib.train")
ANSWERS = {
    "aelib --version": ("-m", "aelib", "--version"),
    "aelib --help": ("-m", "aelib", "--help"),
    "import aelib": ("-c", "import aelib"),
}


def run(quick: bool) -> list[Figure]:
    """Seconds of whole processes, from their start to their end, over those of one that imports the training."""
    turns = {name: _process(arguments) for name, arguments in {**ANSWERS, "training": TRAINING}.items()}
    times = interleave(turns, 3 if quick else 9)
    return [
        Figure(f"{name} / importing the training", ratio(times, name, "training"), "×", ("≤", 0.1),
               spread(times, name, "training"))
        for name in ANSWERS
    ]  # fmt: skip


def _process(arguments: tuple[str, ...]) -> Callable[[], float]:
    def turn() -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
        return time.perf_counter() - start

    return turn
