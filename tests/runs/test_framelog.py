"""The frame log: bounded, append-only for its readers, and none the worse for a crash."""

import os
import struct
import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from aelib.frames.framelog import HEAD, RECORD, FrameLog, FrameReader, evenly_spread, read_log


@pytest.fixture
def path(tmp_path):
    return tmp_path / "frames.log"


def filled(path, steps, **limits):
    log = FrameLog(path, **limits)
    log.begin(b"scene")
    for step in steps:
        log.append(b"frame %d" % step, step)
    return log


def test_round_trip(path):
    filled(path, [0, 1, 5])
    generation, entries = read_log(path)
    assert generation == 0
    assert [(e.sequence, e.step, e.payload) for e in entries] == [
        (0, 0, b"scene"), (1, 0, b"frame 0"), (2, 1, b"frame 1"), (3, 5, b"frame 5"),
    ]  # fmt: skip


@pytest.mark.parametrize("content", [None, b"", b"AELF", b"something else that is long enough to be a head"])
def test_what_is_no_log_reads_as_none(path, content):
    if content is not None:
        path.write_bytes(content)
    assert read_log(path) == (-1, [])
    assert FrameReader(path).poll() == (False, [])
    assert FrameLog(path).last_step == -1


def test_begin_starts_a_new_generation(path):
    log = filled(path, [0, 1, 2])
    reader = FrameReader(path)
    assert reader.poll() == (True, [b"scene", b"frame 0", b"frame 1", b"frame 2"])
    log.begin(b"other")
    log.append(b"again", 0)
    assert reader.poll() == (True, [b"other", b"again"])
    assert log.generation == 1


def test_rolling_back_starts_a_new_generation_without_the_later_frames(path):
    log = filled(path, [0, 10, 20, 30])
    reader = FrameReader(path)
    reader.poll()
    log.roll_back(20)
    log.append(b"other 30", 30)
    assert log.last_step == 30
    assert reader.poll() == (True, [b"scene", b"frame 0", b"frame 10", b"frame 20", b"other 30"])


def test_a_torn_tail_is_dropped_and_appending_goes_on(path):
    filled(path, [0, 1, 2])
    whole = path.read_bytes()
    path.write_bytes(whole[:-3])
    reader = FrameReader(path)
    assert reader.poll()[1] == [b"scene", b"frame 0", b"frame 1"]
    log = FrameLog(path)
    assert log.last_step == 1
    log.append(b"frame 3", 3)
    assert reader.poll() == (False, [b"frame 3"])
    assert [e.payload for e in read_log(path)[1]] == [b"scene", b"frame 0", b"frame 1", b"frame 3"]


def test_a_record_that_is_being_written_is_waited_for(path):
    filled(path, [0, 1])
    whole = path.read_bytes()
    path.write_bytes(whole[:-4])
    reader = FrameReader(path)
    assert reader.poll() == (True, [b"scene", b"frame 0"])
    assert reader.poll() == (False, [])
    with path.open("ab") as file:
        file.write(whole[-4:])
    assert reader.poll() == (False, [b"frame 1"])


def test_damage_ends_what_can_be_read(path):
    filled(path, [0, 1, 2])
    content = bytearray(path.read_bytes())
    content[content.index(b"frame 1")] ^= 1
    path.write_bytes(content)
    assert [e.payload for e in read_log(path)[1]] == [b"scene", b"frame 0"]
    assert FrameLog(path).last_step == 0


def test_an_absurd_length_is_damage_not_a_request_for_memory(path):
    filled(path, [0])
    with path.open("ab") as file:
        file.write(RECORD.pack(0xFFFFFFFF, 0, 9, 9) + b"x" * 100)
    assert len(read_log(path)[1]) == 2


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_bytes_can_be_opened(content):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "frames.log"
        path.write_bytes(struct.pack("<8sQ", b"AELFRAME", 7) + content)
        reader = FrameReader(path)
        reader.poll()
        log = FrameLog(path)
        log.begin(b"scene")
        assert reader.poll() == (True, [b"scene"])


def test_a_reader_notices_a_new_file_that_has_the_number_of_the_old_one(path):
    """Thinned twice between two polls, a log may have its old inode again: then offsets mean nothing any more."""
    log = filled(path, range(9), max_frames=10)
    reader = FrameReader(path)
    seen = reader.poll()[1]
    for step in range(9, 40):
        log.append(b"frame %d" % step, step)
    # The same inode with other content, however the file system gives out its numbers.
    content = path.read_bytes()
    reader._known = None
    with path.open("r+b") as file:
        file.write(content)
        file.truncate()
    reset, fresh = reader.poll()
    assert not reset
    assert fresh[-1] == b"frame 39"
    assert not set(fresh) & set(seen)


def test_polling_an_unchanged_log_does_not_open_it(path, monkeypatch):
    filled(path, [0])
    reader = FrameReader(path)
    reader.poll()
    monkeypatch.setattr(Path, "open", lambda *_, **__: pytest.fail("opened"))
    assert reader.poll() == (False, [])


def test_thinning_keeps_frames_evenly_spread(path):
    filled(path, range(5000), max_frames=100)
    steps = [e.step for e in read_log(path)[1][1:]]
    gaps = [b - a for a, b in pairwise(steps)]
    assert steps[0] == 0
    assert steps[-1] == 4999
    assert 30 <= len(steps) <= 100
    # Two entries of an earlier thinning may lie up to twice as far apart as they would if chosen afresh.
    assert max(gaps) <= 2 * 5000 / (100 / 2)


MAX_FRAMES, MAX_BYTES, LARGEST = 12, 1500, 120


class LogMachine(RuleBasedStateMachine):
    """Whatever is done to a log, every reader sees an increasing part of it that ends with the newest frame."""

    @initialize()
    def begin_first(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "frames.log"
        self.log = FrameLog(self.path, MAX_FRAMES, MAX_BYTES)
        self.readers = {name: (FrameReader(self.path), []) for name in ("often", "seldom")}
        self.count = 0
        self.begin()

    def teardown(self):
        self.folder.cleanup()

    def payload(self, padding):
        self.count += 1
        return b"%d|" % self.count + b"x" * padding

    @rule()
    def begin(self):
        self.log.begin(self.payload(0))
        self.steps, self.first = [], None

    @rule(gaps=st.lists(st.integers(0, 50), min_size=1, max_size=20), padding=st.integers(0, LARGEST - 40))
    def append(self, gaps, padding):
        for gap in gaps:
            step = self.log.last_step + gap if self.steps else 0
            payload = self.payload(padding)
            self.log.append(payload, step)
            self.first = self.first or payload
            self.steps.append(step)

    @precondition(lambda self: self.steps)
    @rule(share=st.floats(0, 1))
    def roll_back(self, share):
        step = int(share * self.log.last_step)
        self.log.roll_back(step)
        assert self.log.last_step <= step
        self.steps = [0, self.log.last_step]

    @rule(tail=st.binary(max_size=60), cut=st.integers(0, 30))
    def crash_and_open_again(self, tail, cut):
        record = RECORD.pack(30, 1, 1, 1) + tail
        with self.path.open("ab") as file:
            file.write(record[: RECORD.size - cut] if cut else record)
        self.readers["often"][0].poll()
        self.log = FrameLog(self.path, MAX_FRAMES, MAX_BYTES)

    @rule()
    def poll_seldom(self):
        self.poll("seldom")

    @invariant()
    def poll_often(self):
        if hasattr(self, "log"):
            self.poll("often")

    def poll(self, name):
        reader, seen = self.readers[name]
        reset, fresh = reader.poll()
        if reset:
            seen.clear()
        seen += [int(payload.split(b"|")[0]) for payload in fresh]
        newest = read_log(self.path)[1][-1].payload
        assert seen == sorted(set(seen))
        assert seen[-1] == int(newest.split(b"|")[0])
        assert reader.poll() == (False, [])

    @invariant()
    def the_file_is_whole_and_bounded(self):
        if not hasattr(self, "log"):
            return
        entries = read_log(self.path)[1]
        steps = [e.step for e in entries[1:]]
        sequences = [e.sequence for e in entries]
        assert sequences == sorted(set(sequences))
        assert steps == sorted(steps)
        assert len(steps) <= MAX_FRAMES
        # At most eight large frames are kept even when they alone are too many bytes.
        assert os.path.getsize(self.path) <= MAX_BYTES + 9 * (LARGEST + RECORD.size) + HEAD.size
        assert bool(steps) == bool(self.steps)
        if steps:
            assert entries[1].payload == self.first
            assert (steps[0], steps[-1]) == (self.steps[0], self.steps[-1])
            assert self.log.last_step == steps[-1]


LogMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=15, deadline=None)
TestLog = LogMachine.TestCase


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=60).map(sorted), st.data())
@settings(max_examples=200, deadline=None)
def test_evenly_spread_takes_the_nearest_to_each_target(positions, data):
    keep = data.draw(st.integers(2, len(positions)))
    chosen = evenly_spread(positions, keep)
    assert chosen == sorted(set(chosen))
    assert len(chosen) <= keep
    assert positions[chosen[0]] == positions[0]
    assert chosen[-1] == len(positions) - 1
    first, last = positions[0], positions[-1]
    for k in range(keep):
        target = first + (last - first) * k / (keep - 1)
        assert min(abs(positions[i] - target) for i in chosen) == min(abs(p - target) for p in positions)


@pytest.mark.parametrize(("count", "keep"), [(2, 2), (9, 5), (101, 11), (600, 300)])
def test_evenly_spread_keeps_as_many_as_asked_of_distinct_positions(count, keep):
    assert len(evenly_spread(list(range(0, 7 * count, 7)), keep)) == keep
