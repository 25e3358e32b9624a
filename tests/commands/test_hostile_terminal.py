"""The command line under odd arguments, on odd terminals, into odd places: it answers in a sentence and loses nothing.

What a command finds is computed once; everything around it is the real thing.
"""

import io
import json
import os
import random
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aelib import ConfigError, DataError, Experiment, load_dataset
from aelib.autoencoder import Autoencoder
from aelib.commands import cli, compare, measure, sweep, train
from aelib.commands.options import read_experiment
from aelib.desk.answers import subject
from aelib.home import pretrained_folder
from aelib.progress import silent
from aelib.report.measure import measure as really_measure
from aelib.runs.folder import RunFolder

MODEL = str(pretrained_folder() / "digits-variational")
STATUSES = {0, 1, 2, 130, 141}
ENCODINGS = ["utf-8", "ascii", "cp1252", "latin-1", "utf-16", "shift_jis"]
#: Where standard output leads.
ENDS = ["read", "read", "read", "left", "full", "closed"]

WORDS = st.one_of(
    st.sampled_from(["", "-", "--", "-h", "--help", "--version", "0", "-1", "1e999", "nan", "=", "level=0.5", "beta",
                     "beta=nan", "seed", "vanilla", "variational", "digits", "mnist", "cats", "1,2", "64-0", "../..",
                     "%s", "%(prog)s", "{}", "\\", "a\nb", "\udcff", "ß‖😀", "9" * 400, "x" * 300]),
    # No argument of a process holds a NUL.
    st.text(st.characters(exclude_characters="\0"), max_size=12),
)  # fmt: skip
FOLDERS = st.sampled_from([MODEL, MODEL, "missing", "file", "folder", "", "-x3Qw_8ZkLmN0pRsTuVwXy", "\udcff"])
PLACES = st.sampled_from(
    ["-", "new", "file", "private", "link", "dangling", "circle", "folder", "file/below", "", "a/b/c", "ß‖😀", "\udcff",
     "x" * 255, "x" * 256, "/dev/null", "/dev/full", "no/../new"]
)  # fmt: skip
OPTIONS = {
    "train": ["--data", "--variant", "--latent", "--hidden", "--epochs", "--seed", "--device", "--set", "--knob",
              "--title", "--leave-out", "--channels", "--network", "--upsampling", "--batch-size"],
    "sweep": ["--data", "--variant", "--knob", "--values", "--from", "--to", "--count", "--log", "--code-sizes",
              "--variants", "--layers", "--json"],
    "measure": ["--data", "--left-out", "--limit", "--seed", "--json"],
    "compare": ["--name", "--curve", "--limit", "--seed", "--json"],
    "export": ["--format", "--projection", "--limit"],
    "script": [],
    "fly": ["--far"],
}  # fmt: skip
#: What lets each command come to its end.
GOOD = {
    "train": [],
    "sweep": ["--code-sizes", "1,2"],
    "measure": [MODEL],
    "compare": [MODEL],
    "export": [MODEL],
    "script": [MODEL],
}
FLAGS = ("--json", "--log")


@st.composite
def command_lines(draw):
    """(arguments, places that they name for results)"""
    name = draw(st.sampled_from([*OPTIONS, *GOOD, *GOOD]))
    line, places = [name], []
    tame = name in GOOD and draw(st.booleans())
    if tame:
        line += GOOD[name]
    else:
        folders = int(name not in ("train", "sweep"))
        line += draw(st.lists(FOLDERS, min_size=folders, max_size=2 * folders))
        for option in draw(st.lists(st.sampled_from(OPTIONS[name] or ["--no-such-option"]), max_size=3)):
            line += [option] if option in FLAGS else [option, draw(WORDS)]
    if tame and "--json" in OPTIONS[name] and draw(st.booleans()):
        line.append("--json")
    if name not in ("train", "fly") and (name == "export" or draw(st.booleans())):
        places.append(draw(PLACES))
        line.append(f"--output={places[0]}")
    if name == "compare" and draw(st.booleans()):
        places.append(draw(PLACES))
        line.append(f"--report={places[-1]}")
    if not tame and draw(st.integers(0, 3)) == 0:
        line.insert(draw(st.integers(0, len(line))), draw(WORDS))
    return line, places


class Refusing(io.RawIOBase):
    def __init__(self, error):
        self.error = error

    def writable(self):
        return True

    def write(self, content):
        raise OSError(self.error, os.strerror(self.error))


def standard_output(encoding, end):
    if end == "closed":
        return None
    raw = io.BytesIO() if end == "read" else Refusing({"left": 32, "full": 28}[end])
    return io.TextIOWrapper(raw, encoding=encoding)


@contextmanager
def house():
    """A folder to work in, with something of each kind."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            Path("folder").mkdir()
            Path("file").write_text("mine")
            Path("private").write_text("mine")
            Path("private").chmod(0o600)
            Path("link").symlink_to("private")
            Path("dangling").symlink_to("folder/new")
            Path("circle").symlink_to("circle")
            yield Path(folder)
        finally:
            os.chdir(before)


@pytest.fixture(scope="module")
def quick():
    """The work of each command, done once."""
    data = load_dataset("digits")
    report = really_measure(Autoencoder.load(Path(MODEL)), data, limit=20)
    table = compare.compare(compare.read_models([Path(MODEL)]), None, limit=20)
    few = subject.load_subject(RunFolder(Path(MODEL)), 10, silent)
    found = SimpleNamespace(to_json=lambda: '{"β": "‖"}', as_text=lambda: "β ‖", cells=(SimpleNamespace(diverged=0),))

    def refuse():
        raise DataError("There is no such data here.")

    def no_training(options):
        read_experiment(options)
        raise ConfigError("Nothing is trained here.")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(measure, "measure", lambda *rest: report)
        patch.setattr(compare, "compare", lambda *rest, **more: table)
        patch.setattr(compare, "as_html", lambda comparison: "<!doctype html>β")
        patch.setattr(subject, "load_subject", lambda folder, *rest, **more: RunFolder.newest_model(folder) and few)
        patch.setattr(sweep, "train_sweep", lambda *rest: found)
        patch.setattr(train, "run", no_training)
        # Nothing is downloaded.
        patch.setattr(Experiment, "load_data", lambda self, *rest: data if self.dataset == "digits" else refuse())
        yield


def at_terminal(line, stream):
    """The exit status, and what was said on standard error."""
    said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("aelib.commands.terminal._occupy_descriptors", lambda: None)
        patch.setattr(sys, "stdout", stream)
        patch.setattr(sys, "stderr", said)
        try:
            status = cli.main(line)
        except SystemExit as error:
            status = error.code
    said.flush()
    return status, said.buffer.getvalue().decode()


@settings(max_examples=1000, deadline=None, database=None, derandomize=True,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip
@given(command_lines(), st.sampled_from(ENCODINGS), st.sampled_from(ENDS))
def test_any_command_line_on_any_terminal(quick, drawn, encoding, end):
    (line, places), stream = drawn, standard_output(encoding, end)
    with house() as folder:
        status, said = at_terminal(line, stream)
        assert status in STATUSES, (status, said)
        assert "Traceback" not in said
        if status == 1:
            assert said.count("aelib: ") >= 1, said
            assert said.rstrip("\n").endswith("."), said
        if status == 2:
            assert "usage: " in said
        assert status != 141 or end == "left"
        # Nothing is left behind, and what was there stays what it was.
        assert not list(folder.rglob("*.part"))
        assert Path("link").is_symlink()
        assert Path("dangling").is_symlink()
        assert Path("circle").is_symlink()
        assert Path("private").stat().st_mode & 0o777 == 0o600
        assert Path("folder").is_dir()
        for name in {"file", "private"} - {str(Path(place)) for place in places}:
            assert Path(name).read_text(encoding="utf-8") == "mine" or (name == "private" and "link" in places)
        if status == 0 and end == "read":
            printed = stream.buffer.getvalue()
            results = [printed, *(path.read_bytes() for path in folder.rglob("*") if path.is_file())]
            assert any(result not in (b"", b"mine") for result in results) or "/dev/null" in places
            text = printed.decode("utf-16" if encoding == "utf-16" else "utf-8", "replace")
            if line[0] in GOOD and "--json" in line and not places and "usage: " not in text:
                json.loads(text)


# --- real processes --------------------------------------------------------------------------------

CHEAP = [["--version"], ["--help"], [], ["fly"], ["--\udcff"], ["--output"], ["ß‖😀"], ["train\n"], ["-"], ["\udcff"]]
STREAMS = ["", ">&-", "2>&-", "<&-", ">/dev/full", "| true"]
ENVIRONMENTS = [
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "cp1252"},
    {"PYTHONIOENCODING": "utf-16"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"PYTHONUNBUFFERED": "1"},
    {"HOME": "/nowhere", "AELIB_HOME": "/dev/null/x"},
    {"COLUMNS": "1"},
    {"COLUMNS": "nonsense", "TERM": "dumb"},
]


def as_a_process(line, stream, environment):
    command = ["sh", "-c", f'"$0" -m aelib "$@" {stream}', sys.executable, *line]
    return subprocess.run(
        [os.fsencode(part) for part in command], env={**os.environ, **environment},
        stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False,
    )  # fmt: skip


def test_real_processes():
    """Forty of all combinations; what the interpreter does at its end is seen here alone."""
    everything = [(line, stream, place) for line in CHEAP for stream in STREAMS for place in ENVIRONMENTS]
    for line, stream, environment in random.Random(0).sample(everything, 36):
        done = as_a_process(line, stream, environment)
        seen = (line, stream, environment, done)
        assert done.returncode in STATUSES, seen
        for word in (b"Traceback", b"Exception ignored", b"Error:"):
            assert word not in done.stdout + done.stderr, seen
    for encoding, stream in [("ascii", ""), ("cp1252", "2>&-"), ("utf-16", ""), ("ascii", "<&-")]:
        done = as_a_process(["script", MODEL], stream, {"PYTHONIOENCODING": encoding, "HOME": "/nowhere"})
        assert (done.returncode, done.stderr) == (0, b"")
        compile(done.stdout.decode("utf-16" if encoding == "utf-16" else "ascii"), "again.py", "exec")
