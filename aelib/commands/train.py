"""``aelib train``: a run without the app, which then lists it."""

import argparse
import time

from aelib.commands.options import add_experiment_arguments, read_experiment, read_words
from aelib.commands.terminal import Progress, hand_over
from aelib.device import choose_device
from aelib.errors import RunError
from aelib.runs import RunStore, Supervisor, default_home
from aelib.runs.commands import Play, Stop
from aelib.runs.store import ACTIVE


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_experiment_arguments(parser)
    parser.add_argument("--title", type=read_words, default="", help="keep the run in the library under this title")


def run(options: argparse.Namespace) -> int:
    """Train in a worker, as the app does, and show the progress; Ctrl-C stops and keeps the result."""
    experiment = read_experiment(options)
    choose_device(options.device)
    store = RunStore(default_home())
    supervisor = Supervisor(store, devices=[options.device] if options.device != "auto" else None)
    run_id = store.create(experiment, options.device, options.title)
    store.update(run_id, saved=bool(options.title))
    supervisor.start()
    try:
        supervisor.send(run_id, Play())
        with Progress("epoch") as progress:
            while True:
                row = store.get(run_id)
                speed = f"{row.rate:,.0f} examples/s" if row.rate else ""
                progress.tell(row.epoch, experiment.train.epochs, row.message or speed)
                if row.status not in ACTIVE:
                    break
                time.sleep(0.2)
    except KeyboardInterrupt:
        supervisor.send(run_id, Stop())
    finally:
        supervisor.stop()
        row = store.get(run_id)
        store.close()
    if row.status in ("failed", "diverged"):
        raise RunError(row.message)
    hand_over(f"{row.status} at step {row.step:,}: {store.folder(run_id)}", "-")
    return 0
