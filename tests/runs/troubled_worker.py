"""``python -m tests.runs.troubled_worker``: a worker that dies at once, noting that in the folder of the runs."""

import sys
from pathlib import Path

if __name__ == "__main__":
    with (Path(sys.argv[sys.argv.index("--home") + 1]) / "deaths").open("a") as file:
        file.write("dead\n")
    sys.exit(3)
