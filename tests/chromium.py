"""Finds the Chromium that the browser tests drive; ``python -m tests.chromium --install`` gets one if there is none."""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

COMMANDS = ("chromium", "chromium-browser", "google-chrome")
ADVICE = "Install Chromium, or set CHROMIUM to the path of one, and run `make test` again."


class ChromiumNotFoundError(RuntimeError):
    """There is no Chromium here."""


def find_chromium() -> Path:
    """The Chromium of `$CHROMIUM`, else the first of `COMMANDS` on the path, else Playwright's own.

    Raises `ChromiumNotFoundError` when there is none, or when `$CHROMIUM` names something that cannot be run.
    """
    if wish := os.environ.get("CHROMIUM"):
        found = shutil.which(wish)
        if found is None:
            raise ChromiumNotFoundError(f"CHROMIUM is set to {wish!r}, which is not a program that can be run.")
        return Path(found)
    for command in COMMANDS:
        if found := shutil.which(command):
            return Path(found)
    # Imported late: a machine that has a browser of its own never starts Playwright's driver for this.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    if own.is_file():
        return own
    raise ChromiumNotFoundError(f"No Chromium was found. {ADVICE}")


def install_chromium() -> Path:
    """Find Chromium, or install one: Debian's package where that is allowed, else Playwright's own download.

    Raises `ChromiumNotFoundError` when neither way leads to one.
    """
    try:
        return find_chromium()
    except ChromiumNotFoundError:
        if "CHROMIUM" in os.environ:
            raise
    for way in _ways_to_install():
        if all(_run(command) for command in way):
            try:
                return find_chromium()
            except ChromiumNotFoundError:
                continue
    raise ChromiumNotFoundError(f"No Chromium was found and none could be installed. {ADVICE}")


def _ways_to_install() -> list[list[list[str]]]:
    """Lists of commands, in the order in which they are tried."""
    ways = [[[sys.executable, "-m", "playwright", "install", "chromium"]]]
    as_root = _as_root()
    if shutil.which("apt-get") and as_root is not None:
        apt = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
        ways.insert(0, [[*apt, "update"], [*apt, "install", "--yes", "--no-install-recommends", "chromium"]])
    return ways


def _as_root() -> list[str] | None:
    """What to put before a command that needs root; None when there is no way without a password."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        trial = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
        return ["sudo", "-n"] if trial.returncode == 0 else None
    return None


def _run(command: list[str]) -> bool:
    print("+", *command, flush=True)
    return subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode == 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chromium", description=__doc__)
    parser.add_argument("--install", action="store_true", help="install one if there is none")
    arguments = parser.parse_args()
    try:
        print(install_chromium() if arguments.install else find_chromium())
    except ChromiumNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
