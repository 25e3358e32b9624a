"""``python -m benchmarks [names…] [--quick]``: print a table, write `benchmarks/results/<date>.json`."""

import argparse
import importlib
import os
import sys
import time
import traceback
from typing import Any

import torch

from benchmarks.data import ROOT, find_mnist
from benchmarks.figure import Figure, UnavailableError
from benchmarks.report import heading, machine, write

#: In this order; each is a module.
NAMES = (
    "training_loop", "own_data", "pythae", "contractive", "live", "first_frame", "knob", "hover", "page", "first_visit",
    "frames", "viewers", "cloud", "maps", "latent", "sweep", "startup", "anomalies",
)  # fmt: skip


def main() -> int:
    """Run what was asked for. A missed target is a finding, not an error; an error gives exit status 1."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"some of {', '.join(NAMES)}; all by default")
    parser.add_argument("--quick", action="store_true", help="shorter and less exact")
    parser.add_argument(
        "--threads", type=int, help="threads of PyTorch (its own choice); 1 on a machine that others use too"
    )
    options = parser.parse_args()
    if unknown := [name for name in options.names if name not in NAMES]:
        parser.error(f"there is no benchmark {', '.join(unknown)}; choose some of {', '.join(NAMES)}")
    if options.threads:
        torch.set_num_threads(options.threads)
        os.environ["OMP_NUM_THREADS"] = str(options.threads)  # for child processes
    find_mnist()
    facts = machine()
    print(heading(facts), flush=True)
    report: dict[str, Any] = {"machine": facts, "quick": options.quick, "benchmarks": {}}
    failed = False
    for name in options.names or NAMES:
        print(f"\n{name}", flush=True)
        start = time.perf_counter()
        entry: dict[str, Any] = {}
        try:
            figures: list[Figure] = importlib.import_module(f"benchmarks.{name}").run(options.quick)
            entry["figures"] = [figure.as_json() for figure in figures]
            print("\n".join(figure.row() for figure in figures))
        except UnavailableError as error:
            entry["left_out"] = str(error)
            print(f"left out: {error}")
        except Exception as error:
            traceback.print_exc()
            entry["error"] = repr(error)
            failed = True
        entry["seconds"] = round(time.perf_counter() - start, 1)
        report["benchmarks"][name] = entry
        path = write(report)
    print(f"\n{path.relative_to(ROOT)}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
