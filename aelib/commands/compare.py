"""``aelib compare``: several checkpoints and PCA side by side, as text, JSON or a report in HTML."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

from aelib.commands.background import run_behind
from aelib.commands.options import add_data, read_words
from aelib.commands.terminal import (
    Output,
    add_output,
    escape_json,
    expect_output,
    hand_over,
    hand_over_bytes,
    read_output,
    tell_progress,
)
from aelib.compare import Contestant, as_html, as_text, compare
from aelib.errors import AelibError, ConfigError
from aelib.files import resolve
from aelib.library.recipe import read_recipe
from aelib.report.measure import LIMIT
from aelib.runs.folder import RunFolder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "folders",
        type=Path,
        nargs="+",
        metavar="FOLDER",
        help="checkpoints, such as the folders that `aelib train` names",
    )
    parser.add_argument(
        "--name", type=read_words, action="append", default=[],
        help="what to call a model, in the order of the folders (its title)",
    )  # fmt: skip
    parser.add_argument(
        "--curve", type=Path, action="append", default=[], metavar="FOLDER",
        help="the same at another code size, for the curve of error by code size alone; may be repeated",
    )  # fmt: skip
    add_data(parser)
    parser.add_argument("--limit", type=int, default=LIMIT, help=f"examples of each split ({LIMIT})")
    parser.add_argument("--seed", type=int, default=0, help="of the choice of examples and the noise (0)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_output(parser)
    parser.add_argument(
        "--report", type=read_output, default=None, metavar="FILE.html", help="write a report with figures"
    )


def run(options: argparse.Namespace) -> int:
    """Compare and print; progress goes to standard error."""
    if len(options.name) not in (0, len(options.folders)):
        raise ConfigError(f"Give a --name for each of the {len(options.folders)} folders (got {len(options.name)}).")
    expect_output(options.output)
    if options.report is not None:
        expect_output(options.report)
        expect_two_places(options.output, options.report)
    models = read_models(options.folders, options.data)
    contestants = [replace(one, name=name or one.name) for one, name in zip_longest(models, options.name)]
    others = [Contestant.read(folder, options.data) for folder in options.curve]
    comparison = compare(contestants, None, tell_progress, options.limit, options.seed, others=others)
    try:
        if options.report is not None:
            hand_over_bytes(as_html(comparison).encode(), options.report)
    finally:  # one of the two is better than none
        if options.json:
            hand_over(comparison.to_json(), options.output, escape_json)
        else:
            hand_over(as_text(comparison), options.output)
    return 0


def expect_two_places(output: Output, report: Output) -> None:
    """`ConfigError` when the report would be written over by the comparison, or into it."""
    if output == report or (output != "-" and report != "-" and resolve(output) == resolve(report)):
        raise ConfigError("--report and --output lead to the same place: name a file for each.")


def read_models(folders: Sequence[Path], dataset: str | None = None) -> list[Contestant]:
    """The model in each folder, and what leads to it from its seed, where that is known.

    ``dataset``: where a checkpoint does not tell the data.
    """
    return [_with_recipe(folder, dataset) for folder in folders]


def _with_recipe(folder: Path, dataset: str | None) -> Contestant:
    found = Contestant.read(folder, dataset)
    try:
        return replace(found, recipe=read_recipe(RunFolder(folder)))
    except AelibError as error:
        return replace(found, obstacle=str(error))


if __name__ == "__main__":  # in the background, for the app
    sys.exit(run_behind(add_arguments, run))
