"""The options of a command line that describe an experiment."""

import argparse

from aelib.data import DATASETS
from aelib.errors import ConfigError
from aelib.experiment import Experiment
from aelib.networks import NETWORKS
from aelib.registry import VARIANTS, get_variant
from aelib.widths import read_widths


def add_experiment_arguments(parser: argparse.ArgumentParser, knob: str = "e.g. level=0.5; may be repeated") -> None:
    """What commands that train take. ``knob``: the help for ``--knob``."""
    parser.add_argument(
        "--data", default="digits", help=f"one of {', '.join(DATASETS)}, or the id or title of added data (digits)"
    )
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
    parser.add_argument("--knob", action="append", default=[], metavar="NAME=VALUE", help=knob)


def read_experiment(options: argparse.Namespace) -> Experiment:
    """The experiment that the options describe; `ConfigError` when there is none."""
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


def add_data(parser: argparse.ArgumentParser) -> None:
    """What commands take that look at a checkpoint."""
    names = ", ".join(DATASETS)
    parser.add_argument(
        "--data", default=None,
        help=f"one of {names}, or the id or title of added data (what the checkpoint says it was trained on)",
    )  # fmt: skip


def read_words(text: str) -> str:
    """A name or a title, with question marks for bytes that are no text: those could be neither printed nor kept."""
    return text.encode("utf-8", "replace").decode("utf-8")


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
