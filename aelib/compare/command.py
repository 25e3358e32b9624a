"""``aelib compare``: several checkpoints and PCA side by side, as text or JSON."""

import argparse
import sys
from pathlib import Path

from aelib.checkpoint import write_whole
from aelib.compare.compare import compare
from aelib.compare.contestant import read_contestants
from aelib.compare.text import as_text
from aelib.report.measure import LIMIT


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "folders",
        type=Path,
        nargs="+",
        metavar="FOLDER",
        help="checkpoints, such as the folders that `aelib train` names",
    )
    parser.add_argument("--limit", type=int, default=LIMIT, help=f"examples of each split ({LIMIT})")
    parser.add_argument("--seed", type=int, default=0, help="of the choice of examples and the noise (0)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--output", type=Path, default=None, help="write it to this file")


def run(options: argparse.Namespace) -> int:
    """Compare and print; progress goes to standard error."""
    contestants = read_contestants(options.folders)
    comparison = compare(contestants, progress=_progress, limit=options.limit, seed=options.seed)
    found = comparison.to_json() if options.json else as_text(comparison)
    if options.output:
        write_whole(options.output, found.encode())
    else:
        print(found)
    return 0


def _progress(share: float, text: str) -> None:
    print(f"{share:4.0%} {text}", file=sys.stderr, flush=True)
