"""``aelib app``: the browser app, in a process of its own."""

import argparse
import importlib.util
import signal
import subprocess
import sys

from aelib.errors import RunError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes is the app's: it parses it, and tells of it when asked for help."""


def run(options: argparse.Namespace) -> int:
    """Start the app with the arguments in ``rest``: installed it is the package aelib_app, in a checkout the folder
    app. Its exit status; Ctrl-C reaches the app, too, which ends in its own time."""
    for package in ("aelib_app", "app"):
        if importlib.util.find_spec(package):
            # A process of its own: the library does not import Streamlit.
            process = subprocess.Popen([sys.executable, "-m", package, *options.rest])
            before = signal.signal(signal.SIGINT, lambda number, frame: None)
            try:
                status = process.wait()
            finally:
                signal.signal(signal.SIGINT, before)
            return status if status >= 0 else 128 - status  # ended by a signal
    raise RunError("The app is not installed; run `pip install .` in the project's folder.")
