"""Make the sample of MNIST in the package: ``python -m aelib.commands.mnist_sample``, or ``make sample``.

The same files follow from MNIST every time (and from the version of liblzma, which may pack the same content
otherwise). MNIST is read where `load_dataset("mnist")` finds it.
"""

import argparse
import lzma
import sys

import torch
from torch import Tensor

from aelib.commands.terminal import run_command
from aelib.data import Split, load_dataset
from aelib.data.mnist import DIGITS, FILES
from aelib.data.mnist_sample import HELD_OUT, TRAIN, header, packed
from aelib.randomness import generator

#: As small as xz makes it: of a pixel the upper four bits of the one before it tell most.
FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "lc": 4, "lp": 0, "pb": 0}]


def chosen(labels: Tensor, count: int, random: torch.Generator) -> Tensor:
    """Indices of ``count`` examples, the same number of each class, in the order of ``labels``, (n,)."""
    of_each = count // len(DIGITS)
    picked = []
    for label in range(len(DIGITS)):
        members = (labels == label).nonzero().flatten()
        picked.append(members[torch.randperm(len(members), generator=random)[:of_each]])
    return torch.cat(picked).sort().values


def _write(file: str, numbers: Tensor) -> int:
    """Writes an IDX file of bytes, packed; its size."""
    content = header(tuple(numbers.shape)) + numbers.byte().numpy().tobytes()
    return packed(file).write_bytes(lzma.compress(content, filters=FILTERS))


def _sample(split: Split, count: int, files: tuple[str, ...], random: torch.Generator) -> int:
    which = chosen(split.labels, count, random)
    images, labels = files
    levels = (split.x[which].squeeze(1) * 255).round()
    return _write(images, levels) + _write(labels, split.labels[which])


def main() -> int:
    """Entry point of the script; its exit status."""
    return run_command(_make)


def _make() -> int:
    argparse.ArgumentParser(description=__doc__).parse_args()
    data, random = load_dataset("mnist"), generator(0, "sample of MNIST")
    size = _sample(data.train, TRAIN, FILES[:2], random) + _sample(data.test, HELD_OUT, FILES[2:], random)
    print(f"{packed(FILES[0]).parent}: {size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
