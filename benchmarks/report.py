"""What the figures depend on, and the file that they are written to."""

import json
import os
import platform
import subprocess
import time
from pathlib import Path
from typing import Any

import torch

from benchmarks.data import ROOT, find_mnist

RESULTS = Path(__file__).parent / "results"


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


def heading(facts: dict[str, Any]) -> str:
    """The facts of `machine` in a line."""
    return (
        f"{facts['processor']}, {facts['cores']} cores, load {facts['load']:.1f}; torch {facts['torch']}, "
        f"{facts['threads']} threads; MNIST {facts['mnist'] or 'is not here'}"
    )


def write(report: dict[str, Any], kind: str = "") -> Path:
    """Write or replace ``<kind><date>.json``, whose date is that of ``report["machine"]``; the path of it."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{kind}{report['machine']['date'].replace(':', '')}.json"
    path.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
