"""Runs: training in worker processes, recorded as frames that a browser (or anything else) can follow.

supervisor ── commands ──▶ worker ── frames ──▶ run folder ──▶ any number of readers
                             └────── status ──▶ RunStore
"""

from aelib.frames.framelog import FrameReader
from aelib.runs.folder import RunFolder
from aelib.runs.home import default_home
from aelib.runs.store import RunRow, RunStore, SweepRow
from aelib.runs.supervisor import Supervisor

__all__ = [
    "FrameReader", "RunFolder", "RunRow", "RunStore", "Supervisor", "SweepRow",
    "default_home",
]  # fmt: skip
