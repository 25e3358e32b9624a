"""Runs: training in worker processes, recorded as frames that a browser (or anything else) can follow.

supervisor ── commands ──▶ worker ── frames ──▶ run folder ──▶ any number of readers
                             └────── status ──▶ RunStore

A run that is open belongs to its supervisor for as long as that lives, whatever else is at work on the same home.
"""

from aelib.frames.framelog import FrameReader
from aelib.home import default_home
from aelib.runs.folder import RunFolder
from aelib.runs.store import RunRow, RunStore, SweepRow
from aelib.runs.supervisor import Supervisor

__all__ = [
    "FrameReader", "RunFolder", "RunRow", "RunStore", "Supervisor", "SweepRow",
    "default_home",
]  # fmt: skip
