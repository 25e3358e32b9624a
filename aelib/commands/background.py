"""A command in a process beside an app: with one thread, and after everything else."""

import argparse
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import torch

from aelib.commands.terminal import run_command
from aelib.processes import Parent

#: Added to the process's niceness: training and pages go first.
NICE = 10
#: Where Linux is told which process to end first when memory runs out, and how much rather this one: the most.
OOM, FIRST = Path("/proc/self/oom_score_adj"), "1000"


def run_behind(
    add_arguments: Callable[[argparse.ArgumentParser], None], run: Callable[[argparse.Namespace], int]
) -> int:
    """The command's status; what goes wrong is one sentence on standard error and exit status 1."""
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    parser.add_argument(
        "--with-parent", action="store_true", help="end when standard input does: nobody waits for the result any more"
    )
    options = parser.parse_args()
    if options.with_parent:
        Parent()
    if hasattr(os, "nice"):
        os.nice(NICE)
    with suppress(OSError):
        OOM.write_text(FIRST)
    torch.set_num_threads(1)
    return run_command(lambda: run(options))
