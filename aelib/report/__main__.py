"""``python -m aelib.report``: the same as ``aelib measure``, in the background, for the app."""

import sys

from aelib.background import run_behind
from aelib.report.command import add_arguments, run

if __name__ == "__main__":
    sys.exit(run_behind(add_arguments, run))
