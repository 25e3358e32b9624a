"""``python -m aelib.report``: the same as ``aelib measure``, in the background, for the app."""

import argparse
import os
import sys

import torch

from aelib.errors import AelibError
from aelib.report.command import add_arguments, run

#: Added to the process's niceness: training and pages go first.
NICE = 10


def main() -> int:
    """What goes wrong is one sentence on standard error and exit status 1."""
    parser = argparse.ArgumentParser(prog="python -m aelib.report", description=__doc__)
    add_arguments(parser)
    options = parser.parse_args()
    if hasattr(os, "nice"):
        os.nice(NICE)
    torch.set_num_threads(1)
    try:
        return run(options)
    except AelibError as error:
        print(f"aelib: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
