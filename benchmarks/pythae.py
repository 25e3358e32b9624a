"""`aelib.train` against the trainer of pythae for the same VAE: two processes that take turns, an epoch each.

pythae is installed for this benchmark only, into a folder of its own, without its dependencies where the
project has them already (its requirements would otherwise pull in a backport that breaks new Pythons).
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

import torch

from aelib import MLP, Autoencoder, TrainConfig, Variational, train
from aelib.data import Dataset
from aelib.data.dataset import Split
from benchmarks.data import ROOT, mnist_or_noise
from benchmarks.figure import Figure, UnavailableError
from benchmarks.timing import interleave, ratio, spread

PACKAGES = ("pythae==0.1.2", "cloudpickle==3.1.2", "imageio==2.38.1")
FOLDER = ROOT / ".venv-bench" / "-".join(PACKAGES[0].split("=="))
HIDDEN, LATENT, BATCH = (256, 64), 2, 256


def run(quick: bool) -> list[Figure]:
    """Examples per second of train() over those of pythae; both read the loss at each step, neither evaluates."""
    _install()
    data, kind = mnist_or_noise()
    examples, rounds = (60 * BATCH, 3) if quick else (len(data.train), 5)
    data = Dataset(data.name, Split(data.train.x[:examples], data.train.y[:examples]), data.test, data.classes)
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "errors").open("w+") as errors:
        rival = _Rival(examples, 1 + rounds, Path(folder), errors)
        try:
            times = interleave({"train": _epoch(data), "pythae": rival.epoch}, rounds)
        finally:
            rival.stop()
    note = f"{spread(times, 'pythae', 'train')}; {kind}, {examples:,} examples, {torch.get_num_threads()} threads"
    return [
        Figure("train() / pythae 0.1.2", ratio(times, "pythae", "train"), "×", ("≥", 1.5), note),
        Figure("pythae, an epoch", sorted(times["pythae"])[rounds // 2] * examples, "s"),
        Figure("train(), an epoch", sorted(times["train"])[rounds // 2] * examples, "s"),
    ]


def _epoch(data: Dataset) -> Callable[[], float]:
    model = Autoencoder(MLP(data.shape, hidden=HIDDEN, latent=LATENT), Variational())
    training = train(model, data, TrainConfig(epochs=1_000_000, batch_size=BATCH, evaluate_every=0))

    def turn() -> float:
        start, total = time.perf_counter(), 0.0
        for _ in range(training.steps_per_epoch):
            total += next(training).loss
        return (time.perf_counter() - start) / (training.steps_per_epoch * BATCH)

    return turn


class _Rival:
    """The process that trains with pythae (see `pythae_epochs`)."""

    def __init__(self, examples: int, epochs: int, folder: Path, errors: IO[str]) -> None:
        self.examples, self._errors = examples, errors
        environment = os.environ | {"PYTHONPATH": str(FOLDER), "TQDM_DISABLE": "1"}
        command = [sys.executable, "-m", "benchmarks.pythae_epochs", str(examples), str(epochs), str(folder)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
        )

    def epoch(self) -> float:
        """Let it train for an epoch; its seconds per example."""
        assert self._process.stdin
        assert self._process.stdout
        for line in self._process.stdout:
            if line.startswith("ready"):
                self._process.stdin.write("go\n")
                self._process.stdin.flush()
            elif line.startswith("seconds"):
                return float(line.split()[1]) / self.examples
        self._errors.seek(0)
        raise UnavailableError(f"pythae does not run here ({' '.join(self._errors.read().split())[-300:]}).")

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()


def _install() -> None:
    if FOLDER.is_dir():
        return
    part = FOLDER.with_name(FOLDER.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--retries", "1", "--timeout", "10", "--target", str(part), *PACKAGES]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        reason = done.stderr.strip().splitlines()[-1:] or ["pip failed"]
        raise UnavailableError(f"pythae is not installed and cannot be: {reason[0]}")
    part.rename(FOLDER)
