"""`KeptDecoders`: the decoder as it was at a few moments of a run, for the time machine, bounded however long the run.

One file for each moment, ``<step>.kept``: a weights message (see `aelib.frames.frame`) whose numbers are cut from 32 to
24 bits, sign, exponent and 15 bits of fraction, which rounds each by at most 2⁻¹⁶ of itself. A picture in [0, 1] then
differs by less than 1/255 / 25 in every pretrained model; float16 would differ by up to 1.4/255. The high bytes,
which are much alike, are compressed: 2.4 bytes a number are left.

A run keeps at most `MAX_DECODERS` of them in `MAX_BYTES`; of a decoder larger than that, none.
"""

import re
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from aelib.errors import CheckpointError, RunError
from aelib.files import write_whole
from aelib.frames.message import pack, unpack

MAX_DECODERS = 32
MAX_BYTES = 16 << 20
_NAME = re.compile(r"(0|[1-9][0-9]{0,15})\.kept")
#: Added before the lowest 8 bits are cut off, this rounds to the nearest.
_HALF = 1 << 7


class KeptDecoders:
    """The writing side, in the process that trains.

    A run so far is cut into slots of equal length, and the decoder is kept of the first moment that is offered in each.
    There are at most ``max_count`` slots, fewer where whole messages would be larger than ``max_bytes``: when the run
    outgrows them they double in length, and of two that become one the first stays. So kept moments are spread evenly,
    and whoever is between two is less than a slot behind the one before.
    """

    def __init__(self, folder: Path, max_count: int = MAX_DECODERS, max_bytes: int = MAX_BYTES) -> None:
        self.folder, self.max_bytes = folder, max_bytes
        self.steps = kept_steps(folder)
        self._slots = max_count

    def offer(self, step: int, message: Callable[[], bytes]) -> None:
        """A moment, later than those before; its weights message is made only if it may be kept."""
        if not self._slots or self._is_taken(step):
            return
        content = message()
        self._slots = min(self._slots, self.max_bytes // len(content))  # a kept one is smaller
        if not self._slots or self._is_taken(step):
            return
        self.folder.mkdir(exist_ok=True)
        write_whole(_path(self.folder, step), _cut(content))
        self.steps.append(step)
        length = slot_length(step, self._slots)
        firsts = {s // length: s for s in reversed(self.steps)}
        self._forget([s for s in self.steps if firsts[s // length] != s])

    def roll_back(self, step: int) -> None:
        """Forget what is after a step."""
        self._forget([s for s in self.steps if s > step])

    def clear(self) -> None:
        """Forget all: the run begins again."""
        self._forget(self.steps)

    def _is_taken(self, step: int) -> bool:
        length = slot_length(step, self._slots)
        return bool(self.steps) and self.steps[-1] // length == step // length

    def _forget(self, steps: list[int]) -> None:
        for step in steps:
            _path(self.folder, step).unlink(missing_ok=True)
        self.steps = [step for step in self.steps if step not in steps]


def slot_length(step: int, slots: int) -> int:
    """Steps in each of so many slots that reach beyond a step: the least power of two that is enough."""
    return 1 << (step // slots).bit_length()


def kept_steps(folder: Path) -> list[int]:
    """The steps whose decoders are kept in a folder, in their order; none where there is no such folder."""
    try:
        names = [path.name for path in folder.iterdir()]
    except FileNotFoundError:  # of an older version, without a decoder, or just deleted
        return []
    return sorted(int(found[1]) for name in names if (found := _NAME.fullmatch(name)))


def kept_decoder(folder: Path, step: int) -> bytes:
    """The weights message of a step, with ``kept`` in its metadata.

    `RunError` when it is not kept, `CheckpointError` when it is damaged.
    """
    try:
        content = _path(folder, step).read_bytes()
    except FileNotFoundError:
        raise RunError(
            f"The weights of step {step:,} are not kept (any more): ask for those of another step."
        ) from None
    return _restored(content)


def _path(folder: Path, step: int) -> Path:
    return folder / f"{step}.kept"


def _cut(message: bytes) -> bytes:
    meta, arrays = unpack(message)
    numbers = np.concatenate([array.ravel() for array in arrays.values()]).astype("<f4", copy=False).view("<u4")
    octets = ((numbers + np.uint32(_HALF)) >> 8).astype("<u4", copy=False).view(np.uint8).reshape(-1, 4)
    high = np.frombuffer(zlib.compress(octets[:, 2].tobytes(), 1), np.uint8)
    shapes = [[name, array.shape] for name, array in arrays.items()]
    return pack("kept", {"weights": meta, "shapes": shapes}, {"low": octets[:, :2], "high": high})


def _restored(content: bytes) -> bytes:
    meta, parts = unpack(content)
    try:
        count = len(parts["low"])
        octets = np.zeros((count, 4), np.uint8)
        octets[:, 1:3] = parts["low"]
        octets[:, 3] = np.frombuffer(zlib.decompressobj().decompress(parts["high"].tobytes(), count), np.uint8)
        numbers, arrays, begin = octets.view("<f4").ravel(), {}, 0
        for name, shape in meta["shapes"]:
            size = int(np.prod(shape))
            arrays[name] = numbers[begin : begin + size].reshape(shape)
            begin += size
        if begin != count:
            raise ValueError(f"{count} numbers for shapes of {begin}")
        return pack("weights", {**meta["weights"], "kept": True}, arrays)
    except (KeyError, TypeError, ValueError, zlib.error) as error:
        raise CheckpointError(f"These kept weights are damaged ({error}).") from None
