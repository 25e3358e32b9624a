"""``python -m benchmarks [names…] [--quick]``: print a table, write `benchmarks/results/<date>.json`."""

import argparse
import importlib
import json
import os
import platform
import subprocess
import sys
import time
import traceback
from pathlib import Path
from typing import Any

import torch

from benchmarks.data import ROOT, find_mnist
from benchmarks.figure import Figure, UnavailableError

#: In this order; each is a module.
NAMES = (
    "training_loop", "pythae", "contractive", "live", "first_frame", "knob", "hover", "page", "frames", "viewers",
)  # fmt: skip
RESULTS = Path(__file__).parent / "results"


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
    print(f"{facts['processor']}, {facts['cores']} cores, load {facts['load']:.1f}; torch {facts['torch']}, "
          f"{facts['threads']} threads; MNIST {facts['mnist'] or 'is not here'}", flush=True)  # fmt: skip
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
        _write(report)
    print(f"\n{RESULTS.relative_to(ROOT) / _file_name(report)}")
    return int(failed)


def machine() -> dict[str, Any]:
    """What the figures depend on."""
    git = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True)
    return {
        "date": time.strftime("%Y-%m-%dT%H:%M:%S"),
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "load": os.getloadavg()[0],
        "system": platform.platform(),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "threads": torch.get_num_threads(),
        "mnist": os.environ.get("AELIB_DATA", "") if find_mnist() else "",
        "commit": git.stdout.strip(),
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _file_name(report: dict[str, Any]) -> str:
    return f"{report['machine']['date'].replace(':', '')}.json"


def _write(report: dict[str, Any]) -> None:
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / _file_name(report)).write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.exit(main())
