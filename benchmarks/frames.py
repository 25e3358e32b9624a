"""What a run costs in bytes: frames per second while it trains, and files on disk however long it is."""

import statistics
import tempfile
import time
from pathlib import Path

import torch

from aelib import Experiment
from aelib.frames.frame import moment, weights_message
from aelib.frames.framelog import MAX_BYTES, MAX_FRAMES, FrameLog, read_log
from aelib.frames.kept import MAX_BYTES as MAX_KEPT_BYTES
from aelib.frames.kept import KeptDecoders, kept_steps
from aelib.frames.probe import Probe
from aelib.runs import FrameReader, RunStore, Supervisor
from aelib.runs.livetraining import BYTE_RATE
from benchmarks.figure import Figure

STEPS_PER_EPOCH, BATCH = 20, 64  # of digits
LONG = 5000  # frames: seven minutes of training or more
#: The last record of a full log may stick out.
SLACK = 1.05


def run(quick: bool) -> list[Figure]:
    """Default VAE on digits, 1,000 and 40,000 steps (10,000 when quick)."""
    figures = []
    with tempfile.TemporaryDirectory(prefix="aelib-bench-") as folder:
        store = RunStore(Path(folder))
        supervisor = Supervisor(store, devices=["cpu"])
        supervisor.start()
        try:
            for steps in (1000, 10_000 if quick else 40_000):
                found, log = _follow(store, supervisor, steps)
                figures += found
            figures.append(_longest(log, Path(folder) / "long.log"))
            figures += _keeping(Path(folder) / "decoders")
        finally:
            supervisor.stop()
            store.close()
    return figures


def _follow(store: RunStore, supervisor: Supervisor, steps: int) -> tuple[list[Figure], Path]:
    train = {"epochs": steps // STEPS_PER_EPOCH, "batch_size": BATCH, "evaluate_every": 0}
    run_id = supervisor.launch(Experiment.of("digits", "variational", train=train))
    log = store.folder(run_id) / "frames.log"
    reader = FrameReader(log)
    start = total = count = largest = 0.0
    while (row := store.get(run_id)).status in ("waiting", "loading", "running"):
        fresh = reader.poll()[1]
        if fresh and not start:
            start = time.monotonic()  # the scene and the first frame do not count
        elif fresh:
            total += sum(map(len, fresh))
            count += len(fresh)
        largest = max(largest, log.stat().st_size if log.exists() else 0)
        time.sleep(0.02)
    if row.status != "finished":
        raise RuntimeError(f"The run ended as {row.status}: {row.message}")
    seconds = time.monotonic() - start
    folder = store.folder(run_id)
    files = {path.name: path.stat().st_size for path in sorted(folder.iterdir()) if path.is_file()}
    kept = sum(path.stat().st_size for path in (folder / "decoders").iterdir())
    files["decoders"] = kept
    parts = ", ".join(f"{name} {size / 1e6:.2f}" for name, size in files.items() if size > 10_000)
    title = f"{steps:,} steps"
    return [
        Figure(f"frames while training, {title}", count / seconds, "1/s", ("≥", 2)),
        Figure(f"bytes of frames while training, {title}", total / seconds / 1e6, "MB/s", ("≤", BYTE_RATE / 1e6),
               f"{total / count / 1e3:.1f} kB a frame"),
        Figure(f"a run on disk, {title}", sum(files.values()) / 1e6, "MB", None, parts),
        Figure(f"decoders of the past on disk, {title}", kept / 1e6, "MB", ("≤", MAX_KEPT_BYTES / 1e6),
               f"{len(kept_steps(folder / 'decoders'))} moments"),
        Figure(f"largest frame log on the way, {title}", largest / 1e6, "MB", ("≤", MAX_BYTES * SLACK / 1e6),
               f"{MAX_FRAMES} frames at most"),
    ], log  # fmt: skip


def _longest(log: Path, copy: Path) -> Figure:
    """The run that fills its log many times over: frames like the last one, without the training."""
    _, entries = read_log(log)
    long = FrameLog(copy)
    long.begin(entries[0].payload)
    largest = 0
    for step in range(LONG):
        long.append(entries[-1].payload, step)
        largest = max(largest, copy.stat().st_size)
    kept = len(read_log(copy)[1]) - 1
    limit = min(MAX_BYTES, (MAX_FRAMES + 1) * (len(entries[-1].payload) + 32) + len(entries[0].payload)) * SLACK
    return Figure(
        f"largest frame log on the way to {LONG:,} frames",
        largest / 1e6,
        "MB",
        ("≤", limit / 1e6),
        f"{kept} frames kept",
    )


def _keeping(folder: Path) -> list[Figure]:
    """What a frame costs, and what keeping its decoder for the time machine adds to those few that are kept."""
    experiment = Experiment.of("digits", "variational")
    data = experiment.load_data()
    training, probe = experiment.build(data, torch.device("cpu")), Probe(data, experiment)
    decoders = KeptDecoders(folder)
    frames, keeps = [], []
    for step in range(32):
        next(training)
        begin = time.thread_time()
        probe.frame(training.model, moment(training, dict.fromkeys(training.knobs, 0), {}, "running"))
        shown = time.thread_time()
        decoders.offer(step, lambda step=step: weights_message(training.model, step))
        frames.append(shown - begin)
        keeps.append(time.thread_time() - shown)
    note = "32 frames of a run, and 16 more whenever it has doubled"
    return [
        Figure("a frame, digits", statistics.median(frames) * 1e3, "ms"),
        Figure("keeping its decoder, digits", statistics.median(keeps) * 1e3, "ms", None, note),
    ]
