"""``aelib train``: a run without the app, which then lists it."""

import argparse
import time

from aelib.commands.options import add_experiment_arguments, read_experiment, read_words
from aelib.commands.terminal import INTERRUPTED, Progress, hand_over, tell
from aelib.device import choose_device
from aelib.errors import RunError
from aelib.runs import RunStore, Supervisor, default_home
from aelib.runs.commands import Stop
from aelib.runs.store import ACTIVE, RunRow


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
    interrupted = False
    supervisor.start()
    try:
        run_id = supervisor.launch(experiment, options.device, options.title)
        try:
            store.update(run_id, saved=bool(options.title))
            with Progress("epoch") as progress:
                while True:
                    row = _look(store, run_id)
                    speed = f"{row.rate:,.0f} examples/s" if row.rate else ""
                    progress.tell(row.epoch, experiment.train.epochs, row.message or speed)
                    if row.status not in ACTIVE or row.owner != supervisor.owner:
                        break
                    time.sleep(0.2)
        except KeyboardInterrupt:
            interrupted = True
            supervisor.send(run_id, Stop())
        supervisor.stop()
        row = _look(store, run_id)
    finally:
        supervisor.stop()
        store.close()
    if row.status == "finished" or (row.status == "stopped" and interrupted):
        hand_over(f"{row.status} at step {row.step:,}: {store.folder(run_id)}", "-")
        return 0
    tell(f"aelib: {_complaint(row, interrupted)}")
    return INTERRUPTED if interrupted else 1


def _look(store: RunStore, run_id: str) -> RunRow:
    """The row of a run that was here a moment ago."""
    try:
        return store.get(run_id)
    except RunError:
        raise RunError("The run was deleted by another program before it came to its end.") from None


def _complaint(row: RunRow, interrupted: bool) -> str:
    """Why a run has not come to its end."""
    if row.status in ("failed", "diverged"):
        return row.message
    if interrupted:
        return f"The run was interrupted at step {row.step:,}, before its model could be written."
    what = "taken over" if row.status in ACTIVE else row.status
    return f"The run was {what} at step {row.step:,} by another program; the app shows how it stands."
