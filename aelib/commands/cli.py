"""The command line: ``aelib app``, ``aelib train``, ``aelib measure``, ``aelib compare`` and so on."""

import argparse
import re
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from aelib import __version__
from aelib.commands.terminal import importing, run_command

#: Each is a module beside this one, which is imported when its command is given.
COMMANDS = {
    "app": "start the browser app",
    "train": "train a model headless; the app then lists the run",
    "sweep": "train an experiment at many values of one thing",
    "measure": "measure a trained model, beside PCA",
    "anomalies": "the rows that a model rebuilds worst",
    "compare": "several trained models and PCA side by side",
    "export": "write the codes of a trained model as a file",
    "data": "add data of your own; list, show and remove it",
    "script": "print the program that trains a model again",
    "explain": "what a word of the field means, such as KL divergence",
}
#: Ids of version 0.1.0 may begin with "-", and so do the folders of their runs. No option has the form of an id.
OLD_ID = re.compile("-[A-Za-z0-9_-]{21}")


def main(arguments: list[str] | None = None) -> int:
    """Run a command; what goes wrong is one sentence on standard error and exit status 1."""
    return run_command(lambda: _run(sys.argv[1:] if arguments is None else arguments))


def _run(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="aelib", description="Train autoencoders and look into their latent spaces.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True)
    parsers = {name: commands.add_parser(name, help=text, add_help=name != "app") for name, text in COMMANDS.items()}
    given = next((text for text in arguments if text in COMMANDS), None)
    if given is None:  # it says what there is
        parser.parse_args(arguments)
        return 0
    with importing():
        command = import_module(f"aelib.commands.{given}")
        command.add_arguments(parsers[given])
    known, rest = parser.parse_known_args(shield_ids(arguments))
    if given == "app":
        known.rest = rest
    elif rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    status: int = command.run(known)
    return status


def shield_ids(arguments: Sequence[str]) -> list[str]:
    """The same arguments, with "./" before folders that could be taken for options."""
    return [
        f"./{text}" if text.startswith("-") and OLD_ID.fullmatch(Path(text).parts[0]) else text for text in arguments
    ]


if __name__ == "__main__":
    sys.exit(main())
