"""``aelib compare``: several checkpoints and PCA side by side, as text, JSON or a report in HTML."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

from aelib.commands.background import run_behind
from aelib.commands.terminal import expect_file, hand_over, tell_progress, write_file
from aelib.compare import Contestant, as_html, as_text, compare
from aelib.errors import AelibError, ConfigError
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
        "--name", action="append", default=[], help="what to call a model, in the order of the folders (its title)"
    )
    parser.add_argument(
        "--curve", type=Path, action="append", default=[], metavar="FOLDER",
        help="the same at another code size, for the curve of error by code size alone; may be repeated",
    )  # fmt: skip
    parser.add_argument("--limit", type=int, default=LIMIT, help=f"examples of each split ({LIMIT})")
    parser.add_argument("--seed", type=int, default=0, help="of the choice of examples and the noise (0)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--output", type=Path, default=None, help="write it to this file")
    parser.add_argument("--report", type=Path, default=None, metavar="FILE.html", help="write a report with figures")


def run(options: argparse.Namespace) -> int:
    """Compare and print; progress goes to standard error."""
    if len(options.name) not in (0, len(options.folders)):
        raise ConfigError(f"Give a --name for each of the {len(options.folders)} folders (got {len(options.name)}).")
    expect_file(options.output)
    expect_file(options.report)
    models = read_models(options.folders)
    contestants = [replace(one, name=name or one.name) for one, name in zip_longest(models, options.name)]
    others = [Contestant.read(folder) for folder in options.curve]
    comparison = compare(contestants, None, tell_progress, options.limit, options.seed, others=others)
    found = comparison.to_json() if options.json else as_text(comparison)
    try:
        if options.report is not None:
            write_file(options.report, as_html(comparison).encode())
    finally:  # one of the two is better than none
        hand_over(found, options.output)
    return 0


def read_models(folders: Sequence[Path]) -> list[Contestant]:
    """The model in each folder, and what leads to it from its seed, where that is known."""
    return [_with_recipe(folder) for folder in folders]


def _with_recipe(folder: Path) -> Contestant:
    found = Contestant.read(folder)
    try:
        return replace(found, recipe=read_recipe(RunFolder(folder)))
    except AelibError as error:
        return replace(found, obstacle=str(error))


if __name__ == "__main__":  # in the background, for the app
    sys.exit(run_behind(add_arguments, run))
