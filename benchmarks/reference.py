"""``python -m benchmarks.reference [names…] [--quick]``: numbers obtained here beside those that were published.

A full run takes about an hour on one core and prints how far it is; ``--quick`` trains for seconds, so that its numbers
are far from the published ones. Writes `benchmarks/results/reference-<date>.json`.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from typing import Any

import torch

from aelib import ConfigError, DataError, choose_device
from benchmarks.data import ROOT
from benchmarks.published import REPRODUCTIONS, Effort, Reproduction
from benchmarks.published.reproduction import Row
from benchmarks.report import heading, machine, write

QUICK = "Quick: a few seconds of training on a part of the data, so what is trained is far from the references."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for. Rows whose data cannot be had are told and skipped; that is no error."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reference", description=__doc__)
    names = ", ".join(REPRODUCTIONS)
    parser.add_argument("names", nargs="*", metavar="name", help=f"some of {names}; all by default")
    parser.add_argument("--quick", action="store_true", help="seconds of training, numbers far from the references")
    parser.add_argument("--threads", type=int, help="threads of PyTorch (its own choice)")
    parser.add_argument("--device", default="cpu", help="auto, cpu, cuda or mps (cpu)")
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.names if name not in REPRODUCTIONS]:
        parser.error(f"there is no reproduction {', '.join(unknown)}; choose some of {names}")
    if options.threads:
        torch.set_num_threads(options.threads)
    try:
        effort = Effort(options.quick, str(choose_device(options.device)))
    except ConfigError as error:
        parser.error(str(error))
    facts = machine()
    print(heading(facts), flush=True)
    report: dict[str, Any] = {"machine": facts, **vars(options), "rows": [], "skipped": {}}
    rows: list[Row] = []
    for reproduction in [REPRODUCTIONS[name] for name in options.names or REPRODUCTIONS]:
        try:
            rows += _run(reproduction, effort, report)
        except DataError as error:
            report["skipped"][reproduction.name] = str(error)
        path = write(report, "reference-")
    print(f"\n{table(rows)}")
    if options.quick:
        print(f"\n{QUICK}")
    if report["skipped"]:
        print(f"\n{skipped(report['skipped'])}")
    print(f"\n{path.relative_to(ROOT)}")
    return 0


def _run(reproduction: Reproduction, effort: Effort, report: dict[str, Any]) -> list[Row]:
    expected = "quick" if effort.quick else f"about {reproduction.minutes:g} min on one core"
    print(f"\n{reproduction.name}: {expected}", flush=True)
    start = time.perf_counter()
    rows = reproduction.run(effort)
    seconds = round(time.perf_counter() - start, 1)
    report["rows"] += [{"reproduction": reproduction.name, **row.as_json(), "seconds": seconds} for row in rows]
    print("\n".join(row.line() for row in rows), flush=True)
    return rows


def table(rows: Sequence[Row]) -> str:
    """All rows; below those that belong together, where the numbers come from, what was spent, what differs."""
    lines = [f"{'':<44} {'obtained':>12} {'reference':>12}"]
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        lines.append(row.line())
        if following is None or (following.source, following.spent) != (row.source, row.spent):
            notes = {"source": row.source, "spent": row.spent, "differs": row.differs or "nothing"}
            lines += [f"    {name}: {text}" for name, text in notes.items()]
    return "\n".join(lines)


def skipped(reasons: dict[str, str]) -> str:
    """Which rows are missing and why; the reason is one sentence, given once."""
    lines = dict.fromkeys(reasons.values())
    rows = [line for name in reasons for line in REPRODUCTIONS[name].published]
    return "\n".join([*lines, "Skipped: " + "; ".join(rows) + "."])


if __name__ == "__main__":
    sys.exit(main())
