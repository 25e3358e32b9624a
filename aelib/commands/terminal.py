"""How commands speak: progress on standard error, what was found on standard output or in a file.

Nothing here imports PyTorch: a command that fails early, or is interrupted, does so at once.
"""

import argparse
import codecs
import io
import json
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal, TextIO

from aelib.errors import AelibError, ConfigError
from aelib.files import expect_writable, resolve, write_whole

#: Where a result goes: a file, or "-" for standard output.
Output = Path | Literal["-"]
#: Exit statuses when Ctrl-C was pressed, and when the reader of standard output has left: 128 and the number of the
#: signal, as shells tell them.
INTERRUPTED, UNREAD = 130, 141


class _ReaderGoneError(Exception):
    """Nobody reads standard output any more."""


# --- a command as a program ------------------------------------------------------------------------


def run_command(command: Callable[[], int]) -> int:
    """The exit status of a command; what goes wrong is one sentence on standard error and exit status 1.

    Whatever standard output is, it takes what is printed: characters that its encoding lacks are replaced. When nobody
    reads it any more, or Ctrl-C was pressed, the command ends quietly.
    """
    _occupy_descriptors()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="aelib.substitute")
    if not sys.stderr.isatty():  # in a log, also the bars of libraries, as that of a download, are too much
        os.environ.setdefault("TQDM_DISABLE", "1")
    try:
        try:
            return command()
        finally:  # also of what the parser of the arguments has printed
            _flush()
    except AelibError as error:
        tell(f"aelib: {error}")
        return 1
    except MemoryError:
        tell("aelib: The memory of this machine is not enough for that: take less data, or end other programs.")
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    except _ReaderGoneError:
        return UNREAD


@contextmanager
def importing() -> Iterator[None]:
    """While modules are imported: Ctrl-C ends the process at once, as there is nothing to save.

    Raised in the midst of it, KeyboardInterrupt would come out of an extension module as some other error.
    """
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGINT, lambda number, frame: os._exit(INTERRUPTED))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _occupy_descriptors() -> None:
    """Where a standard stream is closed, nothing: the next file to be opened would be taken for it."""
    if None not in (sys.stdin, sys.stdout, sys.stderr):
        return
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
    # What is meant for standard error would be printed on standard output.
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def _substitute(error: UnicodeError) -> tuple[bytes, int]:
    """What stands for characters that an encoding lacks: a question mark, and for a byte of a path that is no text
    (`os.fsdecode`), that byte."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    codes = map(ord, error.object[error.start : error.end])
    return bytes(code - 0xDC00 if 0xDC80 <= code <= 0xDCFF else ord("?") for code in codes), error.end


codecs.register_error("aelib.substitute", _substitute)


# --- progress --------------------------------------------------------------------------------------


def tell(text: str) -> None:
    """A line on standard error. What nobody reads there ends no command: its result is what counts."""
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:
        _let_go(sys.stderr)


def ask(question: str) -> str:
    """What is answered on standard input to a question on standard error; nothing when it ends, or is no text."""
    with suppress(OSError):
        print(question, end="", file=sys.stderr, flush=True)
    try:
        answer = sys.stdin.readline()
    except UnicodeDecodeError:
        return ""
    if not answer.endswith("\n"):  # Ctrl-D: what is told next begins a line
        tell("")
    return answer.strip()


def tell_progress(share: float, text: str) -> None:
    """A line such as `` 42% Measuring``; a program that started the command reads it."""
    tell(f"{share:4.0%} {text}")


class Progress:
    """How far a training is, on standard error: a bar on a terminal; elsewhere, as in a log file, a line at the
    beginning, at each tenth and at the end. Used in a ``with`` statement."""

    TENTHS = 10

    def __init__(self, unit: str) -> None:
        self._unit = unit
        self._told = -1
        self._bar = None
        if sys.stderr.isatty():
            from tqdm import tqdm

            self._bar = tqdm(unit=unit, disable=False)

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def tell(self, done: int, total: int, note: str = "") -> None:
        """``done`` of ``total`` units are done; ``note``: how fast, or what is done meanwhile."""
        if self._bar is not None:
            self._bar.total = total
            self._bar.set_postfix_str(note, refresh=False)
            self._bar.update(done - self._bar.n)
            self._bar.refresh()
        elif (tenth := done * self.TENTHS // max(1, total)) > self._told:
            self._told = tenth
            tell_progress(done / max(1, total), f"{done:,}/{total:,} {self._unit}s{note and f', {note}'}")


# --- results ---------------------------------------------------------------------------------------


def add_output(parser: argparse.ArgumentParser) -> None:
    """``--output``, for what is printed otherwise."""
    parser.add_argument("--output", type=read_output, default="-", help="write it to this file (-: standard output)")


def read_output(text: str) -> Output:
    """Where a result goes, as an option names it."""
    return "-" if text == "-" else Path(text)


def expect_output(output: Output) -> None:
    """`ConfigError` when nothing could be written there, or in a folder that can be made for it.

    For commands to ask before their work, which would be lost after it. Leaves nothing behind.
    """
    if output == "-":
        if sys.stdout is None:
            raise ConfigError("Standard output is closed: name a file with --output.")
        return
    try:
        if output.is_dir():
            raise ConfigError(f"{output} is a folder: name a file to write.")
        expect_writable(output)
    except OSError as error:
        raise _refusal(output, error) from None


def hand_over(found: str, output: Output, escape: Callable[[str], str] = str) -> None:
    """Write it to a file in UTF-8, or print it; a file ends as the text does.

    ``escape``: for what a program is to read, which takes it as UTF-8; it is used where standard output has another
    encoding. What turns out not to be writable after all is printed, so that it is not lost, and `ConfigError` raised.
    """
    try:
        if output != "-":
            hand_over_bytes(found.encode(), output)
            return
    except ConfigError:
        _print(found, escape)
        raise
    _print(found, escape)


def hand_over_bytes(content: bytes, output: Output) -> None:
    """Write it whole to a file, in a folder that is made where it is missing, or to standard output as it is.

    `ConfigError` when it cannot be.
    """
    if output == "-":
        _write(lambda: sys.stdout.buffer.write(content))
        return
    try:
        resolve(output).parent.mkdir(parents=True, exist_ok=True)
        write_whole(output, content)
    except OSError as error:
        raise _refusal(output, error) from None


def escape_json(text: str) -> str:
    """The same JSON in ASCII."""
    return re.sub(r"[^\x00-\x7f]", lambda found: json.dumps(found[0])[1:-1], text)


def escape_python(text: str) -> str:
    """The same program in ASCII, where only string literals and comments have other characters."""
    return text.encode("ascii", "backslashreplace").decode("ascii")


def _print(found: str, escape: Callable[[str], str]) -> None:
    if sys.stdout is None:  # closed, and what was found is told nowhere else
        tell(found)
        return
    encoding = getattr(sys.stdout, "encoding", None)
    if encoding and codecs.lookup(encoding).name != "utf-8":
        found = escape(found)
    _write(lambda: print(found, end="" if found.endswith("\n") else "\n"))


def _write(write: Callable[[], object]) -> None:
    """Do that on standard output; `ConfigError` when it takes no more."""
    try:
        write()
    except OSError as error:
        _give_up(error)
    _flush()


def _flush() -> None:
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        _give_up(error)


def _give_up(error: OSError) -> None:
    _let_go(sys.stdout)
    if isinstance(error, BrokenPipeError):
        raise _ReaderGoneError from None
    raise ConfigError(f"Standard output takes no more ({error.strerror}): send it elsewhere.") from None


def _let_go(stream: TextIO) -> None:
    """What is still to be written there goes nowhere: the interpreter would complain of it when it ends."""
    with suppress(OSError):  # no file of the system, as in a test
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _refusal(path: Path, error: OSError) -> ConfigError:
    reason = error.strerror or str(error)
    return ConfigError(f"{path} cannot be written ({reason}): name a file in a folder that you can write to.")
