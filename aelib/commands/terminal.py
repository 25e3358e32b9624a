"""How commands speak: progress on standard error, what was found on standard output or in a file."""

import sys
from pathlib import Path

from aelib.checkpoint import write_whole


def tell_progress(share: float, text: str) -> None:
    """A line such as `` 42% Measuring``; a program that started the command reads it."""
    print(f"{share:4.0%} {text}", file=sys.stderr, flush=True)


def hand_over(found: str, output: Path | None) -> None:
    """Write it to a file, or print it where none was named; a file ends as the text does."""
    if output:
        write_whole(output, found.encode())
    else:
        print(found, end="" if found.endswith("\n") else "\n")
