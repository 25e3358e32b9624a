"""An append-only log of frames, bounded in size however long the run, and its readers.

File: 16 bytes (magic, generation), then records: length, CRC-32, sequence number and training step (24
bytes, little endian), then the payload. Record 0 is the scene. A new *generation* (rewind, roll back) tells readers
to forget what they have; thinning keeps the generation, and readers go on after the last sequence
number that they saw. A record cut short by a crash is dropped when the log is next opened to write.
"""

import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from aelib.files import write_whole

MAGIC = b"AELFRAME"
HEAD = struct.Struct("<8sQ")
RECORD = struct.Struct("<IIqq")
MAX_FRAMES = 600
MAX_BYTES = 12 << 20
#: No frame is larger; a larger length in a file is damage.
MAX_RECORD = 64 << 20


class Entry(NamedTuple):
    """A record of the log."""

    sequence: int
    step: int
    payload: bytes


def read_log(path: Path) -> tuple[int, list[Entry]]:
    """Generation and all whole records of a log; (−1, []) when there is no such log."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return -1, []
    if len(content) < HEAD.size:
        return -1, []
    magic, generation = HEAD.unpack_from(content)
    if magic != MAGIC:
        return -1, []
    return generation, [entry for entry, _ in _records(content, HEAD.size)]


def _records(content: bytes, offset: int) -> Iterator[tuple[Entry, int]]:
    """Whole, undamaged records from an offset on, each with the offset behind it."""
    while offset + RECORD.size <= len(content):
        length, crc, sequence, step = RECORD.unpack_from(content, offset)
        end = offset + RECORD.size + length
        if length > MAX_RECORD or end > len(content):
            return
        payload = content[offset + RECORD.size : end]
        if zlib.crc32(payload) != crc:
            return
        offset = end
        yield Entry(sequence, step, payload), offset


def _record(entry: Entry) -> bytes:
    head = RECORD.pack(len(entry.payload), zlib.crc32(entry.payload), entry.sequence, entry.step)
    return head + entry.payload


def evenly_spread(positions: list[int], keep: int) -> list[int]:
    """Indices of ``keep`` entries nearest to evenly spaced positions, the first and the last among them.

    ``positions`` must not decrease. Where several targets fall on one entry, fewer are kept.
    """
    first, last = positions[0], positions[-1]
    chosen, at = [0], 0
    for k in range(1, keep):
        target = first + (last - first) * k / (keep - 1)
        while at + 1 < len(positions) and abs(positions[at + 1] - target) <= abs(positions[at] - target):
            at += 1
        if at != chosen[-1]:
            chosen.append(at)
    return chosen


class FrameLog:
    """The writing side: one per run, in the process that trains it."""

    def __init__(self, path: Path, max_frames: int = MAX_FRAMES, max_bytes: int = MAX_BYTES) -> None:
        self.path, self.max_frames, self.max_bytes = path, max_frames, max_bytes
        self.generation, entries = read_log(path)
        self._steps = [entry.step for entry in entries[1:]]  # of the frames: record 0 is the scene
        self._sequence = entries[-1].sequence + 1 if entries else 0
        self._size = 0  # of the frames: a scene of large pictures leaves them their room
        if entries:
            self._rewrite(entries)  # also drops what a crash left half written

    def begin(self, scene: bytes) -> None:
        """Start a new generation that holds only a scene."""
        self.generation, self._sequence, self._steps = self.generation + 1, 1, []
        self._rewrite([Entry(0, 0, scene)])

    def append(self, frame: bytes, step: int) -> None:
        """Add a frame; when the log is full, thin it to half, evenly spread over the steps."""
        record = _record(Entry(self._sequence, step, frame))
        with self.path.open("ab") as file:
            file.write(record)
        self._sequence += 1
        self._size += len(record)
        self._steps.append(step)
        if len(self._steps) > self.max_frames or (self._size > self.max_bytes and len(self._steps) > 8):
            self._thin()

    def roll_back(self, step: int) -> None:
        """Start a new generation without the frames after a step."""
        _, entries = read_log(self.path)
        self.generation += 1
        self._steps = [s for s in self._steps if s <= step]
        self._rewrite(entries[: 1 + len(self._steps)])

    def reread(self) -> None:
        """Start a new generation that holds what another log has that was put in this one's place."""
        _, entries = read_log(self.path)
        self.generation += 1
        self._steps = [entry.step for entry in entries[1:]]
        self._sequence = entries[-1].sequence + 1 if entries else 0
        if entries:
            self._rewrite(entries)

    @property
    def last_step(self) -> int:
        """The step of the newest frame; −1 when there is none."""
        return self._steps[-1] if self._steps else -1

    def _thin(self) -> None:
        _, entries = read_log(self.path)
        chosen = evenly_spread(self._steps, len(self._steps) // 2)
        self._steps = [self._steps[i] for i in chosen]
        self._rewrite([entries[0], *(entries[1 + i] for i in chosen)])

    def _rewrite(self, entries: list[Entry]) -> None:
        content = HEAD.pack(MAGIC, self.generation) + b"".join(map(_record, entries))
        write_whole(self.path, content)
        self._size = len(content) - HEAD.size - RECORD.size - len(entries[0].payload)


class FrameReader:
    """A reading side: any number per run, in any process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.generation = -1
        self._known: tuple[int, int, int] | None = None
        self._offset = HEAD.size
        self._seen = -1
        # The head of the last record that was read, and where it stood: when it does not stand there
        # any more, the log was thinned. (The number of the file would not tell: it may be used again.)
        self._mark, self._mark_at = b"", HEAD.size

    def poll(self) -> tuple[bool, list[bytes]]:
        """(whether a new generation began, records that were not returned before)."""
        try:
            status = os.stat(self.path)
            known = (status.st_ino, status.st_size, status.st_mtime_ns)
            if known == self._known:
                return False, []
            with self.path.open("rb") as file:
                head = file.read(HEAD.size)
                if len(head) < HEAD.size or not head.startswith(MAGIC):
                    return False, []
                generation = HEAD.unpack(head)[1]
                reset = generation != self.generation
                file.seek(self._mark_at)
                if reset or file.read(len(self._mark)) != self._mark:
                    self._offset = HEAD.size
                file.seek(self._offset)
                content = file.read()
        except FileNotFoundError:
            return False, []
        if reset:
            self._seen = -1
        self.generation, self._known = generation, known
        fresh = []
        begin = end = 0
        for entry, end in _records(content, 0):
            begin = end - len(entry.payload) - RECORD.size
            if entry.sequence > self._seen:
                fresh.append(entry.payload)
                self._seen = entry.sequence
        if end:
            self._mark, self._mark_at = content[begin : begin + RECORD.size], self._offset + begin
        self._offset += end
        return reset, fresh
