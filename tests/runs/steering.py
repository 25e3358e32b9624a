"""What the tests of runs do with them, and what they look at."""

import time

import torch

from aelib.frames.framelog import read_log
from aelib.frames.message import unpack
from aelib.runs.commands import Play


def frames(live):
    """(meta, arrays) of all frames in the log; the scene is left out."""
    return [unpack(entry.payload) for entry in read_log(live.folder.frames)[1][1:]]


def play(live, steps):
    """So many steps in the manner of a worker: a slice too short for a second step does exactly one."""
    if live.status != "running":
        live.obey(Play())
    for _ in range(steps):
        live.guarded(live.advance, 1e-9)


def assert_same_state(ours, theirs):
    a, b = ours.state_dict(), theirs.state_dict()
    assert a.keys() == b.keys()
    for name in a:
        assert torch.equal(a[name], b[name]), name


def wait_for(condition, seconds=60.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def status(server, run_id):
    return server.store.get(run_id).status
