"""Processes as the operating system sees them."""

import os
import subprocess
import sys


def is_alive(pid: int) -> bool:
    """Not even as a zombie that nobody has buried: a container may have no init process."""
    try:
        os.kill(pid, 0)
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except ProcessLookupError:
        return False
    except FileNotFoundError:
        return sys.platform != "linux"


def children_of(pid: int, module: str) -> list[int]:
    """The processes that a process has started to run a module."""
    listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,args="], stdout=subprocess.PIPE, text=True, check=True)
    rows = [line.split(maxsplit=2) for line in listing.stdout.splitlines()]
    return [int(row[0]) for row in rows if int(row[1]) == pid and f"-m {module}" in row[2]]
