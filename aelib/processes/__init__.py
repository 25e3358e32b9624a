"""Processes beside this one: each is a Python module at work, on a pipe of packets that ends with whoever started it.

Child ── packets ──▶ Parent (in the process) ── packets ──▶ Child
Jobs: many tasks, a process each, a few at a time.
Lifeline: whether a process lives, for those that did not start it.
"""

from aelib.processes.child import Child
from aelib.processes.jobs import Jobs, JobState, Key
from aelib.processes.lifeline import Lifeline
from aelib.processes.packets import Packet
from aelib.processes.parent import Parent

__all__ = ["Child", "JobState", "Jobs", "Key", "Lifeline", "Packet", "Parent"]
