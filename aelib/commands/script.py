"""``aelib script``: the program that trains a model again, from its seed to its last weights."""

import argparse
from pathlib import Path

from aelib.commands.terminal import add_output, escape_python, expect_output, hand_over
from aelib.library.recipe import read_recipe
from aelib.runs.folder import RunFolder
from aelib.script import as_script


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("folder", type=Path, help="a run or a checkpoint, such as the folder that `aelib train` names")
    add_output(parser)


def run(options: argparse.Namespace) -> int:
    """Print the program."""
    expect_output(options.output)
    script = as_script(read_recipe(RunFolder(options.folder)))
    hand_over(script, options.output, escape_python)
    return 0
