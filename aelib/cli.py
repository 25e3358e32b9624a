"""The command line: ``aelib app``, ``aelib train``, ``aelib measure``, ``aelib compare``, ``aelib export``."""

import argparse
import importlib.util
import subprocess
import sys
import time

from aelib import DATASETS, VARIANTS, Experiment, __version__, choose_device
from aelib.compare import command as compare
from aelib.errors import AelibError, ConfigError
from aelib.networks import NETWORKS
from aelib.networks.mlp import read_widths
from aelib.registry import get_variant
from aelib.report import command as report
from aelib.runs.latent import export_command as export


def main(arguments: list[str] | None = None) -> int:
    """Run a command; what goes wrong is one sentence on standard error and exit status 1."""
    parser = argparse.ArgumentParser(prog="aelib", description="Train autoencoders and look into their latent spaces.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("app", help="start the browser app", add_help=False)
    _add_train(commands.add_parser("train", help="train a model headless; the app then lists the run"))
    report.add_arguments(commands.add_parser("measure", help="measure a trained model, beside PCA"))
    compare.add_arguments(commands.add_parser("compare", help="several trained models and PCA side by side"))
    export.add_arguments(commands.add_parser("export", help="write the codes of a trained model as a file"))
    known, rest = parser.parse_known_args(arguments)
    try:
        if known.command == "app":
            return _app(rest)
        if rest:
            parser.error(f"unrecognized arguments: {' '.join(rest)}")
        run = {"train": _train, "measure": report.run, "compare": compare.run, "export": export.run}
        return run[known.command](known)
    except AelibError as error:
        print(f"aelib: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _app(rest: list[str]) -> int:
    """Start the app: installed it is the package aelib_app, in a checkout the folder app."""
    for package in ("aelib_app", "app"):
        if importlib.util.find_spec(package):
            # A process of its own: the library does not import Streamlit.
            return subprocess.call([sys.executable, "-m", package, *rest])
    print("aelib: The app is not installed; run `pip install .` in the project's folder.", file=sys.stderr)
    return 1


def _add_train(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", default="digits", help=f"one of {', '.join(DATASETS)} (digits)")
    parser.add_argument("--variant", default="vanilla", help=f"one of {', '.join(VARIANTS)} (vanilla)")
    parser.add_argument("--leave-out", type=int, default=None, metavar="CLASS", help="a class that training never sees")
    parser.add_argument("--network", default=None, help=f"one of {', '.join(NETWORKS)} (the variant's own)")
    parser.add_argument("--latent", type=int, default=None, help="units of the code (the variant's own)")
    parser.add_argument("--hidden", default=None, help="widths of the hidden layers, e.g. 256,64; 0 for none")
    parser.add_argument("--channels", default=None, help="of the convolutions, e.g. 16,32")
    parser.add_argument("--upsampling", default=None, help="of a convolutional decoder: nearest or transposed")
    parser.add_argument("--epochs", type=int, default=100, help="passes over the training data (100)")
    parser.add_argument("--batch-size", type=int, default=64, help="examples a step (64)")
    parser.add_argument("--seed", type=int, default=0, help="of weights, order and noise (0)")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps (auto)")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE",
        help="a setting of the objective, e.g. corruption=gaussian; may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--knob", action="append", default=[], metavar="NAME=VALUE", help="e.g. level=0.5; may be repeated"
    )
    parser.add_argument("--title", default="", help="keep the run in the library under this title")


def _experiment(options: argparse.Namespace) -> Experiment:
    wishes = {
        "kind": options.network,
        "latent": options.latent,
        "hidden": _widths("--hidden", options.hidden),
        "channels": _widths("--channels", options.channels),
        "upsampling": options.upsampling,
    }
    network = {name: value for name, value in wishes.items() if value is not None}
    train = {"epochs": options.epochs, "batch_size": options.batch_size, "seed": options.seed, "evaluate_every": 0}
    objective = _objective(options.variant, options.set)
    plain = Experiment.of(
        options.data, options.variant, network=network, objective=objective, train=train, left_out=options.leave_out
    )
    return plain.with_knobs(_knobs(options.knob))


def _widths(option: str, text: str | None) -> tuple[int, ...] | None:
    try:
        return None if text is None else read_widths(text)
    except ConfigError as error:
        raise ConfigError(f"{option}: {error}") from None


def _objective(variant: str, texts: list[str]) -> dict[str, str]:
    """What ``--set`` changes; the objective validates the values."""
    known = [name for name in type(get_variant(variant).objective).model_fields if name != "kind"]
    found = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or name not in known:
            raise ConfigError(
                f"--set takes NAME=VALUE with a setting of {variant}, one of {', '.join(known)} (got {text!r:.60})."
            )
        found[name] = value
    return found


def _knobs(texts: list[str]) -> dict[str, float]:
    found = {}
    for text in texts:
        name, _, value = text.partition("=")
        try:
            found[name] = float(value)
        except ValueError:
            raise ConfigError(f"--knob takes NAME=VALUE with a number, such as level=0.5 (got {text!r:.60}).") from None
    return found


def _train(options: argparse.Namespace) -> int:
    """Train in a worker, as the app does, and show the progress; Ctrl-C stops and keeps the result."""
    from tqdm import tqdm

    from aelib.runs import RunStore, Supervisor, default_home
    from aelib.runs.commands import Play, Stop
    from aelib.runs.store import ACTIVE

    experiment = _experiment(options)
    choose_device(options.device)
    store = RunStore(default_home())
    supervisor = Supervisor(store, devices=[options.device] if options.device != "auto" else None)
    run_id = store.create(experiment, options.device, options.title)
    store.update(run_id, saved=bool(options.title))
    supervisor.start()
    try:
        supervisor.send(run_id, Play())
        with tqdm(total=experiment.train.epochs, unit="epoch") as bar:
            while (row := store.get(run_id)).status in ACTIVE:
                bar.set_postfix_str(row.message or f"{row.rate:,.0f} examples/s")
                bar.update(row.epoch - bar.n)
                time.sleep(0.2)
            bar.update(row.epoch - bar.n)
    except KeyboardInterrupt:
        supervisor.send(run_id, Stop())
    finally:
        supervisor.stop()
        row = store.get(run_id)
        store.close()
    if row.status in ("failed", "diverged"):
        print(f"aelib: {row.message}", file=sys.stderr)
        return 1
    print(f"{row.status} at step {row.step:,}: {store.folder(run_id)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
