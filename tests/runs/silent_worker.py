"""``python -m tests.runs.silent_worker``: a worker that says nothing until there is a file "speak" in the folder of the
runs."""

import sys
import time
from pathlib import Path

from aelib.runs import worker


def warm_up(device: object) -> None:
    while not (Path(sys.argv[sys.argv.index("--home") + 1]) / "speak").exists():
        time.sleep(0.02)


if __name__ == "__main__":
    worker.warm_up = warm_up
    worker.main()
