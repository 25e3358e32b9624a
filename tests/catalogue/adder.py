"""A process that adds a data set: ``python -m tests.catalogue.adder SEED [STOP]``; prints its id.

It says "ready" and waits for a line before it begins. With STOP it says "half" when half is written, and waits to be
killed.
"""

import sys

import torch

from aelib import Dataset, Split
from aelib.data import add_dataset


def main() -> None:
    seed, stops = int(sys.argv[1]), len(sys.argv) > 2
    x = torch.rand(60, 1, 8, 8, generator=torch.Generator().manual_seed(seed))
    data = Dataset("from a process", Split(x[:40]), Split(x[40:]))
    print("ready", flush=True)
    sys.stdin.readline()

    def progress(share: float, text: str) -> None:
        if stops and share > 0:
            print("half", flush=True)
            sys.stdin.readline()

    print(add_dataset(data, progress=progress).name, flush=True)


main()
