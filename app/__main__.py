"""``python -m app`` (or ``aelib app``): start the server and print its address."""

import argparse
import sys
import tomllib
from pathlib import Path
from typing import Any

from aelib.commands.terminal import importing, run_command


def options_from_file() -> dict[str, Any]:
    """The project's `.streamlit/config.toml` as flat options, wherever the server is started from."""
    here = Path(__file__).resolve().parent
    for folder in (here, here.parent):
        path = folder / ".streamlit" / "config.toml"
        if path.is_file():
            return _flat(tomllib.loads(path.read_text(encoding="utf-8")))
    return {}


def _flat(table: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in table.items():
        found |= _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {f"{prefix}{name}": value}
    return found


def main() -> int:
    """Parse the arguments and serve until interrupted; the exit status."""
    return run_command(_serve)


def _serve() -> int:
    parser = argparse.ArgumentParser(prog="aelib app", description="Start the Autoencoder Explorer.")
    parser.add_argument("--port", type=int, default=8501, help="port to listen on (8501)")
    parser.add_argument("--address", default="127.0.0.1", help="address to listen on (127.0.0.1: this machine only)")
    arguments = parser.parse_args()
    with importing():
        from aelib.data import Limits
        from aelib.runs import RunStore, default_home

        from .asgi import app

    # Before the server starts, which would fail at length.
    RunStore(default_home()).close()
    Limits.of_environment()
    options = {"server.port": arguments.port, "server.address": arguments.address}
    app.run(config={**options_from_file(), **options})
    return 0


if __name__ == "__main__":
    sys.exit(main())
