"""The command line: ``aelib app``, ``aelib train``, ``aelib measure``, ``aelib compare`` and so on."""

import argparse
import importlib.util
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from aelib import __version__, choose_device
from aelib.commands import compare, export, measure, script, sweep
from aelib.commands.options import add_experiment_arguments, read_experiment
from aelib.errors import AelibError, RunError
from aelib.runs.store import ACTIVE, RunRow, RunStore, is_run_id


def main(arguments: list[str] | None = None) -> int:
    """Run a command; what goes wrong is one sentence on standard error and exit status 1."""
    parser = argparse.ArgumentParser(prog="aelib", description="Train autoencoders and look into their latent spaces.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("app", help="start the browser app", add_help=False)
    train = commands.add_parser("train", help="train a model headless; the app then lists the run")
    add_experiment_arguments(train)
    train.add_argument("--title", default="", help="keep the run in the library under this title")
    sweep.add_arguments(commands.add_parser("sweep", help="train an experiment at many values of one thing"))
    measure.add_arguments(commands.add_parser("measure", help="measure a trained model, beside PCA"))
    compare.add_arguments(commands.add_parser("compare", help="several trained models and PCA side by side"))
    export.add_arguments(commands.add_parser("export", help="write the codes of a trained model as a file"))
    script.add_arguments(commands.add_parser("script", help="print the program that trains a model again"))
    known, rest = parser.parse_known_args(shield_ids(sys.argv[1:] if arguments is None else arguments))
    try:
        if known.command == "app":
            return _app(rest)
        if rest:
            parser.error(f"unrecognized arguments: {' '.join(rest)}")
        run = {
            "train": _train,
            "sweep": sweep.run,
            "measure": measure.run,
            "compare": compare.run,
            "export": export.run,
            "script": script.run,
        }
        return run[known.command](known)
    except AelibError as error:
        print(f"aelib: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def shield_ids(arguments: Sequence[str]) -> list[str]:
    """The same arguments, with "./" before folders that could be taken for options.

    Ids of version 0.1.0 may begin with "-", and so do the folders of their runs. No option has the form of an id.
    """
    return [f"./{text}" if text.startswith("-") and is_run_id(Path(text).parts[0]) else text for text in arguments]


def _app(rest: list[str]) -> int:
    """Start the app: installed it is the package aelib_app, in a checkout the folder app."""
    for package in ("aelib_app", "app"):
        if importlib.util.find_spec(package):
            # A process of its own: the library does not import Streamlit.
            return subprocess.call([sys.executable, "-m", package, *rest])
    print("aelib: The app is not installed; run `pip install .` in the project's folder.", file=sys.stderr)
    return 1


def _train(options: argparse.Namespace) -> int:
    """Train in a worker, as the app does, and show the progress; Ctrl-C stops and keeps the result."""
    from tqdm import tqdm

    from aelib.runs import Supervisor, default_home
    from aelib.runs.commands import Stop

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
            with tqdm(total=experiment.train.epochs, unit="epoch") as bar:
                while (row := _look(store, run_id)).status in ACTIVE and row.owner == supervisor.owner:
                    bar.set_postfix_str(row.message or f"{row.rate:,.0f} examples/s")
                    bar.update(row.epoch - bar.n)
                    time.sleep(0.2)
                bar.update(row.epoch - bar.n)
        except KeyboardInterrupt:
            interrupted = True
            supervisor.send(run_id, Stop())
        supervisor.stop()
        row = _look(store, run_id)
    finally:
        supervisor.stop()
        store.close()
    if row.status == "finished" or (row.status == "stopped" and interrupted):
        print(f"{row.status} at step {row.step:,}: {store.folder(run_id)}")
        return 0
    print(f"aelib: {_complaint(row, interrupted)}", file=sys.stderr)
    return 130 if interrupted else 1


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


if __name__ == "__main__":
    sys.exit(main())
