"""How commands speak: progress on standard error, what was found on standard output or in a file."""

import os
import sys
from pathlib import Path

from aelib.checkpoint import expect_folder, write_whole
from aelib.errors import ConfigError


def tell_progress(share: float, text: str) -> None:
    """A line such as `` 42% Measuring``; a program that started the command reads it."""
    print(f"{share:4.0%} {text}", file=sys.stderr, flush=True)


def expect_file(path: Path | None) -> None:
    """`ConfigError` when a file could not be written there, or in a folder that can be made for it.

    For commands to ask before their work, which would be lost after it. Leaves nothing behind.
    """
    if path is None:
        return
    try:
        if path.is_dir():
            raise ConfigError(f"{path} is a folder: name a file to write.")
        if path.exists() and not path.is_file():  # a device
            if not os.access(path, os.W_OK):
                raise ConfigError(f"{path} cannot be written: name another file.")
        else:
            expect_folder(path.absolute().parent)
    except OSError as error:
        raise _refusal(path, error) from None


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole, in a folder that is made where it is missing; `ConfigError` when it cannot be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    except OSError as error:
        raise _refusal(path, error) from None


def hand_over(found: str, output: Path | None) -> None:
    """Write it to a file, or print it where none was named; a file ends as the text does.

    What turns out not to be writable after all is printed, so that it is not lost, and `ConfigError` raised.
    """
    try:
        if output is not None:
            write_file(output, found.encode())
            return
    except ConfigError:
        _print(found)
        raise
    _print(found)


def _print(found: str) -> None:
    print(found, end="" if found.endswith("\n") else "\n")


def _refusal(path: Path, error: OSError) -> ConfigError:
    reason = error.strerror or str(error)
    return ConfigError(f"{path} cannot be written ({reason}): name a file in a folder that you can write to.")
