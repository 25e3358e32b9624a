"""Own pictures, given as bytes: the memory that training on many of them takes, and its speed beside MNIST's."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from aelib import MLP, Autoencoder, Dataset, Split, TrainConfig, Variational, train
from benchmarks.data import ROOT, mnist_or_noise
from benchmarks.figure import Figure
from benchmarks.timing import interleave, ratio, seconds_of, spread

SHAPE = (3, 64, 64)
MANY, FEW = 100_000, 20_000
HELD_OUT = 2_000
HIDDEN, LATENT, BATCH = (256, 64), 2, 256
FOR_EVER = 1_000_000  # epochs
#: What a process that trains may hold: so many times the bytes of the pictures, and PyTorch with what it computes.
TIMES, BESIDES = 1.2, 1e9


def run(quick: bool) -> list[Figure]:
    """Peak memory of a child process over what is allowed; steps per second over those on the built-in data."""
    return [*(_memory(kind, FEW if quick else MANY) for kind in ("array", "mapped file")), _speed(quick)]


def _memory(kind: str, count: int) -> Figure:
    command = [sys.executable, "-m", "benchmarks.own_data", kind, str(count)]
    found = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    peak, held = found["peak"], found["bytes"]
    note = f"peak {peak / 1e9:.2f} GB, {peak / held:.2f} × the {held / 1e9:.2f} GB of bytes"
    title = f"Peak memory / (1.2 × bytes + 1 GB), {count:,} in {'an' if kind == 'array' else 'a'} {kind}"
    return Figure(title, peak / (TIMES * held + BESIDES), "×", ("≤", 1.0), note)


def _speed(quick: bool) -> Figure:
    builtin, kind = mnist_or_noise()
    as_bytes = [(split.x * 255).round().byte().numpy() for split in (builtin.train, builtin.test)]
    own = Dataset("own", Split(as_bytes[0], builtin.train.y), Split(as_bytes[1], builtin.test.y), builtin.classes)
    turns = {
        name: seconds_of(train(_model(data), data, _config(FOR_EVER)), 25 if quick else 50)
        for name, data in (("built-in", builtin), ("own", own))
    }
    times = interleave(turns, 12 if quick else 40)
    note = f"{spread(times, 'built-in', 'own')}; {kind}"
    return Figure(
        f"train() on own bytes / built-in, batch {BATCH}", ratio(times, "built-in", "own"), "×", ("≥", 0.98), note
    )


def _model(data: Dataset) -> Autoencoder:
    return Autoencoder(MLP(data.shape, hidden=HIDDEN, latent=LATENT), Variational())


def _config(epochs: int) -> TrainConfig:
    return TrainConfig(epochs=epochs, batch_size=BATCH, evaluate_every=int(epochs == 1))


# --- the child process ---------------------------------------------------------------------------------


def main(kind: str, count: int) -> None:
    """Make pictures, train on them for an epoch, evaluate, and print the peak of this process's memory."""
    with tempfile.TemporaryDirectory() as folder:
        pictures = _array(count) if kind == "array" else _mapped(Path(folder) / "pictures.npy", count)
        data = Dataset("own", Split(pictures[HELD_OUT:]), Split(pictures[:HELD_OUT]))
        for _ in train(_model(data), data, _config(epochs=1)):
            pass
        print(json.dumps({"bytes": pictures.nbytes, "peak": _peak()}))


def _array(count: int) -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 256, (count, *SHAPE), dtype=np.uint8)


def _mapped(path: Path, count: int) -> NDArray[np.uint8]:
    random, written = np.random.default_rng(0), open_memmap(path, "w+", np.uint8, (count, *SHAPE))
    for start in range(0, count, 1000):
        some = written[start : start + 1000]
        some[:] = random.integers(0, 256, some.shape, dtype=np.uint8)
    del written
    found: NDArray[np.uint8] = np.load(path, mmap_mode="r", allow_pickle=False)
    return found


def _peak() -> int:
    """The most resident bytes that this process has had."""
    status = Path("/proc/self/status")
    if status.exists():  # what `getrusage` says begins with what the parent had
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
