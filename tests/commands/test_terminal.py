"""How commands speak: on any encoding, to readers that leave, into any file, and when they are interrupted."""

import ast
import io
import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from aelib.commands import cli, measure, terminal
from aelib.home import pretrained_folder

MODEL = str(pretrained_folder() / "digits-variational")
SMALL = ["--hidden", "8", "--epochs", "1", "--device", "cpu"]
#: Commands that print text, JSON, and a program.
TEXTS = {
    "measure": ["measure", MODEL, "--limit", "60"],
    "compare": ["compare", MODEL, "--limit", "60", "--name", "Größe ≤ 2"],
    "sweep": ["sweep", "--variant", "denoising", "--knob", "level", "--values", "0.1,0.5", *SMALL],
}
JSONS = {name: [*line, "--json"] for name, line in TEXTS.items()}
SCRIPT = ["script", MODEL]


class Terminal(io.TextIOWrapper):
    """Standard output with an encoding, as strict as Python makes it."""

    def __init__(self, encoding="utf-8", raw=None):
        super().__init__(raw or io.BytesIO(), encoding=encoding, errors="strict")

    @property
    def taken(self):
        self.flush()
        return self.buffer.getvalue()


class Refusing(io.RawIOBase):
    """What takes nothing: a pipe that nobody reads, a full disk."""

    def __init__(self, error):
        self.error = error

    def writable(self):
        return True

    def write(self, content):
        raise OSError(self.error, os.strerror(self.error))


@pytest.fixture
def on(monkeypatch):
    """Run a command on a terminal: its exit status."""

    def run(stream, arguments):
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", stream)
            try:
                return cli.main(arguments)
            except SystemExit as error:
                return error.code

    return run


def process(*arguments, **options):
    """A process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "aelib", *arguments],
        # The parser of the arguments keeps silent about what it cannot print at once.
        env={**os.environ, "PYTHONUNBUFFERED": ""}, stderr=subprocess.PIPE, timeout=120, check=False, **options,
    )  # fmt: skip


# --- encodings -------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
@pytest.mark.parametrize("line", TEXTS.values(), ids=TEXTS)
def test_a_text_is_printed_on_any_encoding(on, encoding, line, tmp_path):
    stream, file = Terminal(encoding), tmp_path / "found.txt"
    assert on(stream, line) == 0
    assert on(Terminal(encoding), [*line, "--output", str(file)]) == 0
    whole = file.read_text(encoding="utf-8")
    printed = stream.taken.decode(encoding)
    assert not whole.isascii()
    assert "?" in printed or encoding == "cp1252"
    assert printed.rstrip("\n") == whole.encode(encoding, "replace").decode(encoding).rstrip("\n")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
@pytest.mark.parametrize("line", JSONS.values(), ids=JSONS)
def test_json_loses_nothing_on_any_encoding(on, encoding, line, tmp_path):
    stream, file = Terminal(encoding), tmp_path / "found.json"
    assert on(stream, line) == 0
    assert on(Terminal(encoding), [*line, "--output", str(file)]) == 0
    whole = file.read_text(encoding="utf-8")
    assert not whole.isascii()
    assert json.loads(stream.taken.decode("utf-8")) == json.loads(whole)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "utf-8"])
def test_a_program_is_the_same_program_on_any_encoding(on, encoding, tmp_path):
    """Python reads a file as UTF-8, in whatever encoding it was printed."""
    stream, file = Terminal(encoding), tmp_path / "again.py"
    assert on(stream, SCRIPT) == 0
    assert on(Terminal(encoding), [*SCRIPT, "--output", str(file)]) == 0
    assert not file.read_text(encoding="utf-8").isascii()
    assert ast.dump(ast.parse(stream.taken)) == ast.dump(ast.parse(file.read_bytes()))


@pytest.mark.parametrize("command", ["", "train", "sweep", "measure", "compare", "export", "script"])
@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_help_is_printed_on_any_encoding(on, command, encoding):
    stream = Terminal(encoding)
    assert on(stream, [*command.split(), "--help"]) == 0
    assert b"usage: aelib" in stream.taken


def test_escapes_are_read_back():
    text = "a\x7f\x80\xd7ÿβ‖\ufeff😀"
    assert json.loads(terminal.escape_json(json.dumps(text, ensure_ascii=False))) == text
    assert ast.literal_eval(terminal.escape_python(f'"{text}"')) == text


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252"])
def test_a_path_that_is_no_text_is_printed_as_it_is(monkeypatch, encoding):
    stream = Terminal(encoding)
    monkeypatch.setattr(sys, "stdout", stream)
    assert terminal.run_command(lambda: print("/home/\udcff/β\U0001f600") or 0) == 0
    assert stream.taken == "/home/\udcff/β\U0001f600\n".encode(
        encoding, "surrogateescape" if encoding == "utf-8" else "aelib.substitute"
    )
    assert stream.taken.startswith(b"/home/\xff/")


def test_names_that_are_no_text_are_taken(on, tmp_path):
    file = tmp_path / "found.json"
    line = ["compare", MODEL, "--limit", "60", "--name", "a\udcffb", "--json", "--output", str(file)]
    assert on(Terminal(), line) == 0
    assert "a?b" in file.read_text(encoding="utf-8")


# --- readers that leave ----------------------------------------------------------------------------


@pytest.mark.parametrize("line", [TEXTS["measure"], JSONS["measure"], SCRIPT, ["--help"], ["measure", "--help"]])
def test_a_reader_that_has_left_ends_a_command_quietly(on, capsys, line):
    assert on(Terminal(raw=Refusing(32)), line) == terminal.UNREAD
    assert "aelib: " not in capsys.readouterr().err


@pytest.mark.parametrize("line", [SCRIPT, ["--help"]])
def test_a_full_disk_is_one_sentence(on, capsys, line):
    assert on(Terminal(raw=Refusing(28)), line) == 1
    assert "aelib: Standard output takes no more (No space left on device)" in capsys.readouterr().err


@pytest.mark.parametrize("line", [["--help"], ["--version"], ["export", MODEL, "--limit=3", "--output=-"]])
def test_as_a_shell_sees_it(line):
    """Nor does the interpreter complain when it ends."""
    read, write = os.pipe()
    os.close(read)
    done = process(*line, stdout=write)
    os.close(write)
    said = [text for text in done.stderr.splitlines() if b"%" not in text]  # but for the progress
    assert (done.returncode, said) == (terminal.UNREAD, [])


def test_a_full_disk_as_a_shell_sees_it():
    with open("/dev/full", "w") as full:
        done = process("--help", stdout=full)
    assert done.returncode == 1
    assert done.stderr.startswith(b"aelib: Standard output takes no more")
    assert done.stderr.count(b"\n") == 1


def test_progress_that_nobody_reads_ends_no_command(tmp_path):
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "aelib", "export", MODEL, "--limit", "3", "--output", "codes.csv"],
        cwd=tmp_path, stderr=write, timeout=120, check=False,
    )  # fmt: skip
    os.close(write)
    assert done.returncode == 0
    assert len((tmp_path / "codes.csv").read_text(encoding="utf-8-sig").splitlines()) == 4


@pytest.mark.parametrize("closed", ["2>&-", ">&- 2>&- <&-"])
def test_standard_streams_that_are_closed(closed, tmp_path):
    """Progress must not be printed on standard output instead, nor into a file that is opened next."""
    line = f'"$0" -m aelib export "$1" --limit 3 --output codes.csv {closed}'
    done = subprocess.run(
        ["sh", "-c", line, sys.executable, MODEL], cwd=tmp_path, capture_output=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout, b"Traceback" in done.stderr) == (0, b"", False)
    assert len((tmp_path / "codes.csv").read_text(encoding="utf-8-sig").splitlines()) == 4


def test_a_result_for_a_closed_standard_output_is_refused_first(monkeypatch, capsys):
    monkeypatch.setattr(terminal, "_occupy_descriptors", lambda: None)
    monkeypatch.setattr(measure, "measure", None)  # not reached
    monkeypatch.setattr(sys, "stdout", None)
    assert cli.main(TEXTS["measure"]) == 1
    assert capsys.readouterr().err == "aelib: Standard output is closed: name a file with --output.\n"


# --- where results go ------------------------------------------------------------------------------


def test_a_dash_is_standard_output(on, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    plain, dashed = Terminal(), Terminal()
    assert on(plain, SCRIPT) == on(dashed, [*SCRIPT, "--output", "-"]) == 0
    assert plain.taken == dashed.taken
    line = ["export", MODEL, "--limit", "3", "--output"]
    for shape in ("csv", "parquet", "projector"):
        printed = Terminal("ascii")
        assert on(printed, [*line, "-", "--format", shape]) == 0
        assert on(Terminal(), [*line, f"codes.{shape}", "--format", shape]) == 0
        assert printed.taken == Path(f"codes.{shape}").read_bytes()
    report = Terminal("ascii")
    assert on(report, [*TEXTS["compare"], "--report", "-", "--output", "text"]) == 0
    assert "Größe ≤ 2" in report.taken.decode("utf-8")
    assert report.taken.lower().startswith(b"<!doctype html>")
    assert not Path("-").exists()


def test_no_archive_is_printed_on_a_terminal(on, capsys):
    stream = Terminal()
    stream.isatty = lambda: True
    assert on(stream, ["export", MODEL, "--format", "parquet", "--output", "-"]) == 1
    assert "A terminal shows no such file" in capsys.readouterr().err


@pytest.mark.parametrize(
    "places", [["--report", "-"], ["--report", "x", "--output", "x"], ["--report", "x", "--output", "y/../x"],
               ["--report", "link", "--output", "x"]],
)  # fmt: skip
def test_two_results_need_two_places(on, tmp_path, monkeypatch, capsys, places):
    monkeypatch.chdir(tmp_path)
    Path("y").mkdir()
    Path("link").symlink_to("x")
    assert on(Terminal(), ["compare", "no model here", *places]) == 1
    assert capsys.readouterr().err.endswith("lead to the same place: name a file for each.\n")


def test_a_link_and_a_mode_are_kept(on, tmp_path):
    (tmp_path / "far").mkdir()
    file, link = tmp_path / "far" / "private.py", tmp_path / "link.py"
    file.write_text("old")
    file.chmod(0o600)
    link.symlink_to(file)
    assert on(Terminal(), [*SCRIPT, "--output", str(link)]) == 0
    assert link.is_symlink()
    assert "aelib" in file.read_text(encoding="utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["private.py"]


def test_a_link_into_a_folder_that_is_missing(on, tmp_path):
    (tmp_path / "link.py").symlink_to(tmp_path / "some" / "where" / "train.py")
    assert on(Terminal(), [*SCRIPT, "--output", str(tmp_path / "link.py")]) == 0
    assert "aelib" in (tmp_path / "some" / "where" / "train.py").read_text(encoding="utf-8")


# --- Ctrl-C ----------------------------------------------------------------------------------------

#: Ctrl-C at the moment that a module is looked for.
PRESSED = """
import os, runpy, signal, sys
_, awaited, module, *arguments = sys.argv
class Press:
    @staticmethod
    def find_spec(name, *rest):
        if name == awaited:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Press)
sys.argv = [module, *arguments]
runpy.run_module(module, run_name="__main__")
"""


@pytest.mark.parametrize(
    "line",
    [
        ["torch", "aelib", *TEXTS["measure"]],
        ["torch._C", "aelib", *SCRIPT],
        ["sqlalchemy", "aelib", "train"],
        ["pyarrow", "aelib", "export", MODEL, "--output", "-"],
        ["streamlit", "app"],
    ],
    ids=lambda line: line[0],
)
def test_ctrl_c_while_it_imports_is_quiet(line, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", PRESSED, *line],
        env={**os.environ, "AELIB_HOME": str(tmp_path)}, capture_output=True, timeout=120, check=False,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (terminal.INTERRUPTED, b"", b"")


def test_ctrl_c_at_work_is_quiet(monkeypatch, capsys):
    def interrupted(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(measure, "measure", interrupted)
    before = signal.getsignal(signal.SIGINT)
    assert cli.main(TEXTS["measure"]) == terminal.INTERRUPTED
    assert signal.getsignal(signal.SIGINT) is before
    out, err = capsys.readouterr()
    assert out == ""
    assert all("%" in text for text in err.splitlines())


# --- progress --------------------------------------------------------------------------------------


class Screen(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize("total", [1, 7, 10, 366, 100_000])
def test_a_log_gets_a_line_now_and_then(monkeypatch, total):
    monkeypatch.setattr(sys, "stderr", log := io.StringIO())
    with terminal.Progress("epoch") as progress:
        for done in range(total + 1):
            for _ in range(3):
                progress.tell(done, total, "9 examples/s")
    lines = log.getvalue().splitlines()
    assert len(lines) == min(total, 10) + 1
    assert "\r" not in log.getvalue()
    assert lines[0] == f"  0% 0/{total:,} epochs, 9 examples/s"
    assert lines[-1] == f"100% {total:,}/{total:,} epochs, 9 examples/s"


def test_a_terminal_gets_a_bar(monkeypatch):
    monkeypatch.setattr(sys, "stderr", screen := Screen())
    with terminal.Progress("epoch") as progress:
        for done in range(4):
            progress.tell(done, 3, "9 examples/s")
    assert "3/3" in screen.getvalue()
    assert "\r" in screen.getvalue()
    assert "9 examples/s" in screen.getvalue()


def test_bars_of_libraries_stay_out_of_a_log():
    code = (
        "from aelib.commands.terminal import run_command\n"
        "def run():\n    from tqdm import tqdm\n    return len(list(tqdm(range(3))))\n"
        "raise SystemExit(run_command(run))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (3, b"")
