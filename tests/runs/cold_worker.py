"""``python -m tests.runs.cold_worker``: a worker that never gets warm; that it tries is noted in the folder of the
runs."""

import sys
import time
from pathlib import Path

from aelib.runs import worker


def warm_up(device: object) -> None:
    (Path(sys.argv[sys.argv.index("--home") + 1]) / "warming up").touch()
    time.sleep(600)


if __name__ == "__main__":
    worker.warm_up = warm_up
    worker.main()
