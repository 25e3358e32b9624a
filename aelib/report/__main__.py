"""``python -m aelib.report``: the same as ``aelib measure``, in the background, for the app."""

import sys

from aelib.commands.background import run_behind
from aelib.commands.measure import add_arguments, run

if __name__ == "__main__":
    sys.exit(run_behind(add_arguments, run))
